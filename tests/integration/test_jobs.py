"""Long work as jobs: progress, cancelling, results, and several processes of one server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from landbridge.api.app import create_app
from landbridge.api.jobs import Jobs
from landbridge.api.journal import Journal
from landbridge.api.problems import NotFoundError, TooBusyError
from landbridge.api.schemas import FINAL, Job, MatrixQuestion, ValidationQuestion
from landbridge.api.settings import Settings
from landbridge.report.matrix import matrix
from landbridge.scenarios.case import Case

HERE = "http://127.0.0.1:8766"
PLACES = {"origins": ["Mumbai", "Delhi"], "destinations": ["Moscow", "Kazan", "Delhi"]}
LONG = ValidationQuestion()


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.load()


@pytest.fixture(scope="module")
def client(case: Case) -> Iterator[TestClient]:
    settings = Settings(most_short_cells=6, most_cells=40)
    with TestClient(create_app(settings, case=case), base_url=HERE) as client:
        yield client


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(Settings(most_jobs=2), tmp_path)
    yield jobs
    jobs.close()
    assert not jobs._own


def waited(jobs: Jobs, job: Job, states: frozenset[str] = FINAL, seconds: float = 60.0) -> Job:
    last_s = time.monotonic() + seconds
    while job.state not in states:
        assert time.monotonic() < last_s, job
        time.sleep(0.05)
        jobs.look()
        job = jobs.get(job.id)
    return job


def followed(client: TestClient, job: dict[str, Any], after: int = 0) -> list[dict[str, str]]:
    answer = client.get(job["events"], headers={"last-event-id": str(after)})
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block for block in answer.text.split("\n\n") if block.startswith("id: ")]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


def test_a_small_matrix_is_answered_at_once(client: TestClient, case: Case) -> None:
    answer = client.post("/v1/matrices", json=PLACES)
    assert answer.status_code == 200
    table = answer.json()
    expected = matrix(**PLACES, case=case)
    assert table["lead_time_h"][0] == expected.lead_time_h.tolist()[0]
    assert table["status"][1] == ["ok", "ok", "same place"]
    assert table["cost_usd"][1][2] is None
    assert table["origins"][0] == {"given": "Mumbai", **expected.origins[0].to_dict()}
    assert table["provenance"]["case"] == case.digest
    rows = client.post("/v1/matrices?format=csv", json=PLACES)
    assert rows.text == expected.to_csv()


def test_a_larger_one_is_a_job_with_the_same_answer(client: TestClient, case: Case) -> None:
    question = {"origins": ["Mumbai", "Delhi", "Pune"]}
    answer = client.post("/v1/matrices?format=csv", json=question)
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    early = client.get(f"/v1/jobs/{job['id']}/result")
    assert early.status_code == 409
    assert "events" in early.json()["hint"]
    told = followed(client, job)
    assert [event["id"] for event in told] == [str(n + 1) for n in range(len(told))]
    states = [event["event"] for event in told]
    assert states[:2] == ["waiting", "running"]
    assert states[-1] == "done"
    last = json.loads(told[-1]["data"])
    assert (last["done"], last["total"], last["step"]) == (3, 3, "origins")
    assert followed(client, job, after=2) == told[2:]
    result = client.get(last["result"])
    assert result.headers["content-type"].startswith("text/csv")
    assert result.text == matrix(question["origins"], case=case).to_csv()
    assert client.get(f"/v1/jobs/{job['id']}").json() == last
    assert client.delete(f"/v1/jobs/{job['id']}").json() == last
    assert client.get(f"/v1/jobs/{job['id']}").status_code == 404


def test_whoever_prefers_gets_a_job(client: TestClient) -> None:
    question = {"origin": "Mumbai", "destination": "Moscow", "corridors": ["instc-west"]}
    at_once = client.post("/v1/plans", json=question)
    answer = client.post("/v1/plans", json=question, headers={"prefer": "wait=1, respond-async"})
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "respond-async"
    last = json.loads(followed(client, answer.json())[-1]["data"])
    assert client.get(last["result"]).json() == at_once.json()


def test_what_is_wrong_with_a_job_is_said_as_elsewhere(client: TestClient) -> None:
    question = {"origins": ["Mumbai", "Xqzzwv", "Astara"]}
    job = client.post("/v1/matrices", json=question).json()
    last = json.loads(followed(client, job)[-1]["data"])
    assert last["state"] == "failed"
    found = client.get(f"/v1/jobs/{job['id']}/result")
    assert found.status_code == 422
    assert found.headers["content-type"] == "application/problem+json"
    assert found.json() == last["problem"]
    assert [text.split(":")[0] for text in found.json()["problems"]] == ["place 2", "place 3"]
    assert found.json()["where"] == "origins"


def test_sizes_have_limits(client: TestClient) -> None:
    answer = client.post("/v1/matrices", json={"origins": ["Mumbai"] * 7})
    assert answer.status_code == 422
    assert "49 pairs: at most 40" in answer.json()["detail"]
    pairs = [{"origin": "Mumbai", "destination": "Moscow"}] * 21
    answer = client.post("/v1/sweeps", json={"pairs": pairs, "scenarios": ["rasht-astara-open"]})
    assert answer.status_code == 422
    assert "42 cells: at most 40" in answer.json()["detail"]


def test_ids_of_no_job(client: TestClient) -> None:
    assert client.get(f"/v1/jobs/{'0' * 32}").status_code == 404
    assert client.get(f"/v1/jobs/{'0' * 32}/events").status_code == 404
    assert "for a while" in client.delete(f"/v1/jobs/{'0' * 32}").json()["hint"]
    for id_ in ("..", "0" * 31, "turn-0", "%2e%2e%2f"):
        assert client.get(f"/v1/jobs/{id_}").status_code in (404, 422)


def test_the_recorded_table_names_its_case(client: TestClient) -> None:
    table = client.get("/v1/validation").json()
    assert {"INSTC west", "Cape"} <= set(table["times"]["by_group"])
    assert "observed" in table["times"]["by_evidence"]
    assert table["distances"]["summary"]["sea"]["rows"] > 20
    health = client.get("/healthz").json()
    assert table["is_current"] == (table["case"] == health["case"])


async def _all_of(stream: AsyncIterator[str]) -> list[str]:
    return [text async for text in stream]


def test_a_cancelled_job_really_stops(jobs: Jobs) -> None:
    job = jobs.start("validation", "json", LONG)
    waited(jobs, job, frozenset({"running"}))
    process = jobs._own[job.id].process

    async def cancelled() -> tuple[Job, list[str]]:
        watching = asyncio.create_task(jobs.watch())
        following = asyncio.create_task(_all_of(jobs.follow(job.id, 0)))
        found = await jobs.cancel(job.id)
        told = await following
        watching.cancel()
        return found, told

    found, told = asyncio.run(cancelled())
    assert "event: cancelled" in told[-1]
    with pytest.raises(NotFoundError):
        jobs.get(job.id)
    assert found.state == "cancelled"
    assert found.problem is not None
    assert found.problem.status == 410
    assert process.returncode is not None
    assert not jobs.result(job.id).exists()


def test_a_second_process_sees_and_cancels_the_jobs_of_the_first(
    jobs: Jobs, tmp_path: Path
) -> None:
    other = Jobs(Settings(most_jobs=2), tmp_path)
    job = jobs.start("validation", "json", LONG)
    assert other.get(job.id).state in ("waiting", "running")
    waited(jobs, job, frozenset({"running"}))
    later = other.start("validation", "json", LONG)
    time.sleep(0.5)
    assert other.get(later.id).state == "waiting"  # one runs at a time
    with pytest.raises(TooBusyError, match="2 jobs"):
        jobs.start("validation", "json", LONG)
    Journal(tmp_path / job.id).cancel()  # as `other` does
    assert waited(jobs, job).state == "cancelled"
    waited(other, later, frozenset({"running"}))
    other.close()
    assert jobs.get(later.id).state == "cancelled"
    assert "ends" in str(jobs.get(later.id).problem)


def test_jobs_end_with_the_process_that_took_them_in(jobs: Jobs, tmp_path: Path) -> None:
    gone = Jobs(Settings(), tmp_path)
    job = gone.start("validation", "json", LONG)
    own = gone._own.pop(job.id)
    assert own.process.stdin is not None
    assert own.holds is not None
    own.process.stdin.close()  # what the end of a process closes
    own.holds.close()
    assert own.process.wait(timeout=20) == 1
    found = jobs.get(job.id)
    assert found.state == "failed"
    assert jobs.get(job.id) == found


def test_jobs_that_take_too_long_are_stopped(tmp_path: Path) -> None:
    jobs = Jobs(Settings(longest_job_s=0.2), tmp_path)
    found = waited(jobs, jobs.start("validation", "json", LONG))
    assert found.state == "failed"
    assert "longer than 0.2 s" in str(found.problem)


@pytest.mark.parametrize("kept", [{"job_kept_s": 0.0}, {"most_finished": 0}])
def test_results_are_kept_for_a_while_only(tmp_path: Path, kept: dict[str, Any]) -> None:
    jobs = Jobs(Settings(**kept), tmp_path)
    job = waited(jobs, jobs.start("matrix", "json", MatrixQuestion(origins=["Xqzzwv", "Mumbai"])))
    assert job.state == "failed"
    jobs.close()
    jobs.sweep()
    with pytest.raises(NotFoundError):
        jobs.get(job.id)
