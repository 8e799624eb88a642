"""The REST service: the command line's answers, one form of error, and who is let in."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from landbridge.api.answers import Answers
from landbridge.api.app import create_app
from landbridge.api.examples import examples
from landbridge.api.kept import Kept
from landbridge.api.metrics import Metrics
from landbridge.api.problems import TooBusyError
from landbridge.api.schemas import PlanQuestion
from landbridge.api.settings import Settings
from landbridge.api.worker import Worker
from landbridge.report import ask
from landbridge.scenarios.case import Case

HERE = "http://127.0.0.1:8766"
JSON = {"content-type": "application/json"}
QUESTION = {"origin": "Mumbai", "destination": "Moscow", "corridors": ["instc-west"]}


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.load()


@pytest.fixture(scope="module")
def client(case: Case) -> Iterator[TestClient]:
    with TestClient(create_app(case=case), base_url=HERE) as client:
        yield client


def test_a_comparison_is_the_command_lines(client: TestClient, case: Case) -> None:
    answer = client.post("/v1/comparisons", json=QUESTION)
    assert answer.status_code == 200
    expected = ask.compare("Mumbai", "Moscow", corridors=["instc-west"], case=case).to_dict()
    assert answer.json() == json.loads(json.dumps(expected))


def test_a_plan_comes_in_every_form(client: TestClient) -> None:
    starts = {"json": "{", "geojson": "{", "csv": "corridor,", "html": "<!DOCTYPE html>"}
    for form, start in starts.items():
        answer = client.post(f"/v1/plans?format={form}", json=QUESTION)
        assert answer.status_code == 200
        assert answer.text.startswith(start)
    collection = client.post("/v1/plans?format=geojson", json=QUESTION).json()
    assert collection["type"] == "FeatureCollection"
    assert collection["features"]


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"origin": "Astara"}, "origin", "several places"),
        ({"origin": "Xqzzwv"}, "origin", "Xqzzwv"),
        ({"destination": "Mumbai"}, "destination", "same place"),
        ({"unit": "41ft"}, "unit", "'41ft' is none of 20ft, 40ft, 40hc, 45ft did you mean"),
        ({"vessel": "IMO 12"}, "vessel", "no IMO number"),
        ({"tonnes": -1}, "tonnes", "must be more than 0"),
        ({"depart": "yesterday"}, "depart", "'yesterday' is not a date write YYYY-MM-DD"),
        ({"depart": "1850-01-01"}, "depart", "1850"),
        ({"depart": 1719792000}, "depart", "YYYY-MM-DD"),
        ({"units": "2"}, "units", "must be a whole number"),
        ({"show_all": 1}, "show_all", "must be true or false"),
        ({"corridors": ["instc-wets"]}, "corridors", "instc-wets"),
        ({"goods": "military"}, "goods", "not planned"),
        ({"samples": 1_000_000}, "samples", "at most"),
        ({"dataset": "/etc"}, "dataset", "there is no such field"),
    ],
)
def test_wrong_questions_say_where(
    client: TestClient, change: dict[str, Any], where: str, says: str
) -> None:
    answer = client.post("/v1/comparisons", json={**QUESTION, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["where"] == where
    assert says in f"{body['detail']} {body['hint']}"


def test_a_body_that_is_not_told_to_be_json_says_so(client: TestClient) -> None:
    body = client.post("/v1/plans", content=b"{}", headers={"content-type": "text/plain"}).json()
    assert (body["where"], body["detail"]) == ("", "the body is no JSON object")
    assert "Content-Type: application/json" in body["hint"]
    body = client.post("/v1/plans", content=b'{"origin": x}', headers=JSON).json()
    assert body["where"] == ""
    assert body["detail"] == "the body is no JSON: expecting value at character 11"


def test_options_are_called_as_fields_are(client: TestClient) -> None:
    asked = {**QUESTION, "pareto": True, "alternatives": 2}
    body = client.post("/v1/plans", json=asked).json()
    assert (body["where"], "--" in body["hint"]) == ("alternatives", False)


def test_nearest_right_thing_is_named(client: TestClient) -> None:
    answer = client.post("/v1/comparisons", json={**QUESTION, "corridors": ["instc-wets"]})
    assert "instc-west" in answer.json()["hint"]


def test_errors_of_ours_are_told_and_counted(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Answers, "comparison", broken)
    with TestClient(create_app(case=case), base_url=HERE, raise_server_exceptions=False) as client:
        answer = client.post("/v1/comparisons", json=QUESTION)
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "secret" not in answer.text
        assert 'route="/v1/comparisons",status="500"} 1' in client.get("/metrics").text


def test_bodies_that_are_none_or_too_large(client: TestClient) -> None:
    parts = (b" " * 1000 for _ in range(100))  # of a length that is not told
    for body, status in ((b"{x", 422), (b"[]", 422), (b" " * 100_000, 413), (parts, 413)):
        answer = client.post("/v1/plans", content=body)
        assert answer.status_code == status
        assert answer.json()["status"] == status


def test_listings(client: TestClient) -> None:
    assert client.get("/v1/places", params={"q": "Мумбаи"}).json()["places"][0]["name"] == "Mumbai"
    ids = [row["id"] for row in client.get("/v1/corridors").json()["corridors"]]
    assert {"instc-west", "cape"} <= set(ids)
    assert "suez" in [row["id"] for row in client.get("/v1/passages").json()["passages"]]
    assert client.get("/v1/events", params={"on": "2024-01-01"}).json()["events"]
    source = client.get("/v1/evidence/BT108").json()
    assert source["parameters"]
    parameter = client.get(f"/v1/evidence/{source['parameters'][0]}").json()
    assert "BT108" in [row["id"] for row in parameter["sources"]]
    none = client.get("/v1/evidence/BT1O8")
    assert none.status_code == 404
    assert "BT108" in none.json()["hint"]
    assert client.get("/v1/events", params={"on": "1850-01-01"}).json()["where"] == "on"


def test_methods_of_a_path_are_named(client: TestClient) -> None:
    answer = client.put("/v1/validation")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


def test_headers_keep_the_page_to_itself(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert answer.json()["status"] == "ok"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers
    long = client.get("/v1/corridors", headers={"accept-encoding": "gzip"})
    assert long.headers["content-encoding"] == "gzip"


def test_other_names_of_this_machine_are_no_way_in(client: TestClient) -> None:
    assert client.get("/healthz", headers={"host": "attacker.example"}).status_code == 403
    assert client.get("/healthz", headers={"host": "localhost:1"}).status_code == 200


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://127.0.0.1:1"])
def test_pages_of_other_sites_begin_no_work(client: TestClient, origin: str) -> None:
    answer = client.post("/v1/validation", json={}, headers={"origin": origin})
    assert answer.status_code == 403
    assert client.post("/v1/plans", json=QUESTION, headers={"origin": HERE}).status_code == 200


def test_a_crowd_is_told_to_come_again(case: Case) -> None:
    with TestClient(create_app(Settings(most_at_once=0), case=case), base_url=HERE) as client:
        answer = client.get("/v1/corridors")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1


def test_a_body_that_never_comes_is_not_waited_for() -> None:
    async def asked() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(60)
            return {}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/v1/plans", "headers": headers,
                 "query_string": b"", "http_version": "1.1"}  # fmt: skip
        await create_app(Settings(longest_body_s=0.05))(scope, receive, send)
        return sent

    began = time.monotonic()
    assert asyncio.run(asked())[0]["status"] == 408
    assert time.monotonic() - began < 10


def test_methods_that_nobody_knows_are_counted_together(client: TestClient) -> None:
    for method in ("FOO", "BAR"):
        client.request(method, "/healthz")
    text = client.get("/metrics").text
    assert re.search(r'method="other",route="[^"]+",status="405"} 2', text)
    assert "FOO" not in text


def test_a_token_is_wanted_where_one_is_set(case: Case) -> None:
    app = create_app(Settings(token="s" * 20), case=case, is_remote=True)
    with TestClient(app, base_url="http://planner.example") as client:
        assert client.get("/healthz").status_code == 200
        for shown in ("", "Bearer " + "x" * 20, "Bearer " + "s" * 19, "Bearer " + "s" * 21,
                      "Basic " + "s" * 20, "s" * 20, "Bearer \xe9"):  # fmt: skip
            headers = {"authorization": shown.encode("latin-1")} if shown else {}
            for path in ("/v1/corridors", "/metrics", "/openapi.json", f"/v1/jobs/{'0' * 32}"):
                wrong = client.get(path, headers=headers)
                assert wrong.status_code == 401
                assert wrong.headers["www-authenticate"] == "Bearer"
                assert "s" * 20 not in wrong.text
        right = client.get("/v1/corridors", headers={"authorization": "Bearer " + "s" * 20})
        assert right.status_code == 200


def test_metrics_count_requests(client: TestClient) -> None:
    client.get("/v1/corridors")
    text = client.get("/metrics").text
    assert 'landbridge_requests_total{method="GET",route="/v1/corridors",status="200"}' in text
    assert "landbridge_waiting 0" in text


def test_any_process_tells_the_counts_of_all(tmp_path: Path) -> None:
    one, other = Metrics(lambda: 2), Metrics(lambda: 0)
    for metrics in (one, other):
        metrics.share(tmp_path)
        metrics.add("GET", "/v1/places", 200, 0.02)
    one.write()
    (tmp_path / f"{os.getpid()}.json").rename(tmp_path / "1.json")  # of a process of its own
    text = other.text()
    assert 'landbridge_requests_total{method="GET",route="/v1/places",status="200"} 2' in text
    assert 'landbridge_request_seconds_sum{route="/v1/places"} 0.040000' in text
    assert "landbridge_waiting 2" in text
    (tmp_path / "2.json").write_text("{", encoding="utf-8")  # not whole: not told
    assert other.text() == text


@pytest.mark.parametrize("most", [1, 3])
def test_who_comes_when_the_queue_is_full_is_sent_away(most: int) -> None:
    worker, free = Worker(Settings(most_waiting=most)), threading.Event()

    async def ask_all() -> list[object]:
        tasks = [asyncio.create_task(worker.run(free.wait)) for _ in range(most + 2)]
        await asyncio.sleep(0.05)
        free.set()
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    answers = asyncio.run(ask_all())
    assert answers[:most] == [True] * most
    assert all(isinstance(answer, TooBusyError) for answer in answers[most:])
    worker.close()


def test_answers_are_kept_for_other_processes_too(tmp_path: Path) -> None:
    one, other, alone = Kept(2), Kept(2), Kept(2)
    one.share(tmp_path)
    other.share(tmp_path)
    for name in ("a", "b", "c"):
        one.put(name, name.encode())
        alone.put(name, name.encode())
    assert [alone.get(name) for name in "abc"] == [None, b"b", b"c"]
    assert [other.get(name) for name in "abc"] == [None, b"b", b"c"]
    assert len(list(tmp_path.iterdir())) == 2


def test_the_same_question_is_worked_out_once() -> None:
    worker, asked = Worker(Settings()), []

    def work() -> bytes:
        asked.append(1)
        return b"answer"

    async def ask_all() -> list[bytes]:
        return list(await asyncio.gather(*(worker.answered("key", work) for _ in range(5))))

    answers = asyncio.run(ask_all())
    assert {gzip.decompress(answer) for answer in answers} == {b"answer"}
    assert len(asked) == 1
    worker.close()


def test_answers_come_packed_to_whoever_takes_them_so(client: TestClient) -> None:
    plain = client.post("/v1/comparisons", json=QUESTION, headers={"accept-encoding": "identity"})
    packed = client.post("/v1/comparisons", json=QUESTION, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert packed.json() == plain.json()


def test_whoever_would_wait_too_long_is_sent_away() -> None:
    worker = Worker(Settings(most_wait_s=0.5))

    async def ask_all(seconds: float) -> list[object]:
        tasks = [asyncio.create_task(worker.run(lambda: time.sleep(seconds))) for _ in range(8)]
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    assert asyncio.run(ask_all(0.01)) == [None] * 8  # nothing is known yet, then they are quick
    worker._took_s.extend([0.2] * 9)
    answers = asyncio.run(ask_all(0.01))
    assert answers[:3] == [None] * 3
    assert all(isinstance(answer, TooBusyError) for answer in answers[3:])
    assert asyncio.run(ask_all(0.01))[:3] == [None] * 3
    for _ in range(3):
        asyncio.run(ask_all(0.0))
    assert asyncio.run(ask_all(0.0)) == [None] * 8  # quick again
    worker.close()


def test_busy_servers_say_when_to_come_again(case: Case) -> None:
    with TestClient(create_app(Settings(most_waiting=0), case=case), base_url=HERE) as client:
        answer = client.post("/v1/comparisons", json=QUESTION)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1


def test_planners_of_scenarios_share_the_plain_one(case: Case) -> None:
    answers = Answers(Settings(), case)
    plain = answers.planner()
    one, two = answers.planner(["rasht-astara-open"]), answers.planner(["suez-blocked-2021"])
    assert one.geography is not plain.geography
    assert one._twin is plain or two._twin is plain
    assert answers.planner(["rasht-astara-open"]) is one
    asked = PlanQuestion(**QUESTION, scenarios=["rasht-astara-open"])
    alone = ask.plan("Mumbai", "Moscow", corridors=["instc-west"], scenarios=asked.scenarios,
                     case=case)  # fmt: skip
    found = json.loads(answers.plan(asked, "json"))
    assert found["itineraries"] == json.loads(json.dumps(alone.to_dict()["itineraries"]))


def _is_like(example: Any, real: Any) -> bool:
    """Whether an example has no key, and no type, that the real thing has not."""
    if isinstance(example, dict):
        return isinstance(real, dict) and all(
            key in real and _is_like(value, real[key]) for key, value in example.items()
        )
    if isinstance(example, list):
        return isinstance(real, list) and all(map(_is_like, example[:1], real[:1]))
    numbers = (int, float)
    return example is None or real is None or isinstance(real, (type(example), *(
        numbers if isinstance(example, numbers) else ())))  # fmt: skip


def test_examples_of_answers_are_like_answers(client: TestClient) -> None:
    matrix = {"origins": ["Mumbai", "INNSA"], "destinations": ["Moscow", "Kazan"]}
    asked = {
        "comparisons": ("/v1/comparisons", QUESTION), "plans": ("/v1/plans", QUESTION),
        "matrices": ("/v1/matrices", matrix), "places": ("/v1/places?q=Mumbai", None),
        "evidence": ("/v1/evidence/BT108", None), "many": ("/v1/evidence?id=BT108", None),
        "healthz": ("/healthz", None),
    }  # fmt: skip
    for name, example in examples().items():
        path, question = asked.get(name, (f"/v1/{name}", None))
        found = client.get(path) if question is None else client.post(path, json=question)
        assert found.status_code == 200
        assert _is_like(example, found.json()), name


def test_the_openapi_document_has_examples(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                assert parameter["schema"].get("examples") or parameter.get("examples"), parameter
            if "requestBody" in operation:
                assert operation["requestBody"]["content"]["application/json"]["examples"]
    assert {"/v1/comparisons", "/v1/plans", "/v1/places", "/healthz"} <= set(document["paths"])
    body = document["paths"]["/v1/comparisons"]["post"]["requestBody"]["content"]
    assert body["application/json"]["examples"]
