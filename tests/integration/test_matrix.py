"""Many to many against the planner, pair by pair; lists in, files out."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import landbridge
from landbridge.cli import main
from landbridge.errors import ListError
from landbridge.report.matrix import COLUMNS, Matrix, matrix, read_places

if TYPE_CHECKING:
    from pathlib import Path

    from landbridge.scenarios.case import Case

PLACES = ("Nhava Sheva", "Astrakhan", "Hamburg", "Almaty")


def same_as_plan(found: Matrix, case: Case, **asked: Any) -> int:
    """Compare every pair with `plan`; return how many pairs have a way."""
    seen = 0
    for i, origin in enumerate(found.origins):
        for j, destination in enumerate(found.destinations):
            if found.is_same[i, j]:
                assert np.isnan(found.distance_km[i, j])
                continue
            plan = landbridge.plan(origin, destination, case=case, samples=50, **asked)
            if not plan.itineraries:
                assert found.status(i, j) == "no way"
                continue
            best = plan.itineraries[0]
            expected = (
                sum(leg.mean_h for leg in best.legs),
                best.cost_usd.central,
                best.emissions_wtw_kgco2e.central,
                best.distance_km,
            )
            got = [getattr(found, name)[i, j] for name in COLUMNS]
            assert got == pytest.approx(expected, rel=1e-6), (origin.name, destination.name)
            seen += 1
    return seen


def test_every_pair_is_what_plan_expects(case: Case) -> None:
    found = matrix(PLACES, case=case, threads=2)
    assert same_as_plan(found, case) == 12
    assert found.origin_ids == found.destination_ids == PLACES


def test_full_trains_and_the_way_by_land_are_what_plan_takes(case: Case) -> None:
    found = matrix(["Xi'an, CN", "Duisburg", "Tianjin", "Perm"], case=case)
    assert same_as_plan(found, case) == 12
    assert found.lead_time_h[0, 1] < 20 * 24  # as block trains 21.8 days, by ship over 40


def test_ice_is_on_the_way_of_a_matrix_too(case: Case) -> None:
    asked: dict[str, Any] = {"depart": "2026-01-20", "modes": ["sea", "rail"], "scope": "terminal"}
    summer = matrix(["Astrakhan"], ["Turkmenbashi"], case=case, **{**asked, "depart": "2025-07-20"})
    found = matrix(["Astrakhan"], ["Turkmenbashi", "Aktau"], case=case, **asked)
    assert same_as_plan(found, case, **asked) == 2
    assert found.lead_time_h[0, 0] > summer.lead_time_h[0, 0]


@pytest.mark.parametrize(
    "asked",
    [
        {"depart": "2026-01-15", "objective": "time", "avoid": ["suez"]},
        {"scope": "terminal", "objective": "cost", "units": 3, "modes": ["sea", "rail"]},
        {"via": ["Tehran"], "goods": "reefer"},
    ],
)
def test_other_questions_are_what_plan_expects(case: Case, asked: dict[str, Any]) -> None:
    found = matrix(["INNSA", "Astrakhan"], ["Moscow", "Gdansk"], case=case, **asked)
    assert same_as_plan(found, case, **asked) >= 3


def test_small_ports_of_third_doors_are_not_used(case: Case) -> None:
    # the way from Guaymas to Barranquilla would go by Tampico, which only a third door brings in
    found = matrix(["PORT-MXGYM", "PORT-MXTAM"], ["PORT-COBAQ"], case=case)
    assert found.found.asked_again == 1
    assert same_as_plan(found, case) == 2


def test_threads_change_nothing_and_legs_add_up(case: Case) -> None:
    one = matrix(PLACES[:3], case=case, threads=1, with_legs=True)
    two = matrix(PLACES[:3], case=case, threads=3)
    for name in COLUMNS:
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=True)
    itinerary = one.itinerary(0, 2)
    assert itinerary is not None
    assert itinerary.distance_km == pytest.approx(one.distance_km[0, 2])
    rows = list(csv.DictReader(io.StringIO(one.legs_csv())))
    km = sum(float(r["distance_km"]) for r in rows if r["origin"] == "Astrakhan")
    assert km == pytest.approx(np.nansum(one.distance_km[1]))
    assert one.itinerary(1, 1) is None
    with pytest.raises(ValueError, match="with_legs"):
        two.itinerary(0, 1)


def test_a_pair_without_a_way_is_empty(case: Case) -> None:
    found = matrix(["Reykjavik"], ["Almaty", "Reykjavik"], modes=["rail"], case=case)
    assert [found.status(0, 0), found.status(0, 1)] == ["no way", "same place"]
    assert found.to_csv().splitlines()[1] == "Reykjavik,Almaty,no way,,,,"


def test_all_bad_rows_are_told_with_their_lines(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "places.csv"
    path.write_text(
        "id,place,lat,lon\na,,95,10\nb,,x,1\nc,Mumbai\n\nc,Delhi\n,,,\nd,,,7\ne,Astara\n"
    )
    with pytest.raises(ListError) as raised:
        matrix(read_places(path, where="ORIGINS"), ["Qwortlebing"], case=case)
    lines = [problem.split(":")[0] for problem in raised.value.problems]
    assert lines == [
        "line 2", "line 3", "line 6", "line 8", "line 9", "destinations, place 1",
    ]  # fmt: skip
    path.write_text("place\nMumbai\nXyzzyplugh\n\nQwortlebing\n")
    with pytest.raises(ListError) as raised:
        matrix(read_places(path, where="ORIGINS"), case=case)
    assert [p.split(":")[0] for p in raised.value.problems] == ["line 3", "line 5"]


@pytest.mark.parametrize("text", ["", "name\nMumbai\n", "place\n", "lat,longitude\n1,2\n"])
def test_lists_without_places_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "places.csv"
    path.write_text(text)
    with pytest.raises(ListError):
        read_places(path, where="ORIGINS")


def test_points_and_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("﻿Lat, Lon ,id,note\n18.95,72.95,x,port\n55.7,37.6,,\n", encoding="utf-8")
    rows = read_places(path, where="ORIGINS")
    assert [(row.query, row.id, row.line) for row in rows] == [
        ("18.95,72.95", "x", 2),
        ("55.7,37.6", "55.7,37.6", 3),
    ]


def test_the_command_writes_each_form(
    tmp_path: Path, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    starts, ends = tmp_path / "a.csv", tmp_path / "b.csv"
    starts.write_text("place,id\nINNSA,nhava\n")
    ends.write_text("place\nHamburg\n")
    assert main(["matrix", str(starts), str(ends)]) == 0
    printed = capsys.readouterr()
    assert "Not screened" in printed.err
    (row,) = csv.DictReader(io.StringIO(printed.out))
    assert (row["origin"], row["destination"], row["status"]) == ("nhava", "Hamburg", "ok")
    binary, legs = tmp_path / "m.npy", tmp_path / "legs.csv"
    asked = ["matrix", str(starts), str(ends), "--format", "npy", "-o", str(binary)]
    assert main([*asked, "--legs", str(legs)]) == 0
    table = np.load(binary)
    assert table.dtype.names == COLUMNS
    assert table["cost_usd"][0, 0] == float(row["cost_usd"])
    assert legs.read_text().startswith("origin,destination,corridor,leg,kind")


def test_a_matrix_too_large_is_refused_before_any_search(case: Case) -> None:
    with pytest.raises(ListError, match="at most 10,000,000"):
        matrix(["18.95,72.95"] * 4000, case=case)


def test_nothing_is_written_for_a_bad_list(
    tmp_path: Path, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    starts, out = tmp_path / "a.csv", tmp_path / "out.csv"
    starts.write_text("place\nMumbai\nXyzzyplugh\n")
    assert main(["matrix", str(starts), "-o", str(out)]) == 2
    assert "line 3" in capsys.readouterr().err
    assert not out.exists()
    assert main(["matrix", str(starts), "--format", "npy"]) == 2
    assert main(["matrix", str(tmp_path / "none.csv")]) == 2
