from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from landbridge.dataset.network import Net
from landbridge.domain.network import Mode, Place
from landbridge.planning.doors import DRAYAGE_KM, open_door, open_station
from landbridge.planning.geography import Geography
from worlds import strait

ALL = tuple(Mode)


def town(lon: float, lat: float = 0.0, country: str = "AA", id_: str = "TOWN") -> Place:
    return Place(id=id_, name="Town", country=country, lat=lat, lon=lon, kind="town")


@pytest.fixture
def geography() -> Geography:
    return Geography(strait.dataset())


def test_a_town_begins_on_the_road_and_at_terminals_by_drayage(geography: Geography) -> None:
    door = open_door(geography, town(0.4), ())
    assert door.country == "AA"
    assert door.road_node == 1
    road = [t for t in door.touches if t.attachment.net == Net.ROAD]
    assert [(t.drayage_km, t.mode) for t in road] == [(None, "road")]
    others = [t for t in door.touches if t.attachment.net != Net.ROAD]
    assert {t.attachment.terminal_idx for t in others} == {0}, "drayage stays in the country"
    # 0.1 degree to the node, then the 1.1 great circles of the link to PORT-A
    expected = 0.1 * strait.DEGREE_KM + 0.5 * strait.DEGREE_KM * 1.1
    assert all(t.drayage_km == pytest.approx(expected, rel=1e-3) for t in others)
    assert {t.attachment.net for t in others} == {Net.RAIL, Net.SEA, Net.IWW}


def test_a_terminal_needs_no_drayage(geography: Geography) -> None:
    place = geography.dataset.terminals[0].place()
    door = open_door(geography, place, ())
    others = [t for t in door.touches if t.attachment.net != Net.ROAD]
    assert others
    assert all(t.drayage_km == 0.0 for t in others)


def test_a_place_off_every_road_says_why(geography: Geography) -> None:
    door = open_door(geography, town(-40.0), ())
    assert door.touches == ()
    assert "no road within" in door.why_not
    assert "Town" in door.why_not


def test_an_island_port_is_reached_without_a_road(geography: Geography) -> None:
    door = open_door(geography, town(10.05), ())
    assert {t.attachment.terminal_idx for t in door.touches} == {2}
    (touch,) = door.touches
    assert touch.attachment.net == Net.CASPIAN
    assert touch.drayage_km == pytest.approx(1.3 * 0.05 * strait.DEGREE_KM, rel=1e-3)


def test_a_country_left_open_is_that_of_the_nearest_road(geography: Geography) -> None:
    assert open_door(geography, town(1.8, country=""), ()).country == "BB"
    assert open_door(geography, town(0.2, country=""), ()).country == "AA"
    assert geography.country_at(0.0, -30.0) == ""


def test_terminals_farther_than_a_truck_goes_are_left_out() -> None:
    world = strait.dataset()
    road = world.networks[Net.ROAD]
    length = np.array(road.length_km)
    length[0] = DRAYAGE_KM + 50.0
    far = strait.physical(
        Net.ROAD, list(zip(road.lon, road.lat, road.block_idx, strict=True)),
        list(zip(road.tail_idx, road.head_idx, strict=True)), length_km=length,
    )  # fmt: skip
    geography = Geography(strait.dataset(networks={**world.networks, Net.ROAD: far}))
    door = open_door(geography, town(1.0), ())
    # nothing nearer: the nearest few are offered all the same
    assert {t.attachment.terminal_idx for t in door.touches} == {-1, 0}


def test_a_station_stands_for_terminals_and_the_nearest_line(geography: Geography) -> None:
    door = open_station(geography, town(0.4), ALL)
    nets = {(t.attachment.net, t.attachment.terminal_idx, t.mode) for t in door.touches}
    assert (Net.RAIL, -1, "rail") in nets
    assert (Net.ROAD, -1, "road") in nets
    assert (Net.SEA, 0, "") in nets
    assert all(t.drayage_km is None for t in door.touches)
    rail_only = open_station(geography, town(0.4), (Mode.RAIL,))
    assert not any(t.mode == "road" for t in rail_only.touches)


def test_a_terminal_station_is_itself(geography: Geography) -> None:
    door = open_station(geography, geography.dataset.terminals[1].place(), ALL)
    own = {t.attachment.terminal_idx for t in door.touches if t.mode == ""}
    assert own == {1}


def test_a_river_out_of_season_is_shut(geography: Geography) -> None:
    def arcs(day: date, shut: frozenset[str] = frozenset()) -> int:
        return len(geography.inland(Net.IWW, day, shut).head_idx)

    assert arcs(date(2025, 7, 1)) == 2
    assert arcs(date(2025, 1, 1)) == 0


def test_the_sea_opens_only_the_passages_asked_for(geography: Geography) -> None:
    assert len(geography.sea_through(frozenset()).head_idx) == 4
    assert len(geography.sea_through(frozenset({"strait"})).head_idx) == 6


def test_terminals_near_come_nearest_first(geography: Geography) -> None:
    near = geography.terminals_near(0.4, 0.0, 250.0)
    assert [k for k, _ in near] == [0, 4, 1]
    assert [km for _, km in near] == sorted(km for _, km in near)
