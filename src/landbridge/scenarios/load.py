"""Read scenarios: bundled ones by name, a user's own from a file, each fault with its line.

The bundled ones are JSON, so that they need nothing beyond the base install; YAML needs PyYAML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from landbridge.errors import ScenarioError
from landbridge.scenarios.case import Case
from landbridge.scenarios.checks import near
from landbridge.scenarios.files import Entry, read_entries
from landbridge.scenarios.parse import change_of
from landbridge.scenarios.scenario import Scenario, apply_all

BUNDLED = Path(__file__).with_name("bundled")
SUFFIXES = (".yaml", ".yml", ".json")
HEAD_FIELDS = ("scenario", "title", "sources", "note", "changes")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def bundled_names() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the package, sorted."""
    return tuple(sorted(path.stem for path in BUNDLED.glob("*.json")))


def bundled(name: str) -> Scenario:
    """Return a scenario that comes with the package.

    Raises
    ------
    ScenarioError
        If there is none of that name.
    """
    names = bundled_names()
    if name not in names:
        raise ScenarioError(
            f"no scenario '{name}'",
            where="--scenario",
            hint=near(name, names).lstrip("; ") or f"one of {', '.join(names)}",
        )
    return load(BUNDLED / f"{name}.json", origin="")


def find(name: str) -> Scenario:
    """Return the scenario that a name or a file name means.

    Raises
    ------
    ScenarioError
        If there is neither a bundled scenario nor a file of that name, or the file has faults.
    """
    is_file_name = name.lower().endswith(SUFFIXES) or "/" in name or "\\" in name
    if not is_file_name:
        return bundled(name)
    path = None if "\0" in name or not name.strip() else Path(name)
    if path is None or not path.is_file():
        raise ScenarioError(f"no file '{name}'", where="--scenario")
    return load(path)


def load(path: Path, *, origin: str | None = None) -> Scenario:
    """Return the scenario of a file.

    Raises
    ------
    ScenarioError
        If the file cannot be read or has faults; `problems` lists all of them as `file:line: what`.
    """
    where = str(path) if origin is None else origin
    head, entries, problems = read_entries(path)
    changes = []
    for entry in entries:
        change, faults = change_of(entry)
        problems += faults
        if change is not None:
            changes.append(change)
    problems += _head_faults(head)
    name = head.values.get("scenario", path.stem)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        problems.append((head.line_of("scenario"), f"'{name}' is no name: a-z, 0-9, - and _"))
    if not entries and not problems:
        problems.append((head.line_of("changes"), "no changes"))
    if problems:
        told = tuple(f"{path}:{line}: {what}" for line, what in sorted(problems))
        noun = "problem" if len(told) == 1 else "problems"
        raise ScenarioError(
            f"{len(told)} {noun}, nothing is applied", where=str(path), problems=told
        )
    sources = head.values.get("sources") or []
    return Scenario(
        name=str(name),
        title=str(head.values.get("title") or name),
        changes=tuple(changes),
        sources=tuple(str(source) for source in sources),
        note=str(head.values.get("note") or ""),
        origin=where,
    )


def applied_to(case: Case, names: Sequence[str | Scenario], *, allow_files: bool = True) -> Case:
    """Return the case with scenarios applied in order; names of files only where allowed."""
    scenarios = [
        name if isinstance(name, Scenario) else find(name) if allow_files else bundled(name)
        for name in names
    ]
    return apply_all(scenarios, case)


def _head_faults(head: Entry) -> list[tuple[int, str]]:
    faults = [
        (head.line_of(field), f"no such field '{field}'{near(field, HEAD_FIELDS)}")
        for field in head.values
        if field not in HEAD_FIELDS
    ]
    faults += [
        (head.line_of(field), f"{field} is no text")
        for field in ("title", "note")
        if field in head.values and not isinstance(head.values[field], str)
    ]
    sources = head.values.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(one, str) for one in sources):
        faults.append((head.line_of("sources"), "sources is not a list of texts"))
    return faults
