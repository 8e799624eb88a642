"""Pareto sets against all labels of all states, on graphs with random rules and random costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.routing.pareto import ParetoSet, pareto_set, undominated
from landbridge.routing.product import ProductGraph, ProductWeights, lower_bounds
from landbridge.routing.reference import product_pareto
from landbridge.routing.states import ProductCosts, StateGraph, unfold
from tests.unit.routing.test_product import frozen, graph_of, problems, walk

MIX = np.array([1.0, 0.5, 0.25])
"""What each cost weighs: sums of these are exact in floating point, so equal paths are equal."""
COSTS = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0)
Problem = tuple[ProductGraph, ProductWeights, ProductCosts]


@st.composite
def priced(draw: st.DrawFn) -> Problem:
    """A random problem whose weights are made of three random costs."""
    graph, weights = draw(problems())

    def some(count: int) -> np.ndarray:
        values = [draw(st.sampled_from(COSTS)) for _ in range(3 * count)]
        return np.array(values, float).reshape(count, 3)

    costs = ProductCosts(
        arc=some(len(weights.arc_weight)), ride=some(len(weights.ride_weight)),
        block=some(len(weights.block_weight)), source=some(len(weights.source_node)),
        target=some(graph.n_nodes),
    )  # fmt: skip
    return graph, weighed(weights, costs), costs


def weighed(weights: ProductWeights, costs: ProductCosts) -> ProductWeights:
    target = np.where(np.isfinite(weights.target_weight), costs.target @ MIX, np.inf)
    return frozen(  # type: ignore[no-any-return]
        replace(
            weights,
            arc_weight=costs.arc @ MIX,
            ride_weight=costs.ride @ MIX,
            block_weight=costs.block @ MIX,
            source_weight=costs.source @ MIX,
            target_weight=target,
        )
    )  # fmt: skip


def answer(
    problem: Problem, epsilon: tuple[float, float, float] = (0.0, 0.0, 0.0), **given: float
) -> tuple[StateGraph | None, ParetoSet | None]:
    graph, weights, costs = problem
    limit = given.get("limit", np.inf)
    states = unfold(graph, weights, costs, lower_bounds(graph, weights), limit=limit)
    if states is None:
        return None, None
    return states, pareto_set(states, epsilon, most_labels=int(given.get("most_labels", 5000)))


def rows(found: ParetoSet | None) -> list[tuple[float, ...]]:
    return [] if found is None else sorted(tuple(row) for row in found.cost.tolist())


@settings(max_examples=120, deadline=None)
@given(priced())
def test_the_exact_set_is_that_of_the_oracle(problem: Problem) -> None:
    states, found = answer(problem)
    assert rows(found) == product_pareto(*problem)
    if states is None or found is None:
        return
    assert found.is_complete
    graph, weights, costs = problem
    for path, cost in zip(found.paths, found.cost.tolist(), strict=True):
        source, steps = states.steps_of(list(path))
        walk(graph, weights, float(np.dot(cost, MIX)), source, steps)
        total = costs.source[source] + costs.target[steps[-1].head]
        for step, arc in zip(steps, path[1:-1], strict=True):
            table = (costs.arc, None, costs.ride)[step.kind]
            total = total + (states.cost[arc] if table is None else table[step.index])
        assert total.tolist() == pytest.approx(cost)


@settings(max_examples=60, deadline=None)
@given(priced(), st.sampled_from([2.0, 5.0, 11.0, 25.0]))
def test_a_limit_leaves_out_heavier_paths_and_no_others(problem: Problem, limit: float) -> None:
    _, found = answer(problem, limit=limit)
    assert rows(found) == product_pareto(*problem, limit=limit)


@settings(max_examples=60, deadline=None)
@given(priced(), st.tuples(*[st.sampled_from([0.0, 0.01, 0.3, 1.0])] * 3))
def test_epsilon_stands_for_every_path_within_its_share(
    problem: Problem, epsilon: tuple[float, float, float]
) -> None:
    _, found = answer(problem, epsilon)
    exact = product_pareto(*problem)
    some = rows(found)
    assert set(some) <= set(exact) or any(epsilon)
    assert len(some) <= len(exact)
    for row in exact:
        assert any(
            all(a <= b * (1 + share) * (1 + 1e-8) for a, b, share in zip(own, row, epsilon))  # noqa: B905
            for own in some
        )


@settings(max_examples=50, deadline=None)
@given(priced(), st.integers(1, 6))
def test_without_room_the_set_is_real_and_says_that_it_is_not_whole(
    problem: Problem, most: int
) -> None:
    graph, weights, _ = problem
    states, found = answer(problem, most_labels=most)
    if states is None or found is None:
        return
    exact = product_pareto(*problem)
    assert found.is_complete or found.labels == most
    if found.is_complete:
        assert rows(found) == exact
    assert len(found.paths) >= 1
    for path, cost in zip(found.paths, found.cost.tolist(), strict=True):
        source, steps = states.steps_of(list(path))
        walk(graph, weights, float(np.dot(cost, MIX)), source, steps)
        assert any(all(a <= b for a, b in zip(row, cost, strict=True)) for row in exact)


@settings(max_examples=50, deadline=None)
@given(priced())
def test_the_lightest_way_through_a_state_is_a_path(problem: Problem) -> None:
    graph, weights, _ = problem
    states, _ = answer(problem)
    if states is None:
        return
    for state in range(len(states.node) - 2):
        arcs = states.path_to(state) + states.path_from(state)
        source, steps = states.steps_of(arcs)
        walk(graph, weights, float(states.ahead[state] + states.behind[state]), source, steps)


def test_a_known_set() -> None:
    """Two nodes, three rides: fast, cheap, and one that is worse than the cheap one."""
    graph = graph_of(2, [], [(0, 1)] * 3, [-1, -1], [np.zeros((0, 0))], [1.0])
    zero = np.zeros((1, 3))
    costs = ProductCosts(
        arc=np.zeros((0, 3)), ride=np.array([[1.0, 9, 9], [8, 2, 3], [8, 2, 4]]), block=zero,
        source=zero, target=np.zeros((2, 3)),
    )  # fmt: skip
    stay = np.zeros((3, 1), np.int8)
    blank = ProductWeights(
        arc_weight=np.zeros(0), ride_weight=np.zeros(3), block_weight=np.zeros(1),
        arc_next=stay[:0], ride_next=stay, node_next=stay[:2], block_next=stay[:1],
        source_node=np.array([0]), source_weight=np.zeros(1),
        target_weight=np.array([np.inf, 0.0]),
    )  # fmt: skip
    problem = graph, weighed(blank, costs), costs
    _, found = answer(problem)
    assert rows(found) == [(1.0, 9.0, 9.0), (8.0, 2.0, 3.0)]
    _, coarse = answer(problem, (7.0, 0.0, 0.0))
    assert rows(coarse) == [(1.0, 9.0, 9.0), (8.0, 2.0, 3.0)]
    assert answer(problem, limit=9.0)[0] is not None  # the cheap one weighs 9.75, the fast 7.75
    assert rows(answer(problem, limit=9.0)[1]) == [(1.0, 9.0, 9.0)]
    assert answer(problem, limit=7.75) == (None, None)


def test_undominated_keeps_the_first_of_equals() -> None:
    cost = np.array([[2.0, 1.0], [1.0, 2.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0 + 1e-12]])
    assert undominated(cost) == [0, 1]
    assert undominated(np.zeros((0, 3))) == []
