from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="building a dataset needs the extra `build`")

from landbridge.dataset.contribution import NamedLine, Origin
from landbridge.dataset.gaps import close_gaps
from landbridge.dataset.lines import (
    OPEN,
    STATUS,
    Lines,
    add_named,
    chord_of_km,
    km_of_chord,
    merge,
    unit_vectors,
)
from landbridge.units import great_circle_km
from worlds.frontier import contribution


def track(
    lon: tuple[float, float], n: int, lat: float = 0.0
) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    """A straight line of n nodes."""
    nodes = [(float(x), lat) for x in np.linspace(*lon, n)]
    return nodes, [(k, k + 1) for k in range(n - 1)]


def test_chords_and_arcs_are_each_other_s_inverse() -> None:
    for km in (0.01, 1.0, 150.0, 5000.0):
        assert km_of_chord(chord_of_km(km)) == pytest.approx(km, rel=1e-9)
    points = unit_vectors([0.0, 90.0], [0.0, 0.0])
    chord = np.linalg.norm(points[0] - points[1])
    assert km_of_chord(chord) == pytest.approx(great_circle_km(0, 0, 90, 0))


def test_two_sources_are_joined_where_their_nodes_coincide() -> None:
    one = contribution([(0.0, 0.0), (0.1, 0.0)], [(0, 1)])
    two = contribution([(0.1005, 0.0), (0.2, 0.0), (0.3, 0.0)], [(0, 1), (1, 2)])
    whole = merge("rail", [one, two])
    joins = np.flatnonzero(whole.origin == Origin.JOIN)
    assert len(joins) == 1
    assert {int(whole.tail[joins[0]]), int(whole.head[joins[0]])} == {1, 2}
    label, size = whole.components()
    assert len(set(label.tolist())) == 1
    assert size.tolist() == [5]


def test_no_link_is_made_shorter_than_the_great_circle() -> None:
    whole = merge("rail", [contribution([(0.0, 0.0), (1.0, 0.0)], [(0, 1)], factor=0.5)])
    assert whole.length_km[0] == pytest.approx(111.195, abs=0.01)
    whole.add_links(0, 1, 3.0, Origin.REPAIR)
    assert whole.length_km[1] == pytest.approx(111.195, abs=0.01)


def named(status: str, *lonlat: tuple[float, float], km: float, gauge_mm: int = 0) -> NamedLine:
    return NamedLine(
        id="R1", name="made up", mode="rail", status=status, length_km=km, gauge_mm=gauge_mm,
        open_year=2028, season_open="", season_close="", max_draught_m=float("nan"), from_id="",
        to_id="", system="", lonlat=lonlat, source_kind="recalled",
    )  # fmt: skip


def test_a_named_line_keeps_its_length_and_joins_what_is_near() -> None:
    whole = merge("rail", [contribution(*track((0.0, 1.0), 60))])
    before = len(whole.tail)
    line = named("planned", (1.05, 0.0), (1.5, 0.0), (2.0, 0.0), km=130.0, gauge_mm=1520)
    add_named(whole, [line], reach_km=12.0)
    own = np.flatnonzero(whole.name_idx == 0)
    stated = own[whole.origin[own] == Origin.SUPPLEMENT]
    assert whole.length_km[stated].sum() == pytest.approx(130.0)
    assert (whole.status[own] == STATUS.index("planned")).all()
    # the near end is joined, the far end stays loose
    assert len(whole.tail) - before == 3
    assert whole.components()[1].max() == 60
    assert whole.components(open_only=False)[1].max() == 63
    assert set(whole.forced_gauge_mm.values()) == {1520}


def test_a_named_line_out_of_reach_stays_loose() -> None:
    whole = merge("rail", [contribution(*track((0.0, 1.0), 60))])
    add_named(whole, [named("operational", (1.5, 0.0), (2.0, 0.0), km=60.0)], reach_km=12.0)
    assert sorted(whole.components()[1].tolist()) == [2, 60]


def two_tracks(gap_degrees: float, lat: float = 0.0) -> Lines:
    nodes, links = track((0.0, 3.0), 60)
    more, others = track((3.0 + gap_degrees, 6.0), 60, lat)
    links += [(a + 60, b + 60) for a, b in others]
    whole = merge("rail", [contribution([*nodes, *more], links)])
    whole.country = np.full(120, "AA", "U2")
    whole.gauge_mm = np.full(120, 1520, np.int32)
    return whole


def test_a_gap_straight_on_is_closed() -> None:
    whole = two_tracks(0.05)
    assert close_gaps(whole) == 1
    assert whole.origin[-1] == Origin.REPAIR
    assert whole.length_km[-1] == pytest.approx(0.05 * 111.195 * 1.05, rel=1e-3)
    assert whole.status[-1] == OPEN


def test_a_gap_between_countries_or_gauges_stays_open() -> None:
    whole = two_tracks(0.05)
    whole.country[60:] = "BB"
    assert close_gaps(whole) == 0
    whole = two_tracks(0.05)
    whole.gauge_mm[60:] = 1435
    assert close_gaps(whole) == 0


def test_a_gap_with_a_turn_or_a_short_way_round_stays_open() -> None:
    # 1 degree aside: the line would have to turn by more than its alignment allows
    assert close_gaps(two_tracks(0.05, lat=0.06)) == 0
    whole = two_tracks(0.05)
    whole.add_links(0, 119, 1.0, Origin.SURVEYED)
    assert close_gaps(whole) == 1, "700 km round for a gap of 6 km is no way round"
    whole = two_tracks(0.2)
    whole.add_links(58, 61, 30.0, Origin.SURVEYED)
    assert close_gaps(whole) == 0
