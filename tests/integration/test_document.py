"""The HTML document by the command line, over a made-up case."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from fakes import world
from landbridge.cli import main


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    world.install(monkeypatch)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.mark.parametrize("command", ["compare", "plan"])
def test_both_commands_write_a_document(run: Any, command: str) -> None:
    status, out, err = run(command, "Mumbai", "Moscow", "--format", "html")
    assert (status, err) == (0, "")
    assert out.startswith("<!DOCTYPE html>")
    assert out.endswith("</html>\n")
    assert "Mumbai" in out


def test_the_document_goes_to_a_file_whole(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "answer.html"
    status, out, err = run("compare", "Mumbai", "Moscow", "--format", "html", "-o", str(target))
    assert (status, out, err) == (0, "", "")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == ["answer.html"]


def test_nothing_is_written_where_the_question_is_wrong(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "answer.html"
    status, out, err = run("compare", "Mumbay", "Moscow", "--format", "html", "-o", str(target))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert not target.exists()


def test_a_stdout_that_can_write_ascii_only_gets_references(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    status = main(("compare", "Mumbai", "Moscow", "--format", "html"))
    sys.stdout.flush()
    assert status == 0
    text = raw.getvalue().decode("ascii")
    assert "&#8594;" in text  # the arrow
    assert "\\u" not in text
