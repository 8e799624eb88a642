"""What the page asks of the service: files, drawn answers, charts, choices, names as typed."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from landbridge.api.app import create_app
from landbridge.api.page import MEDIA_TYPES, WEB, Page
from landbridge.api.settings import Settings
from landbridge.dataset.gazetteer import Gazetteer
from landbridge.dataset.gazetteer_keys import key
from landbridge.dataset.gazetteer_prefix import Beginnings
from landbridge.report import ask
from landbridge.report.drawn import labels, land
from landbridge.scenarios.case import Case
from landbridge.scenarios.load import bundled_names
from landbridge.units import great_circle_km

HERE = "http://127.0.0.1:8766"
QUESTION = {"origin": "Mumbai", "destination": "Moscow", "corridors": ["instc-west"]}


@pytest.fixture(scope="module")
def client(case: Case) -> Iterator[TestClient]:
    with TestClient(create_app(case=case), base_url=HERE) as client:
        yield client


@pytest.fixture(scope="module")
def beginnings(gazetteer: Gazetteer) -> Beginnings:
    return Beginnings(gazetteer)


@pytest.mark.parametrize(
    ("typed", "name", "country"),
    [
        ("Mum", "Mumbai", "IN"),
        ("mumbai", "Mumbai", "IN"),
        ("Моск", "Moscow", "RU"),
        ("मुंब", "Mumbai", "IN"),
        ("مسکو", "Moscow", "RU"),
        ("上海", "Shanghai", "CN"),
        ("Nhav", "Nhava Sheva (Jawaharlal Nehru Port)", "IN"),
        ("Saint P", "Saint Petersburg", "RU"),
    ],
)
def test_what_begins_as_typed_comes_first(
    beginnings: Beginnings, typed: str, name: str, country: str
) -> None:
    first = beginnings.search(typed)[0]
    assert (first.place.name, first.place.country) == (name, country)


def test_a_whole_name_is_told_from_a_begun_one(beginnings: Beginnings) -> None:
    assert {match.reason for match in beginnings.search("Mumbai", 2)} == {"name"}
    assert {match.reason for match in beginnings.search("Mumba", 2)} == {"begins so"}
    assert beginnings.search("Mumba", 2)[0].score < beginnings.search("Mumbai", 2)[0].score


def test_beginnings_hold_their_limits(beginnings: Beginnings) -> None:
    assert len(beginnings.search("a", 5)) == 5
    assert beginnings.search("qqzzxx") == ()
    assert beginnings.search("!?") == ()
    ids = [match.place.id for match in beginnings.search("san", 20)]
    assert len(set(ids)) == 20


@pytest.mark.parametrize(
    "begun", ["m", "mum", "saint p", "nizhny novg", "Nizhny Novgorod", "москв", "xqzzw", "qqzzx"]
)
def test_beginnings_are_those_of_the_keys(
    beginnings: Beginnings, gazetteer: Gazetteer, begun: str
) -> None:
    files, whole = gazetteer.files, key(begun).encode()
    keys = bytes(files.array("keys")).split(b"\n")
    places = files.array("index_key_place")
    wanted = {int(places[k]) for k, one in enumerate(keys) if one.startswith(whole)}
    found = {int(number) for number in beginnings._hits(whole)[0]}
    assert found == wanted
    assert (not wanted) == (begun in ("xqzzw", "qqzzx"))


def test_names_are_suggested_over_http(client: TestClient) -> None:
    found = client.get("/v1/places", params={"q": "Mos", "begun": "true"}).json()["places"]
    assert found[0]["name"] == "Moscow"
    without = client.get("/v1/places", params={"q": "Mos"}).json()["places"]
    assert without[0]["name"] == "Mos"  # in Spain: a search, as before
    rare = client.get("/v1/places", params={"q": "Nhava", "begun": "true"}).json()["places"]
    assert len({place["id"] for place in rare}) == len(rare) > 1  # names alike fill up


def test_a_drawn_answer_is_the_answer_with_its_lines(client: TestClient, case: Case) -> None:
    drawn = client.post("/v1/comparisons?format=drawn", json=QUESTION).json()
    expected = ask.compare("Mumbai", "Moscow", corridors=["instc-west"], case=case)
    assert drawn["comparison"] == json.loads(json.dumps(expected.to_dict()))
    options = drawn["comparison"]["options"]
    for line in drawn["lines"]:
        leg = options[line["option"]]["legs"][line["leg"]]
        assert leg["mode"] == line["mode"]
        first, last = line["coordinates"][0][0], line["coordinates"][-1][-1]
        for at, place in ((first, leg["from"]), (last, leg["to"])):
            assert great_circle_km(at[0], at[1], place["lon"], place["lat"]) < 60.0
    moving = [
        (n, k)
        for n, option in enumerate(options)
        for k, leg in enumerate(option["legs"])
        if leg["kind"] in {"haul", "drayage"}
    ]
    assert [(line["option"], line["leg"]) for line in drawn["lines"]] == moving


def test_other_forms_are_the_same_after_a_drawn_one(client: TestClient, case: Case) -> None:
    client.post("/v1/comparisons?format=drawn", json=QUESTION)
    kept = client.post("/v1/comparisons", json=QUESTION).content
    with TestClient(create_app(case=case), base_url=HERE) as other:
        fresh = other.post("/v1/comparisons", json=QUESTION).content
    assert kept == fresh


def test_plans_are_not_drawn(client: TestClient) -> None:
    assert client.post("/v1/plans?format=drawn", json=QUESTION).status_code == 422


@pytest.mark.parametrize("kind", ["tcd", "tornado"])
def test_charts_are_of_all_or_of_one(client: TestClient, kind: str) -> None:
    one = client.post(f"/v1/charts/{kind}?corridor=instc-west", json=QUESTION)
    assert one.headers["content-type"] == "image/svg+xml"
    assert one.text.startswith("<svg")
    assert "INSTC, western branch" in one.text
    every = client.post(f"/v1/charts/{kind}", json=QUESTION)
    assert every.text != one.text
    wrong = client.post(f"/v1/charts/{kind}?corridor=instc-wets", json=QUESTION)
    assert wrong.status_code == 422
    assert wrong.json()["where"] == "corridor"
    assert "instc-west" in wrong.json()["hint"]


def test_a_chart_of_a_scenario_is_that_scenarios(client: TestClient) -> None:
    path = "/v1/charts/tcd?corridor=instc-west"
    base = client.post(path, json=QUESTION).text
    other = client.post(path, json={**QUESTION, "scenarios": ["instc-best-practice"]}).text
    assert base != other


def test_choices_are_those_of_a_question(client: TestClient) -> None:
    choices = client.get("/v1/choices").json()
    assert choices["units"] == ["20ft", "40ft", "40hc", "45ft"]
    assert {"us", "eu", "un"} <= set(choices["jurisdictions"])
    assert {"arms": "refuse"}.items() <= {g["id"]: g["behaviour"] for g in choices["goods"]}.items()
    scenarios = client.get("/v1/scenarios").json()["scenarios"]
    assert {"suez-blocked-2021", "red-sea-diverted"} <= {one["id"] for one in scenarios}
    assert all(one["title"] and one["reasons"] and one["sources"] for one in scenarios)


def test_evidence_comes_in_bulk(client: TestClient) -> None:
    ids = ["rail.speed.block_km_per_d[RU]", "BT108", "no-such-thing"]
    found = client.get("/v1/evidence", params={"id": ids}).json()
    assert [row["name"] for row in found["parameters"]] == ["rail.speed.block_km_per_d"]
    assert "BT108" in found["sources"]
    assert set(found["parameters"][0]["evidence"]) <= set(found["sources"])
    assert client.get("/v1/evidence").status_code == 422
    assert client.get("/v1/evidence", params={"id": ["x"] * 401}).status_code == 422


def test_files_are_packed_and_known_again(client: TestClient) -> None:
    page = client.get("/", headers={"accept-encoding": "identity"})
    assert page.text == (WEB / "index.html").read_text(encoding="utf-8")
    assert page.headers["content-type"].startswith("text/html")
    module = client.get("/web/vendor/maplibre-gl.mjs")
    assert module.headers["content-type"].startswith("text/javascript")
    assert module.headers["content-encoding"] == "gzip"
    again = client.get("/", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    "path", ["/web/../app.py", "/web/%2e%2e/api/app.py", "/web//etc/passwd", "/web/vendor", "/web/"]
)
def test_nothing_beside_the_page_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_loads_without_a_token_and_answers_not() -> None:
    settings = Settings(token="a-token-of-enough-letters")  # noqa: S106 - of this test
    with TestClient(create_app(settings, is_remote=True), base_url=HERE) as client:
        assert client.get("/").status_code == 200
        assert client.get("/web/main.js").status_code == 200
        assert client.get("/v1/choices").status_code == 401
        assert client.get("/web/../v1/choices").status_code in (401, 404)


def test_everything_the_page_names_is_there() -> None:
    page = Page()
    index = (WEB / "index.html").read_text(encoding="utf-8")
    assert "http://" not in index.replace("http://www.w3.org", "")
    assert "https://" not in index
    for path in WEB.glob("*.js"):
        for name in path.read_text(encoding="utf-8").split('from "')[1:]:
            target = name.split('"')[0]
            assert (WEB / target.removeprefix("./").removeprefix("/web/")).exists(), target
    fonts = (WEB / "fonts.css").read_text(encoding="utf-8").split('url("')[1:]
    assert len(fonts) > 10
    for name in fonts:
        assert (WEB / name.split('"')[0]).exists()
    assert page.has("nothing") is False
    assert {".mjs", ".woff2"} <= set(MEDIA_TYPES)


def test_the_page_is_small() -> None:
    files = [path for path in WEB.rglob("*") if path.suffix in MEDIA_TYPES]
    packed = sum(
        path.stat().st_size if path.suffix == ".woff2" else len(gzip.compress(path.read_bytes()))
        for path in files
    )
    assert packed < 1_300_000  # with answer, outline and sources under 1.5 MB


def test_land_is_closed_and_on_the_globe() -> None:
    shapes = [shape for shape in land()["features"] if shape["geometry"]["type"] == "Polygon"]
    assert {shape["properties"]["kind"] for shape in shapes} == {"land", "lake"}
    for shape in shapes:
        (ring,) = shape["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in ring)
    codes = [code for code, _, _ in labels()]
    assert len(set(codes)) == len(codes) > 200


LANGUAGES = ("en", "fr", "ru", "fa", "hi")


def _fields(text: str) -> set[str]:
    return set(re.findall(r"\{[^}]*\}", text))


def test_every_word_stands_in_every_language() -> None:
    words = json.loads((WEB / "texts.json").read_text(encoding="utf-8"))
    phrases = json.loads((WEB / "phrases.json").read_text(encoding="utf-8"))
    for row in [*words.values(), *phrases]:
        assert tuple(row) == LANGUAGES
        assert all(row.values())
        assert all(_fields(row[code]) <= _fields(row["en"]) for code in LANGUAGES), row["en"]
    assert len({row["en"] for row in phrases}) == len(phrases)


def test_every_word_that_the_page_uses_is_known() -> None:
    words = json.loads((WEB / "texts.json").read_text(encoding="utf-8"))
    page = (WEB / "index.html").read_text(encoding="utf-8")
    used = set(re.findall(r'data-(?:t|title|label|placeholder)="([^"]+)"', page))
    for path in WEB.glob("*.js"):
        used |= set(re.findall(r'\bt\("([\w.]+)"', path.read_text(encoding="utf-8")))
    assert used - set(words) == set()


def test_names_of_the_data_are_known_in_every_language(case: Case) -> None:
    words = json.loads((WEB / "texts.json").read_text(encoding="utf-8"))
    data = case.dataset
    wanted = {f"c.{row.id}" for row in data.corridors} | {f"p.{row.id}" for row in data.passages}
    wanted |= {f"s.{name}" for name in bundled_names()}
    assert wanted - set(words) - {"c.free"} == set()


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_names_of_places_are_in_the_script_of_their_language(code: str) -> None:
    names = json.loads((WEB / "names" / f"{code}.json").read_text(encoding="utf-8"))
    assert {"Moscow", "Mumbai", "Tehran", "Shanghai", "Astara port"} & set(names) >= {"Moscow"}
    script = {"ru": "CYRILLIC", "fa": "ARABIC", "hi": "DEVANAGARI", "fr": "LATIN"}[code]
    for name, own in names.items():
        letters = [unicodedata.name(letter, "") for letter in own if letter.isalpha()]
        share = sum(script in letter for letter in letters) / len(letters)
        assert share > 0.6, (name, own)
