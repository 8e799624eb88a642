from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from landbridge.dataset.network import NamedLink, Net, NetworkDataset
from landbridge.domain.dated import Effect, Fact, day_before, first_day, holds
from landbridge.graph.standing import Standing, links_near
from worlds import strait

DAY = date(2025, 7, 1)


def fact(
    id_: str, subject: str, effect: str, since: str = "", until: str = "", **given: Any
) -> Fact:
    columns: dict[str, Any] = {"kind": "crossing", "text": f"{id_} speaks", **given}
    return Fact(
        id=id_,
        subjects=(subject,),
        effect=Effect(effect),
        date_from=since,
        date_to=until,
        **columns,
    )


def standing(*facts: Fact, **given: Any) -> Standing:
    return Standing(strait.dataset(**given), facts)


def is_shut(world: Standing, id_: str, day: str, *, is_given: bool = True) -> bool:
    return world.shut(id_, date.fromisoformat(day), is_given=is_given) is not None


def test_what_opened_in_2014_does_not_exist_in_2012() -> None:
    world = standing(fact("F", "T1", "opens", "2014-12-03"))
    assert is_shut(world, "T1", "2012-06-01")
    assert is_shut(world, "T1", "2014-12-02")
    assert not is_shut(world, "T1", "2014-12-03")
    assert not is_shut(world, "T1", "2030-01-01")


def test_what_closed_in_2022_was_open_in_2019() -> None:
    world = standing(fact("F", "T1", "closes", "2022-02-24"))
    assert not is_shut(world, "T1", "2019-06-01")
    assert is_shut(world, "T1", "2022-02-24")
    assert is_shut(world, "T1", "2026-01-01")


def test_the_last_day_is_included_and_cut_dates_cover_their_month() -> None:
    world = standing(fact("F", "strait", "closes", "2021-03-23", "2021-03"))
    assert is_shut(world, "strait", "2021-03-31")
    assert not is_shut(world, "strait", "2021-04-01")


def test_several_openings_add_up() -> None:
    world = standing(
        fact("F1", "T1", "opens", "2010", "2012"), fact("F2", "T1", "opens", "2020-05-01")
    )
    assert not is_shut(world, "T1", "2012-12-31")
    assert is_shut(world, "T1", "2015-01-01")
    assert not is_shut(world, "T1", "2020-05-01")


def test_disruptions_count_only_where_the_user_gives_a_date() -> None:
    world = standing(fact("F", "strait", "closes", "2025-06-01", kind="disruption"))
    assert is_shut(world, "strait", "2025-07-01")
    assert not is_shut(world, "strait", "2025-07-01", is_given=False)
    assert world.closures(DAY, is_given=False) == {}
    assert world.closures(DAY, is_given=True)["strait"].kind == "event"


def test_a_diversion_keeps_away_the_ships_it_names() -> None:
    world = standing(
        fact("F", "strait", "diverts", "2023-12-15", kind="disruption", applies_to=("mainline",))
    )
    assert is_shut(world, "strait@mainline", "2024-01-01")
    assert not is_shut(world, "strait@regional", "2024-01-01")
    assert not is_shut(world, "strait", "2024-01-01")
    assert not is_shut(world, "strait@mainline", "2023-12-14")


def test_the_reason_names_the_fact_its_dates_and_its_source() -> None:
    world = standing(
        fact("F", "T1", "opens", "2014-12-03", evidence="EV007", publisher="TASS", text="railway")
    )
    shut = world.shut("T1", date(2012, 6, 1), is_given=True)
    assert shut is not None
    assert shut.why == "railway (since 2014-12-03; EV007, TASS): not yet on 2012-06-01"
    ended = standing(fact("F", "T1", "opens", "2010", "2012", text="railway"))
    late = ended.shut("T1", date(2015, 1, 1), is_given=True)
    assert late is not None
    assert late.why.endswith("no longer on 2015-01-01")


@pytest.mark.parametrize(("days", "is_masked"), [(30, False), (90, True)])
def test_what_opens_before_the_cargo_may_come_is_not_masked(days: int, is_masked: bool) -> None:
    until = (DAY + timedelta(days=days)).isoformat()
    world = standing(fact("F", "strait", "closes", "2025-06-01", until))
    assert ("strait" in world.closures(DAY, is_given=True)) is is_masked
    assert is_shut(world, "strait", DAY.isoformat())


