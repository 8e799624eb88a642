"""Many to many: lists of places in, a matrix of expected values out; as CSV, NPY or Parquet."""

from __future__ import annotations

import csv
import importlib.util
import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.dataset.gazetteer import DOORS
from landbridge.domain.itinerary import Itinerary, Provenance
from landbridge.domain.network import Place
from landbridge.domain.request import Request
from landbridge.errors import LandbridgeError, ListError, RequestError
from landbridge.parameters import Parameters
from landbridge.planning import matrix as many
from landbridge.planning.build import build_itinerary
from landbridge.planning.plan import Planner
from landbridge.planning.ways import FREE
from landbridge.report.ask import make_request
from landbridge.report.compare import nan_to_none
from landbridge.report.csvtable import LEG_COLUMNS, leg_row, rows_csv
from landbridge.scenarios.case import Case
from landbridge.units import FloatArray

SCHEMA = "landbridge/matrix/1"
NOTICE = "Not screened: law and war risk are judged of single itineraries, by plan and compare."
COLUMNS = ("lead_time_h", "cost_usd", "emissions_wtw_kgco2e", "distance_km")
"""Expected values of a pair; the units are in the names."""
MOST_PLACES = 20_000
"""Longer lists are refused."""
MOST_PAIRS = 10_000_000
"""Larger matrices are refused: they would not fit into the memory of a small computer."""
BAR_WIDTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Expected values of the best free way of every pair, each (n_origins, n_destinations).

    `lead_time_h` is the mean, `cost_usd` and `emissions_wtw_kgco2e` are central values of the
    whole consignment. NaN where there is no way, or where the two are one place. `origin_ids` and
    `destination_ids` are the names under which the places were given. `request` holds cargo, date
    and limits; its own two ends say nothing.
    """

    origin_ids: tuple[str, ...]
    destination_ids: tuple[str, ...]
    origins: tuple[Place, ...]
    destinations: tuple[Place, ...]
    lead_time_h: FloatArray
    cost_usd: FloatArray
    emissions_wtw_kgco2e: FloatArray
    distance_km: FloatArray
    is_same: npt.NDArray[np.bool_]
    request: Request
    provenance: Provenance
    found: many.Matrix = field(repr=False)

    def status(self, i: int, j: int) -> str:
        """Return `ok`, `no way` or `same place`."""
        if self.is_same[i, j]:
            return "same place"
        return "ok" if np.isfinite(self.lead_time_h[i, j]) else "no way"

    def to_dict(self) -> dict[str, Any]:
        """Return the `landbridge/matrix/1` object: a table per value, a row per origin."""
        question = self.request.to_dict()
        for end in ("origin", "destination"):
            question.pop(end)
        rows, columns = self.lead_time_h.shape
        return {
            "schema": SCHEMA,
            "notice": NOTICE,
            "provenance": self.provenance.to_dict(),
            "request": question,
            "origins": _named(self.origin_ids, self.origins),
            "destinations": _named(self.destination_ids, self.destinations),
            "status": [[self.status(i, j) for j in range(columns)] for i in range(rows)],
            **{
                name: [list(map(nan_to_none, row)) for row in getattr(self, name).tolist()]
                for name in COLUMNS
            },
        }

    def to_array(self) -> npt.NDArray[Any]:
        """Return one structured array, (n_origins, n_destinations), a field per value."""
        table = np.empty(self.lead_time_h.shape, [(name, "f8") for name in COLUMNS])
        for name in COLUMNS:
            table[name] = getattr(self, name)
        return table

    def rows(self) -> Iterator[tuple[str, str, str, tuple[float, ...]]]:
        """Yield origin, destination, status and values of every pair, in order."""
        columns = [getattr(self, name) for name in COLUMNS]
        for i, origin in enumerate(self.origin_ids):
            for j, destination in enumerate(self.destination_ids):
                values = tuple(float(column[i, j]) for column in columns)
                yield origin, destination, self.status(i, j), values

    def itinerary(self, i: int, j: int) -> Itinerary | None:
        """Return the whole itinerary of a pair, None if there is none.

        Raises
        ------
        ValueError
            If the matrix was not asked with legs.
        """
        if self.found.ways is None:
            raise ValueError("this matrix was asked without legs: pass with_legs=True")
        kept = self.found.ways.get((i, j))
        if kept is None:
            return None
        net, way = kept
        return build_itinerary(net, way, corridor=FREE, title="", with_shapes=False)

    def to_csv(self) -> str:
        """Return one line per pair, unrounded; values are empty where there is no way."""
        return rows_csv(
            (
                {"origin": origin, "destination": destination, "status": status}
                | dict(zip(COLUMNS, values, strict=True))
                for origin, destination, status, values in self.rows()
            ),
            ("origin", "destination", "status", *COLUMNS),
        )

    def legs_csv(self) -> str:
        """Return one line per leg of every pair; the matrix must have been asked with legs."""
        rows: list[dict[str, object]] = []
        for i, origin in enumerate(self.origin_ids):
            for j, destination in enumerate(self.destination_ids):
                found = self.itinerary(i, j)
                if found is None:
                    continue
                for number, leg in enumerate(found.legs, start=1):
                    ends: dict[str, object] = {"origin": origin, "destination": destination}
                    rows.append({**ends, **leg_row(found, number, leg)})
        return rows_csv(rows, ("origin", "destination", *LEG_COLUMNS))

    def to_npy(self) -> bytes:
        """Return the bytes of a `.npy` file; field names with units stand in its header."""
        data = io.BytesIO()
        np.save(data, self.to_array(), allow_pickle=False)
        return data.getvalue()

    def to_parquet(self) -> bytes:
        """Return the bytes of a Parquet file, one row per pair.

        Raises
        ------
        RequestError
            If pyarrow, which the extra `geo` brings, is not installed.
        """
        check_parquet()
        import pyarrow as pa
        import pyarrow.parquet as pq

        rows = list(self.rows())
        table = {
            "origin": [row[0] for row in rows],
            "destination": [row[1] for row in rows],
            "status": [row[2] for row in rows],
        }
        values = {name: getattr(self, name).reshape(-1) for name in COLUMNS}
        data = io.BytesIO()
        pq.write_table(pa.table({**table, **values}), data)
        return data.getvalue()


def check_parquet() -> None:
    """Raise RequestError if pyarrow is not installed."""
    if importlib.util.find_spec("pyarrow") is None:
        raise RequestError(
            "Parquet needs pyarrow, which is not installed",
            where="--format parquet",
            hint="pip install 'landbridge[geo]', or --format csv",
        )


def matrix(
    origins: Sequence[str | Place | Listed],
    destinations: Sequence[str | Place | Listed] | None = None,
    *,
    unit: str = "40ft",
    units: int = 1,
    tonnes: float | None = None,
    value_usd: float | None = None,
    goods: str = "general",
    depart: date | str | None = None,
    modes: Sequence[str] = (),
    via: Sequence[str | Place] = (),
    avoid: Sequence[str] = (),
    scope: str = "door",
    objective: str = "generalized",
    threads: int | None = None,
    with_legs: bool = False,
    progress: Callable[[str], None] | None = None,
    counted: Callable[[int, int], None] | None = None,
    dataset: Path | None = None,
    parameters: Path | Parameters | None = None,
    case: Case | None = None,
    planner: Planner | None = None,
) -> Matrix:
    """Return expected lead time, cost, CO2e and distance between many places.

    Each pair gets the best way that the search finds without a corridor rule: the values are those
    that `plan` expects of it. Parameters are those of `plan`, and these:

    Parameters
    ----------
    origins, destinations
        Places as `plan` takes them; without destinations, every origin to every other.
    threads
        Searches side by side; as many as this process may use if None. Changes no answer.
    with_legs
        Keep every pair's way too, for `Matrix.legs_csv`. Takes memory.
    progress
        Told in words what is being done.
    counted
        Told how many origins are done, and of how many.

    Raises
    ------
    ListError
        If places cannot be found; `problems` lists all of them.
    """
    planner = planner or Planner(case or Case.load(dataset, parameters=parameters))
    case = planner.case
    known: dict[str, Place] = {}
    starts, problems = _resolved(case, planner, origins, known)
    ends, others = starts, list[str]()
    if destinations is not None:
        ends, others = _resolved(case, planner, destinations, known)
    if problems or others:
        both = [*problems, *(f"destinations, {text}" if problems else text for text in others)]
        raise _too_many_wrong(both, "ORIGINS" if problems else "DESTINATIONS")
    if len(starts) * len(ends) > MOST_PAIRS:
        raise ListError(
            f"{len(starts) * len(ends):,} pairs: at most {MOST_PAIRS:,} are taken",
            where="ORIGINS",
            hint="ask for a part of the origins at a time",
        )
    # the question's own two ends say nothing here: the first place, and one that is not it
    elsewhere = replace(starts[0], id="", lat=-starts[0].lat or 1.0, lon=starts[0].lon / 2 + 90.0)
    request = make_request(
        case, planner, starts[0], elsewhere, unit=unit, units=units, tonnes=tonnes,
        value_usd=value_usd, goods=goods, depart=depart, modes=modes, via=via, avoid=avoid,
        scope=scope, objective=objective,
    )  # fmt: skip
    if progress is not None:
        progress(f"opening {len({*starts, *ends}):,} doors")

    told = ""

    def tell(done: int, of: int) -> None:
        nonlocal told
        bar = _bar(done, of)
        if progress is not None and bar != told:
            progress(f"{bar} {done:,} of {of:,} origins")
        told = bar
        if counted is not None:
            counted(done, of)

    found = many.plan_matrix(
        planner,
        request,
        starts,
        ends,
        n_threads=threads or _threads_allowed(),
        progress=tell,
        with_ways=with_legs,
    )
    return Matrix(
        origin_ids=_labels(origins),
        destination_ids=_labels(origins if destinations is None else destinations),
        origins=found.origins,
        destinations=found.destinations,
        lead_time_h=found.lead_time_h,
        cost_usd=found.cost_usd,
        emissions_wtw_kgco2e=found.emissions_wtw_kgco2e,
        distance_km=found.distance_km,
        is_same=found.is_same,
        request=request,
        provenance=planner.provenance(request),
        found=found,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of a user's list: how its place is looked up, the name it goes by, its line.

    `wrong` says why a row cannot be used; it is told with all else that is wrong.
    """

    query: str
    id: str
    line: int
    wrong: str = ""


