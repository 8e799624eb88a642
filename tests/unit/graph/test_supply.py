from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from landbridge.domain.dated import holds
from landbridge.graph.supply import (
    ANY_SEA,
    in_season,
    market_key,
    market_members,
    passage_fits,
    rail_headways,
    service_runs,
)
from worlds import strait


@pytest.mark.parametrize(
    ("day", "since", "until", "is_true"),
    [
        ("2025-07-01", "", "", True),
        ("2025-07-01", "2025-07-01", "2025-07-01", True),
        ("2025-07-01", "2025-07-02", "", False),
        ("2025-07-01", "", "2025-06-30", False),
        # cut dates cover the whole month or year
        ("2025-07-31", "2025-07", "2025-07", True),
        ("2025-07-01", "2025", "2025", True),
        ("2025-12-31", "", "2025", True),
        ("2026-01-01", "", "2025", False),
        ("2024-12-31", "2025", "", False),
        ("2025-06-30", "2025-07", "", False),
    ],
)
def test_dates_hold_from_first_to_last_day(day: str, since: str, until: str, is_true: bool) -> None:
    assert holds(date.fromisoformat(day), since, until) is is_true


@pytest.mark.parametrize(
    ("day", "opens", "closes", "is_true"),
    [
        ("2025-01-15", "", "", True),
        ("2025-04-01", "04-01", "11-30", True),
        ("2025-11-30", "04-01", "11-30", True),
        ("2025-12-01", "04-01", "11-30", False),
        ("2025-03-31", "04-01", "11-30", False),
        # over the new year
        ("2025-12-31", "11-15", "03-15", True),
        ("2025-01-01", "11-15", "03-15", True),
        ("2025-06-01", "11-15", "03-15", False),
        ("2024-02-29", "02-01", "02-29", True),
    ],
)
def test_a_season_may_span_the_new_year(day: str, opens: str, closes: str, is_true: bool) -> None:
    assert in_season(date.fromisoformat(day), opens, closes) is is_true


def test_a_service_runs_within_its_dates_and_status() -> None:
    row = strait.service("V1", "feeder", ("PORT-A", "PORT-B"), date_from="2024", date_to="2025-06")
    assert service_runs(row, date(2025, 6, 30))
    assert not service_runs(row, date(2025, 7, 1))
    assert not service_runs(row, date(2023, 12, 31))
    assert not service_runs(replace(row, status="planned"), date(2025, 1, 1))
    # suspended since a date: offered before it; suspended with none: not offered
    assert service_runs(replace(row, status="suspended"), date(2025, 1, 1))
    assert not service_runs(replace(row, status="suspended"), date(2025, 8, 1))
    assert not service_runs(replace(row, status="suspended", date_to=""), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("members", "ids"),
    [
        ("all", {"PORT-A", "PORT-B", "PORT-C1", "PORT-C2", "PORT-R"}),
        ("all;not:BB", {"PORT-A", "PORT-C1", "PORT-R"}),
        ("all;not:AA|BB", set()),
        ("class:hub", {"PORT-A"}),
        ("class:hub|mainline", {"PORT-A", "PORT-B"}),
        ("class:feeder;not:AA", {"PORT-C2"}),
        ("BB", {"PORT-B", "PORT-C2"}),
        ("AA|BB;not:AA", {"PORT-B", "PORT-C2"}),
        ("ZZ", set()),
    ],
)
def test_who_belongs_to_a_market(members: str, ids: set[str]) -> None:
    world = strait.dataset()
    found = market_members(world, strait.market("m", members=members))
    assert {world.terminals[k].id for k in found} == ids


def test_which_ships_fit_a_passage() -> None:
    world = strait.dataset(
        passages=(
            strait.passage("canal", max_draught_m=12.0, feeder=True),
            strait.passage("far", max_draught_m=20.0, feeder=False),
            strait.passage("cape", feeder=False),
            strait.passage("corinth", max_draught_m=7.3),
            strait.passage(
                "northeast",
                max_draught_m=12.0,
                feeder=False,
                season_open="07-15",
                season_close="10-31",
            ),
            strait.passage("northwest", status="closed"),
        )
    )
    deep, light = strait.market("deep", draught_m=12.0), strait.market("light", draught_m=11.7)
    assert not passage_fits(world, deep, "canal"), "0.3 m of clearance"
    assert passage_fits(world, light, "canal")
    assert passage_fits(world, deep, "cape"), "no draught known: no limit"
    feeder = strait.market("feeder", vehicle="feeder", draught_m=7.0, passages="feeder")
    assert passage_fits(world, feeder, "corinth")
    assert not passage_fits(world, feeder, "cape"), "not of its region"
    assert not passage_fits(world, deep, "corinth"), "too deep"
    ice = strait.market("ice", vehicle="ice", draught_m=11.0, passages="northeast")
    assert passage_fits(world, ice, "northeast")
    assert not passage_fits(world, ice, "far"), "deep enough, but not what it is named after"
    assert passage_fits(world, ice, "canal"), "a strait of one region"
    assert passage_fits(world, light, "far")
    assert not passage_fits(world, light, "northeast"), "a season, and not named"
    for any_market in (ice, light, feeder, ANY_SEA):
        assert not passage_fits(world, any_market, "northwest")
    assert passage_fits(world, ANY_SEA, "northeast")
    assert passage_fits(world, ANY_SEA, "corinth")


def test_only_a_market_with_a_rate_is_priced_by_name() -> None:
    assert market_key(strait.market("IN-IR", rate="IN-IR")) == "IN-IR"
    assert market_key(strait.market("mainline")) == ""


def test_the_most_frequent_regular_train_sets_the_headway() -> None:
    stops = ("PORT-A", "PORT-B")
    world = strait.dataset(
        services=(
            strait.service("B1", "block_train", stops, headway_h=(24.0, 48.0, 72.0)),
            strait.service("B2", "block_train", stops[:1] * 2, headway_h=(12.0, 24.0, 48.0)),
            strait.service("B3", "block_train", ("PORT-R", "PORT-R"),
                           headway_h=(100.0, 168.0, 200.0)),
            strait.service("B4", "block_train", stops, headway_h=(1.0, 2.0, 3.0),
                           status="planned"),
            strait.service("B5", "feeder", stops, headway_h=(1.0, 2.0, 3.0)),
        )
    )  # fmt: skip
    assert rail_headways(world, date(2025, 7, 1)) == {
        0: (12.0, 24.0, 48.0), 1: (24.0, 48.0, 72.0),
    }  # fmt: skip


def test_a_market_may_be_kept_to_countries() -> None:
    dataset = strait.dataset()
    market = replace(ANY_SEA, members="all")
    countries = {dataset.terminals[k].country for k in market_members(dataset, market)}
    one = min(countries)

    def those(members: str) -> set[str]:
        chosen = market_members(dataset, replace(market, members=members))
        return {dataset.terminals[k].country for k in chosen}

    assert len(countries) > 1
    assert those(f"all;in:{one}|ZZ") == {one}
    assert those(f"all;not:{one}") == countries - {one}
    assert those(f"all;in:{one};not:{one}") == set()
    assert replace(market, members="class:a|b;in:X|Y;not:Z").rule() == (
        "class:a|b",
        frozenset("XY"),
        frozenset("Z"),
    )
