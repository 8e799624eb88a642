from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.routing import reference
from landbridge.routing.shortest import one_to_all, path_arcs


def adjacency(n: int, links: list[tuple[int, int, float]]) -> tuple[np.ndarray, ...]:
    links = sorted(links)
    tail = np.array([a for a, _, _ in links], np.int64)
    first = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=n), out=first[1:])
    head = np.array([b for _, b, _ in links], np.int32)
    length = np.array([km for _, _, km in links], np.float32)
    for array in (first, head, length):
        array.flags.writeable = False
    return first, head, length


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, float]]]:
    n = draw(st.integers(2, 9))
    node = st.integers(0, n - 1)
    km = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.5, 10.0])
    return n, draw(st.lists(st.tuples(node, node, km), min_size=1, max_size=25))


@settings(max_examples=150, deadline=None)
@given(graphs(), st.data())
def test_distances_are_those_of_the_oracle(
    graph: tuple[int, list[tuple[int, int, float]]], data: st.DataObject
) -> None:
    n, links = graph
    first, head, length = adjacency(n, links)
    source = data.draw(st.integers(0, n - 1))
    distance, arc_to = one_to_all(first, head, length, source, -1, np.inf)
    np.testing.assert_array_equal(distance, reference.one_to_all(first, head, length, source))
    assert arc_to[source] == -1
    for node in range(n):
        arcs = path_arcs(arc_to, first, source, node)
        if np.isfinite(distance[node]) and node != source:
            assert sum(float(length[a]) for a in arcs) == pytest.approx(distance[node])
            assert int(head[arcs[-1]]) == node
        else:
            assert arcs == []


def test_a_target_is_exact_and_a_limit_cuts_off() -> None:
    n = 3000
    links = [(k, k + 1, 1.0) for k in range(n - 1)] + [(0, n - 1, 2 * n)]
    first, head, length = adjacency(n, links)
    distance, arc_to = one_to_all(first, head, length, 0, 50, np.inf)
    assert distance[50] == 50
    assert path_arcs(arc_to, first, 0, 50)[0] == first[0]
    distance, _ = one_to_all(first, head, length, 0, -1, 10.0)
    assert np.isfinite(distance).sum() == 11
    # more entries than the heap began with
    distance, _ = one_to_all(first, head, length, 0, -1, np.inf)
    assert distance[n - 1] == n - 1


def test_a_star_larger_than_the_first_heap() -> None:
    n = 5000
    links = [(0, k, float(n - k)) for k in range(1, n)]
    first, head, length = adjacency(n, links)
    distance, _ = one_to_all(first, head, length, 0, -1, np.inf)
    np.testing.assert_array_equal(distance, reference.one_to_all(first, head, length, 0))
