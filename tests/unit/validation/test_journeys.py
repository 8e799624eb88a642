"""The published rows, how they are asked, and which may judge."""

from __future__ import annotations

from collections import Counter

import pytest

from landbridge.parameters import load_defaults
from landbridge.validation.journeys import Journey, masked_ids, read_journeys

JOURNEYS = read_journeys()


@pytest.fixture(scope="module")
def by_id() -> dict[str, Journey]:
    return {journey.id: journey for journey in JOURNEYS}


def test_every_row_is_asked_or_left_out_with_a_reason() -> None:
    assert len(JOURNEYS) == 142
    assert sum(not journey.asked.is_later for journey in JOURNEYS) == 96
    for journey in JOURNEYS:
        asked = journey.asked
        is_asked = bool(asked.origins and asked.destinations and asked.depart and asked.modes)
        assert is_asked != bool(asked.excluded), journey.id


def test_published_values_are_read_in_hours(by_id: dict[str, Journey]) -> None:
    assert by_id["TT009"].central == 23 * 24
    assert by_id["TT009"].low == 22 * 24
    assert by_id["TT015"].central == 35
    assert by_id["TT006"].central == 3550


def test_what_is_no_place_says_so(by_id: dict[str, Journey]) -> None:
    assert "no place" in by_id["TT064"].asked.excluded
    assert "no place" in by_id["TT072"].asked.excluded
    assert by_id["TT022"].asked.excluded == "a claim"


def test_offered_and_observed_rows_are_asked_where_they_name_places() -> None:
    asked = Counter(
        journey.evidence for journey in JOURNEYS if journey.is_time and not journey.asked.excluded
    )
    assert asked["observed"] >= 15
    assert asked["offered"] >= 10


def test_a_row_that_set_a_parameter_is_masked(by_id: dict[str, Journey]) -> None:
    masked = masked_ids(load_defaults(), JOURNEYS)
    assert masked["TT033"] == "sea.speed.regional_kn[default]"
    # the same reading under another name: ST009 is TT067 by arithmetic
    assert "TT067" in masked
    assert "TT009" not in masked
    assert "TT069" not in masked


def test_a_row_no_longer_cited_is_free(by_id: dict[str, Journey]) -> None:
    from dataclasses import replace

    defaults = load_defaults()
    row = defaults.lookup("sea.speed.regional_kn")
    without = defaults.replace(replace(row, evidence=("ST103",)))
    assert "TT033" not in masked_ids(without, [by_id["TT033"]])
