"""A user's own parameters, laid over those that ship with the package.

The file has the shape of `defaults/*.yaml`: name, key, then the fields of a row, in YAML or JSON.
All problems are told at once, with file and line, and a file with a problem changes nothing.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landbridge.errors import OverlayError
from landbridge.parameters.tree import QUALITIES, Parameter, Parameters
from landbridge.written import WrittenError, key_at, line_at, read_json, yaml_fault

NUMBERS = ("low", "central", "high")
NEEDED = (*NUMBERS, "unit", "year", "quality", "evidence")
OPTIONAL = ("grade", "note")
GRADE_OF_QUALITY = {"published": "B", "estimated": "C", "assumed": "E"}
"""Grade of a row that names none."""
YEARS = range(1900, 2101)
NEW_KEY = re.compile(r"[A-Z]{2}(-[A-Z]{2})?|[A-Z]{2}:\w+|[BX][0-9A-Z-]+|\d{4}(-\d{2})?")
"""Keys that need not be there before: country, pair, place, crossing, year or month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One row of a file as it stands there, with the lines on which its parts begin."""

    name: str
    key: str
    fields: Mapping[str, Any] | None
    line: int
    lines: Mapping[str, int]


def read_overlay(path: Path, base: Parameters) -> tuple[Parameter, ...]:
    """Return the rows of a file of parameters.

    Parameters
    ----------
    base
        The parameters that they are to be laid over: names and units must be theirs.

    Raises
    ------
    OverlayError
        If anything in the file is wrong; `problems` lists all of it as `file:line: what`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a text in UTF-8"
        raise OverlayError(f"cannot read it: {why}", where=str(path)) from None
    entries: list[_Entry] = []
    problems: list[tuple[int, str]] = []
    read = _json_entries if path.suffix.lower() == ".json" else _yaml_entries
    for item in read(text, path):
        if isinstance(item, _Entry):
            entries.append(item)
        else:
            problems.append(item)
    if not entries and not problems:
        problems.append((1, "the file holds no parameter"))
    known_keys = {row.key for row in base}
    rows: list[Parameter] = []
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        faults = [*_faults(entry, base, known_keys)]
        if (entry.name, entry.key) in seen:
            faults.append((entry.line, "it is given twice"))
        seen.add((entry.name, entry.key))
        problems += [(line, f"{entry.name}[{entry.key}]: {fault}") for line, fault in faults]
        if not faults and entry.fields is not None:
            rows.append(_row(entry.name, entry.key, entry.fields))
    if problems:
        told = tuple(f"{path}:{line}: {what}" for line, what in sorted(problems))
        noun = "problem" if len(told) == 1 else "problems"
        raise OverlayError(f"{len(told)} {noun}, nothing is loaded", where=str(path), problems=told)
    return tuple(rows)


def _row(name: str, key: str, fields: Mapping[str, Any]) -> Parameter:
    low, central, high = (float(fields[column]) for column in NUMBERS)
    quality = str(fields["quality"])
    return Parameter(
        name=name,
        key=key,
        low=low,
        central=central,
        high=high,
        unit=str(fields["unit"]),
        year=fields["year"],
        evidence=tuple(str(item) for item in fields["evidence"]),
        quality=quality,
        grade=str(fields.get("grade") or GRADE_OF_QUALITY[quality]),
        note=str(fields.get("note") or ""),
    )


# ---- what can be wrong with a row ------------------------------------------------------------


def _faults(entry: _Entry, base: Parameters, known_keys: set[str]) -> Iterator[tuple[int, str]]:
    names = base.names
    known = entry.name in names
    if not known:
        like = difflib.get_close_matches(entry.name[:64], names, n=2, cutoff=0.5)
        yield entry.line, "no such name" + (f"; did you mean {' or '.join(like)}?" if like else "")
    elif entry.key not in known_keys and not NEW_KEY.fullmatch(entry.key):
        like = difflib.get_close_matches(entry.key[:64], base.keys(entry.name), n=2, cutoff=0.5)
        yield entry.line, "no such key" + (f"; did you mean {' or '.join(like)}?" if like else "")
    fields = entry.fields
    if fields is None:
        yield entry.line, f"needs the fields {', '.join(NEEDED)}"
        return
    for column in fields:
        if column not in (*NEEDED, *OPTIONAL):
            like = difflib.get_close_matches(str(column), (*NEEDED, *OPTIONAL), n=1, cutoff=0.5)
            hint = f"; did you mean {like[0]}?" if like else ""
            yield _line(entry, column), f"no such field '{column}'{hint}"
    for column in NEEDED:
        if column not in fields:
            yield entry.line, f"no {column}"
    yield from ((_line(entry, column), what) for column, what in _wrong_values(fields))
    unit = fields.get("unit")
    if known and isinstance(unit, str) and unit.strip():
        units = {row.unit for row in (base.exactly(entry.name, k) for k in base.keys(entry.name))
                 if row is not None}  # fmt: skip
        if unit not in units:
            yield (
                _line(entry, "unit"),
                f"unit '{unit}', where the model has {' or '.join(sorted(units))}",
            )


