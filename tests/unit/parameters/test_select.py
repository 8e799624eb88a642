from __future__ import annotations

import pytest

from landbridge.errors import RequestError
from landbridge.parameters import load_defaults
from landbridge.parameters.select import as_row, select

BASE = load_defaults()


def test_all_without_a_question() -> None:
    assert select(BASE) == tuple(BASE)


def test_patterns_are_parts_or_globs() -> None:
    parts = select(BASE, pattern="dwell")
    assert parts
    assert all("dwell" in row.name for row in parts)
    globbed = select(BASE, pattern="sea.rate.*")
    assert globbed
    assert all(row.name.startswith("sea.rate.") for row in globbed)
    assert "sea.rate_usd_per_teu" not in {row.name for row in globbed}


def test_filters_add_up() -> None:
    rows = select(BASE, mode="sea", quality="published")
    assert rows
    assert all(row.name.startswith("sea.") and row.quality == "published" for row in rows)
    by_source = select(BASE, evidence="ST073")
    assert by_source
    assert all("ST073" in row.evidence for row in by_source)
    by_unit = select(BASE, unit="kn")
    assert by_unit
    assert all(row.unit == "kn" for row in by_unit)


def test_a_country_is_found_alone_in_a_pair_and_before_a_place() -> None:
    keys = {row.key for row in select(BASE, country="ir")}
    assert {"IR", "IR:BANDARABBAS"} <= keys
    assert any("-" in key for key in keys)
    assert {row.key for row in select(BASE, key="IR:BANDARABBAS")} == {"IR:BANDARABBAS"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"pattern": "dwel.trnsit_h"}, "dwell.transit_h"),
        ({"mode": "see"}, "sea"),
        ({"country": "ZZ"}, "no parameter for 'ZZ'"),
        ({"evidence": "ST9999"}, "no parameter for"),
        ({"unit": "knots"}, "no parameter for 'knots'"),
        ({"key": "IR:BANDAR"}, "IR:BANDARABBAS"),
    ],
)
def test_what_stands_in_no_row_is_refused_with_the_nearest(
    asked: dict[str, str], words: str
) -> None:
    with pytest.raises(RequestError) as caught:
        select(BASE, **asked)  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_a_row_has_every_column() -> None:
    row = as_row(BASE.lookup("sea.speed.mainline_kn"))
    assert list(row) == ["name", "key", "low", "central", "high", "unit", "year", "evidence",
                         "quality", "grade", "note"]  # fmt: skip
