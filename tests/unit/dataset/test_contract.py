"""Contraction keeps every distance between the nodes it keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy", reason="building a dataset needs the extra `build`")
pytest.importorskip("shapely", reason="building a dataset needs the extra `build`")

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landbridge.dataset.contract_lines import CHORD_KM, Contracted, contract, split_at_points
from landbridge.dataset.contribution import Origin
from landbridge.dataset.lines import Lines, merge
from landbridge.units import great_circle_km
from worlds.frontier import contribution


def plain(nodes: list[tuple[float, float]], links: list[tuple[int, int]]) -> Lines:
    whole = merge("rail", [contribution(nodes, links)])
    whole.country = np.full(len(nodes), "AA", "U2")
    whole.gauge_mm = np.full(len(nodes), 1520, np.int32)
    return whole


def ways(n: int, tail: Any, head: Any, km: Any) -> np.ndarray:
    way = np.full((n, n), np.inf)
    np.fill_diagonal(way, 0.0)
    for a, b, length in zip(tail, head, km, strict=True):
        way[a, b] = way[b, a] = min(way[a, b], length)
    for k in range(n):
        way = np.minimum(way, way[:, [k]] + way[[k], :])
    return way


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_distances_between_kept_nodes_stay(data: st.DataObject) -> None:
    n = data.draw(st.integers(4, 14))
    nodes = [(0.1 * k, 0.05 * ((k * 7) % 5)) for k in range(n)]
    node = st.integers(0, n - 1)
    pairs = data.draw(st.lists(st.tuples(node, node).filter(lambda p: p[0] != p[1]), min_size=3,
                               max_size=20, unique_by=lambda p: (min(p), max(p))))  # fmt: skip
    kept = sorted({pairs[0][0], pairs[-1][1], *data.draw(st.lists(node, max_size=3))})
    touched = {k for pair in pairs for k in pair}
    kept = [k for k in kept if k in touched]
    whole = plain(nodes, pairs)
    before = ways(n, whole.tail, whole.head, whole.length_km)
    assume(np.isfinite(before[np.ix_(kept, kept)]).sum() > len(kept))
    small = contract(whole, np.array(kept, np.int64), smallest_component=0)
    after = ways(len(small.lon), small.tail, small.head, small.length_km)
    for a in kept:
        for b in kept:
            i, j = int(small.node_of[a]), int(small.node_of[b])
            if i < 0 or j < 0:
                # only a node with nothing else to reach may go
                assert not np.isfinite(before[a, b]) or a == b
                continue
            assert after[i, j] == pytest.approx(before[a, b])


def chain(n: int) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    return [(0.1 * k, 0.0) for k in range(n)], [(k, k + 1) for k in range(n - 1)]


def shape_of(network: Contracted, link: int) -> list[float]:
    rows = network.shape_lonlat[network.shape_start[link] : network.shape_start[link + 1]]
    return [round(float(x), 6) for x, _ in rows]


def test_a_chain_becomes_one_link_with_its_shape() -> None:
    small = contract(plain(*chain(6)), np.array([0, 5]), smallest_component=0)
    assert len(small.tail) == 1
    assert small.length_km[0] == pytest.approx(0.5 * 111.195 * 1.1, rel=1e-4)
    points = shape_of(small, 0)
    if small.lon[small.tail[0]] > small.lon[small.head[0]]:
        points.reverse()
    assert points == [0.1, 0.2, 0.3, 0.4]
    assert small.chord_km[0] == 0.0
    assert small.tail[0] < small.head[0]


def test_dead_ends_and_crumbs_go_and_protected_ones_stay() -> None:
    nodes, links = chain(6)
    nodes += [(0.3, 0.2), (0.3, 0.3), (5.0, 5.0), (5.1, 5.0)]
    links += [(3, 6), (6, 7), (8, 9)]
    small = contract(plain(nodes, links), np.array([0, 5]), smallest_component=4)
    assert small.node_of[7] == small.node_of[6] == small.node_of[8] == -1
    assert len(small.tail) == 1
    held = contract(plain(nodes, links), np.array([0, 5, 7, 8, 9]), smallest_component=4)
    assert held.node_of[7] >= 0
    assert held.node_of[3] >= 0, "a junction again"
    assert held.node_of[9] >= 0, "a small piece that is held"


def test_the_weakest_origin_and_long_chords_are_kept() -> None:
    whole = plain([(0.0, 0.0), (1.0, 0.0), (1.1, 0.0)], [(0, 1), (1, 2)])
    whole.origin[1] = Origin.REPAIR
    small = contract(whole, np.array([0, 2]), smallest_component=0)
    assert small.origin.tolist() == [Origin.REPAIR]
    assert small.chord_km[0] == pytest.approx(111.195 * 1.1, rel=1e-4)
    assert CHORD_KM == 20.0


def test_a_link_not_open_keeps_its_ends_and_status() -> None:
    whole = plain(*chain(6))
    whole.status[2] = 2
    small = contract(whole, np.array([0, 5]), smallest_component=0)
    assert sorted(small.status.tolist()) == [0, 0, 2]


def test_of_two_ways_between_junctions_the_shorter_stays() -> None:
    nodes = [(0.0, 0.0), (0.5, 0.0), (0.25, 0.3), (1.0, 0.0)]
    small = contract(
        plain(nodes, [(0, 1), (0, 2), (2, 1), (1, 3)]), np.array([0, 3]), smallest_component=0
    )
    a, b = sorted((int(small.node_of[0]), int(small.node_of[1])))
    between = (small.tail == a) & (small.head == b)
    assert small.length_km[between].tolist() == [pytest.approx(0.5 * 111.195 * 1.1, rel=1e-4)]


def test_a_long_arc_is_split_beside_a_terminal() -> None:
    whole = plain([(0.0, 0.0), (1.0, 0.0)], [(0, 1)])
    before = float(whole.length_km.sum())
    nodes = split_at_points(
        whole, [(7, 0.25, 0.05, "AA"), (8, 0.5, 0.5, "AA"), (9, 0.5, 0.01, "BB")],
        longest_off_km=10.0,
    )  # fmt: skip
    assert list(nodes) == [7], "8 lies too far off, 9 in another country"
    assert whole.lon[nodes[7]] == pytest.approx(0.25, abs=0.01)
    assert sorted(whole.length_km.tolist()) == [
        pytest.approx(before * 0.25), pytest.approx(before * 0.75),
    ]  # fmt: skip
    assert whole.country[nodes[7]] == "AA"


def test_neighbours_on_the_map_are_neighbours_in_memory() -> None:
    rng = np.random.default_rng(1)
    nodes = [(float(x), float(y)) for x, y in rng.uniform(-60, 60, (400, 2))]
    links = [(k, k + 1) for k in range(399)]
    small = contract(plain(nodes, links), np.arange(400), smallest_component=0)
    order = [
        great_circle_km(small.lon[k], small.lat[k], small.lon[k + 1], small.lat[k + 1])
        for k in range(399)
    ]
    random = [great_circle_km(*nodes[k], *nodes[k + 1]) for k in range(399)]
    assert np.mean(order) < 0.25 * np.mean(random)
