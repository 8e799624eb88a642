"""`landbridge serve` as a process: says where once it listens, and ends when it is told to."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
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
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
    assert list(tmp_path.iterdir()) == []


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
