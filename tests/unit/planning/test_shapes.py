from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.dataset.network import Net
from landbridge.planning.geography import Geography
from landbridge.planning.shapes import cut, points_of, walked_links
from worlds import strait

POINT = st.tuples(st.floats(-180, 180, allow_nan=False), st.floats(-89, 89, allow_nan=False))


def test_a_line_far_from_the_antimeridian_stays_whole() -> None:
    line = ((10.0, 5.0), (20.0, 6.0), (30.0, 5.0))
    assert cut(line) == (line,)


def test_points_given_twice_count_once() -> None:
    assert cut([(1.0, 1.0), (1.0, 1.0), (2.0, 1.0)]) == (((1.0, 1.0), (2.0, 1.0)),)
    assert cut([(1.0, 1.0), (1.0, 1.0)]) == ()
    assert cut([]) == ()


@pytest.mark.parametrize(
    ("one", "two", "west", "east"),
    [
        ((170, 0), (-170, 10), ((170, 0), (180, 5)), ((-180, 5), (-170, 10))),
        ((-170, 10), (170, 0), ((-170, 10), (-180, 5)), ((180, 5), (170, 0))),
        ((175, 8), (-165, 0), ((175, 8), (180, 6)), ((-180, 6), (-165, 0))),
    ],
)  # fmt: skip
def test_a_line_over_the_antimeridian_is_cut_there(
    one: tuple[float, float], two: tuple[float, float], west: object, east: object
) -> None:
    assert cut([one, two]) == (west, east)


@given(st.lists(POINT, max_size=12))
def test_no_piece_ever_jumps(points: list[tuple[float, float]]) -> None:
    for line in cut(points):
        assert len(line) > 1
        for one, two in itertools.pairwise(line):
            assert abs(one[0] - two[0]) <= 180.0
        assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in line)


@given(st.lists(POINT, min_size=2, max_size=12))
def test_every_point_is_kept_in_order(points: list[tuple[float, float]]) -> None:
    kept = [point for line in cut(points) for point in line]
    plain = [p for k, p in enumerate(points) if k == 0 or p != points[k - 1]]
    if len(plain) < 2:
        return
    left = iter(kept)
    assert all(any(point == other for other in left) for point in plain)


def test_a_walk_backwards_gives_the_points_backwards() -> None:
    world = strait.dataset()
    shaped = strait.physical(
        Net.ROAD, [(0.0, 0.0, 2), (1.0, 0.0, 2), (2.0, 0.0, 2)], [(0, 1), (1, 2)],
        shape_start=np.array([0, 2, 2], np.int32),
        shape_lonlat=np.array([[0.3, 0.1], [0.6, 0.1]]), chord_km=np.array([0.0, 30.0]),
    )  # fmt: skip
    geography = Geography(strait.dataset(networks={**world.networks, Net.ROAD: shaped}))
    there = walked_links(geography, Net.ROAD, 0, 2)
    back = walked_links(geography, Net.ROAD, 2, 0)
    assert there == [(0, True), (1, True)]
    assert back == [(1, False), (0, False)]
    points, chord_km = points_of(shaped, there)
    assert points == [(0.0, 0.0), (0.3, 0.1), (0.6, 0.1), (1.0, 0.0), (2.0, 0.0)]
    assert points_of(shaped, back) == (points[::-1], 30.0)
    assert chord_km == 30.0
    assert walked_links(geography, Net.ROAD, 1, 1) == []
