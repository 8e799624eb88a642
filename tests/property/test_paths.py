"""Laws of thousands of paths through the real network, searched between random terminals."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from landbridge.dataset.network import Net
from landbridge.domain.arcs import BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Request
from landbridge.routing.product import search
from landbridge.units import great_circle_km

if TYPE_CHECKING:
    from landbridge.planning.candidates import Candidate, Field, Move

PAIRS = 2000
SEED = 20250701
COMPATIBLE_MM = 10
CASPIAN_SEA = (46.8, 36.6, 54.0, 47.0)
LAND = (Net.RAIL, Net.ROAD)


@dataclass(frozen=True)
class Paths:
    field: Field
    found: list[tuple[int, int, Candidate]]

    def touch(self, node: int) -> Any:
        virtual = self.field.virtual
        return virtual.attachments[virtual.node_attachment[node]]

    def block(self, node: int) -> Any:
        return self.field.geography.dataset.blocks[self.touch(node).block_idx]

    def lonlat(self, node: int) -> tuple[float, float]:
        """Return where a node is: the terminal, else the point on the network."""
        touch, dataset = self.touch(node), self.field.geography.dataset
        if touch.terminal_idx >= 0:
            terminal = dataset.terminals[touch.terminal_idx]
            return terminal.lon, terminal.lat
        network = dataset.networks[Net(touch.net)]
        return float(network.lon[touch.node_idx]), float(network.lat[touch.node_idx])

    def moves(self) -> list[Move]:
        return [move for _, _, path in self.found for move in path.moves[1:-1]]


@pytest.fixture(scope="module")
def paths(planner: Any) -> Paths:
    """The best paths between random pairs of virtual nodes at terminals.

    The weights and masks are those that the planner hands to the kernel for a real request; only
    the two ends are changed, pair by pair.
    """
    from landbridge.planning import candidates

    terminals = {row.id: row for row in planner.case.dataset.terminals}
    request = Request(
        origin=terminals["PORT-NHAVASHEVA"].place(),
        destination=terminals["PORT-ROTTERDAM"].place(),
        consignment=Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general"),
    )
    field = planner.field(request)
    closures = planner.closures(field)
    handed: list[Any] = []

    def overheard(graph: Any, weights: Any, bound: Any, **given: Any) -> Any:
        handed.append(weights)
        return search(graph, weights, bound, **given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "search", overheard)
        field.search(
            None, candidates.Ban(ids=frozenset(), countries=frozenset()),
            shut_crossings=closures.crossings, shut_passages=closures.passages,
        )  # fmt: skip
    (weights,) = handed
    nodes = [
        node for nodes in field.virtual.nodes_of_terminal.values() for node in nodes
        if field.virtual.run_block_of_node[node] >= 0
    ]  # fmt: skip
    choose = random.Random(SEED)  # noqa: S311 - a fixed choice, no secret
    no_bound = frozen(np.zeros(2 * field.graph.n_nodes))
    found = []
    for _ in range(PAIRS):
        start, end = choose.sample(nodes, 2)
        target = np.full(field.graph.n_nodes, np.inf)
        target[end] = 0.0
        asked = replace(
            weights, source_node=frozen(np.array([start])), source_weight=frozen(np.zeros(1)),
            target_weight=frozen(target),
        )  # fmt: skip
        weight, _, steps = search(field.graph, asked, no_bound)
        if np.isfinite(weight) and steps:
            starts, goals = {start: (0.0, ())}, {end: (0.0, ())}
            pair = field.between(field.origin, starts, field.destination, goals, request)
            found.append((start, end, pair.candidate(weight, 0, steps)))
    return Paths(field, found)


def frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def test_most_pairs_are_joined(paths: Paths) -> None:
    assert len(paths.found) > 0.85 * PAIRS


def test_moves_join_up(paths: Paths) -> None:
    for start, end, path in paths.found:
        ends = [(move.tail, move.head) for move in path.moves[1:-1]]
        assert ends[0][0] == start
        assert ends[-1][1] == end
        assert all(one[1] == two[0] for one, two in itertools.pairwise(ends))


def test_a_weight_is_the_sum_of_its_moves(paths: Paths) -> None:
    for _, _, path in paths.found[::20]:
        total = sum(paths.field.prices.weight(move.facts) for move in path.moves)
        assert path.weight == pytest.approx(total, rel=1e-6)


def test_country_changes_only_at_a_crossing(paths: Paths) -> None:
    crossings = {row.id: row for row in paths.field.geography.dataset.crossings}
    seen = 0
    for move in paths.moves():
        before, after = paths.touch(move.tail), paths.touch(move.head)
        if move.kind == "run":
            assert before.block_idx == after.block_idx
            if before.net in LAND:
                assert move.facts[0].country == paths.block(move.tail).country != ""
        elif move.kind == "border":
            (facts,) = move.facts
            assert isinstance(facts, BorderArc)
            row = crossings[facts.crossing]
            assert before.crossing_idx == after.crossing_idx
            assert {before.side, after.side} == {0, 1}
            assert paths.block(move.tail).country == facts.country_from
            assert paths.block(move.head).country == facts.country_to
            assert {facts.country_from, facts.country_to} == {row.country_a, row.country_b}
            request = paths.field.request
            standing = paths.field.geography.standing
            given = request.is_depart_given
            assert standing.shut(row.id, request.depart, is_given=given) is None
            seen += 1
        elif move.kind == "transfer":
            assert before.terminal_idx == after.terminal_idx >= 0
            countries = [
                paths.block(node).country for node in (move.tail, move.head)
                if paths.touch(node).net in LAND
            ]  # fmt: skip
            home = paths.field.geography.dataset.terminals[before.terminal_idx].country
            assert set(countries) <= {home}
    assert seen > 500


def test_no_ship_passes_between_ocean_and_caspian(paths: Paths) -> None:
    caspian = 0
    for move in paths.moves():
        nets = {paths.touch(move.tail).net, paths.touch(move.head).net}
        if move.kind in ("run", "ride", "passage"):
            assert len(nets) == 1
        assert not {Net.SEA, Net.CASPIAN} <= nets
        caspian += Net.CASPIAN in nets
    assert caspian > 20


def test_no_ocean_lane_lies_in_the_caspian(case: Any) -> None:
    sea = case.dataset.networks[Net.SEA]
    west, south, east, north = CASPIAN_SEA
    lon, lat = np.asarray(sea.lon), np.asarray(sea.lat)
    assert not ((lon > west) & (lon < east) & (lat > south) & (lat < north)).any()
    table = case.dataset.attachments
    nets_of: dict[int, set[int]] = {}
    for terminal, net in zip(table.terminal_idx.tolist(), table.net.tolist(), strict=True):
        nets_of.setdefault(terminal, set()).add(net)
    both = [k for k, nets in nets_of.items() if k >= 0 and {int(Net.SEA), int(Net.CASPIAN)} <= nets]
    assert [case.dataset.terminals[k].id for k in both] == []


def test_gauge_changes_only_where_a_change_is_priced(paths: Paths) -> None:
    pricing = paths.field.pricing
    seen = 0
    for _, _, path in paths.found:
        gauge_mm = 0
        for move in path.moves[1:-1]:
            for node, is_head in ((move.tail, False), (move.head, True)):
                if paths.touch(node).net != Net.RAIL:
                    gauge_mm = 0
                    continue
                here = paths.block(node).gauge_mm
                assert here > 0
                if gauge_mm and abs(here - gauge_mm) > COMPATIBLE_MM:
                    assert is_head
                    (facts,) = move.facts
                    assert isinstance(facts, BorderArc | TransferArc)
                    assert (facts.gauge_from_mm, facts.gauge_to_mm) == (gauge_mm, here)
                    if isinstance(facts, BorderArc):
                        assert facts.change
                    expected = pricing.expected(facts)
                    assert expected.hours > 0
                    assert expected.cost_usd > 0
                    seen += 1
                gauge_mm = here
    assert seen > 20


def test_no_move_is_shorter_than_the_great_circle(paths: Paths) -> None:
    for move in paths.moves():
        km = sum(arc.distance_km for arc in move.facts if isinstance(arc, HaulArc | PassageArc))
        straight_km = great_circle_km(*paths.lonlat(move.tail), *paths.lonlat(move.head))
        if move.kind in ("run", "ride", "passage"):
            assert km >= straight_km * 0.998 - 0.5, (move.kind, move.facts)
        else:
            assert km == 0.0


def test_every_move_takes_time_and_costs_nothing_negative(paths: Paths) -> None:
    for move in paths.moves()[::5]:
        for arc in move.facts:
            expected = paths.field.pricing.expected(arc)
            assert expected.hours >= 0
            assert expected.cost_usd >= 0
            assert expected.kgco2e >= 0
