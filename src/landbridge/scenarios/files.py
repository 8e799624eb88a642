"""Files of scenarios, in YAML or JSON, as entries with lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landbridge.errors import ScenarioError
from landbridge.written import WrittenError, key_at, line_at, read_json, yaml_fault

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
    try:
        content, doubles = read_json(text)
    except WrittenError as fault:
        raise _refused(path, fault.line, fault.what) from None
    if not isinstance(content, dict):
        raise _refused(path, 1, "not an object with 'scenario' and 'changes'")
    problems = [(1, f"'{name}' stands twice in one object") for name in doubles]
    head = Entry(
        values=content,
        line=1,
        lines={name: line_at(text, key_at(text, name, 0)) for name in content},
    )
    changes = content.get("changes", [])
    if not isinstance(changes, list):
        return head, [], [*problems, (head.line_of("changes"), "changes is not a list")]
    entries: list[Entry] = []
    decoder = json.JSONDecoder()
    at = text.find("[", key_at(text, "changes", 0)) + 1
    for change in changes:
        at = _next_value(text, at)
        _, end = decoder.raw_decode(text, at)
        line = line_at(text, at)
        if isinstance(change, dict):
            lines = {name: line_at(text, key_at(text, name, at)) for name in change}
            entries.append(Entry(values=change, line=line, lines=lines))
        else:
            problems.append((line, "a change is an object with 'do'"))
        at = end
    return head, entries, problems


def _next_value(text: str, at: int) -> int:
    while text[at] in " \t\r\n,":
        at += 1
    return at


# ---- YAML ------------------------------------------------------------------------------------


def _from_yaml(text: str, path: Path) -> tuple[Entry, list[Entry], list[Problem]]:
    import yaml  # type: ignore[import-untyped,unused-ignore] # not needed by most questions

    try:
        root = yaml.compose(text, Loader=_loader(yaml))
        read = _loader(yaml)("").construct_document
        return _yaml_parts(root, read, path, yaml)
    except yaml.YAMLError as error:
        fault = yaml_fault(error)
        raise _refused(path, fault.line, fault.what) from None


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
