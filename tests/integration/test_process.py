"""The program as a process, over the embedded dataset."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = (sys.executable, "-c", "import sys; from landbridge.cli import main; sys.exit(main())")
COMPARE = ("compare", "Mumbai", "Moscow")


def ran(
    *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=120,
        encoding="utf-8", stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})},
    )  # fmt: skip


def test_the_main_job_answers_offline() -> None:
    answer = ran(*COMPARE)
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    assert "Mumbai" in lines[0]
    assert "Moscow" in lines[0]
    assert "parameters" in answer.stdout
    assert max(map(len, lines)) <= 80


def test_the_same_question_gives_the_same_bytes() -> None:
    first, second = (ran(*COMPARE, "--format", "json").stdout for _ in range(2))
    assert first == second
    assert {option["corridor"] for option in json.loads(first)["options"]} >= {"free"}


def test_an_ascii_terminal_gets_ascii() -> None:
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert ran(*COMPARE, environment=environment).stdout.isascii()
    answer = ran(*COMPARE, "--format", "json", environment=environment)
    assert answer.stdout.isascii()
    assert json.loads(answer.stdout)["schema"] == "landbridge/comparison/1"


def test_a_file_is_written_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "map.geojson"
    answer = ran(*COMPARE, "--format", "geojson", "-o", str(target))
    assert (answer.returncode, answer.stdout) == (0, ""), answer.stderr
    assert json.loads(target.read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_is_followed_and_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "real.json", tmp_path / "link.json", tmp_path / "pipe"
    link.symlink_to(target)
    assert ran("sources", "--format", "json", "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))["figures"]
    os.mkfifo(pipe)
    with subprocess.Popen([*PROGRAM, "sources", "--format", "json", "-o", str(pipe)]) as process:
        text = pipe.read_text(encoding="utf-8")
    assert process.returncode == 0
    assert json.loads(text)["figures"]
    assert pipe.is_fifo()


def test_a_refusal_is_one_line_and_status_two(tmp_path: Path) -> None:
    for arguments in (
        ("compare", "Bandar Abbbas", "Moscow"),
        ("compare", "Astara", "Moscow"),
        (*COMPARE, "--via", "Qwxyzzy"),
        (*COMPARE, "-o", str(tmp_path / "no" / "x")),
    ):
        answer = ran(*arguments)
        assert (answer.returncode, answer.stdout) == (2, ""), arguments
        assert answer.stderr.count("\n") == 1, answer.stderr


def test_near_misses_name_the_right_place() -> None:
    assert "Bandar Abbas" in ran("compare", "Bandar Abbbas", "Moscow").stderr


def test_a_closed_pipe_is_quiet() -> None:
    with subprocess.Popen(
        [*PROGRAM, "parameters", "--format", "csv"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""


READY_PROGRAM = (
    sys.executable,
    "-c",
    "import sys; from landbridge.cli import main; print('ready', flush=True); sys.exit(main())",
)


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.parametrize("wait_s", [0.05, 0.3])
def test_ctrl_c_ends_with_130_and_leaves_no_file(tmp_path: Path, wait_s: float) -> None:
    """Whenever the signal comes, the file is whole or absent and no part is left."""
    target = tmp_path / "answer.json"
    with subprocess.Popen(
        [*READY_PROGRAM, *COMPARE, "--format", "json", "-o", str(target)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(wait_s)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode in {0, 130}, err
    assert b"Traceback" not in err
    left = [path.name for path in tmp_path.iterdir()]
    assert left == (["answer.json"] if process.returncode == 0 else [])
    if left:
        json.loads(target.read_text(encoding="utf-8"))
