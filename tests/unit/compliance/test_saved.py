from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fakes import answers
from landbridge.cli.program import main
from landbridge.compliance.rulebook import load_rulebook
from landbridge.compliance.saved import read_saved
from landbridge.compliance.screen import judge
from landbridge.errors import ListError, RequestError
from landbridge.report.compare import compare

DATA = Path(__file__).parents[2] / "data" / "compliance"
BOOK = load_rulebook()
HEAD = (
    "id,origin_country,destination_country,via_countries,modes,goods,date,attributes,jurisdiction\n"
)


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "cache"))


def comparison(tmp_path: Path, **changes: Any) -> Path:
    body = compare(answers.plans()).to_dict()
    body.update(changes)
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "journeys.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_saved_comparison_is_judged_as_the_answer_was(tmp_path: Path) -> None:
    saved = read_saved(comparison(tmp_path), BOOK)
    assert saved.is_plan
    first = saved.journeys[0]
    assert {item.journey.id for item in saved.journeys} >= {"free", "instc-west"}
    assert first.journey.depart == date(2025, 7, 1)
    assert "PORT-BANDARABBAS" in first.journey.terminals
    moved = read_saved(comparison(tmp_path), BOOK, depart=date(2026, 8, 1), codes=("eu",))
    assert moved.journeys[0].journey.depart == date(2026, 8, 1)
    assert moved.journeys[0].codes == ("eu",)


def test_screen_command_on_a_plan_and_another_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = comparison(tmp_path)
    assert main(["screen", str(path), "--jurisdiction", "eu", "--format", "json"]) == 0
    before = json.loads(capsys.readouterr().out)
    assert before["schema"] == "landbridge/screen/1"
    assert before["notice"] == "A screen, not legal advice."
    assert before["rulebook"] == BOOK.digest
    assert "SM126" not in before["rows"][0]["measures"]
    assert main(["screen", str(path), "--jurisdiction", "eu", "--depart", "2026-08-01",
                 "--format", "json"]) == 0  # fmt: skip
    after = json.loads(capsys.readouterr().out)
    assert "SM126" in after["rows"][0]["measures"]
    assert main(["screen", str(path)]) == 0
    text = capsys.readouterr().out
    assert "A screen, not legal advice." in text
    assert "instc-west" in text


def test_screen_command_on_the_worked_cases_writes_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["screen", str(DATA / "screen_cases.csv")]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert len(rows) == 63
    third = next(row for row in rows if row["id"] == "CS003")
    assert (third["verdict"], third["measures"]) == ("prohibited", ["SM033", "SM082"])
    assert {"id", "verdict", "measures"} <= set(third)


def test_all_bad_rows_are_told(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "x,PL,RUS,,road,general,2023-06-01,,eu",
        "y,PL,RU,,road,general,2023-06-01,,eu",
        "z,PL,RU,,rode,general,2023-06-01,,eu",
    )
    with pytest.raises(ListError, match="2 problems, nothing is screened") as raised:
        read_saved(path, BOOK)
    assert [text.split(", ")[1] for text in raised.value.problems] == ["line 2", "line 4"]


def test_attributes_of_several_keys_and_values(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "a,PL,RU,BY,road|sea,general,2023-06-01,haulier_country=PL|RU;operator=IRISL,eu",
        "b,PL,RU,,road,general,2023-06-01,flag=ru,eu|ru",
        "c,PL,RU,,sea,general,2023-06-01,vessel=ZZ Phantom|imo=9074729,",
    )
    first, second, third = read_saved(path, BOOK).journeys
    assert first.journey.stated == {
        "haulier_country": frozenset({"PL", "RU"}), "operator": frozenset({"IRISL"}),
    }  # fmt: skip
    assert second.journey.stated == {"haulier_country": frozenset({"RU"})}
    assert second.codes == ("eu", "ru")
    assert third.journey.vessels == ("ZZ Phantom", "9074729")
    assert third.codes == ()


