from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from landbridge.dataset.check import Problem, Severity, check_dataset
from landbridge.dataset.info import dataset_info, dataset_sources
from landbridge.dataset.network import Net
from worlds import strait


def found(**given: Any) -> set[tuple[str, str, str]]:
    return {(p.kind, p.where, p.severity.value) for p in check_dataset(strait.dataset(**given))}


def changed(net: Net, **columns: Any) -> dict[str, Any]:
    world = strait.dataset()
    return {"networks": {**world.networks, net: replace(world.networks[net], **columns)}}


def test_a_sound_world_has_no_problem() -> None:
    assert check_dataset(strait.dataset()) == []


def test_an_id_given_twice() -> None:
    world = strait.dataset()
    twin = replace(world.crossings[1], id="PORT-A")
    problems = found(crossings=(world.crossings[0], twin))
    assert ("duplicate_id", "PORT-A", "error") in problems


@pytest.mark.parametrize(
    ("part", "row", "where"),
    [
        ("corridors", {"required": (("PORT-Z",),)}, "by-sea"),
        ("corridors", {"required": ((),)}, "by-sea"),
        ("corridors", {"modes": ((),)}, "by-sea"),
        ("services", {"terminals": ("PORT-A", "PORT-Z")}, "V1"),
        ("services", {"terminals": ("PORT-A",)}, "V1"),
        ("services", {"passages": ("suez",)}, "V1"),
        ("ride_legs", {"service": "V9"}, "V9#0"),
        ("ride_legs", {"passages": ("suez",)}, "V1#0"),
        ("sea_markets", {"members": "class:giant"}, "mainline"),
        ("sea_markets", {"members": "AA|ZZ"}, "mainline"),
        ("sea_markets", {"members": "all;not:ZZ"}, "mainline"),
        ("facts", {"subject": "nowhere"}, "F1"),
    ],
)
def test_a_reference_to_nothing(part: str, row: dict[str, Any], where: str) -> None:
    world = strait.dataset()
    first, *others = getattr(world, part)
    assert ("dangling", where, "error") in found(**{part: (replace(first, **row), *others)})


def test_an_unknown_alternative_of_a_step_or_ban_is_a_warning() -> None:
    (rule,) = strait.dataset().corridors
    for changes in ({"required": (("strait", "B058"),)}, {"forbidden": ("T1", "ZZ")}):
        assert found(corridors=(replace(rule, **changes),)) == {("dangling", "by-sea", "warning")}


def test_a_crossing_with_one_side() -> None:
    world = strait.dataset()
    table = world.attachments
    kept = ~((table.crossing_idx == 0) & (table.side == 1))
    rows = [
        (int(table.net[k]), int(table.block_idx[k]), int(table.terminal_idx[k]),
         int(table.crossing_idx[k]), int(table.side[k]), int(table.node_idx[k]),
         float(table.off_km[k]), bool(table.is_core[k]))
        for k in np.flatnonzero(kept)
    ]  # fmt: skip
    less = strait.attachments(rows)
    tables = strait.brute_hauls(world.networks, less, len(world.blocks))
    assert ("one_sided", "T1", "error") in found(attachments=less, haul_tables=tables)


def test_a_crossing_on_the_wrong_country_or_gauge() -> None:
    world = strait.dataset()
    wrong = replace(world.crossings[0], country_b="CC")
    assert ("wrong_side", "T1", "error") in found(crossings=(wrong, world.crossings[1]))
    wrong = replace(world.crossings[0], gauge_b_mm=1520)
    assert ("wrong_side", "T1", "error") in found(crossings=(wrong, world.crossings[1]))
    wrong = replace(world.crossings[0], change="")
    assert ("gauge", "T1", "error") in found(crossings=(wrong, world.crossings[1]))


def test_a_frontier_crossed_without_a_crossing() -> None:
    rail = strait.dataset().networks[Net.RAIL]
    through = {
        name: np.append(getattr(rail, name), value).astype(getattr(rail, name).dtype)
        for name, value in (
            ("tail_idx", 1), ("head_idx", 4), ("length_km", 140.0), ("origin", 0), ("status", 0),
            ("passage_idx", -1), ("name_idx", -1), ("chord_km", 0.0), ("shape_start", 0),
        )
    }  # fmt: skip
    (problem,) = (
        p
        for p in check_dataset(strait.dataset(**changed(Net.RAIL, **through)))
        if p.severity == "error"
    )
    assert problem.kind == "frontier"
    assert "AA and BB" in problem.text
    assert "rail link 4 at 0.000,0.500" in problem.where
    # a planned line is not usable, hence no problem
    through["status"] = np.array([0, 0, 0, 0, 2], np.uint8)
    assert check_dataset(strait.dataset(**changed(Net.RAIL, **through))) == []


def test_a_gauge_break_inside_a_country() -> None:
    blocks = (replace(strait.BLOCKS[0], gauge_mm=1000), *strait.BLOCKS[1:])
    blocks = (*blocks, strait.BLOCKS[0])
    rail = strait.dataset().networks[Net.RAIL]
    block = rail.block_idx.copy()
    block[0] = len(blocks) - 1
    kinds = {p.kind for p in check_dataset(
        strait.dataset(blocks=blocks, **changed(Net.RAIL, block_idx=block))
    )}  # fmt: skip
    assert "gauge" in kinds


def test_a_link_shorter_than_the_great_circle() -> None:
    road = strait.dataset().networks[Net.ROAD]
    km = road.length_km.copy()
    km[2] = 55.0
    (problem,) = check_dataset(strait.dataset(**changed(Net.ROAD, length_km=km)))
    assert (problem.kind, problem.severity) == ("too_short", Severity.ERROR)
    assert "55.00 km" in problem.text
    assert "55.60 km" in problem.text


