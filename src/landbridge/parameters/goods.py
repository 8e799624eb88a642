"""Goods classes: what the model and the planner need to know of a kind of cargo."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from landbridge.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsClass:
    """One row of `goods_classes.csv`.

    `behaviour` is allow, warn, restrict or refuse (no itinerary is printed). `value_of_time` is
    the key of the `gc.*` rows. `measures` are ids of legal measures that may touch the class.
    """

    name: str
    parent: str
    title: str
    hs_hint: str
    measures: tuple[str, ...]
    behaviour: str
    reason: str
    value_of_time: str
    is_reefer: bool
    source_kind: str
    trust: str


@cache
def goods_classes() -> tuple[GoodsClass, ...]:
    """Return all classes, sorted by name."""
    path = Path(__file__).with_name("goods_classes.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [
            GoodsClass(
                name=row["goods_class"],
                parent=row["parent"],
                title=row["title"],
                hs_hint=row["hs_hint"],
                measures=tuple(item for item in row["measures"].split("|") if item),
                behaviour=row["behaviour"],
                reason=row["reason"],
                value_of_time=row["value_of_time"],
                is_reefer=row["is_reefer"] == "yes",
                source_kind=row["source_kind"],
                trust=row["trust"],
            )
            for row in csv.DictReader(lines)
        ]
    return tuple(sorted(rows, key=lambda row: row.name))


def goods_class(name: str) -> GoodsClass:
    """Return the class of this name.

    Raises
    ------
    ParameterError
        If there is none; the hint lists the names.
    """
    for row in goods_classes():
        if row.name == name:
            return row
    names = ", ".join(row.name for row in goods_classes())
    raise ParameterError(f"no goods class '{name}'", where="goods", hint=f"one of {names}")
