from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src").rglob("*.py"))
LONGEST = 500
CATCH_ALLS = {"utils", "common", "core", "misc", "helpers"}
LEFT_OPEN = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_short_typed_and_finished(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert module.stem not in CATCH_ALLS
    assert module.parent.name not in CATCH_ALLS
    assert not LEFT_OPEN.search(text)
    assert not re.search(r"^\s*print\(", text, flags=re.MULTILINE)


def test_modules_are_found() -> None:
    assert len(MODULES) > 20


def test_no_clock_below_the_interfaces() -> None:
    clock = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(")
    guilty = [
        module
        for module in MODULES
        if module.parent.name not in ("api", "cli")
        and clock.search(module.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_no_lock_file_and_no_address_of_a_package_index() -> None:
    # the developers' machines must not show through
    assert not (ROOT / "uv.lock").exists()
    for name in ("pyproject.toml", "constraints.txt", "README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "index-url" not in text
        assert "file://" not in text


def test_the_readme_holds_the_two_commands_that_ci_runs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^python3 -m venv \.venv && .*$", text, flags=re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/landbridge compare Mumbai Moscow")
    assert commands[1].endswith(".venv/bin/pytest")
    assert subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=False).returncode == 0


def test_every_command_of_the_changelog_exists() -> None:
    from landbridge.cli.program import landbridge

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    spans = re.findall(r"`([^`]*)`", text)
    named = {word for span in spans for word in re.findall(r"^(?:landbridge )?([a-z]+)\b", span)}
    missing = set(landbridge.commands) - named
    assert not missing
    written = {w for span in spans for w in re.findall(r"^landbridge ([a-z]+)\b", span)}
    assert written <= set(landbridge.commands)