def _line(entry: _Entry, column: str) -> int:
    return entry.lines.get(column, entry.line)


def _wrong_values(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    is_number = {column: _is_number(fields[column]) for column in NUMBERS if column in fields}
    for column, good in is_number.items():
        if not good:
            yield column, f"{column} '{fields[column]}' is no number"
    if len(is_number) == len(NUMBERS) and all(is_number.values()):
        low, central, high = (fields[column] for column in NUMBERS)
        if not low <= central <= high:
            yield "low", f"low {low:g}, central {central:g}, high {high:g} are not in order"
    if "unit" in fields and not (isinstance(fields["unit"], str) and fields["unit"].strip()):
        yield "unit", "no unit"
    year = fields.get("year")
    is_year = isinstance(year, int) and not isinstance(year, bool) and year in YEARS
    if "year" in fields and not is_year:
        yield "year", f"'{year}' is no year"
    quality = fields.get("quality")
    if "quality" in fields and quality not in QUALITIES:
        yield "quality", f"quality '{quality}' is not one of {', '.join(QUALITIES)}"
    grade = fields.get("grade")
    if grade is not None and grade not in ("A", "B", "C", "D", "E"):
        yield "grade", f"grade '{grade}' is not one of A to E"
    evidence = fields.get("evidence")
    if "evidence" not in fields:
        return
    if not isinstance(evidence, list) or not all(
        isinstance(item, str) and item.strip() for item in evidence
    ):
        yield "evidence", "evidence is not a list of texts"
    elif not evidence and quality != "assumed":
        yield "evidence", "no evidence"
    elif not evidence and not str(fields.get("note") or "").strip():
        yield "evidence", "no evidence, and no note that says why it is assumed"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


# ---- reading ---------------------------------------------------------------------------------


def _refused(fault: WrittenError, path: Path) -> OverlayError:
    return OverlayError(
        "1 problem, nothing is loaded",
        where=str(path),
        problems=(f"{path}:{fault.line}: {fault.what}",),
    )


def _json_entries(text: str, path: Path) -> Iterator[_Entry | tuple[int, str]]:
    try:
        content, doubles = read_json(text)
    except WrittenError as fault:
        raise _refused(fault, path) from None
    for name in doubles:
        yield 1, f"'{name}' stands twice in one object"
    if not isinstance(content, dict):
        yield 1, "not an object of parameters by name"
        return
    for name, keys in content.items():
        at = key_at(text, name, 0)
        if not isinstance(keys, dict):
            yield line_at(text, at), f"{name}: not an object of rows by key"
            continue
        for key, fields in keys.items():
            start = key_at(text, key, at)
            is_row = isinstance(fields, dict)
            yield _Entry(
                name=name,
                key=key,
                fields=fields if is_row else None,
                line=line_at(text, start),
                lines={
                    column: line_at(text, key_at(text, column, start)) for column in fields
                } if is_row else {},
            )  # fmt: skip


def _yaml_entries(text: str, path: Path) -> Iterator[_Entry | tuple[int, str]]:
    import yaml  # type: ignore[import-untyped,unused-ignore] # not needed by most questions

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        read = yaml.SafeLoader("").construct_document
    except yaml.YAMLError as error:
        raise _refused(yaml_fault(error), path) from None
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        yield 1, "not a mapping of parameters by name"
        return
    for name_node, keys in root.value:
        if not isinstance(keys, yaml.MappingNode):
            yield name_node.start_mark.line + 1, f"{name_node.value}: not a mapping of rows by key"
            continue
        for key_node, fields in keys.value:
            is_row = isinstance(fields, yaml.MappingNode)
            yield _Entry(
                name=str(name_node.value),
                key=str(key_node.value),
                fields=read(fields) if is_row else None,
                line=key_node.start_mark.line + 1,
                lines={
                    str(column.value): column.start_mark.line + 1 for column, _ in fields.value
                } if is_row else {},
            )  # fmt: skip
