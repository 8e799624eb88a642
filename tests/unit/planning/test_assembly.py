"""The arrays of a request are those of compiling its network anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from landbridge.planning.assembly import _adjacency, _merged
from landbridge.planning.frame import ends_of
from landbridge.planning.rule import Ban
from landbridge.report import ask
from landbridge.routing.backward import behind, turned_of
from landbridge.routing.lanes import lanes_of

if TYPE_CHECKING:
    from landbridge.planning.candidates import Field
    from landbridge.planning.plan import Planner

PAIRS = (("Moscow", "Barquisimeto"), ("Tehran", "Hamburg"), ("Chengdu", "Urumqi"))


@pytest.fixture(params=PAIRS, ids="-".join)
def field(planner: Planner, request: pytest.FixtureRequest) -> Field:
    """The network of one pair of towns."""
    plan = ask.plan(*request.param, planner=planner)
    return planner.field(plan.request, planner.case.dataset.corridors)


def test_blocks_and_arcs_are_those_of_the_network(field: Field) -> None:
    graph, virtual = field.graph, field.virtual
    assert graph.n_nodes > field.frame.n_nodes
    assert graph.node_block.tolist() == virtual.run_block_of_node
    for k, block in enumerate(virtual.blocks):
        own = graph.member_node[graph.block_first[k] : graph.block_first[k + 1]]
        assert own.tolist() == block.members
    assert np.array_equal(graph.member_column, graph.node_column[graph.member_node])
    through = np.array(field._via_arcs(), np.int64).reshape(-1, 2)
    first, order, head = _adjacency(graph.n_nodes, np.concatenate([ends_of(virtual, 0), through]))
    assert np.array_equal(graph.first_arc, first)
    assert np.array_equal(graph.arc_head, head)
    assert np.array_equal(field.arc_order, order)


def test_lanes_hold_the_runs_of_every_block(field: Field) -> None:
    graph, lanes, anew = field.graph, field.graph.lanes, lanes_of(field.graph)
    assert lanes is not None
    assert np.array_equal(lanes.place, anew.place)
    assert np.array_equal(lanes.node, anew.node)
    for k, size in enumerate(np.diff(graph.block_first).tolist()):
        mine = lanes.length[lanes.first[k] : lanes.first[k] + size * size]
        assert np.array_equal(mine, anew.length[anew.first[k] : anew.first[k + 1]])


def test_arcs_turned_round_lead_to_the_same_bounds(field: Field) -> None:
    graph = field.graph
    ban = Ban(ids=frozenset(), countries=frozenset())
    weights = field.ruled(None, ban, frozenset(), frozenset())
    ends = np.flatnonzero(np.isfinite(weights.target_weight))
    mine = behind(graph, weights, ends, weights.target_weight[ends])
    anew = replace(graph, turned=turned_of(graph))
    assert np.array_equal(mine, behind(anew, weights, ends, weights.target_weight[ends]))


def test_arcs_are_merged_in_the_order_of_their_tails() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        n, n_more = int(rng.integers(1, 6)), int(rng.integers(0, 4))
        known = rng.integers(0, n, (int(rng.integers(0, 12)), 2))
        more = rng.integers(0, n + n_more, (int(rng.integers(0, 9)), 2))
        merged = _merged(n + n_more, _adjacency(n, known), more)
        anew = _adjacency(n + n_more, np.concatenate([known, more]))
        assert all(np.array_equal(a, b) for a, b in zip(merged, anew, strict=True))
