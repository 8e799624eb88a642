"""A calibrated line of a parameter file: values, note, and the way back."""

from __future__ import annotations

from landbridge.parameters import Parameter
from landbridge.validation.write import _line

LINE = (
    "  'CN': {low: 700, central: 900, high: 1100, unit: 'km/d', year: 2022, quality: estimated,"
    " grade: E, evidence: [ST113], note: '2.1 definition'}"
)
ROW = Parameter(
    name="rail.speed.block_km_per_d", key="CN", low=700.0, central=900.0, high=1100.0,
    unit="km/d", year=2022, evidence=("ST113",), quality="estimated", grade="E",
    note="2.1 definition",
)  # fmt: skip


def test_values_and_note_change_and_nothing_else() -> None:
    moved = _line(LINE, ROW, 1.1)
    assert "low: 770, central: 990, high: 1210" in moved
    assert "2.1 definition; calibrated x1.1, prior 900, see docs/reference/calibration.md'" in moved
    assert "evidence: [ST113]" in moved


def test_a_second_calibration_replaces_the_first() -> None:
    twice = _line(_line(LINE, ROW, 1.1), ROW, 1.2)
    assert twice == _line(LINE, ROW, 1.2)
    assert twice.count("calibrated") == 1


def test_a_factor_of_one_puts_the_prior_back() -> None:
    assert _line(_line(LINE, ROW, 1.1), ROW, 1.0) == LINE


def test_an_empty_note_is_filled() -> None:
    bare = LINE.replace("2.1 definition", "")
    assert "note: 'calibrated x1.1" in _line(bare, ROW, 1.1)
