from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import answers
from landbridge.report.html.labels import Placer
from landbridge.report.html.maps import Drawing
from landbridge.report.html.outline import outline
from landbridge.report.html.projection import (
    EARTH_RADIUS_KM,
    Projection,
    clipped,
    lon_window,
    unrolled,
)
from landbridge.report.html.stops import stops_of

WORLD = Projection(lon=0.0, lat=0.0, is_wide=True)


def area(ring: np.ndarray) -> float:
    x, y = ring.T
    return abs(float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))) / 2


def test_equal_earth_meets_its_published_extent() -> None:
    # Savric, Patterson, Jenny 2018: the equator is 5.41326 R long, the map 2.63464 R high
    east, north = WORLD.plane(np.array([[180.0, 0.0], [0.0, 90.0]])) / EARTH_RADIUS_KM
    assert east[0] == pytest.approx(5.41326 / 2, abs=1e-4)
    assert north[1] == pytest.approx(-2.63464 / 2, abs=1e-4)


@pytest.mark.parametrize("projection", [WORLD, Projection(lon=70.0, lat=40.0, is_wide=False)])
@pytest.mark.parametrize(("lon", "lat"), [(70.0, 40.0), (30.0, 60.0), (100.0, 5.0)])
def test_both_projections_keep_areas(projection: Projection, lon: float, lat: float) -> None:
    d = 0.01
    cell = np.array([[lon, lat], [lon + d, lat], [lon + d, lat + d], [lon, lat + d]])
    on_sphere = (
        EARTH_RADIUS_KM**2 * np.radians(d) * (np.sin(np.radians(lat + d)) - np.sin(np.radians(lat)))
    )
    assert area(projection.plane(cell)) == pytest.approx(on_sphere, rel=1e-3)


def test_north_is_up_and_east_is_right() -> None:
    middle = Projection(lon=178.0, lat=-16.0, is_wide=False)
    lonlat = np.array([[middle.turned(np.array([-178.0]))[0], -16.0], [178.0, -10.0]])
    east, north = middle.plane(lonlat)
    assert east[0] > 0
    assert north[1] < 0


@pytest.mark.parametrize(
    ("lons", "west", "width"),
    [([10.0, 50.0], 10.0, 40.0), ([170.0, -170.0], 170.0, 20.0), ([5.0], 5.0, 0.0),
     ([-100.0, 0.0, 100.0], 260.0, 200.0)],
)  # fmt: skip
def test_the_narrowest_window_of_longitudes(lons: list[float], west: float, width: float) -> None:
    assert lon_window(np.array(lons)) == (west, width)


@given(
    st.lists(
        st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=12, unique=True
    )
)
def test_a_clipped_ring_lies_in_the_box(points: list[tuple[float, float]]) -> None:
    part = clipped(np.array(points), (-10.0, -20.0, 30.0, 15.0))
    if len(part):
        assert (part >= np.array([-10.0, -20.0]) - 1e-6).all()
        assert (part <= np.array([30.0, 15.0]) + 1e-6).all()


def test_clipping_a_square_keeps_the_common_part() -> None:
    square = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])
    assert area(clipped(square, (5.0, -5.0, 20.0, 4.0))) == pytest.approx(20.0)
    assert len(clipped(square, (20.0, 20.0, 30.0, 30.0))) == 0


def test_a_way_over_the_antimeridian_is_whole_on_its_map() -> None:
    pieces = (((178.4, -18.1), (180.0, -16.0)), ((-180.0, -16.0), (-171.8, -13.8)))
    leg = answers.leg("haul", "sea", answers.SUVA, answers.APIA, km=1200.0, shape=pieces)
    drawing = Drawing([_only(leg)], [1])
    assert drawing.cut == (False,)
    points = drawing.points(0)
    assert np.ptp(points[:, 0]) < drawing.whole.width
    assert np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1)).max() < drawing.whole.width / 3
    assert drawing.projection.lon == pytest.approx(-176.7, abs=0.1)


def test_a_way_round_the_world_is_cut_and_known_to_be() -> None:
    east = [(float(lon), 0.0) for lon in range(-170, 181, 10)]
    parts = unrolled(east, WORLD)
    assert len(parts) in {1, 2}
    west = answers.leg("haul", "sea", answers.SUVA, answers.APIA, shape=(((-171.8, 0.0), *east),))
    short = answers.leg("haul", "sea", answers.SUVA, answers.APIA)
    drawing = Drawing([_only(short), _only(west)], [1, 2])
    assert drawing.cut == (False, True)


def _only(leg: object) -> object:
    from dataclasses import replace

    return replace(answers.itinerary("free", "F"), legs=(leg,))


def test_labels_and_badges_never_cover_one_another() -> None:
    placer = Placer(300.0, 200.0)
    rng = np.random.default_rng(0)
    placed = [
        placer.place(f"Place {n}", float(x), float(y), size=10.0, style="end")
        for n, (x, y) in enumerate(rng.uniform(0, 200, (80, 2)))
    ]
    boxes = placer._taken
    assert any(label is None for label in placed)
    assert len(boxes) == sum(label is not None for label in placed)
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0 <= top
        assert right <= 300 and bottom <= 200  # noqa: PT018
        for l, t, r, b in boxes[n + 1 :]:  # noqa: E741
            assert left >= r or right <= l or top >= b or bottom <= t


def test_a_badge_stands_where_its_way_is_alone() -> None:
    own = np.stack([np.linspace(20, 280, 80), np.full(80, 100.0)], axis=1)
    others = own[:50] + np.array([0.0, 1.0])
    at = Placer(300.0, 200.0).place_badge(own, others, radius=8.0)
    assert at is not None
    assert at[0] > own[49][0]


def test_marks_tell_ends_terminals_and_frontiers() -> None:
    stops = stops_of(answers.request(), [answers.itinerary("free", "F")], {})
    assert {(stop.kind, stop.name) for stop in stops} == {
        ("end", "Mumbai"), ("end", "Moscow"), ("terminal", "Bandar Abbas"), ("border", "Astara"),
    }  # fmt: skip


def test_the_outline_holds_the_world() -> None:
    world = outline()
    assert world.names["IN"] == "India"
    lon, lat = world.labels["IN"]
    assert 70 < lon < 90
    assert 10 < lat < 30
    assert len(world.land) > 300
    assert max(len(ring) for ring in world.land) > 2000
    assert len(world.frontiers) > 100
    assert all((abs(line[:, 0]) <= 180).all() for line in (*world.land, *world.lakes))
