"""The product search against a search with no heap and no bound, on graphs with random rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.routing import product
from landbridge.routing.approach import approach_of, touches_of
from landbridge.routing.product import (
    ProductGraph,
    ProductWeights,
    by_places,
    lower_bounds,
    search,
)
from landbridge.routing.reference import product_weight
from landbridge.routing.transit import transit_of

WEIGHTS = (0.0, 0.25, 1.0, 2.0, 3.0, 7.5)
FAR = 1e30


def frozen(row: Any) -> Any:
    """Return graph or weights with read-only arrays, as in the program (one compiled kernel)."""
    for name in row.__slots__:
        array = getattr(row, name)
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return row


def arcs_by_tail(n: int, pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = sorted(pairs)
    first = np.zeros(n + 1, np.int64)
    tails = np.array([a for a, _ in pairs], np.int64)
    np.cumsum(np.bincount(tails, minlength=n), out=first[1:])
    return first, np.array([b for _, b in pairs], np.int64)


def graph_of(
    n: int, arcs: list[tuple[int, int]], rides: list[tuple[int, int]],
    block_of: list[int], matrices: list[np.ndarray], ranges: list[float],
) -> ProductGraph:  # fmt: skip
    first_arc, arc_head = arcs_by_tail(n, arcs)
    first_ride, ride_head = arcs_by_tail(n, rides)
    members = [[v for v in range(n) if block_of[v] == b] for b in range(len(matrices))]
    column = np.zeros(n, np.int64)
    for own in members:
        column[own] = np.arange(len(own))
    member_node = np.array([v for own in members for v in own], np.int64)
    size = [len(own) for own in members]
    graph = ProductGraph(
        n_nodes=n, first_arc=first_arc, arc_head=arc_head, first_ride=first_ride,
        ride_head=ride_head, node_block=np.array(block_of, np.int64), node_column=column,
        block_first=np.cumsum([0, *size]).astype(np.int64),
        block_offset=np.cumsum([0, *[k * k for k in size]])[:-1].astype(np.int64),
        block_stride=np.array(size, np.int64), block_range=np.array(ranges, np.float64),
        member_node=member_node, member_column=column[member_node],
        matrix=np.concatenate([m.reshape(-1) for m in matrices]).astype(np.float32),
    )  # fmt: skip
    return frozen(graph)


@st.composite
def problems(draw: st.DrawFn) -> tuple[ProductGraph, ProductWeights]:
    n = draw(st.integers(2, 7))
    n_steps = draw(st.integers(1, 3))
    node = st.integers(0, n - 1)
    pairs = st.lists(st.tuples(node, node), max_size=9)
    arcs, rides = draw(pairs), draw(pairs)
    n_blocks = draw(st.integers(1, 2))
    block_of = [draw(st.integers(-1, n_blocks - 1)) for _ in range(n)]
    lengths = st.sampled_from([*WEIGHTS, np.inf])
    matrices = []
    for b in range(n_blocks):
        size = block_of.count(b)
        half = np.triu(
            np.array([draw(lengths) for _ in range(size * size)], np.float64).reshape(size, size), 1
        )
        matrices.append(np.maximum(half, half.T))
    graph = graph_of(
        n, arcs, rides, block_of, matrices, [draw(st.sampled_from([FAR, 3.0])) for _ in matrices]
    )

    def steps(count: int) -> np.ndarray:
        """A table of next steps: stay, go on by one, or not allowed."""
        rows = [
            [
                draw(st.sampled_from([k, k, k, min(k + 1, n_steps - 1), -1]))
                for k in range(n_steps)
            ]
            for _ in range(count)
        ]  # fmt: skip
        return np.array(rows, np.int8).reshape(count, n_steps)

    def some(count: int) -> np.ndarray:
        return np.array([draw(st.sampled_from(WEIGHTS)) for _ in range(count)], np.float64)

    sources = draw(st.lists(node, min_size=1, max_size=3))
    goals = np.full(n, np.inf)
    for v in draw(st.lists(node, min_size=1, max_size=3)):
        goals[v] = draw(st.sampled_from(WEIGHTS))
    weights = ProductWeights(
        arc_weight=some(len(arcs)), ride_weight=some(len(rides)), block_weight=some(n_blocks),
        arc_next=steps(len(arcs)), ride_next=steps(len(rides)), node_next=steps(n),
        block_next=steps(n_blocks), source_node=np.array(sources, np.int64),
        source_weight=some(len(sources)), target_weight=goals,
    )  # fmt: skip
    return graph, frozen(weights)


def bounds(graph: ProductGraph, weights: ProductWeights) -> np.ndarray:
    return by_places(graph, lower_bounds(graph, weights))


def walk_or_none(
    graph: ProductGraph, weights: ProductWeights, found: tuple[float, int, list[Any]]
) -> None:
    if np.isfinite(found[0]):
        walk(graph, weights, *found)
    else:
        assert found[1:] == (-1, [])


@settings(max_examples=300, deadline=None)
@given(problems())
def test_the_weight_is_that_of_the_oracle(problem: tuple[ProductGraph, ProductWeights]) -> None:
    graph, weights = problem
    least = product_weight(graph, weights)
    for bound in (no_bound(graph), bounds(graph, weights)):
        found, source, steps = search(graph, weights, bound)
        assert found == pytest.approx(least)
        if np.isfinite(found):
            walk(graph, weights, found, source, steps)
        else:
            assert (source, steps) == (-1, [])


@settings(max_examples=100, deadline=None)
@given(problems(), st.sampled_from([0.0, 1.0, 5.0, 12.0]))
def test_a_limit_hides_what_reaches_it(
    problem: tuple[ProductGraph, ProductWeights], limit: float
) -> None:
    graph, weights = problem
    least = product_weight(graph, weights)
    found, source, steps = search(graph, weights, bounds(graph, weights), limit=limit)
    if least < limit * (1 - 1e-9):
        assert found == pytest.approx(least)
    elif least > limit:
        assert (found, source, steps) == (np.inf, -1, [])


@settings(max_examples=100, deadline=None)
@given(problems())
def test_bounds_never_overstate(problem: tuple[ProductGraph, ProductWeights]) -> None:
    graph, weights = problem
    bound = lower_bounds(graph, weights)
    for node in range(graph.n_nodes):
        alone = replace(  # the rule taken away
            weights, source_node=np.array([node]), source_weight=np.zeros(1),
            node_next=np.zeros((graph.n_nodes, 1), np.int8),
            arc_next=np.zeros((len(weights.arc_weight), 1), np.int8),
            ride_next=np.zeros((len(weights.ride_weight), 1), np.int8),
            block_next=np.zeros((len(weights.block_weight), 1), np.int8),
        )  # fmt: skip
        least = product_weight(graph, alone)
        assert bound[2 * node] == least * (1.0 - 1e-12)  # sums of these weights are exact


def no_bound(graph: ProductGraph) -> np.ndarray:
    bound = np.zeros(2 * graph.n_nodes)
    bound.flags.writeable = False
    return bound


def walk(
    graph: ProductGraph, weights: ProductWeights, found: float, source: int, steps: Any
) -> None:
    """Walk the steps by hand: they join up, obey the rule and cost what the search says."""
    node = int(weights.source_node[source])
    total = float(weights.source_weight[source])
    step = int(weights.node_next[node, 0])
    is_arriving = False
    for move in steps:
        assert move.tail == node
        if move.kind == 0:
            assert is_arriving
            assert graph.first_arc[node] <= move.index < graph.first_arc[node + 1]
            assert graph.arc_head[move.index] == move.head
            total += float(weights.arc_weight[move.index])
            step = int(weights.arc_next[move.index, step])
            is_arriving = False
        elif move.kind == 1:
            assert not is_arriving
            b = move.index
            assert graph.node_block[node] == graph.node_block[move.head] == b
            assert weights.block_next[b, step] >= 0
            at = graph.block_offset[b] + graph.node_column[node] * graph.block_stride[b]
            length = float(graph.matrix[at + graph.node_column[move.head]])
            assert length <= graph.block_range[b]
            total += length * float(weights.block_weight[b])
            is_arriving = True
        else:
            assert not is_arriving
            assert graph.first_ride[node] <= move.index < graph.first_ride[node + 1]
            assert graph.ride_head[move.index] == move.head
            total += float(weights.ride_weight[move.index])
            step = int(weights.ride_next[move.index, step])
            is_arriving = True
        assert step >= 0
        node = move.head
        step = int(weights.node_next[node, step])
        assert step >= 0
    assert is_arriving
    assert step == weights.node_next.shape[1] - 1
    assert total + float(weights.target_weight[node]) == pytest.approx(found)


@settings(max_examples=100, deadline=None)
@given(problems(), st.data())
def test_forbidding_something_never_helps(
    problem: tuple[ProductGraph, ProductWeights], data: st.DataObject
) -> None:
    graph, weights = problem
    before = search(graph, weights, bounds(graph, weights))[0]
    name = data.draw(st.sampled_from(["arc_next", "ride_next", "node_next", "block_next"]))
    table = getattr(weights, name).copy()
    if not len(table):
        return
    table[data.draw(st.integers(0, len(table) - 1))] = -1
    after = frozen(replace(weights, **{name: table}))
    assert search(graph, after, bounds(graph, after))[0] >= before * (1 - 1e-9)


@settings(max_examples=400, deadline=None)
@given(problems(), st.data())
def test_tables_change_no_answer(
    problem: tuple[ProductGraph, ProductWeights], data: st.DataObject
) -> None:
    graph, weights = problem
    # rides join nodes that all requests share
    tails = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_ride))
    fewest = 1 + int(max([*tails.tolist(), *graph.ride_head.tolist()], default=0))
    n = data.draw(st.integers(fewest, graph.n_nodes))
    own = weights.node_next[n:]
    steps = np.arange(own.shape[1])
    if len(steps) == 1 or ((own >= 0) & (own != steps)).any():
        return  # no tables where a rule asks for a request's own nodes
    bound = bounds(graph, weights)
    found = search(graph, weights, bound)
    touches = touches_of(graph, weights, bound, n=n)
    approach = approach_of(transit_of(graph, weights, n=n), graph, weights, touches)
    assert approach.least <= found[0]
    ours = search(graph, weights, bound, approach=approach)
    assert ours[0] == found[0]
    walk_or_none(graph, weights, ours)
    # tables hold for whoever may use less
    name = data.draw(st.sampled_from(["arc_next", "ride_next", "node_next", "block_next"]))
    table = getattr(weights, name).copy()
    if len(table):
        table[data.draw(st.integers(0, len(table) - 1))] = -1
    less = frozen(replace(weights, **{name: table}))
    wider = approach_of(transit_of(graph, weights, n=n), graph, less, touches)
    assert search(graph, less, bound, approach=wider)[0] == search(graph, less, bound)[0]


@settings(max_examples=200, deadline=None)
@given(problems())
def test_of_paths_that_weigh_the_same_one_is_taken_whatever_the_bounds(
    problem: tuple[ProductGraph, ProductWeights],
) -> None:
    graph, weights = problem
    lengths = graph.matrix + np.float32(1.0)
    graph = frozen(replace(graph, matrix=lengths))
    more = {name: getattr(weights, name) + 1.0 for name in ("arc_weight", "ride_weight")}
    weights = frozen(replace(weights, block_weight=np.ones_like(weights.block_weight), **more))
    one, other = no_bound(graph), bounds(graph, weights)
    for bound in (other, other * 0.5):
        assert search(graph, weights, one) == search(graph, weights, bound)


def line(n: int) -> tuple[ProductGraph, ProductWeights]:
    """A line of nodes, one block of two each: run, change, run, change, ..."""
    block_of = [k // 2 for k in range(n)]
    matrices = [np.array([[0.0, 10.0], [10.0, 0.0]]) for _ in range(n // 2)]
    arcs = [(k, k + 1) for k in range(1, n - 1, 2)]
    graph = graph_of(n, arcs, [], block_of, matrices, [FAR] * (n // 2))
    stay = np.zeros((1,), np.int8)
    target = np.full(n, np.inf)
    target[n - 1] = 5.0
    weights = ProductWeights(
        arc_weight=np.ones(len(arcs)), ride_weight=np.zeros(0), block_weight=np.full(n // 2, 2.0),
        arc_next=np.tile(stay, (len(arcs), 1)), ride_next=np.zeros((0, 1), np.int8),
        node_next=np.tile(stay, (n, 1)), block_next=np.tile(stay, (n // 2, 1)),
        source_node=np.array([0]), source_weight=np.array([0.5]), target_weight=target,
    )  # fmt: skip
    return graph, frozen(weights)


def test_a_known_weight() -> None:
    graph, weights = line(4)
    found, source, steps = search(graph, weights, no_bound(graph))
    assert found == 0.5 + 10 * 2 + 1 + 10 * 2 + 5
    assert source == 0
    assert [(s.kind, s.tail, s.head) for s in steps] == [(1, 0, 1), (0, 1, 2), (1, 2, 3)]


def test_the_heap_grows_past_its_first_size(monkeypatch: pytest.MonkeyPatch) -> None:
    n = 60
    row = np.linspace(6.0, 1.0, n)
    matrix = np.tile(row, (n, 1))
    monkeypatch.setattr(product._scratch, "heap", (np.empty(2), np.empty(2, np.int64)))
    graph = graph_of(n, [], [], [0] * n, [matrix], [FAR])
    stay = np.zeros((n, 1), np.int8)
    target = np.full(n, np.inf)
    target[1] = 0.0
    weights = ProductWeights(
        arc_weight=np.zeros(0), ride_weight=np.zeros(0), block_weight=np.ones(1),
        arc_next=np.zeros((0, 1), np.int8), ride_next=np.zeros((0, 1), np.int8), node_next=stay,
        block_next=stay[:1], source_node=np.arange(n, dtype=np.int64),
        source_weight=np.linspace(9.0, 1.0, n), target_weight=target,
    )  # fmt: skip
    found, _, steps = search(frozen(graph), frozen(weights), no_bound(graph))
    assert found == pytest.approx(1.0 + row[1], rel=1e-6)
    assert len(steps) == 1
    assert len(product._scratch.heap[0]) > n
