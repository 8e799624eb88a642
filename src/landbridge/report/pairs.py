"""Tables of pairs of places, as `scenario sweep` and `scenario critical` read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from landbridge.dataset.gazetteer import DOORS
from landbridge.domain.network import Place
from landbridge.errors import ListError, RequestError
from landbridge.scenarios.case import Case

MOST_PAIRS = 100_000
NEEDED = ("origin", "destination")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One row: two places as written and as found, and what the pair weighs."""

    origin: str
    destination: str
    start: Place
    end: Place
    weight: float = 1.0


def read_pairs(
    path: Path, case: Case, *, country_at: Callable[[float, float], str]
) -> tuple[Pair, ...]:
    """Return the pairs of a CSV file with columns `origin` and `destination`, and maybe `weight`.

    Other columns are not read; empty lines are skipped.

    Raises
    ------
    ListError
        If the file or any of its rows cannot be used; `problems` lists all of them with lines.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        raise ListError(f"cannot read it: {why}", where=path.name) from None
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip().lower() for cell in next(lines, [])]
    lacking = [name for name in NEEDED if name not in header]
    if lacking:
        raise ListError(
            f"no column {' and no column '.join(lacking)}",
            where=f"{path.name}, line 1",
            hint="the first line names the columns: origin,destination",
        )
    rows: list[tuple[str, str, str, str]] = []
    problems: list[str] = []
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            row = dict(zip(header, map(str.strip, cells), strict=False))
            ends = (row.get("origin", ""), row.get("destination", ""))
            rows.append((f"line {lines.line_num}", *ends, row.get("weight", "")))
    except csv.Error as error:
        problems.append(f"line {lines.line_num}: {error}")
    if not rows and not problems:
        problems.append("line 2: no row")
    return pairs_of(rows, case, country_at=country_at, where=path.name, problems=problems)


def pairs_of(
    rows: Sequence[tuple[str, str, str, str | float]],
    case: Case,
    *,
    country_at: Callable[[float, float], str],
    where: str,
    problems: Sequence[str] = (),
) -> tuple[Pair, ...]:
    """Return the pairs of rows of position (for messages), origin, destination and weight.

    Parameters
    ----------
    where
        What the rows stand in, for the message.
    problems
        What is wrong already.

    Raises
    ------
    ListError
        If anything is wrong; `problems` lists it all.
    """
    wrong = list(problems)
    known: dict[str, Place] = {}
    pairs: list[Pair] = []

    def place(query: str) -> Place:
        if query not in known:
            known[query] = case.gazetteer.resolve(
                query, where="", kinds=DOORS, country_at=country_at
            )
        return known[query]

    for position, origin, destination, weight in rows:
        try:
            pairs.append(
                Pair(
                    origin=origin,
                    destination=destination,
                    start=place(origin),
                    end=place(destination),
                    weight=_weight(weight),
                )
            )
        except RequestError as error:
            wrong.append(f"{position}: {error}")
    if len(pairs) > MOST_PAIRS:
        wrong.append(f"{len(pairs):,} rows: at most {MOST_PAIRS:,} are taken")
    if wrong:
        raise _too_many_wrong(wrong, where)
    return tuple(pairs)


def _weight(text: str | float) -> float:
    if text == "":
        return 1.0
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0.0 <= weight < float("inf"):
        raise RequestError(f"'{text}' is no weight: a number from 0 on")
    return weight


def _too_many_wrong(problems: Sequence[str], where: str) -> ListError:
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    return ListError(f"{count}, nothing was computed", where=where, problems=tuple(problems))
