"""Files of scenarios as entries with lines: JSON, or YAML where PyYAML is installed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landbridge.errors import ScenarioError

HINT_YAML = "write it as JSON, or pip install 'landbridge[yaml]'"
Problem = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Fields as they stand in a file, with the lines on which they begin."""

    values: Mapping[str, Any]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, name: str) -> int:
        """Return the line of a field, that of the entry where the field is not there."""
        return self.lines.get(name, self.line)


def read_entries(path: Path) -> tuple[Entry, list[Entry], list[Problem]]:
    """Return the head of a file of a scenario, its changes, and what is wrong with its form.

    Raises
    ------
    ScenarioError
        If the file cannot be read at all.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a text in UTF-8"
        raise ScenarioError(f"cannot read it: {why}", where=str(path)) from None
    return _from_json(text, path) if path.suffix.lower() == ".json" else _from_yaml(text, path)


def _refused(path: Path, line: int, what: str) -> ScenarioError:
    return ScenarioError(
        "1 problem, nothing is applied", where=str(path), problems=(f"{path}:{line}: {what}",)
    )


# ---- JSON ------------------------------------------------------------------------------------


def _from_json(text: str, path: Path) -> tuple[Entry, list[Entry], list[Problem]]:
    doubles: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        doubles.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(pairs)

    try:
        content = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise _refused(path, error.lineno, f"not JSON: {error.msg}") from None
    if not isinstance(content, dict):
        raise _refused(path, 1, "not an object with 'scenario' and 'changes'")
    problems = [(1, f"'{name}' stands twice in one object") for name in doubles]
    head = Entry(
        values=content,
        line=1,
        lines={name: _line(text, _key_at(text, name, 0)) for name in content},
    )
    changes = content.get("changes", [])
    if not isinstance(changes, list):
        return head, [], [*problems, (head.line_of("changes"), "changes is not a list")]
    entries: list[Entry] = []
    decoder = json.JSONDecoder()
    at = text.find("[", _key_at(text, "changes", 0)) + 1
    for change in changes:
        at = _next_value(text, at)
        _, end = decoder.raw_decode(text, at)
        line = _line(text, at)
        if isinstance(change, dict):
            lines = {name: _line(text, _key_at(text, name, at)) for name in change}
            entries.append(Entry(values=change, line=line, lines=lines))
        else:
            problems.append((line, "a change is an object with 'do'"))
        at = end
    return head, entries, problems


def _key_at(text: str, name: str, start: int) -> int:
    """Return where a name stands as a key, at or behind `start`; `start` if it is not found."""
    for written in (json.dumps(name, ensure_ascii=False), json.dumps(name)):
        found = re.compile(re.escape(written) + r"\s*:").search(text, start)
        if found:
            return found.start()
    return start


def _next_value(text: str, at: int) -> int:
    while text[at] in " \t\r\n,":
        at += 1
    return at


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


# ---- YAML ------------------------------------------------------------------------------------


def _from_yaml(text: str, path: Path) -> tuple[Entry, list[Entry], list[Problem]]:
    try:
        import yaml  # type: ignore[import-untyped,unused-ignore]
    except ModuleNotFoundError:
        raise ScenarioError("reading YAML needs PyYAML", where=str(path), hint=HINT_YAML) from None
    try:
        root = yaml.compose(text, Loader=_loader(yaml))
        read = _loader(yaml)("").construct_document
        return _yaml_parts(root, read, path, yaml)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        what = getattr(error, "problem", None) or "cannot be read"
        raise _refused(path, line, f"not YAML: {what}") from None


def _loader(yaml: Any) -> Any:  # noqa: ANN401 - PyYAML has no types
    """Return a loader to which a date is a text, as it is in JSON."""

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        yaml_implicit_resolvers = {  # noqa: RUF012
            first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
            for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader


def _yaml_parts(
    root: Any, read: Any, path: Path, yaml: Any  # noqa: ANN401
) -> tuple[Entry, list[Entry], list[Problem]]:  # fmt: skip
    if not isinstance(root, yaml.MappingNode):
        raise _refused(path, 1, "not a mapping with 'scenario' and 'changes'")
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    entries: list[Entry] = []
    for key, node in root.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in values:
            problems.append((line, f"'{name}' stands twice"))
        lines[name] = line
        values[name] = None if name == "changes" else read(node)
        if name != "changes":
            continue
        if not isinstance(node, yaml.SequenceNode):
            problems.append((line, "changes is not a list"))
            continue
        for item in node.value:
            at = item.start_mark.line + 1
            if isinstance(item, yaml.MappingNode):
                own = {str(k.value): k.start_mark.line + 1 for k, _ in item.value}
                if len(own) < len(item.value):
                    problems.append((at, "a field stands twice in one change"))
                entries.append(Entry(values=read(item), line=at, lines=own))
            else:
                problems.append((at, "a change is a mapping with 'do'"))
    return Entry(values=values, line=1, lines=lines), entries, problems