def test_a_season_shuts_a_passage_and_says_so() -> None:
    seasonal = strait.passage("strait", season_open="04-01", season_close="11-30")
    world = standing(passages=(seasonal,))
    assert not is_shut(world, "strait", "2025-07-01")
    shut = world.shut("strait", date(2025, 12, 15), is_given=False)
    assert shut is not None
    assert (shut.kind, shut.why) == ("season", "Strait is open 04-01 to 11-30")


def railed(**named: Any) -> NetworkDataset:
    world = strait.dataset()
    link = NamedLink(
        id="R1", name="Line", status="operational", open_year=0, length_km=60.0, gauge_mm=1520,
        season_open="", season_close="", max_draught_m=0.0, quality="published",
    )  # fmt: skip
    ways = [(0, 1), (1, 2), (3, 4), (4, 5)]
    land = [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.0), (1.5, 0.0), (2.0, 0.0)]
    rail = strait.physical(
        Net.RAIL, [(*p, int(k > 2)) for k, p in enumerate(land)], ways,
        name_idx=np.array([0, -1, -1, -1], np.int32), named=(link,),
    )  # fmt: skip
    return strait.dataset(networks={**world.networks, Net.RAIL: rail}, **named)


def test_links_are_masked_by_id_or_by_a_point_on_them() -> None:
    world = railed()
    by_id = Standing(world, [fact("F", "R1", "opens", "2018")])
    assert by_id.links_off(date(2017, 12, 31), is_given=False)[Net.RAIL].tolist() == [
        True, False, False, False,
    ]  # fmt: skip
    assert by_id.links_off(date(2018, 1, 1), is_given=False) == {}
    by_point = Standing(world, [fact("F", "rail@0.0,2.0", "opens", "2018")])
    off = by_point.links_off(date(2017, 1, 1), is_given=False)
    assert off[Net.RAIL].tolist() == [False, False, False, True]
    assert by_point.ids_of_link(Net.RAIL, 3) == ("rail@0.0,2.0",)
    assert by_id.ids_of_link(Net.RAIL, 0) == ("R1",)


def test_links_near_a_point_are_found_by_ends_and_by_shape() -> None:
    rail = railed().networks[Net.RAIL]
    assert not links_near(rail, 0.25, 0.0).any()
    assert links_near(rail, 0.5, 0.05).tolist() == [True, True, False, False]


def test_dates_of_the_dataset_itself_are_facts() -> None:
    left = strait.crossing("T1", "rail", (1520, 1435), opened="2014-12-03")
    right = strait.crossing("T2", "road", (0, 0), opened="2025-11-20", closed="2025-10-29")
    world = Standing(strait.dataset(crossings=(left, right)))
    assert is_shut(world, "T1", "2012-06-01")
    assert not is_shut(world, "T2", "2025-10-28")
    assert is_shut(world, "T2", "2025-11-19")
    assert not is_shut(world, "T2", "2025-11-20")


def test_planned_and_unfinished_crossings_never_stand() -> None:
    row = strait.crossing("T1", "rail", (0, 0), status="under_construction", opened="2020")
    world = Standing(strait.dataset(crossings=(row,)))
    assert is_shut(world, "T1", "2035-01-01", is_given=False)


def test_days_around_cut_dates() -> None:
    assert first_day("2020") == date(2020, 1, 1)
    assert first_day("2020-05") == date(2020, 5, 1)
    assert day_before("2020-03") == "2020-02-29"
    assert holds(date(2020, 2, 29), "2020-02", "2020-02")


def test_goods_may_go_to_a_country_that_lets_none_through() -> None:
    world = standing(fact("F", "AA>BB!CC", "no_transit", "2025-04-08"))
    after, before = date(2025, 4, 8), date(2025, 4, 7)
    assert set(world.no_transit("AA", "DD", after)) == {"BB"}
    assert not world.no_transit("AA", "DD", before)
    assert not world.no_transit("AA", "BB", after)  # goes there
    assert not world.no_transit("AA", "CC", after)  # spared
    assert not world.no_transit("DD", "AA", after)  # the other end is asked for apart
    assert not world.barred("AA", after)
