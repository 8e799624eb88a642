"""The eighteen groups, and the record of what calibration moved."""

from __future__ import annotations

import pytest

from landbridge.parameters import load_defaults
from landbridge.validation.multipliers import (
    MULTIPLIERS,
    prior_parameters,
    prior_sd,
    read_calibrated,
    rows_of,
    scaled,
)
from landbridge.validation.write import SMALLEST, calibrated

DEFAULTS = load_defaults()


def test_eighteen_groups_of_rows_that_do_not_overlap() -> None:
    assert len(MULTIPLIERS) == 18
    seen: set[str] = set()
    for multiplier in MULTIPLIERS:
        own = {row.label for row in rows_of(multiplier, DEFAULTS)}
        assert own, multiplier.id
        assert not own & seen, multiplier.id
        seen |= own


def test_dwell_groups_part_the_places() -> None:
    by_id = {m.id: {row.label for row in rows_of(m, DEFAULTS)} for m in MULTIPLIERS}
    assert "dwell.transit_h[IR:BANDARABBAS]" in by_id["dwell-land-ports"]
    assert "dwell.import_h[RU:ASTRAKHAN]" in by_id["dwell-land-ports"]
    assert "dwell.import_h[RU:STPETERSBURG]" in by_id["dwell-others"]


def test_a_group_is_scaled_as_one_and_nothing_else_moves() -> None:
    changed = scaled(DEFAULTS, {"rail-china": 1.1})
    before, after = (
        {row.label: (row.low, row.central, row.high) for row in rows}
        for rows in (DEFAULTS, changed)
    )
    moved = {label for label in before if before[label] != after[label]}
    assert moved == {row.label for m in MULTIPLIERS if m.id == "rail-china"
                     for row in rows_of(m, DEFAULTS)}  # fmt: skip
    label = "rail.speed.block_km_per_d[CN]"
    assert after[label] == pytest.approx(tuple(1.1 * value for value in before[label]))


def test_prior_deviation_follows_the_grade() -> None:
    by_id = {m.id: m for m in MULTIPLIERS}
    assert prior_sd(by_id["rail-tariff-south"], DEFAULTS, frozenset()) == pytest.approx(0.10)
    assert prior_sd(by_id["rail-china"], DEFAULTS, frozenset()) == pytest.approx(0.35)


def test_shipped_values_are_prior_times_the_recorded_factor() -> None:
    priors = prior_parameters(DEFAULTS)
    for was in read_calibrated():
        factor = float(was["multiplier"])
        assert abs(factor - 1.0) >= SMALLEST
        row = DEFAULTS.lookup(was["name"], was["key"])
        prior = priors.lookup(was["name"], was["key"])
        for field in ("low", "central", "high"):
            assert float(was[field]) == getattr(prior, field)
            assert getattr(row, field) == calibrated(float(was[field]), factor)
        assert f"calibrated x{factor:g}, prior {prior.central:g}" in row.note


def test_every_calibrated_row_is_in_the_record() -> None:
    noted = {(row.name, row.key) for row in DEFAULTS if "calibrated x" in row.note}
    assert noted == {(was["name"], was["key"]) for was in read_calibrated()}