def read_places(path: Path, *, where: str) -> tuple[Listed, ...]:
    """Return the rows of a CSV list of places.

    Columns are found by the header: `place` (as anywhere: a name, UN/LOCODE, id or `lat,lon`), or
    `lat` and `lon` in degrees; and `id`, if there is one, what the row goes by in the answer.
    Other columns are not read. Empty lines are skipped. Rows that cannot be used say so.

    Raises
    ------
    ListError
        If the file cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ListError("not text in UTF-8", where=f"{where} {path.name}") from None
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip().lower() for cell in next(lines, [])]
    has_point = "lat" in header and "lon" in header
    if "place" not in header and not has_point:
        raise ListError(
            "no column 'place', nor 'lat' and 'lon'",
            where=f"{where} {path.name}, line 1",
            hint="the first line names the columns",
        )
    rows: list[Listed] = []
    seen: dict[str, int] = {}
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            row = _listed(dict(zip(header, map(str.strip, cells), strict=False)), lines.line_num)
            if not row.wrong and row.id in seen:
                row = replace(row, wrong=f"'{row.id}' is on line {seen[row.id]}")
            seen.setdefault(row.id, row.line)
            rows.append(row)
    except csv.Error as error:
        rows.append(Listed(query="", id="", line=lines.line_num, wrong=str(error)))
    if not rows:
        raise _too_many_wrong(["line 2: no row"], f"{where} {path.name}")
    if len(rows) > MOST_PLACES:
        problem = f"{len(rows):,} rows: at most {MOST_PLACES:,} are taken"
        raise _too_many_wrong([problem], f"{where} {path.name}")
    return tuple(rows)


def _listed(row: dict[str, str], line: int) -> Listed:
    """Return one row, with what is wrong with it."""
    query, wrong = row.get("place", ""), ""
    if not query:
        lat, lon = row.get("lat", ""), row.get("lon", "")
        query, wrong = f"{lat},{lon}", _wrong_point(lat, lon)
        if wrong and "place" in row and not (lat and lon):
            wrong = "no place"
    return Listed(query=query, id=row.get("id", "") or query, line=line, wrong=wrong)


def _wrong_point(lat: str, lon: str) -> str:
    """Return what is wrong with a typed latitude and longitude, or ''."""
    if not lat or not lon:
        return "no lat or no lon"
    try:
        point = float(lat), float(lon)
    except ValueError:
        return f"'{lat}' and '{lon}' are no degrees"
    if not (-90.0 <= point[0] <= 90.0 and -180.0 <= point[1] <= 180.0):
        return f"{lat}, {lon} is no place on earth"
    return ""


def _resolved(
    case: Case,
    planner: Planner,
    places: Sequence[str | Place | Listed],
    known: dict[str, Place],
) -> tuple[list[Place], list[str]]:
    """Return the places, and what is wrong with all others."""
    found: list[Place] = []
    problems: list[str] = []
    for position, given in enumerate(places, start=1):
        if isinstance(given, Place):
            found.append(given)
            continue
        query = given.query if isinstance(given, Listed) else given
        at = f"line {given.line}" if isinstance(given, Listed) else f"place {position}"
        if isinstance(given, Listed) and given.wrong:
            problems.append(f"{at}: {given.wrong}")
            continue
        try:
            if query not in known:
                known[query] = case.gazetteer.resolve(
                    query, where="", kinds=DOORS, country_at=planner.geography.country_at
                )
            found.append(known[query])
        except RequestError as error:
            problems.append(f"{at}: {error}")
    if not places:
        problems.append("no places")
    return found, problems


def _too_many_wrong(problems: list[str], where: str) -> LandbridgeError:
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    return ListError(f"{count}, nothing was computed", where=where, problems=tuple(problems))


def _named(ids: Sequence[str], places: Sequence[Place]) -> list[dict[str, Any]]:
    return [{"given": id_, **place.to_dict()} for id_, place in zip(ids, places, strict=True)]


def _labels(places: Sequence[str | Place | Listed]) -> tuple[str, ...]:
    return tuple(place if isinstance(place, str) else place.id for place in places)


def _bar(done: int, of: int) -> str:
    full = BAR_WIDTH * done // max(of, 1)
    return f"[{'#' * full}{'.' * (BAR_WIDTH - full)}]"


def _threads_allowed() -> int:
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)
