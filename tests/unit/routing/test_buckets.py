"""Distances by buckets against those by a heap: the same to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from landbridge.routing.buckets import SLOTS, distances
from landbridge.routing.shortest import one_to_all


def graph(seed: int, n: int, n_arcs: int, longest: float) -> tuple[np.ndarray, ...]:
    luck = np.random.default_rng(seed)
    tail = np.sort(luck.integers(0, n, n_arcs))
    first = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=n), out=first[1:])
    head = luck.integers(0, n, n_arcs).astype(np.int32)
    # some arcs of no length, most far shorter than a bucket
    length = np.where(luck.random(n_arcs) < 0.1, 0.0, luck.exponential(longest / 20, n_arcs))
    return first, head, np.minimum(length, longest).astype(np.float32)


@pytest.mark.parametrize("seed", range(20))
def test_distances_are_those_of_dijkstra(seed: int) -> None:
    n = 50 + 40 * seed
    given = graph(seed, n, (1 + seed % 4) * n, 40.0)
    expected, _ = one_to_all(*given, 0, -1, np.inf)
    found = distances(*given, 0, begin=0, end=n, width=0.5 + seed % 3)
    assert found is not None
    assert np.array_equal(found, expected)


def test_only_a_stretch_of_nodes_is_needed() -> None:
    first = np.array([0, 0, 0, 1, 2, 2], np.int32)  # 2 -> 3, 3 -> 4
    head, length = np.array([3, 4], np.int32), np.array([1.5, 2.5], np.float32)
    found = distances(first, head, length, 2, begin=2, end=5, width=1.0)
    assert found is not None
    assert found.tolist() == [0.0, 1.5, 4.0]


def test_an_arc_longer_than_all_buckets_is_for_others() -> None:
    first = np.array([0, 1, 1], np.int32)
    head, length = np.array([1], np.int32), np.array([2.0 * SLOTS], np.float32)
    assert distances(first, head, length, 0, begin=0, end=2, width=1.0) is None
    found = distances(first, head, length, 0, begin=0, end=2, width=3.0)
    assert found is not None
    assert found[1] == 2.0 * SLOTS
