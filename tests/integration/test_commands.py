"""The command line in process, over a made-up case."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fakes import world
from landbridge.cli import main

COMPARE = ("compare", "Mumbai", "Moscow")


@dataclass
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    world.install(monkeypatch)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> Ran:
        status = main(arguments)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return call


def refused(ran: Ran, *words: str) -> None:
    """The run ended with status 2, one line on stderr with these words, nothing on stdout."""
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("landbridge: ")
    for word in words:
        assert word in ran.err


def test_compare_prints_a_table_that_ends_with_what_it_rests_on(run: Any) -> None:
    ran = run(*COMPARE)
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert "Mumbai, IN → Moscow, RU" in lines[0]
    assert any(line.startswith("Not shown, ") for line in lines)
    # of the fakes' parameters one is published, one estimated, and all others are unknown
    assert lines[-1].endswith("1 estimated, 1 published.")
    assert max(map(len, lines)) <= 80


def test_compare_json_is_the_contract(run: Any) -> None:
    answer = json.loads(run(*COMPARE, "--format", "json").out)
    assert answer["schema"] == "landbridge/comparison/1"
    assert answer["request"]["cargo_mass_t"] == 20.0
    assert [option["corridor"] for option in answer["options"]] == [
        "suez-baltic", "free", "instc-west", "instc-caspian-anzali",
    ]  # fmt: skip
    assert [row["corridor"] for row in answer["not_applicable"]] == [
        "cape-baltic", "northern-sea-route",
    ]  # fmt: skip


def test_all_gives_rows_also_to_corridors_that_do_not_apply(run: Any) -> None:
    answer = json.loads(run(*COMPARE, "--all", "--format", "json").out)
    assert answer["not_applicable"] == []
    last = answer["options"][-1]
    assert last["status"] == "infeasible"
    assert last["distance_km"] is None
    assert last["blockers"][0]["kind"] == "season"


def test_csv_has_units_in_its_header_and_one_row_per_itinerary(run: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*COMPARE, "--format", "csv").out)))
    assert [row["corridor"] for row in rows][2] == "instc-west"
    assert float(rows[2]["distance_km"]) == 6890.2
    assert float(rows[2]["lead_time_h_p50"]) == 33 * 24


def test_plan_csv_has_one_row_per_leg(run: Any) -> None:
    ran = run("plan", "Mumbai", "Moscow", "--corridor", "instc-west", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["kind"] for row in rows][:3] == ["drayage", "haul", "transfer"]
    assert {row["corridor"] for row in rows} == {"instc-west"}


def test_plan_takes_the_best_of_the_corridors_asked_for(run: Any) -> None:
    ran = run(
        "plan", "Mumbai", "Moscow", "--format", "json",
        "--corridor", "instc-west", "--corridor", "cape-baltic",
    )  # fmt: skip
    assert json.loads(ran.out)["itineraries"][0]["corridor"] == "instc-west"


def test_no_way_through_is_an_answer(run: Any) -> None:
    ran = run("plan", "Mumbai", "Moscow", "--corridor", "northern-sea-route")
    assert ran.status == 0
    assert "closed 1 December to 30 June" in ran.out


def test_a_terminal_is_avoided_by_its_code(run: Any) -> None:
    ran = run("plan", "Mumbai", "Moscow", "--avoid", "INNSA", "--format", "json")
    assert json.loads(ran.out)["request"]["avoid"] == ["PORT-NHAVASHEVA"]


def test_output_goes_whole_into_the_file(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    ran = run(*COMPARE, "--format", "json", "-o", str(target))
    assert (ran.status, ran.out) == (0, "")
    assert json.loads(target.read_text())["schema"] == "landbridge/comparison/1"
    assert [path.name for path in tmp_path.iterdir()] == ["answer.json"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("compare", "Mumbay", "Moscow"), ("ORIGIN", "Mumbay", "Mumbai")),
        (("compare", "Mumbai", "Astara"), ("DESTINATION", "Astara, IR", "Astara, AZ")),
        (("compare", "Mumbai", "MUMBAI"), ("same place",)),
        ((*COMPARE, "--unit", "41ft"), ("--unit", "40ft")),
        ((*COMPARE, "--units", "0"), ("--units",)),
        ((*COMPARE, "--units", "two"), ("--units",)),
        ((*COMPARE, "--tonnes", "-1"), ("--tonnes",)),
        ((*COMPARE, "--tonnes", "nan"), ("--tonnes",)),
        ((*COMPARE, "--tonnes", "90"), ("--tonnes", "28.8")),
        ((*COMPARE, "--value-usd", "nan"), ("--value-usd",)),
        ((*COMPARE, "--depart", "tomorrow"), ("--depart", "YYYY-MM-DD")),
        ((*COMPARE, "--depart", "2025-02-30"), ("--depart", "2025-02-30")),
        ((*COMPARE, "--depart", "20250230"), ("--depart", "YYYY-MM-DD")),
        ((*COMPARE, "--depart", "1999-12-31"), ("--depart", "2000")),
        ((*COMPARE, "--mode", "air"), ("--mode", "rail")),
        ((*COMPARE, "--goods", "genral"), ("--goods", "did you mean general")),
        ((*COMPARE, "--goods", "military"), ("--goods", "not planned")),
        ((*COMPARE, "--goods", "arms"), ("--goods", "not planned")),
        ((*COMPARE, "--goods", "nuclear-missile"), ("--goods", "not planned")),
        ((*COMPARE, "--corridor", "instc-wset"), ("--corridor", "instc-west")),
        ((*COMPARE, "--avoid", "suze"), ("--avoid", "suez")),
        ((*COMPARE, "--avoid", "Iran"), ("--avoid", "write IR")),
        ((*COMPARE, "--vessel", "IMO 12"), ("--vessel", "'12' is no IMO number")),
        ((*COMPARE, "--via", "Atlantis"), ("--via", "Atlantis")),
        ((*COMPARE, "--samples", "0"), ("--samples: 0 draws", "1 to 1,000,000")),
        ((*COMPARE, "--samples", "1000001"), ("--samples: 1000001 draws",)),
        ((*COMPARE, "--deadline", "2025-06-30"), ("--deadline", "before the cargo is ready")),
        ((*COMPARE, "--deadline", "soon"), ("--deadline", "YYYY-MM-DD")),
        ((*COMPARE, "--format", "xml"), ("--format",)),
        ((*COMPARE, "--chart", "tcd", "-o", "picture.pdf"), ("-o", ".svg", ".png")),
        ((*COMPARE, "--chart", "tcd", "--format", "json"), ("--chart", "--format")),
        ((*COMPARE, "--chart", "pie"), ("--chart", "tornado")),
        ((*COMPARE, "--dataset", "/no/such/folder"), ("--dataset",)),
        (("compare", "Mumbai"), ("DESTINATION",)),
        (("compair", "Mumbai", "Moscow"), ("compair",)),
        (("parameters", "--mode", "rial"), ("--mode", "rail")),
        (("data", "build", "--raw", "/no/such", "--out", "x"), ("--raw",)),
    ],
)  # fmt: skip
def test_bad_input_gets_one_clear_line(
    run: Any, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    refused(run(*arguments), *words)


def test_unwritable_output_is_refused_before_any_work(run: Any, tmp_path: Path) -> None:
    refused(run(*COMPARE, "-o", str(tmp_path)), "-o", "folder")
    refused(run(*COMPARE, "-o", str(tmp_path / "none" / "x.json")), "-o", "no folder")
    refused(run(*COMPARE, "-o", ""), "-o")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_when_the_question_is_refused(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "old.json"
    target.write_text("kept")
    refused(run("compare", "Mumbai", "Atlantis", "-o", str(target)))
    assert target.read_text() == "kept"


def test_a_negative_latitude_is_no_option(run: Any) -> None:
    assert run("compare", "-33.9,151.2", "Moscow").status == 0
    assert run("compare", "Mumbai", "-33.9,151.2").status == 0


def test_our_own_fault_is_one_line_and_status_one(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(world.Planner, "compare", broken)
    ran = run(*COMPARE)
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert "this is a bug" in ran.err
    monkeypatch.setenv("LANDBRIDGE_DEBUG", "1")
    assert "Traceback" in run(*COMPARE).err


def test_ctrl_c_leaves_nothing(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(world.Planner, "compare", interrupted)
    ran = run(*COMPARE, "-o", str(tmp_path / "answer.txt"))
    assert (ran.status, ran.out) == (130, "")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_write_leaves_the_old_file(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "old.txt"
    target.write_text("kept")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    refused(run(*COMPARE, "-o", str(target)), "No space left")
    assert target.read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]


def test_places_lists_matches_best_first(run: Any) -> None:
    found = json.loads(run("places", "m", "--format", "json").out)
    assert found["query"] == "m"
    assert found["places"][0]["id"] == "G1"
    assert found["places"][0]["score"] == 100.0
    assert run("places", "Atlantis").out.endswith("0 rows\n")


@pytest.mark.parametrize("name", ["corridors", "passages", "parameters", "events", "sources"])
def test_listings_come_in_three_forms(run: Any, name: str) -> None:
    table, text = run(name), run(name, "--format", "json")
    assert table.status == text.status == 0
    assert json.loads(text.out)
    header, *rows = list(csv.reader(io.StringIO(run(name, "--format", "csv").out)))
    assert rows
    assert all(len(row) == len(header) for row in rows)


def test_parameters_can_be_narrowed(run: Any) -> None:
    rows = json.loads(
        run("parameters", "--mode", "rail", "--country", "ru", "--format", "json").out
    )["parameters"]
    assert rows
    assert {row["name"].split(".")[0] for row in rows} == {"rail"}
    assert all("RU" in row["key"] for row in rows)


@pytest.mark.parametrize(("missed", "status"), [((), 0), ((f"days: {'too slow ' * 9}",), 3)])
def test_validate_times_exits_three_if_a_target_is_missed(
    run: Any, monkeypatch: pytest.MonkeyPatch, missed: tuple[str, ...], status: int
) -> None:
    from dataclasses import asdict

    from landbridge.validation import times
    from landbridge.validation.scores import score

    report = {
        **{key: {} for key in ("by_group", "by_evidence", "by_mode", "by_edition", "costs")},
        "rows": [], "judged": asdict(score([])), "suez_closed": [], "comcec_table_58": {},
        "freight_rates_month_left_out_error_percent": None, "missed_targets": list(missed),
        "problems": [],
    }  # fmt: skip
    monkeypatch.setattr(times, "run", lambda _: SimpleNamespace(to_dict=lambda: report))
    ran = run("validate", "times")
    assert ran.status == status
    assert ("missed: days" in ran.out) is bool(missed)
    assert max(map(len, ran.out.splitlines())) <= 80


def test_data_check_exits_three_when_it_finds_problems(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules.get("landbridge.dataset.check") or __import__(
        "landbridge.dataset.check", fromlist=["check_dataset"]
    )
    monkeypatch.setattr(module, "check_dataset", lambda _: [])
    assert run("data", "check").status == 0

    from dataclasses import make_dataclass

    kind = make_dataclass("Problem", ["kind", "where", "text", "severity"])
    problem = kind("frontier", "B003", "crossed", "error")
    monkeypatch.setattr(module, "check_dataset", lambda _: [problem])
    ran = run("data", "check", "--format", "json")
    assert ran.status == 3
    assert json.loads(ran.out)["problems"] == [
        {"kind": "frontier", "where": "B003", "text": "crossed", "severity": "error"}
    ]
    # a warning is shown, and is no reason to stop a build
    monkeypatch.setattr(module, "check_dataset", lambda _: [kind("detour", "A", "far", "warning")])
    ran = run("data", "check")
    assert ran.status == 0
    assert "detour" in ran.out


def test_data_check_tells_of_a_dataset_that_cannot_be_read(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landbridge.errors import DatasetError
    from landbridge.scenarios.case import Case

    def damaged(*_: Any, **__: Any) -> None:
        raise DatasetError("2 files are damaged", problems=("a.npy", "b.npy"), where="built")

    monkeypatch.setattr(Case, "load", damaged)
    ran = run("data", "check", "--format", "json")
    assert ran.status == 3
    assert [row["text"] for row in json.loads(ran.out)["problems"]] == ["a.npy", "b.npy"]
    # any other command refuses in one line
    refused(run(*COMPARE), "built", "2 files are damaged", "1 more")


def test_validate_shows_errors_per_mode(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from landbridge.validation import distances

    report = {
        "rows": [
            {"id": "DI1", "origin": "A", "destination": "B", "mode": "sea", "published_km": 100.0,
             "model_km": 103.0, "error_percent": 3.0, "status": "within", "why": ""}
        ],
        "summary": {"sea": {"rows": 1, "mean_error_percent": 3.0}},
    }  # fmt: skip
    monkeypatch.setattr(
        distances, "run", lambda _: SimpleNamespace(to_dict=lambda: report), raising=False
    )
    ran = run("validate", "distances")
    assert ran.status == 0
    assert "DI1" in ran.out


def test_data_info_and_version(run: Any) -> None:
    assert "ODbL 1.0" in run("data", "info").out
    version = run("--version")
    assert version.status == 0
    assert version.out.startswith("landbridge ")


def test_build_never_replaces_a_folder_that_holds_something_else(run: Any, tmp_path: Path) -> None:
    folder = str(tmp_path)
    (tmp_path / "thesis.txt").write_text("years of work")
    refused(
        run("data", "build", "--raw", folder, "--curated", folder, "--out", folder),
        "--out", "something else",
    )  # fmt: skip
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_cache_folder_that_cannot_be_used_is_told_in_one_line(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "file" / "cache"))
    ran = run("places", "Mumbai")
    assert ran.status == 0
    assert ran.err.count("LANDBRIDGE_CACHE: '") == 1
    assert "cannot be written" in ran.err
