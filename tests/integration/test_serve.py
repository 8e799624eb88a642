"""`landbridge serve` as a process: says where once it listens, and ends when it is told to."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

PROGRAM = (sys.executable, "-c", "import sys; from landbridge.cli import main; sys.exit(main())")
SERVE = (*PROGRAM, "serve", "--port")


@contextmanager
def serving(
    folder: Path, *options: str, token: str = ""
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Yield the address that the server says, and the server."""
    server = subprocess.Popen(
        [*SERVE, "0", *options],
        stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(folder), "LANDBRIDGE_TOKEN": token},
    )  # fmt: skip
    assert server.stderr is not None
    try:
        said = ""
        for line in server.stderr:
            said += line
            found = re.search(r"http://[^ ]+:[0-9]+", line)
            if found:
                yield found[0], server
                return
        pytest.fail(f"no server: {said}")
    finally:
        server.terminate()
        server.wait(timeout=30)
        server.stderr.close()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_answers_where_it_says_and_ends_leaving_nothing(workers: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", workers) as (address, server):
        assert httpx2.get(f"{address}/healthz", timeout=10).json()["status"] == "ok"
        assert list(tmp_path.iterdir())
        job = httpx2.post(f"{address}/v1/validation", json={}, timeout=10).headers["location"]
        seen = {httpx2.get(address + job, timeout=10).json()["state"] for _ in range(8)}
        assert seen <= {"waiting", "running"}  # whichever process is asked
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""
    assert list(tmp_path.iterdir()) == []


def test_ended_from_the_keyboard_it_ends_in_order(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, server):
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
    assert list(tmp_path.iterdir()) == []


def test_what_runs_is_finished_when_it_is_told_to_end(tmp_path: Path) -> None:
    places = ["Mumbai", "Delhi", "Moscow", "Kazan", "Tehran", "Baku", "Istanbul", "Almaty"]
    with serving(tmp_path) as (address, server), ThreadPoolExecutor() as pool:
        asked = pool.submit(
            httpx2.post, f"{address}/v1/matrices", json={"origins": places}, timeout=60
        )
        job = httpx2.post(f"{address}/v1/validation", json={}, timeout=10).json()
        last_s = time.monotonic() + 60
        while "landbridge_waiting 1" not in httpx2.get(f"{address}/metrics", timeout=60).text:
            assert time.monotonic() < last_s
        with httpx2.stream("GET", f"{address}{job['events']}", timeout=60) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 1000"
            server.send_signal(signal.SIGTERM)
            assert "event: cancelled" in list(lines)  # long work is not waited for
        assert asked.result().status_code == 200
        assert len(asked.result().json()["lead_time_h"]) == len(places)
        assert server.wait(timeout=20) == 0
    assert list(tmp_path.iterdir()) == []


def test_whoever_is_too_many_is_sent_away_and_nobody_hangs(tmp_path: Path) -> None:
    names = ["Delhi", "Pune", "Chennai", "Kolkata", "Jaipur", "Surat"]

    async def ask(client: httpx2.AsyncClient, number: int) -> httpx2.Response:
        question = {"origin": names[number % 6], "destination": "Moscow",
                    "corridors": ["instc-west"], "seed": number}  # fmt: skip
        return await client.post("/v1/comparisons", json=question)

    async def crowd(address: str) -> list[httpx2.Response]:
        limits = httpx2.Limits(max_connections=60)
        async with httpx2.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
            return await asyncio.gather(*(ask(client, number) for number in range(60)))

    with serving(tmp_path) as (address, _):
        answers = asyncio.run(crowd(address))
        assert httpx2.get(f"{address}/healthz", timeout=10).status_code == 200
    assert {answer.status_code for answer in answers} == {200, 503}
    assert all(int(a.headers["retry-after"]) >= 1 for a in answers if a.status_code == 503)
    assert sum(answer.status_code == 200 for answer in answers) >= 10


@pytest.mark.parametrize(
    ("options", "token", "where"),
    [
        (("--host", "0.0.0.0"), "", "--host"),  # noqa: S104 - refused
        (("--host", "0.0.0.0", "--allow-remote"), "", "LANDBRIDGE_TOKEN"),  # noqa: S104
        (("--host", "::", "--allow-remote"), "short", "LANDBRIDGE_TOKEN"),
        (("--host", "example.org", "--allow-remote"), "s" * 20, "--host"),
        (("--dataset", "/nowhere"), "", "--dataset"),
    ],
)
def test_it_is_refused_in_one_line(options: tuple[str, ...], token: str, where: str) -> None:
    answer = subprocess.run(
        [*SERVE, "0", *options], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "LANDBRIDGE_TOKEN": token},
    )  # fmt: skip
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1
    assert f"landbridge: {where}: " in answer.stderr


def test_a_token_lets_other_machines_in(tmp_path: Path) -> None:
    options = ("--host", "0.0.0.0", "--allow-remote")  # noqa: S104 - with a token
    with serving(tmp_path, *options, token="s" * 20) as (address, _):
        here = address.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        shown = {"authorization": "Bearer " + "s" * 20, "host": "planner.example"}
        assert httpx2.get(f"{here}/v1/corridors", timeout=10).status_code == 401
        assert httpx2.get(f"{here}/v1/corridors", headers=shown, timeout=10).status_code == 200


def test_a_taken_port_is_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = subprocess.run(
            [*SERVE, str(port)], capture_output=True, text=True, timeout=60, check=False
        )
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1
    assert f"127.0.0.1:{port}: Address already in use" in answer.stderr
