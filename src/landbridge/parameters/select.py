"""Which parameters to list: by name, mode, country, key, quality, evidence or unit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import fields
from fnmatch import fnmatchcase

from landbridge.errors import RequestError
from landbridge.parameters.tree import Parameter, Parameters

_INNER = ("luck", "_hash")
_COLUMNS = tuple(field.name for field in fields(Parameter) if field.name not in _INNER)


def select(
    parameters: Parameters,
    *,
    pattern: str | None = None,
    mode: str | None = None,
    country: str | None = None,
    key: str | None = None,
    quality: str | None = None,
    evidence: str | None = None,
    unit: str | None = None,
) -> tuple[Parameter, ...]:
    """Return the rows that fit all that is asked, in order of name and key.

    Parameters
    ----------
    pattern
        A part of the name, or a pattern with `*` and `?`.
    mode
        The first part of the name: rail, road, sea, dwell, border, ...
    country
        Code of a country that the key names, alone, in a pair or before a place.

    Raises
    ------
    RequestError
        If something asked for stands in no row at all; the hint names the nearest.
    """
    rows = tuple(parameters)
    if pattern is not None:
        names = {row.name for row in rows}
        fits = {name for name in names if _fits(name, pattern)}
        if not fits:
            raise RequestError(
                f"no parameter for '{pattern}'", where="PATTERN", hint=_nearest(pattern, names)
            )
        rows = tuple(row for row in rows if row.name in fits)
    if mode is not None:
        _known(mode, {row.name.split(".")[0] for row in parameters}, "--mode")
        rows = tuple(row for row in rows if row.name.split(".")[0] == mode)
    if country is not None:
        code = country.upper()
        _known(code, {part for row in parameters for part in _parts(row.key)}, "--country")
        rows = tuple(row for row in rows if code in _parts(row.key))
    if key is not None:
        _known(key, {row.key for row in parameters}, "--key")
        rows = tuple(row for row in rows if row.key == key)
    if quality is not None:
        rows = tuple(row for row in rows if row.quality == quality)
    if evidence is not None:
        _known(evidence, {item for row in parameters for item in row.evidence}, "--source")
        rows = tuple(row for row in rows if evidence in row.evidence)
    if unit is not None:
        _known(unit, {row.unit for row in parameters}, "--unit")
        rows = tuple(row for row in rows if row.unit == unit)
    return rows


def as_row(row: Parameter) -> dict[str, object]:
    """Return the columns of a parameter by name."""
    return {name: getattr(row, name) for name in _COLUMNS}


def _fits(name: str, pattern: str) -> bool:
    if re.search(r"[*?\[]", pattern):
        return fnmatchcase(name, pattern)
    return pattern.lower() in name


def _parts(key: str) -> list[str]:
    return re.split(r"[:\-]", key)


def _known(asked: str, names: Iterable[str], where: str) -> None:
    known = set(names)
    if asked not in known:
        raise RequestError(f"no parameter for '{asked}'", where=where, hint=_nearest(asked, known))


def _nearest(asked: str, names: Iterable[str]) -> str:
    like = difflib.get_close_matches(asked[:64], sorted(names), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(like)}?" if like else ""