def test_case_of_values_air_and_breaks_in_quotes(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "a,ru,nl,,sea,general,2023-06-01,vessel_flag=ru,EU",
        '"b\nc\x1b[31m",TR,RU,,air,general,2026-08-01,airport=vko,eu',
    )
    first, second = read_saved(path, BOOK).journeys
    assert "SM021" in judge(first.journey, BOOK, "eu").fired
    assert "SM071" in judge(second.journey, BOOK, "eu").fired
    assert second.journey.id == "bc[31m", "no control characters"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("x,PL,RUS,,road,general,2023-06-01,,eu", "line 2, destination_country: 'RUS'"),
        ("x,PL,RU,,rode,general,2023-06-01,,eu", "line 2, modes: no mode 'rode'"),
        ("x,PL,RU,,road,genral,2023-06-01,,eu", "goods: no goods class.*did you mean general"),
        ("x,PL,RU,,road,general,2023-13-01,,eu", "date: '2023-13-01' is not a date"),
        ("x,PL,RU,,road,general,2023-06-01,,eux", "--jurisdiction: no jurisdiction 'eux'"),
        ("x,PL,RU,,road,general,2023-06-01,haulier=RU,eu", "no attribute 'haulier'"),
        ("x,PL,RU,,road,general,2023-06-01,RU,eu", "'RU' states nothing"),
    ],
)
def test_bad_rows_are_told_by_line_and_column(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        read_saved(table(tmp_path, row), BOOK)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "no valid JSON"),
        ("[1]", "schema ''"),
        ('{"schema": "landbridge/matrix/1"}', "schema 'landbridge/matrix/1'"),
        ('{"schema": "landbridge/plan/1"}', "'request' is missing"),
        ('{"schema": "landbridge/plan/1", "request": {}}', "'itineraries' is missing"),
        ('{"schema": "landbridge/plan/1", "request": {}, "itineraries": [{}]}', "'depart'"),
        ("a,b\n1,2\n", "no column 'id'"),
        ("", "no column 'id'"),
    ],
)
def test_what_is_no_saved_answer_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError, match=says):
        read_saved(path, BOOK)


def test_refusals_have_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screen", str(tmp_path / "none.json")]) == 2
    assert main(["screen", str(comparison(tmp_path)), "--jurisdiction", "xx"]) == 2
    assert main(["screen", str(comparison(tmp_path)), "--depart", "soon"]) == 2
    assert main(["lists", "import", str(tmp_path / "none.csv")]) == 2
    assert main(["lists", "remove", "uk"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 5


def test_lists_are_imported_shown_and_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lists", "show"]) == 0
    assert "No list is imported" in capsys.readouterr().out
    assert main(["lists", "import", str(DATA / "lists" / "uk.csv")]) == 0
    assert capsys.readouterr().out.startswith("uk: 2 entries, 4 names, 2026-10-08 (its own date)")
    assert main(["lists", "show", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["lists"]
    assert (row["id"], row["dated"]) == ("uk", "2026-10-08")
    sdn = str(DATA / "lists" / "sdn.csv")
    assert main(["lists", "import", sdn, "--dated", "2026-02-03"]) == 0
    assert "2026-02-03 (not told by the file)" in capsys.readouterr().out
    assert main(["lists", "import", sdn, "--dated", "2039-01-01"]) == 2
    assert main(["lists", "remove", "ofac-sdn"]) == 0
    assert main(["lists", "remove", "uk"]) == 0
    assert main(["lists", "show"]) == 0
    assert "No list is imported" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("vessel=IMO 12", "'12' is no IMO number: these have seven digits"),
        ("imo=ZZ", "'ZZ' is no IMO number"),
        ("vessel=ZZ Phantom 9074728", "'9074728' is no IMO number: its check digit is wrong"),
    ],
)
def test_a_number_that_no_ship_has_is_refused(tmp_path: Path, stated: str, told: str) -> None:
    path = table(tmp_path, f"c,PL,RU,,sea,general,2023-06-01,{stated},")
    with pytest.raises(RequestError, match=told):
        read_saved(path, BOOK)
