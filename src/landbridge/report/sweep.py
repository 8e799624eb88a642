"""Many pairs times many scenarios, resumable: finished cells are kept beside the output.

Cells are appended, some origins at a time, to `OUTPUT.cells`; a run that was killed takes them up
and computes nothing twice. The table is written when all cells are there, aside and renamed, so
that its bytes do not depend on how often a run was broken, nor on the number of threads.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from landbridge import __version__
from landbridge.domain.request import Request
from landbridge.errors import RequestError
from landbridge.planning.pairs import Found, Values, plan_pairs
from landbridge.report import ask
from landbridge.report.compare import nan_to_none
from landbridge.report.csvtable import rows_csv
from landbridge.report.matrix import check_parquet
from landbridge.report.pairs import Pair
from landbridge.report.whatif import WhatIf
from landbridge.scenarios.scenario import Scenario
from landbridge.units import great_circle_km

SCHEMA = "landbridge/sweep/1"
BASE = "base"
SUFFIX = ".cells"
FIGURES = ("lead_time_h", "cost_usd", "emissions_wtw_kgco2e", "distance_km")
"""Expected values of a cell: mean lead time, central cost and emissions, length."""
COLUMNS = (
    "origin", "destination", "scenario", "status", *FIGURES, *(f"added_{name}" for name in FIGURES),
)  # fmt: skip
SAME_PLACE_KM = 1.0
BAR_WIDTH = 30

Cells = dict[tuple[int, int], Values]
"""Values by scenario (0 the base) and pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What is to be computed: pairs, scenarios each by itself on the base, and the question."""

    pairs: tuple[Pair, ...]
    scenarios: tuple[Scenario, ...]
    request: Request
    what_if: WhatIf

    @property
    def names(self) -> tuple[str, ...]:
        """`base`, then the scenarios."""
        return (BASE, *(scenario.name for scenario in self.scenarios))

    @property
    def digest(self) -> str:
        """Hash over everything the cells depend on."""
        content = [
            __version__,
            self.what_if.base.case.digest,
            [scenario.digest for scenario in self.scenarios],
            [(pair.start.to_dict(), pair.end.to_dict()) for pair in self.pairs],
            replace(
                self.request, origin=self.pairs[0].start, destination=self.pairs[0].end
            ).to_dict(),
        ]
        text = json.dumps(content, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def make_sweep(
    what_if: WhatIf,
    pairs: Sequence[Pair],
    scenarios: Sequence[Scenario],
    **asked: Any,  # noqa: ANN401 - cargo and limits, as `ask.make_request` takes them
) -> Sweep:
    """Return the sweep, checked: scenarios fit the case and have names of their own.

    Raises
    ------
    RequestError
        If two scenarios have one name, or the question is malformed.
    ScenarioError
        If a scenario does not fit the case.
    """
    names = [BASE, *(scenario.name for scenario in scenarios)]
    for name in names:
        if names.count(name) > 1:
            raise RequestError(f"two scenarios are called '{name}'", where="--scenario")
    for scenario in scenarios:
        what_if.planner((scenario,))
    first = next((p for p in pairs if not _is_same(p)), None)
    if first is None:
        raise RequestError("every pair is one and the same place", where="PAIRS.csv")
    base = what_if.base
    request = ask.make_request(base.case, base, first.start, first.end, via=(), **asked)
    return Sweep(pairs=tuple(pairs), scenarios=tuple(scenarios), request=request, what_if=what_if)


def run(
    sweep: Sweep,
    store: Store,
    *,
    n_threads: int = 1,
    progress: Callable[[str], None] | None = None,
    counted: Callable[[int, int], None] | None = None,
) -> Cells:
    """Return all cells: those kept, and those computed now, which are kept as they come."""
    cells = dict(store.cells)
    total = len(sweep.names) * len(sweep.pairs)
    for s, scenarios in enumerate(((), *((one,) for one in sweep.scenarios))):
        done = frozenset(k for kept, k in cells if kept == s)
        if len(done) == len(sweep.pairs):
            continue
        planner = sweep.what_if.planner(scenarios)
        pairs = [(pair.start, pair.end) for pair in sweep.pairs]
        for found in plan_pairs(planner, sweep.request, pairs, done=done, n_threads=n_threads):
            store.keep(s, found)
            cells.update({(s, k): values for k, values in found})
            if progress is not None:
                progress(_bar(len(cells), total))
            if counted is not None:
                counted(len(cells), total)
    return cells


class Store:
    """The cells of one sweep in an append-only file; a line cut short by a kill is dropped.

    Raises
    ------
    RequestError
        If the file holds the cells of another sweep.
    """

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self.cells: Cells = {}
        end = 0
        if path.exists():
            end = self._read(path, digest)
        self._file: IO[bytes] = path.open("r+b" if path.exists() else "w+b")
        self._file.truncate(end)
        self._file.seek(end)
        if end == 0:
            self._write({"sweep": digest})

    def _read(self, path: Path, digest: str) -> int:
        """Take up what is kept; return where the last whole line ends."""
        end = 0
        for line in path.read_bytes().splitlines(keepends=True):
            row = _parsed(line)
            if row is None:
                break
            if end == 0 and row.get("sweep") != digest:
                raise RequestError(
                    f"'{path}' holds the cells of another sweep",
                    where="-o",
                    hint="remove it, or name another file",
                )
            for k, values in row.get("cells", ()):
                whole = tuple(math.nan if value is None else value for value in values)
                self.cells[row["scenario"], k] = whole  # type: ignore[assignment]
            end += len(line)
        return end

    def keep(self, scenario: int, found: Found) -> None:
        """Append finished cells."""
        rows = [
            [k, [None if math.isnan(value) else value for value in values]] for k, values in found
        ]
        self._write({"scenario": scenario, "cells": rows})

    def close(self, *, is_done: bool) -> None:
        """Close the file; remove it if nothing is left to do."""
        self._file.close()
        if is_done:
            self.path.unlink(missing_ok=True)

    def _write(self, row: dict[str, Any]) -> None:
        body = json.dumps(row, separators=(",", ":"))
        check = hashlib.blake2b(body.encode(), digest_size=4).hexdigest()
        self._file.write(f"{check} {body}\n".encode())
        self._file.flush()
        os.fsync(self._file.fileno())


def _parsed(line: bytes) -> dict[str, Any] | None:
    """Return a line's content, None if it is not whole."""
    check, _, body = line.partition(b" ")
    body = body.removesuffix(b"\n")
    digest = hashlib.blake2b(body, digest_size=4).hexdigest()
    if not line.endswith(b"\n") or check.decode("ascii", "replace") != digest:
        return None
    content: dict[str, Any] = json.loads(body)
    return content


