"""Every kind of change, on a world of two countries and one strait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from landbridge.dataset.dated import dated_facts
from landbridge.dataset.network import Net, NetworkDataset
from landbridge.domain.dated import Effect
from landbridge.errors import ScenarioError
from landbridge.graph.standing import Standing
from landbridge.graph.topology import compile_topology
from landbridge.parameters.dues import DELAY, PAYLOAD, TOLL
from landbridge.parameters.load import load_defaults
from landbridge.scenarios.case import Case
from landbridge.scenarios.change import (
    AddLink,
    AddService,
    AddTerminal,
    BestPractice,
    Close,
    Delay,
    Divert,
    Open,
    Restrict,
    ScaleParameter,
    SetDraught,
    SetHeadway,
    SetParameter,
    SetPrice,
    SetSeason,
    Surcharge,
    Target,
)
from landbridge.scenarios.scenario import Scenario, apply_all
from worlds import strait

DAY = date(2025, 7, 1)
WHY = {"reason": "a test"}
STRAIT = Target(kind="passage", id="strait")


def case_of(**given: Any) -> Case:
    return Case(
        dataset=strait.dataset(**given),
        parameters=load_defaults(),
        gazetteer=SimpleNamespace(),  # type: ignore[arg-type]
        digest="base",
    )


def applied(case: Case, *changes: Any, name: str = "test") -> Case:
    return Scenario(name=name, title=name, changes=changes).apply(case)


def shut(case: Case, id_: str, day: date = DAY) -> bool:
    return Standing(case.dataset).masked_by(id_, day, is_given=False) is not None


def told(case: Case, *changes: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        applied(case, *changes)
    return "\n".join(caught.value.problems)


def test_the_base_case_stays_as_it_is() -> None:
    case = case_of()
    before = (case.dataset, case.parameters.digest, case.digest)
    made = applied(
        case,
        Close(target=STRAIT, **WHY),
        Delay(target=Target(kind="terminal", id="PORT-A"), hours=(1, 2, 3), **WHY),
    )
    assert (case.dataset, case.parameters.digest, case.digest) == before
    assert made.digest != case.digest
    assert [change.text for change in made.changes] == ["Strait closed", "Port-A +2 h"]


def test_a_closure_holds_for_its_days_only() -> None:
    made = applied(case_of(), Close(target=STRAIT, date_from="2025-07", date_to="2025-08", **WHY))
    days = (date(2025, 6, 30), DAY, date(2025, 8, 31), date(2025, 9, 1))
    assert [shut(made, "strait", day) for day in days] == [False, True, True, False]


def test_a_border_is_all_crossings_of_a_pair() -> None:
    made = applied(case_of(), Close(target=Target(kind="border", id="AA-BB"), **WHY))
    assert shut(made, "T1")
    assert shut(made, "T2")


def test_diverted_ships_keep_out_and_others_pass() -> None:
    made = applied(case_of(), Divert(target=STRAIT, ships=("mainline",), **WHY))
    assert shut(made, "strait@mainline")
    assert not shut(made, "strait")


def test_a_restriction_masks_nothing() -> None:
    made = applied(case_of(), Restrict(target=STRAIT, **WHY))
    assert not shut(made, "strait")
    assert Effect.RESTRICTS in {fact.effect for fact in dated_facts(made.dataset)}


def test_opening_lifts_what_the_network_and_a_scenario_before_it_say() -> None:
    shut_one = strait.crossing("T1", "rail", (1520, 1435), status="closed", closed="2020")
    case = case_of(crossings=(shut_one, strait.crossing("T2", "road", (0, 0))))
    assert shut(case, "T1")
    opened = applied(case, Open(target=Target(kind="crossing", id="T1"), **WHY))
    assert not shut(opened, "T1")
    twice = applied(applied(case_of(), Close(target=STRAIT, **WHY)), Open(target=STRAIT, **WHY))
    assert not shut(twice, "strait")
    assert shut(applied(twice, Close(target=STRAIT, **WHY)), "strait")


def planned(dataset: NetworkDataset) -> NetworkDataset:
    """Return the world with its second railway link planned only."""
    rail = dataset.networks[Net.RAIL]
    named = replace(
        dataset.networks[Net.IWW].named[0], id="P1", name="Plan", status="planned",
        season_open="", season_close="",
    )  # fmt: skip
    status, name = np.array(rail.status), np.array(rail.name_idx)
    status[1], name[1] = 1, 0
    rail = replace(rail, status=status, name_idx=name, named=(named,))
    return replace(dataset, networks={**dataset.networks, Net.RAIL: rail})


def test_a_planned_link_opens_with_speed_and_capacity() -> None:
    case = replace(case_of(), dataset=planned(strait.dataset()))
    link = Target(kind="link", id="P1")
    made = applied(case, Open(target=link, speed_km_per_d=600.0, capacity_teu_per_d=90.0, **WHY))
    before, after = (
        len(compile_topology(one.dataset.networks[Net.RAIL]).head_idx) for one in (case, made)
    )
    assert after == before + 2
    conditions = made.dataset.conditions
    assert conditions.link_speed_km_per_d == {"P1": 600.0}
    assert conditions.link_capacity_teu_per_d == {"P1": 90.0}
    assert conditions.changed_blocks == {0}
    assert made.dataset.networks[Net.ROAD] is case.dataset.networks[Net.ROAD]


def test_a_terminal_too_far_from_the_link_is_not_connected() -> None:
    case = replace(case_of(), dataset=planned(strait.dataset()))
    link = Target(kind="link", id="P1")
    assert "km from the link: 25 at most" in told(
        case, Open(target=link, connect=("PORT-B",), **WHY)
    )


def test_parameters_are_set_and_scaled_with_their_range() -> None:
    case = case_of()
    name = "canal.elapsed.suez_h"
    old = case.parameters.lookup(name)
    made = applied(case, ScaleParameter(name=name, key="default", by=2.0, **WHY))
    new = made.parameters.lookup(name)
    assert (new.low, new.central, new.high) == (2 * old.low, 2 * old.central, 2 * old.high)
    made = applied(
        case, SetParameter(name=name, key="default", central=40.0, low=30.0, high=60.0, **WHY)
    )
    new = made.parameters.lookup(name)
    assert (new.low, new.central, new.high, new.quality) == (30.0, 40.0, 60.0, "assumed")
    assert made.dataset is case.dataset


def test_a_row_in_the_place_of_another_has_its_luck() -> None:
    case = case_of()
    made = applied(case, BestPractice(crossings=("T1",), **WHY))
    row = made.parameters.exactly("border.time.rail_gauge_change_h", "T1")
    old = case.parameters.lookup("border.time.rail_gauge_change_h", "T1", "AA-BB")
    assert row is not None
    assert row.central == pytest.approx(old.low)
    assert row.stream == old.stream != row.label


def test_dues_are_rows_at_the_place() -> None:
    port = Target(kind="terminal", id="PORT-A")
    made = applied(
        case_of(),
        Delay(target=STRAIT, hours=(1.0, 2.0, 3.0), **WHY),
        Surcharge(kind="toll", target=STRAIT, usd_per_teu=(5.0, 6.0, 7.0), **WHY),
        Surcharge(kind="war_risk", target=STRAIT, usd_per_teu=(5.0, 6.0, 7.0), **WHY),
        SetDraught(target=port, by_m=-1.0, payload_share=(0.7, 0.8, 0.9), **WHY),
    )
    rows = {name: made.parameters.exactly(name, "strait") for name in (DELAY, TOLL)}
    assert [row and row.central for row in rows.values()] == [2.0, 6.0]
    share = made.parameters.exactly(PAYLOAD, "PORT-A")
    assert share is not None
    assert share.central == 0.8


def test_tables_of_the_network_change_row_by_row() -> None:
    made = applied(
        case_of(),
        SetHeadway(id="V1", headway_h=(1.0, 2.0, 3.0), **WHY),
        SetHeadway(id="mainline", headway_h=(4.0, 5.0, 6.0), **WHY),
        SetSeason(target=STRAIT, opens="06-01", closes="09-30", **WHY),
    )
    assert made.dataset.services[0].headway_h == (1.0, 2.0, 3.0)
    assert made.dataset.services[1].headway_h == (24.0, 48.0, 96.0)
    assert made.dataset.sea_markets[0].headway_h == (4.0, 5.0, 6.0)
    assert (made.dataset.passages[0].season_open, made.dataset.passages[0].season_close) == (
        "06-01", "09-30",
    )  # fmt: skip


def test_a_link_a_terminal_and_services_are_added() -> None:
    made = applied(
        case_of(),
        AddTerminal(id="DRY-N", name="New", country="AA", lat=0.0, lon=0.5, modes=("rail", "road"),
                    **WHY),
        AddLink(id="N1", mode="rail", origin="PORT-A", destination="T1", length_km=99.0, **WHY),
        AddService(id="N2", name="New line", kind="feeder", terminals=("PORT-A", "PORT-B"),
                   headway_h=(24.0, 48.0, 96.0), **WHY),
        AddService(id="N3", name="Ferry", kind="ro_ro", terminals=("PORT-C1", "PORT-C2"),
                   headway_h=(24.0, 48.0, 96.0), **WHY),
        SetPrice(origin="DRY-N", destination="PORT-A", mode="rail", usd_per_unit=(1.0, 1.0, 1.0),
                 **WHY),
    )  # fmt: skip
    dataset = made.dataset
    assert dataset.terminals[-1].id == "DRY-N"
    new = np.flatnonzero(dataset.attachments.terminal_idx == len(dataset.terminals) - 1)
    assert dataset.attachments.net[new].tolist() == [0, 1]
    assert dataset.networks[Net.RAIL].length_km[-1] == 99.0
    assert dataset.networks[Net.RAIL].named[-1].id == "N1"
    ocean, caspian = dataset.ride_legs[-2:]
    assert ocean.passages == ("strait",)
    sea = strait.dataset().networks[Net.SEA].length_km
    assert ocean.passage_km == (pytest.approx(float(sea[1])),)
    assert ocean.open_km == pytest.approx(float(sea[0] + sea[2]) + 2 * 33.4)
    assert caspian.net == Net.CASPIAN
    assert caspian.open_km > 200.0
    assert dataset.conditions.quotes[0].usd_per_unit[1] == 1.0


def test_what_a_scenario_names_must_be_there() -> None:
    case = case_of()
    text = told(
        case,
        Close(target=Target(kind="passage", id="strat"), **WHY),
        Close(target=Target(kind="border", id="AA-CC"), **WHY),
        Divert(target=STRAIT, ships=("mainlin",), **WHY),
        SetParameter(name="canal.elapsed.suz_h", key="default", central=1.0, **WHY),
        AddLink(id="X", mode="rail", origin="PORT-A", destination="PORT-Q", length_km=1.0, **WHY),
    )
    assert "no passage 'strat'; did you mean strait?" in text
    assert "no border 'AA-CC'; did you mean AA-BB?" in text
    assert "no ships of class 'mainlin'; did you mean mainline?" in text
    assert "no parameter 'canal.elapsed.suz_h'; did you mean canal.elapsed.suez_h" in text
    assert "no terminal or crossing 'PORT-Q'" in text


def test_a_link_does_not_join_two_countries() -> None:
    change = AddLink(
        id="X", mode="rail", origin="PORT-A", destination="PORT-B", length_km=1.0, **WHY
    )
    assert "a link keeps to one, and a crossing joins two" in told(case_of(), change)


def test_two_changes_of_one_thing_need_an_order() -> None:
    case = case_of()
    close, reopen = Close(target=STRAIT, **WHY), Open(target=STRAIT, **WHY)
    assert "a second change of passage strait" in told(case, close, reopen)
    assert "a second change" in told(case, close, replace(reopen, order=1))
    first, second = replace(close, order=1), replace(reopen, order=2)
    assert not shut(applied(case, second, first), "strait")
    assert shut(applied(case, replace(close, order=2), replace(reopen, order=1)), "strait")


def test_scenarios_stack_in_their_order() -> None:
    case = case_of()
    shuts = Scenario(name="a", title="a", changes=(Close(target=STRAIT, **WHY),))
    opens = Scenario(name="b", title="b", changes=(Open(target=STRAIT, **WHY),))
    one, other = apply_all([shuts, opens], case), apply_all([opens, shuts], case)
    assert not shut(one, "strait")
    assert shut(other, "strait")
    assert one.digest != other.digest
    assert [change.scenario for change in one.changes] == ["a", "b"]
