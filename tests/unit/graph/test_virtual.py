"""The virtual network of the strait: who can carry from where to where on one date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from landbridge.dataset.network import Net
from landbridge.domain.arcs import BorderArc, PassageArc, TransferArc
from landbridge.graph.carrying import Attachment, VirtualNetwork
from landbridge.graph.virtual import border_facts, build_virtual, extended, virtual_of_day
from worlds import strait

SUMMER, JUNE = date(2025, 7, 15), date(2025, 6, 15)


def built(day: date = SUMMER, **given: Any) -> VirtualNetwork:
    return build_virtual(strait.dataset(**given), day, [])[0]


def arcs(net: VirtualNetwork, kind: type) -> list[Any]:
    return [arc.facts for arc in net.arcs if isinstance(arc.facts, kind)]


def test_a_crossing_is_passed_both_ways() -> None:
    facts = arcs(built(), BorderArc)
    assert {(f.crossing, f.country_from, f.country_to) for f in facts} == {
        ("T1", "AA", "BB"), ("T1", "BB", "AA"), ("T2", "AA", "BB"), ("T2", "BB", "AA"),
    }  # fmt: skip
    gauges = {f.country_from: (f.gauge_from_mm, f.gauge_to_mm) for f in facts if f.mode == "rail"}
    assert gauges == {"AA": (1520, 1435), "BB": (1435, 1520)}
    assert all(f.change == "transshipment" for f in facts if f.mode == "rail")


def test_a_truck_changes_where_the_pair_says_so_either_way() -> None:
    road = [f for f in arcs(built(), BorderArc) if f.mode == "road"]
    assert [f.truck_change for f in road] == [True, True]
    free = built(no_through_truck=frozenset())
    assert not any(f.truck_change for f in arcs(free, BorderArc))


def test_a_frontier_inside_one_customs_territory_is_inner() -> None:
    row = strait.dataset().crossings[1]
    none: frozenset[tuple[str, str]] = frozenset()
    union = {"AA": "UNION", "BB": "UNION"}
    inner = border_facts(row, union, none, reverse=False)
    assert (inner.is_inner, inner.customs_territory) == (True, "UNION")
    for territories in ({}, {"AA": "UNION"}, {"AA": "UNION", "BB": "OTHER"}):
        outer = border_facts(row, territories, none, reverse=True)
        assert (outer.is_inner, outer.customs_territory) == (False, "")
        assert (outer.country_from, outer.country_to) == ("BB", "AA")


def test_a_passage_is_an_arc_of_ships_that_fit() -> None:
    facts = arcs(built(), PassageArc)
    assert {f.passage for f in facts} == {"strait"}
    assert len(facts) == 2
    length = strait.dataset().networks[Net.SEA].length_km[1]
    assert facts[0].distance_km == pytest.approx(length)
    shallow = (strait.passage("strait", max_draught_m=11.0),)
    assert arcs(built(passages=shallow), PassageArc) == []


def test_a_market_counts_only_in_its_time_and_among_its_ports() -> None:
    past = (strait.market("old", date_to="2022-02-28"),)
    assert not any(c.market == "old" for c in built(sea_markets=past).carriages)
    net = built(sea_markets=(strait.market("local", members="AA"),))
    at_sea = {
        net.attachments[net.node_attachment[k]].terminal_idx
        for k, c in enumerate(net.node_carriage) if net.carriages[c].market == "local"
    }  # fmt: skip
    assert at_sea == {0, -1}, "PORT-A and the two gates, not PORT-B"


def test_a_service_rides_only_while_it_runs() -> None:
    assert {ride.service for ride in built(JUNE).rides} == {"V1", "V2"}
    assert {ride.service for ride in built(SUMMER).rides} == {"V2"}
    rides = [ride for ride in built(JUNE).rides if ride.service == "V1"]
    assert len(rides) == 2
    assert all(ride.passages == ("strait",) for ride in rides)
    assert [f.distance_km for f in rides[0].facts] == [270.0, 24.5]
    assert [f.distance_km for f in rides[1].facts] == [24.5, 270.0], "the other way round"
    assert rides[0].distance_km == pytest.approx(294.5)


def test_runs_stay_inside_one_block() -> None:
    net = built(JUNE)
    for k, block in enumerate(net.blocks):
        for node in block.members:
            assert net.run_block_of_node[node] == k
            assert net.attachments[net.node_attachment[node]].block_idx == block.block_idx
            assert net.node_carriage[node] == block.carriage
    rides = {end for ride in net.rides for end in (ride.tail, ride.head)}
    assert all(net.run_block_of_node[node] == -1 for node in rides), "a service leaves its lane"


def test_transfers_join_modes_at_one_terminal_and_never_ship_to_ship_but_at_hubs() -> None:
    net = built(JUNE)
    for arc in net.arcs:
        if not isinstance(arc.facts, TransferArc):
            continue
        ends = [net.attachments[net.node_attachment[n]] for n in (arc.tail, arc.head)]
        assert ends[0].terminal_idx == ends[1].terminal_idx
        facts = arc.facts
        if {facts.mode_from, facts.mode_to} <= {"sea", "ferry"}:
            terminal = strait.dataset().terminals[ends[0].terminal_idx]
            assert terminal.port_class in ("hub", "mainline")
            assert facts.is_hub or "ferry" in (facts.mode_from, facts.mode_to)
        else:
            assert facts.mode_from != facts.mode_to or facts.mode_from == "rail"
    pairs = {(f.mode_from, f.mode_to) for f in arcs(net, TransferArc) if f.terminal == "PORT-A"}
    assert {("sea", "rail"), ("rail", "sea"), ("iww", "road"), ("road", "rail")} <= pairs
    caspian = [f for f in arcs(net, TransferArc) if f.terminal.startswith("PORT-C")]
    assert caspian == [], "no change from ship to ship in the Caspian"


def test_a_town_s_rail_terminal_offers_no_transfer() -> None:
    world = strait.dataset()
    first = replace(world.terminals[0], id="RAIL-1")
    services = (replace(world.services[0], terminals=("RAIL-1", "PORT-B")), world.services[1])
    net = built(terminals=(first, *world.terminals[1:]), services=services)
    assert not any(f.terminal == "RAIL-1" for f in arcs(net, TransferArc))


def test_physical_has_every_port_and_no_service() -> None:
    net = build_virtual(strait.dataset(), JUNE, [], is_physical=True)[0]
    assert net.rides == []
    assert {c.market for c in net.carriages if c.mode == "sea"} == {"any", ""}


def test_a_door_is_added_and_a_known_touch_is_not_added_twice() -> None:
    door = Attachment(net=int(Net.ROAD), node_idx=1, block_idx=2, off_km=0.5)
    known = Attachment(net=int(Net.RAIL), node_idx=0, block_idx=0, off_km=0.0, terminal_idx=0)
    plain = built()
    net, at = build_virtual(strait.dataset(), SUMMER, [door, known, door])
    assert net.attachments[at[0]] == door
    assert net.attachments[at[1]].terminal_idx == 0
    assert at[1] < len(plain.attachments)
    assert len(net.attachments) == len(plain.attachments) + 2


def test_touches_are_added_to_a_copy() -> None:
    day = virtual_of_day(strait.dataset(), SUMMER)
    before = (len(day.attachments), len(day.arcs), [block.members.copy() for block in day.blocks])
    touch = Attachment(net=int(Net.RAIL), node_idx=1, block_idx=0, off_km=0.0, terminal_idx=0)
    net, at = extended(day, strait.dataset(), [touch])
    assert at == [len(day.attachments)]
    fresh = len(day.node_attachment)
    assert net.node_attachment[fresh:] == at
    assert {(arc.tail == fresh, arc.head == fresh) for arc in net.arcs[len(day.arcs) :]} == {
        (True, False),
        (False, True),
    }, "a terminal's new node changes with its old ones, both ways"
    assert before == (
        len(day.attachments),
        len(day.arcs),
        [block.members for block in day.blocks],
    )