def rows(sweep: Sweep, cells: Cells) -> Iterator[dict[str, object]]:
    """Yield the rows of the table: pair by pair, the base first; `added_*` is over the base."""
    for k, pair in enumerate(sweep.pairs):
        base = cells[0, k]
        for s, name in enumerate(sweep.names):
            values = cells[s, k]
            added = tuple(value - old for value, old in zip(values, base, strict=True))
            status = "ok" if math.isfinite(values[0]) else "no way"
            yield {
                "origin": pair.origin,
                "destination": pair.destination,
                "scenario": name,
                "status": "same place" if _is_same(pair) else status,
                **dict(zip(FIGURES, values, strict=True)),
                **dict(zip(COLUMNS[-len(FIGURES) :], added, strict=True)),
            }


def to_dict(sweep: Sweep, cells: Cells) -> dict[str, Any]:
    """Return the `landbridge/sweep/1` object; figures are null where there is no way."""
    question = sweep.request.to_dict()
    for end in ("origin", "destination"):
        question.pop(end)
    return {
        "schema": SCHEMA,
        "provenance": sweep.what_if.base.provenance(sweep.request).to_dict(),
        "request": question,
        "rows": [{name: nan_to_none(value) for name, value in row.items()}
                 for row in rows(sweep, cells)],
    }  # fmt: skip


def to_csv(sweep: Sweep, cells: Cells) -> str:
    """Return the table as CSV, figures unrounded, empty where there is no way."""
    return rows_csv(rows(sweep, cells), COLUMNS)


def to_parquet(sweep: Sweep, cells: Cells) -> bytes:
    """Return the bytes of the table as Parquet.

    Raises
    ------
    RequestError
        If pyarrow, which the extra `geo` brings, is not installed.
    """
    import io

    check_parquet()
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = list(rows(sweep, cells))
    data = io.BytesIO()
    pq.write_table(pa.table({name: [row[name] for row in table] for name in COLUMNS}), data)
    return data.getvalue()


def _is_same(pair: Pair) -> bool:
    a, b = pair.start, pair.end
    return a.id == b.id or great_circle_km(a.lon, a.lat, b.lon, b.lat) < SAME_PLACE_KM


def _bar(done: int, of: int) -> str:
    full = BAR_WIDTH * done // max(of, 1)
    return f"[{'#' * full}{'.' * (BAR_WIDTH - full)}] {done:,} of {of:,} cells"