def test_a_haul_shorter_than_the_great_circle() -> None:
    tables = strait.dataset().haul_tables
    km = tables.km.copy()
    km[1] = km[2] = 100.0
    assert found(haul_tables=replace(tables, km=km)) == {("too_short", "PORT-A - T1", "error")}
    km[2] = 140.0
    assert ("index", "haul_tables", "error") in found(haul_tables=replace(tables, km=km))


def test_indexes_outside_their_tables_stop_the_walks_not_the_check() -> None:
    rail = strait.dataset().networks[Net.RAIL]
    head = rail.head_idx.copy()
    head[0] = 99
    problems = found(facts=(), corridors=(), **changed(Net.RAIL, head_idx=head))
    assert ("index", "rail", "error") in problems
    table = strait.dataset().attachments
    node = table.node_idx.copy()
    node[0] = 77
    assert ("index", "attachments", "error") in found(attachments=replace(table, node_idx=node))


def test_a_terminal_that_touches_nothing_and_one_that_reaches_nothing() -> None:
    world = strait.dataset()
    lost = strait.terminal("PORT-LOST", "AA", 5.0, ())
    assert ("disconnected", "PORT-LOST", "error") in found(terminals=(*world.terminals, lost))
    # cut the river: PORT-R has nothing else, PORT-A has
    problems = found(**changed(Net.IWW, status=np.ones(1, np.uint8)))
    assert ("disconnected", "PORT-R", "error") in problems
    assert ("disconnected", "PORT-A", "warning") in problems


def test_a_touch_too_far_or_in_another_country() -> None:
    table = strait.dataset().attachments
    off = table.off_km.copy()
    off[(table.terminal_idx == 0) & (table.net == int(Net.SEA))] = 500.0
    assert ("attachment", "PORT-A", "error") in found(attachments=replace(table, off_km=off))
    off[:] = 0.0
    assert ("too_short", "PORT-A", "error") in found(attachments=replace(table, off_km=off))
    terminals = list(strait.dataset().terminals)
    terminals[0] = replace(terminals[0], country="BB")
    assert ("attachment", "PORT-A", "error") in found(terminals=tuple(terminals))


def test_a_detour_between_neighbours_is_a_warning() -> None:
    rail = strait.dataset().networks[Net.RAIL]
    km = rail.length_km.copy()
    km[0] = 900.0
    world = strait.dataset()
    networks = {**world.networks, Net.RAIL: replace(rail, length_km=km)}
    tables = strait.brute_hauls(networks, world.attachments, len(world.blocks))
    (problem,) = check_dataset(strait.dataset(networks=networks, haul_tables=tables))
    assert problem == Problem(
        kind="detour", where="PORT-A - T1", severity=Severity.WARNING,
        text="961 km by rail for a great circle of 111 km",
    )  # fmt: skip


def test_seasons_dates_and_headways() -> None:
    world = strait.dataset()
    bad = (replace(world.passages[0], season_open="13-01", season_close="02-01"),)
    assert ("date", "strait", "error") in found(passages=bad)
    half = (replace(world.passages[0], season_open="05-01"),)
    assert ("date", "strait", "error") in found(passages=half)
    late = replace(world.services[0], date_from="2025-07", date_to="2025-06-30")
    assert ("date", "V1", "error") in found(services=(late, world.services[1]))
    odd = replace(world.services[0], headway_h=(9.0, 3.0, 12.0))
    assert ("headway", "V1", "error") in found(services=(odd, world.services[1]))


def test_a_passage_without_a_link_and_a_service_without_a_way() -> None:
    world = strait.dataset()
    assert ("passage", "canal", "warning") in found(
        passages=(*world.passages, strait.passage("canal"))
    )
    assert ("service", "V2", "warning") in found(ride_legs=world.ride_legs[:1])


def test_all_problems_come_at_once_and_errors_first() -> None:
    world = strait.dataset()
    problems = check_dataset(
        strait.dataset(
            passages=(*world.passages, strait.passage("canal")),
            facts=(replace(world.facts[0], subject="nowhere"),),
            services=(replace(world.services[0], headway_h=(9.0, 3.0, 1.0)), world.services[1]),
        )
    )  # fmt: skip
    assert [(p.severity.value, p.kind) for p in problems] == [
        ("error", "dangling"), ("error", "headway"), ("warning", "passage"),
    ]  # fmt: skip


def test_info_counts_and_names_every_licence() -> None:
    facts = dataset_info(strait.dataset())
    assert facts["counts"]["terminals"] == 5
    rail = facts["networks"]["rail"]
    assert (rail["nodes"], rail["links"], rail["terminals"]) == (6, 4, 2)
    assert rail["open_km"] == round(2 * strait.DEGREE_KM * 1.1)
    assert set(facts["licences"]) == {"land", "sea", "places"}
    rows = dataset_sources()
    assert {row["part"] for row in rows} == {"land", "sea", "places"}
    assert all(row["licence"] and row["attribution"] and row["title"] for row in rows)
    assert any("OpenStreetMap contributors" in row["attribution"] for row in rows)


def test_every_raw_source_has_a_row(pytestconfig: pytest.Config) -> None:
    raw = pytestconfig.rootpath / "data" / "raw"
    if not raw.is_dir():
        pytest.skip("no raw data here")
    folders = {path.name for path in raw.iterdir() if path.is_dir()}
    assert folders == {row["id"] for row in dataset_sources()}


def test_the_embedded_dataset_has_no_index_length_or_frontier_error(case: Any) -> None:
    errors = [
        p for p in check_dataset(case.dataset)
        if p.severity == "error" and p.kind not in ("disconnected", "dangling")
    ]  # fmt: skip
    assert [p for p in errors if p.kind in ("index", "frontier", "gauge", "one_sided")] == []
