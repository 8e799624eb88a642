from __future__ import annotations

from dataclasses import replace

import pytest

from landbridge.errors import ParameterError
from landbridge.evidence import source, sources
from landbridge.models.required import REQUIRED_NAMES, REQUIRED_ROWS
from landbridge.parameters import Parameter, Parameters, goods_class, goods_classes, load_defaults
from landbridge.parameters.load import read_yaml_defaults
from landbridge.parameters.tree import pair_key

DEFAULTS = load_defaults()


def _row(key: str, central: float, name: str = "a.b_h") -> Parameter:
    return Parameter(
        name=name,
        key=key,
        low=central,
        central=central,
        high=central,
        unit="h",
        year=2023,
        evidence=(),
        quality="assumed",
        grade="E",
    )


def test_the_fast_twin_equals_the_files_people_edit() -> None:
    assert read_yaml_defaults() == DEFAULTS
    assert read_yaml_defaults().digest == DEFAULTS.digest


def test_every_parameter_has_evidence_or_says_assumed() -> None:
    for row in DEFAULTS:
        if row.quality == "published":
            assert row.evidence, row.label
        if row.quality == "estimated":
            assert row.evidence or row.note, row.label
        for evidence_id in row.evidence:
            assert source(evidence_id).citation, (row.label, evidence_id)


def test_no_source_is_carried_in_vain() -> None:
    cited = {evidence_id for row in DEFAULTS for evidence_id in row.evidence}
    assert cited == set(sources())


def test_a_recalled_source_says_unverified() -> None:
    recalled = [row for row in sources().values() if row.source_kind == "recalled"]
    assert recalled
    assert all("unverified" in row.citation for row in recalled)


def test_known_values() -> None:
    assert DEFAULTS.lookup("rail.speed.block_km_per_d", "RU").central == 700
    assert DEFAULTS.lookup("dwell.transit_h", "IR:BANDARABBAS", "IR").central == 168
    assert DEFAULTS.lookup("border.time.road_crossing_h", "B048").central == 51.4
    assert DEFAULTS.lookup("emis.grid_g_per_kwh", "AZ").central == 620


def test_lookup_goes_from_place_to_default() -> None:
    names = Parameters(
        [_row("IR:RASHT", 1), _row("AZ-IR", 2), _row("IR", 3), _row("EU", 4), _row("default", 5)],
        groups={"EU": ["DE", "PL"]},
    )
    keys = ("IR:RASHT", pair_key("IR", "AZ"), "IR")
    assert names.lookup("a.b_h", *keys).central == 1
    assert names.lookup("a.b_h", "IR:OTHER", *keys[1:]).central == 2
    assert names.lookup("a.b_h", "IR:OTHER", "IR-TM", "IR").central == 3
    assert names.lookup("a.b_h", "DE").central == 4
    assert names.lookup("a.b_h", "US").central == 5
    assert names.lookup("a.b_h").central == 5


def test_a_missing_row_names_the_name_and_the_rows_there_are() -> None:
    with pytest.raises(ParameterError, match="no row for US") as caught:
        Parameters([_row("IR", 1)]).lookup("a.b_h", "US")
    assert caught.value.where == "a.b_h"
    assert "IR" in caught.value.hint


def test_missing_names_are_reported_together() -> None:
    with pytest.raises(ParameterError) as caught:
        Parameters([_row("IR", 1)]).require(["a.b_h", "c.d_h"], [("a.b_h", "IR"), ("e", "f")])
    assert len(caught.value.problems) == 3


def test_the_defaults_hold_for_the_whole_world() -> None:
    DEFAULTS.require(REQUIRED_NAMES, REQUIRED_ROWS)


def test_rows_given_twice_are_refused() -> None:
    with pytest.raises(ParameterError, match="twice"):
        Parameters([_row("IR", 1), _row("IR", 2)])


@pytest.mark.parametrize(
    "change",
    [
        {"low": 2.0},
        {"high": 0.5},
        {"central": float("nan")},
        {"high": float("inf")},
        {"quality": "good"},
        {"grade": "F"},
        {"quality": "published"},
    ],
)
def test_a_parameter_checks_itself(change: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        replace(_row("IR", 1), **change)  # type: ignore[arg-type]


def test_replace_makes_another_set_with_another_digest() -> None:
    changed = DEFAULTS.with_value("road.speed.drayage_km_per_h", "default", 50)
    assert changed.lookup("road.speed.drayage_km_per_h").central == 50
    assert DEFAULTS.lookup("road.speed.drayage_km_per_h").central == 40
    assert changed.digest != DEFAULTS.digest
    assert changed.lookup("road.speed.drayage_km_per_h").quality == "assumed"


def test_the_digest_does_not_depend_on_the_order_of_rows() -> None:
    rows = list(DEFAULTS)
    assert Parameters(rows[::-1], groups=DEFAULTS.groups).digest == DEFAULTS.digest


def test_goods_classes_have_a_value_of_time() -> None:
    keys = DEFAULTS.keys("gc.value_of_time_usd_per_teud")
    for row in goods_classes():
        assert row.value_of_time in keys, row.name
        assert row.parent == "" or goods_class(row.parent)


def test_arms_are_refused_and_food_is_allowed() -> None:
    assert goods_class("arms").behaviour == "refuse"
    assert goods_class("nuclear-missile").behaviour == "refuse"
    assert goods_class("food").behaviour == "allow"


def test_an_unknown_goods_class_lists_the_names() -> None:
    with pytest.raises(ParameterError, match="no goods class 'guns'") as caught:
        goods_class("guns")
    assert "general" in caught.value.hint
