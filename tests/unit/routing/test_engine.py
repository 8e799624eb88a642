"""The hierarchy against a slow and obvious search, on graphs of every odd kind."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.routing.dissect import cut_part
from landbridge.routing.engine import LANES, Engine
from landbridge.routing.hierarchy import build_hierarchy
from landbridge.routing.order import dissection_order, neighbours
from landbridge.routing.reference import one_to_all


def oracle(n: Any, tail: Any, head: Any, weight: Any, source: Any) -> Any:
    """Return weights from `source` to all by the slow search; inf arcs are none."""
    tail, head, weight = np.asarray(tail, int), np.asarray(head, int), np.asarray(weight, float)
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(n + 1))
    return one_to_all(first, head[order], weight[order], source)


def check_route(
    route: Any, tail: Any, head: Any, weight: Any, source: Any, target: Any, expected: Any
) -> None:
    assert route.weight == expected
    arcs = route.arcs.tolist()
    if not np.isfinite(expected):
        assert arcs == []
        return
    at, total = source, 0.0
    for arc in arcs:
        assert tail[arc] == at
        at, total = head[arc], total + weight[arc]
    assert at == target
    assert total == expected


@st.composite
def graphs(draw: Any, most_nodes: int = 14) -> Any:
    """Graphs with loops, parallel and one-way arcs, loose parts, whole-number weights."""
    n = draw(st.integers(1, most_nodes))
    node = st.integers(0, n - 1)
    weight = st.one_of(st.integers(0, 20).map(float), st.just(float("inf")))
    arcs = draw(st.lists(st.tuples(node, node, weight), max_size=4 * n))
    tail = np.array([a for a, _, _ in arcs], np.int64)
    head = np.array([b for _, b, _ in arcs], np.int64)
    weights = np.array([w for _, _, w in arcs], np.float64)
    order = np.array(draw(st.permutations(range(n))))
    return n, tail, head, weights, order


@settings(max_examples=150, deadline=None)
@given(graphs(), st.data())
def test_any_order_answers_as_the_slow_search(graph: Any, data: Any) -> None:
    n, tail, head, weight, order = graph
    profile = Engine(n, tail, head, order=order, n_threads=1).profile(weight)
    source = data.draw(st.integers(0, n - 1))
    expected = oracle(n, tail, head, weight, source)
    assert profile.matrix([source], range(n)).tolist() == [expected.tolist()]
    for target in range(n):
        assert profile.weight(source, target) == expected[target]
        check_route(
            profile.route(source, target), tail, head, weight, source, target, expected[target]
        )


@settings(max_examples=120, deadline=None)
@given(graphs(), st.data())
def test_updates_leave_what_a_new_profile_would_hold(graph: Any, data: Any) -> None:
    n, tail, head, weight, order = graph
    engine = Engine(n, tail, head, order=order, n_threads=1)
    profile = engine.profile(weight)
    if not len(tail):
        return
    weight = weight.copy()
    for _ in range(data.draw(st.integers(1, 4))):
        arcs = data.draw(st.lists(st.integers(0, len(tail) - 1), min_size=1, max_size=3))
        new = data.draw(
            st.lists(
                st.one_of(st.integers(0, 20).map(float), st.just(float("inf"))),
                min_size=len(arcs),
                max_size=len(arcs),
            )
        )
        weight[arcs] = new
        profile._weight[arcs] = new
        profile._customize_changed(np.array(arcs))
    fresh = engine.profile(weight)
    for mine, theirs in zip(profile._written[:2], fresh._written[:2], strict=True):
        assert mine.tolist() == theirs.tolist()
    for source in range(n):
        expected = oracle(n, tail, head, weight, source)
        for target in range(n):
            check_route(
                profile.route(source, target), tail, head, weight, source, target, expected[target]
            )


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_the_dissection_answers_like_any_order_and_threads_change_nothing(
    graph: Any, data: Any
) -> None:
    n, tail, head, weight, order = graph
    places = data.draw(
        st.none()
        | st.lists(st.tuples(st.integers(-180, 180), st.integers(-90, 90)), min_size=n, max_size=n)
    )
    lon, lat = (None, None) if places is None else np.array(places, float).T
    nodes = st.lists(st.integers(0, n - 1), max_size=6)
    sources, targets = data.draw(nodes), data.draw(nodes)
    one = Engine(n, tail, head, order=order, n_threads=1).profile(weight)
    two = Engine(n, tail, head, lon=lon, lat=lat, n_threads=2).profile(weight)
    assert one.matrix(sources, targets).tolist() == two.matrix(sources, targets).tolist()


def grid(side: Any, seed: int = 0) -> Any:
    """Return a road-like grid of side x side with one-way streets and whole-number weights."""
    rng = np.random.default_rng(seed)
    at = np.arange(side * side).reshape(side, side)
    a = np.concatenate([at[:, :-1].ravel(), at[:-1, :].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:, :].ravel()])
    tail, head = np.concatenate([a, b]), np.concatenate([b, a])
    weight = rng.integers(1, 100, len(tail)).astype(float)
    weight[rng.random(len(tail)) < 0.1] = np.inf
    lat, lon = np.divmod(np.arange(side * side), side)
    return side * side, tail, head, weight, lon / 10.0, lat / 10.0


@pytest.fixture(scope="module")
def town() -> Any:
    n, tail, head, weight, lon, lat = grid(24)
    return n, tail, head, weight, Engine(n, tail, head, lon=lon, lat=lat, n_threads=2)


def test_more_sources_than_lanes_fill_every_row(town: Any) -> None:
    n, tail, head, weight, engine = town
    profile = engine.profile(weight)
    rng = np.random.default_rng(3)
    sources, targets = rng.integers(0, n, LANES + 7), rng.integers(0, n, 40)
    seen = []
    table = profile.matrix(sources, targets, progress=lambda *done: seen.append(done))
    for row, source in zip(table, sources.tolist(), strict=True):
        assert row.tolist() == oracle(n, tail, head, weight, source)[targets].tolist()
    assert seen == [(LANES, LANES + 7), (LANES + 7, LANES + 7)]
    assert table.tolist() == profile.matrix(sources, targets, n_threads=1).tolist()


def test_single_closures_on_a_town_stay_exact(town: Any) -> None:
    n, tail, head, weight, engine = town
    profile = engine.profile(weight)
    rng = np.random.default_rng(5)
    now = weight.copy()
    for _ in range(60):
        arc = int(rng.integers(len(tail)))
        now[arc] = rng.choice([np.inf, 0.0, float(rng.integers(1, 100))])
        profile.update([arc], [now[arc]])
        source, target = rng.integers(0, n, 2).tolist()
        expected = oracle(n, tail, head, now, source)[target]
        check_route(profile.route(source, target), tail, head, now, source, target, expected)
    assert profile.version == 60
    assert profile.weights().tolist() == now.tolist()
    profile.replace(weight)
    fresh = engine.profile(weight)
    assert profile._written[0].tolist() == fresh._written[0].tolist()


def test_separators_of_a_grid_are_about_its_side() -> None:
    side = 24
    n, tail, head, *_ = grid(side)
    first, near = neighbours(n, tail, head)
    for space in (np.zeros((n, 0)), np.column_stack(np.divmod(np.arange(n), side)).astype(float)):
        cut = cut_part(first, near, space, np.arange(n, dtype=np.int32), np.full(n, -1, np.int32))
        assert (cut == -1).sum() <= 1.3 * side
        left, right = (cut == 0).sum(), (cut == 1).sum()
        assert min(left, right) >= 0.15 * n
        ends = np.stack([cut[tail], cut[head]])
        assert not ((ends == 0).any(axis=0) & (ends == 1).any(axis=0)).any()


def test_a_known_least_separator_is_found() -> None:
    # two cliques of 5 joined through nodes 10 and 11 only
    pairs = [(a, b) for k in (0, 5) for a in range(k, k + 5) for b in range(a + 1, k + 5)]
    pairs += [(4, 10), (10, 5), (3, 11), (11, 6)]
    tail, head = np.array(pairs).T
    first, near = neighbours(12, tail, head)
    x = np.array([*range(5), *range(10, 15), 7, 7], float)
    cut = cut_part(
        first,
        near,
        np.column_stack([x, 0 * x]),
        np.arange(12, dtype=np.int32),
        np.full(12, -1, np.int32),
    )
    assert (cut == -1).sum() == 2
    assert {min(cut[:5]), max(cut[:5])} - {-1} != {min(cut[5:10]), max(cut[5:10])} - {-1}


def test_dissection_keeps_a_long_line_shallow() -> None:
    n = 1023
    tail, head = np.arange(n - 1), np.arange(1, n)
    for places in ({}, {"x": np.arange(n), "y": np.zeros(n)}):
        shape = build_hierarchy(n, tail, head, dissection_order(n, tail, head, **places))
        assert shape.n_levels <= 30
        assert shape.n_edges <= 2 * n * 2


def test_offsets_choose_among_terminals(town: Any) -> None:
    n, tail, head, weight, engine = town
    profile = engine.profile(weight)
    sources, targets = [(3, 50.0), (77, 0.0), (200, 1e6)], [(400, 10.0), (11, 70.0)]
    expected = min(
        a + oracle(n, tail, head, weight, s)[t] + b for s, a in sources for t, b in targets
    )
    route, i, j = profile.route_between(sources, targets)
    assert route.weight == expected
    assert sources[i][1] + weight[route.arcs].sum() + targets[j][1] == expected
    nowhere, i, j = profile.route_between(sources, [])
    assert (nowhere.weight, i, j) == (np.inf, -1, -1)


def test_profiles_stand_side_by_side(town: Any) -> None:
    n, tail, head, weight, engine = town
    one, two = engine.profile(weight), engine.profile(weight * 2)
    one.update([0], [np.inf])
    assert two.version == 0
    assert two.weight(5, 300) == 2 * oracle(n, tail, head, weight, 5)[300]


def test_threads_never_see_half_an_update(town: Any) -> None:
    *_, weight, engine = town
    finite = np.where(np.isfinite(weight), weight, 50.0)
    profile = engine.profile(finite)
    worth = {k % 2: engine.profile(finite * (1 + k)).weight(0, 575) for k in range(2)}
    stop = threading.Event()

    def ask() -> Any:
        answers = set()
        while not stop.is_set():
            route = profile.route(0, 575)
            answers.add((route.version % 2, route.weight))
        return answers

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        for k in range(1, 40):
            profile.replace(finite * (1 + k % 2))
        stop.set()
        answers = set().union(*(a.result() for a in asking))
    assert answers <= set(worth.items())


def test_fractions_add_up_within_rounding(town: Any) -> None:
    n, tail, head, weight, engine = town
    uneven = weight * np.pi * 1e-3
    got = engine.profile(uneven).matrix([0, 9], range(n))
    for row, source in zip(got, (0, 9), strict=True):
        assert row == pytest.approx(oracle(n, tail, head, uneven, source), rel=1e-12)


def test_the_empty_graph_and_the_lone_node() -> None:
    none = Engine(0, np.array([], int), np.array([], int)).profile(np.array([]))
    assert none.matrix([], []).shape == (0, 0)
    lone = Engine(1, np.array([0]), np.array([0])).profile([3.0])
    assert lone.weight(0, 0) == 0.0
    assert lone.route(0, 0).arcs.tolist() == []
    assert lone.update([0], [np.inf]) == 1


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1.0], "one per arc"),
        ([1.0, np.nan], "arc 1 is not a number"),
        ([1.0, -2.0], "arc 1 is -2"),
        ([1e300, 1.0], "may overflow"),
        (["a", "b"], "must be numbers"),
        ([[1.0, 2.0]], "one per arc"),
    ],
)
def test_bad_weights_are_refused_before_any_kernel(weights: Any, said: Any) -> None:
    engine = Engine(2, np.array([0, 1]), np.array([1, 0]))
    with pytest.raises(ValueError, match=said):
        engine.profile(np.array(weights))


@pytest.mark.parametrize(
    "ask",
    [
        lambda p: p.weight(0, 2),
        lambda p: p.weight(-1, 0),
        lambda p: p.weight(0.5, 1),
        lambda p: p.weight("x", 1),
        lambda p: p.weight(None, 1),
        lambda p: p.route(2**40, 0),
        lambda p: p.matrix([0, 5], [1]),
        lambda p: p.matrix([0.0], [1]),
        lambda p: p.matrix([[0]], [1]),
        lambda p: p.update([2], [1.0]),
        lambda p: p.update([-1], [1.0]),
        lambda p: p.update([0], [np.nan]),
        lambda p: p.update([0], [1e300]),
        lambda p: p.update([0, 1], [1.0]),
        lambda p: p.update([0.5], [1.0]),
        lambda p: p.route_between([(0, -1.0)], [(1, 0.0)]),
        lambda p: p.route_between([(9, 0.0)], [(1, 0.0)]),
    ],
)
def test_bad_questions_are_refused_and_change_nothing(ask: Any) -> None:
    profile = Engine(2, np.array([0, 1]), np.array([1, 0])).profile([4.0, 5.0])
    with pytest.raises(ValueError, match=r"."):
        ask(profile)
    assert profile.version == 0
    assert profile.weight(0, 1) == 4.0


@pytest.mark.parametrize(
    ("tail", "head", "order"),
    [
        ([0], [3], [0, 1, 2]),
        ([-1], [1], [0, 1, 2]),
        ([0, 1], [1], [0, 1, 2]),
        ([0.0], [1.0], [0, 1, 2]),
        ([0], [1], [0, 1, 1]),
        ([0], [1], [0, 1]),
        ([0], [1], [1, 2, 3]),
    ],
)
def test_bad_graphs_are_refused(tail: Any, head: Any, order: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        Engine(3, np.array(tail), np.array(head), order=np.array(order))
