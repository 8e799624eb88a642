"""The case study: its search for break-evens, and that page and pictures belong together."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from landbridge.parameters import load_defaults

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "case-studies"
sys.path.insert(0, str(ROOT / "examples"))

import instc_claims as study  # noqa: E402 - an example, not a package

if TYPE_CHECKING:
    from landbridge.scenarios.case import Case


def test_break_even_is_where_the_gap_closes() -> None:
    assert study.break_even(lambda x: x * x - 0.25, 0.0, 1.0) == pytest.approx(0.5, abs=1e-4)
    assert study.break_even(lambda x: x + 1.0, 0.0, 1.0) is None, "never holds"
    assert study.break_even(lambda x: x - 2.0, 0.0, 1.0) is None, "always holds"


def test_a_lever_scales_hours_and_the_inverse_of_speeds() -> None:
    before = load_defaults()
    after = study.pulled(before, "land borders, dwell and railway together", 0.5)
    for name, factor in (
        ("border.time.rail_same_gauge_h", 0.5),
        ("dwell.rail_terminal_h", 0.5),
        ("rail.speed.block_km_per_d", 2.0),
        ("road.tariff_fixed_usd", 1.0),
    ):
        now, was = after.lookup(name).central, before.lookup(name).central
        assert now == pytest.approx(factor * was), name


def test_what_the_search_finds_closes_the_gap(case: Case) -> None:
    """With the ocean as dear as the search says, the land is as cheap as the sea."""
    day = study.DATES["2023"]
    mine = study.way(case, "Mumbai", "Moscow", study.EAST, day)
    other = study.way(case, "Mumbai", "Moscow", study.BLACK_SEA, day)
    assert mine is not None
    assert other is not None
    text = study.cheaper_by(mine, other, 0.0, "ocean rates", case)
    factor = float(text.removeprefix("x "))
    dear = study.pulled(case.parameters, "ocean rates", factor)
    gap = mine.priced(dear).cost_usd.central / other.priced(dear).cost_usd.central
    assert gap == pytest.approx(1.0, abs=0.03)


def test_page_and_pictures_belong_together() -> None:
    text = (FOLDER / "instc.md").read_text("utf-8")
    assert len(re.findall(r"^## [1-7]\. ", text, flags=re.MULTILINE)) == 7
    assert text.count("**Verdict.**") == 7
    assert text.count("**What would have to be true") >= 5
    shown = set(re.findall(r"\((instc-[a-z]+\.svg)\)", text))
    assert shown == {path.name for path in FOLDER.glob("*.svg")}
    assert len(shown) == 7
