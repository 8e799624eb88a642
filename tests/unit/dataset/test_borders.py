"""Frontiers of the three countries of `worlds.frontier`: claimed, derived, closed, missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy", reason="building a dataset needs the extra `build`")

from landbridge.dataset.borders import (
    GaugeBox,
    Portal,
    find_crossings,
    set_gauges,
    smooth_countries,
)
from landbridge.dataset.contribution import Origin
from landbridge.dataset.lines import Lines
from landbridge.domain.network import BorderCrossing
from landbridge.units import great_circle_km
from worlds.frontier import CLOSED, country_of, lines
from worlds.strait import crossing

GAUGES = {"AA": 1520, "BB": 1435, "CC": 1435}
TABLE = (
    crossing("T0", "rail", (0, 0), lat=0.0, lon=0.02, change=""),
    # 45 km off its line: beyond its claim, within the longest claim
    crossing("T2", "rail", (0, 0), lat=2.4, lon=0.0),
    crossing("T9", "rail", (0, 0), lat=9.0, lon=0.0),
    crossing("T1", "road", (0, 0), lat=1.0, lon=0.0),
)


class Found:
    def __init__(self, **given: Any) -> None:
        self.lines: Lines = lines()
        set_gauges(self.lines, GAUGES, ())
        self.before = self.lines.length_km.copy(), self.lines.tail.copy(), self.lines.head.copy()
        self.rows, self.portals, self.missing = find_crossings(
            self.lines, TABLE, CLOSED, country_of=country_of,
            **{
                "claim_km": {}, "default_claim_km": 25.0, "longest_claim_km": 60.0,
                "cluster_km": 10.0, **given,
            },
        )  # fmt: skip

    def row(self, id_: str) -> BorderCrossing:
        return next(row for row in self.rows if row.id == id_)

    def sides(self, id_: str) -> dict[str, int]:
        return {p.side: p.node for p in self.portals if p.crossing == id_}


@pytest.fixture(scope="module")
def found() -> Found:
    return Found()


def test_no_link_is_left_that_joins_two_countries(found: Found) -> None:
    whole = found.lines
    assert (whole.country[whole.tail] == whole.country[whole.head]).all()


def test_a_row_claims_its_line_and_others_are_derived(found: Found) -> None:
    ids = sorted(row.id for row in found.rows)
    assert ids == ["T0", "T2", "X-AA-BB-1", "X-AA-BB-2", "X-AA-CC-1"]
    # the lines at 1 and 5 degrees north
    assert [found.row(f"X-AA-BB-{n}").lat for n in (1, 2)] == pytest.approx([1.0, 5.0], abs=0.01)
    assert found.row("X-AA-BB-1").quality == "assumed"
    assert found.row("T0").quality == "published"


def test_a_row_with_no_line_is_reported(found: Found) -> None:
    assert found.missing == ["T9"]


def test_a_closed_pair_is_closed_with_its_reason(found: Found) -> None:
    row = found.row("X-AA-CC-1")
    assert (row.status, row.closed, row.restriction) == ("closed", "2020-01-01", "war")
    assert row.evidence == "made up"
    assert found.row("X-AA-BB-1").status == "operational"


def test_each_side_stands_in_its_own_country_at_one_point(found: Found) -> None:
    whole = found.lines
    for row in found.rows:
        sides = found.sides(row.id)
        assert set(sides) == {"a", "b"}
        assert whole.country[sides["a"]] == row.country_a
        assert whole.country[sides["b"]] == row.country_b
        a, b = sides["a"], sides["b"]
        assert (whole.lon[a], whole.lat[a]) == (whole.lon[b], whole.lat[b])


def test_the_halves_of_a_cut_line_add_up(found: Found) -> None:
    whole = found.lines
    length_km, tail, head = found.before
    old_km = {
        frozenset((int(a), int(b))): km for a, b, km in zip(tail, head, length_km, strict=True)
    }
    sides = found.sides("T0")
    own = [np.flatnonzero((whole.tail == n) | (whole.head == n)) for n in sides.values()]
    assert [len(k) for k in own] == [1, 1]
    # nodes 1 and 2: -0.3 and 0.3 at the equator
    both_km = sum(float(whole.length_km[k[0]]) for k in own)
    assert both_km == pytest.approx(old_km[frozenset({1, 2})])


def test_a_derived_crossing_lies_on_the_frontier(found: Found) -> None:
    for id_ in ("X-AA-BB-1", "X-AA-BB-2"):
        row = found.row(id_)
        assert abs(row.lon) < 0.6 / 40
    assert found.row("X-AA-CC-1").lat == pytest.approx(-1.0, abs=0.02)


def test_a_gauge_break_on_the_frontier_is_a_change(found: Found) -> None:
    row = found.row("T0")
    assert (row.gauge_a_mm, row.gauge_b_mm, row.change) == (1520, 1435, "transshipment")
    # the row's own word is kept
    assert found.row("T2").change == "transshipment"


def test_a_wider_claim_takes_more_lines() -> None:
    wide = Found(claim_km={"T0": 130.0})
    ids = {row.id for row in wide.rows}
    assert "X-AA-BB-2" not in ids, "the line at 1 degree north is T0's now"
    assert len(wide.portals) == 2 * len(wide.rows)
    whole = wide.lines
    sides = wide.sides("T0")
    assert ((whole.tail == sides["a"]) | (whole.head == sides["a"])).sum() == 2
    # a far line pays its way to the row's place
    links = np.flatnonzero((whole.tail == sides["a"]) | (whole.head == sides["a"]))
    for link in links:
        a, b = int(whole.tail[link]), int(whole.head[link])
        straight = great_circle_km(whole.lon[a], whole.lat[a], whole.lon[b], whole.lat[b])
        assert whole.length_km[link] >= straight - 1e-9


def test_a_claim_too_short_leaves_the_row_without_a_line() -> None:
    short = Found(longest_claim_km=30.0)
    assert short.missing == ["T2", "T9"]


def test_clusters_are_no_wider_than_asked() -> None:
    wide = Found(cluster_km=500.0)
    derived = [row.id for row in wide.rows if row.id.startswith("X-AA-BB")]
    assert derived == ["X-AA-BB-1"]


def test_numbers_of_derived_crossings_do_not_depend_on_link_order() -> None:
    one = Found()
    shuffled = lines()
    order = np.random.default_rng(3).permutation(len(shuffled.tail))
    for name in ("tail", "head", "length_km", "origin", "status", "name_idx"):
        setattr(shuffled, name, getattr(shuffled, name)[order])
    set_gauges(shuffled, GAUGES, ())
    rows, _, _ = find_crossings(
        shuffled, TABLE, CLOSED, country_of=country_of, claim_km={}, default_claim_km=25.0,
        longest_claim_km=60.0, cluster_km=10.0,
    )  # fmt: skip
    assert sorted((r.id, r.lat, r.lon) for r in rows) == sorted(
        (r.id, r.lat, r.lon) for r in one.rows
    )


def test_a_planned_line_is_no_crossing() -> None:
    whole = lines()
    set_gauges(whole, GAUGES, ())
    whole.status[:] = 2
    rows, portals, missing = find_crossings(
        whole, TABLE, CLOSED, country_of=country_of, claim_km={}, default_claim_km=25.0,
        longest_claim_km=60.0, cluster_km=10.0,
    )  # fmt: skip
    assert (rows, portals) == ([], [])
    assert missing == ["T0", "T2", "T9"]


def test_gauge_by_country_box_and_named_line() -> None:
    whole = lines()
    whole.forced_gauge_mm = {2: 1000}
    box = GaugeBox(country="AA", gauge_mm=1676, lon_min=-1, lat_min=4, lon_max=1, lat_max=6)
    set_gauges(whole, GAUGES, (box,))
    assert whole.gauge_mm[0] == 1520
    assert whole.gauge_mm[2] == 1000
    assert whole.gauge_mm[12] == 1676, "inside the box and in its country"
    assert whole.gauge_mm[14] == 1435, "inside the box, another country"
    # a link inside one country may not join two gauges
    same = whole.country[whole.tail] == whole.country[whole.head]
    gap = np.abs(whole.gauge_mm[whole.tail] - whole.gauge_mm[whole.head])
    assert (gap[same] <= 10).all()


def test_a_sliver_of_a_polygon_gets_the_country_around_it() -> None:
    whole = lines()
    whole.country[3] = "BB"
    whole.country[:2] = "AA"
    sliver = whole.add_nodes(-0.6, 0.0, "BB", 0)
    whole.add_links([0, int(sliver[0])], [int(sliver[0]), 1], [40.0, 40.0], Origin.SURVEYED)
    kept = smooth_countries(whole, np.array([int(sliver[0])], np.int32))
    assert kept == 0 or whole.country[sliver[0]] == "BB"
    # BB's own lines are small pieces too in this tiny world: protect them
    others = np.flatnonzero(whole.country != "AA")
    protected = others[others != sliver[0]].astype(np.int32)
    assert smooth_countries(whole, protected) == 1
    assert whole.country[sliver[0]] == "AA"


def test_portals_name_both_sides_of_every_crossing(found: Found) -> None:
    assert len(found.portals) == 2 * len(found.rows)
    assert all(isinstance(portal, Portal) for portal in found.portals)
