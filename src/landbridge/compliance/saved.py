"""Journeys from files: saved plans and comparisons (JSON), and bare journeys (CSV)."""

from __future__ import annotations

import csv
import difflib
import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from landbridge.compliance.countries import checked_flag
from landbridge.compliance.journey import Journey, journey_through, stated_by
from landbridge.compliance.lists.entry import printable
from landbridge.compliance.rulebook import Rulebook, checked_codes
from landbridge.compliance.vessel import checked_vessel
from landbridge.domain.network import Mode, Place
from landbridge.errors import ListError, RequestError
from landbridge.parameters.goods import goods_classes

LARGEST_FILE = 200_000_000
MOST_ROWS = 1_000_000
MOST_TOLD = 100
"""So many faulty rows are told before a file is given up."""
SCHEMAS = {"landbridge/plan/1": "itineraries", "landbridge/comparison/1": "options"}
COLUMNS = ("id", "origin_country", "destination_country", "goods", "date")
"""Columns that a file of bare journeys must have."""
KEYS = ("vessel", "imo", "flag")
"""Keys of `attributes` beside those of the rulebook."""
GOODS_ALIASES = {"military": "arms", "weapons": "arms", "nuclear": "nuclear-missile"}
MODES = (*Mode, "air")
"""Modes of bare journeys: no plan goes by air, but measures name airports."""
COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedJourney:
    """A journey with the jurisdictions it was asked for, and what it was called and rated."""

    journey: Journey
    codes: tuple[str, ...]
    title: str = ""
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """All journeys of a file; `is_plan` where they come from a plan or comparison."""

    journeys: tuple[SavedJourney, ...]
    is_plan: bool


def read_saved(
    path: Path, rulebook: Rulebook, *, depart: date | None = None, codes: tuple[str, ...] = ()
) -> SavedFile:
    """Return the journeys of a file.

    Parameters
    ----------
    path
        A plan or comparison as `--format json` writes it, or a CSV with the columns `id`,
        `origin_country`, `destination_country`, `goods`, `date` and any of `via_countries`,
        `via_terminals`, `passages`, `modes`, `regions`, `attributes`, `jurisdiction`.
    depart
        The day to judge by, in place of the file's own.
    codes
        Jurisdictions to judge by, in place of the file's own.

    Raises
    ------
    RequestError
        If the file is missing or is neither, with the row and column of the fault.
    ListError
        If several rows of a table cannot be used; `problems` tells them.
    """
    if not path.is_file():
        raise RequestError(f"no file '{path}'", where="FILE")
    if path.stat().st_size > LARGEST_FILE:
        raise RequestError(f"'{path}' is larger than {LARGEST_FILE:,} bytes", where="FILE")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RequestError(f"'{path}' is no text in UTF-8", where="FILE") from None
    if text.lstrip()[:1] in {"{", "["}:
        return _plan(path, text, depart, codes)
    return _table(path, text, rulebook, depart, codes)


# ---- plans -----------------------------------------------------------------------------------


def _plan(path: Path, text: str, depart: date | None, codes: tuple[str, ...]) -> SavedFile:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"no valid JSON: {error}", where=str(path)) from None
    schema = str(answer.get("schema", ""))[:64] if isinstance(answer, dict) else ""
    if schema not in SCHEMAS:
        raise RequestError(
            f"schema '{schema}' is no saved plan", where=str(path),
            hint="one of " + ", ".join(SCHEMAS),
        )  # fmt: skip
    request = _part(answer, "request", dict, path)
    asked = request.get("jurisdictions", [])
    own = tuple(str(code) for code in asked) if isinstance(asked, list) else ()
    found = []
    for number, option in enumerate(_part(answer, SCHEMAS[schema], list, path)):
        where = f"{SCHEMAS[schema]}[{number}]"
        try:
            journey = _journey(option, request, depart)
        except RequestError as error:
            raise RequestError(
                error.message, where=f"{path}, {where}, {error.where}", hint=error.hint
            ) from None
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            name = error.args[0] if error.args else type(error).__name__
            raise RequestError(
                f"{where}: '{name}' is missing or no such value", where=str(path)
            ) from None
        found.append(
            SavedJourney(
                journey=journey,
                codes=codes or own,
                title=printable(str(option.get("title", ""))),
                status=str(option.get("status", "open")),
            )
        )
    return SavedFile(journeys=tuple(found), is_plan=True)


def _part(answer: Mapping[str, Any], key: str, kind: type, path: Path) -> Any:  # noqa: ANN401
    part = answer.get(key)
    if not isinstance(part, kind):
        raise RequestError(f"'{key}' is missing", where=str(path))
    return part


def _journey(option: Mapping[str, Any], request: Mapping[str, Any], depart: date | None) -> Journey:
    day = depart or date.fromisoformat(request["depart"])
    places = [_place(request["origin"]), _place(request["destination"])]
    modes = set()
    for leg in option["legs"]:
        places += [_place(leg["from"]), _place(leg["to"])]
        if leg["kind"] in {"haul", "drayage"} and leg["mode"]:
            modes.add(str(leg["mode"]))
    hours = (option.get("lead_time_h") or {}).get("p90")
    is_known = isinstance(hours, int | float) and math.isfinite(hours) and 0 <= hours < 1e5
    vessel = checked_vessel(str(request.get("vessel", "")), where="request.vessel")
    stated = stated_by(
        str(request.get("operator", "")), str(request.get("flag", "")), frozenset(modes)
    )
    return journey_through(
        places,
        id_=printable(str(option["corridor"])),
        countries=[str(code) for code in option["countries"]],
        passages=[str(id_) for id_ in option["passages"]],
        modes=frozenset(modes),
        goods=checked_goods(str(request["goods"])),
        depart=day,
        is_depart_given=True,
        arrive_by=day + timedelta(hours=hours) if is_known and hours is not None else None,
        stated=stated,
        vessels=(vessel,) if vessel else (),
    )


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        id=str(row["id"]),
        name=str(row["name"]),
        country=str(row["country"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        kind=str(row["kind"]),
    )


# ---- bare journeys ---------------------------------------------------------------------------


def _table(
    path: Path, text: str, rulebook: Rulebook, depart: date | None, codes: tuple[str, ...]
) -> SavedFile:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = header
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise RequestError(
            f"no column '{missing[0]}'", where=str(path),
            hint="neither a saved plan nor a table of journeys; columns needed: "
            + ", ".join(COLUMNS),
        )  # fmt: skip
    found: list[SavedJourney] = []
    problems: list[RequestError] = []
    try:
        for line, row in enumerate(reader, start=2):
            if line > MOST_ROWS:
                raise RequestError(f"more than {MOST_ROWS:,} rows", where=str(path))
            try:
                found.append(_row(row, rulebook, depart, codes))
            except RequestError as error:
                where = f"{path}, line {line}, {error.where}"
                problems.append(RequestError(error.message, where=where, hint=error.hint))
                if len(problems) == MOST_TOLD:
                    break
    except csv.Error as error:
        raise RequestError(str(error), where=f"{path}, line {reader.line_num}") from None
    if len(problems) == 1:
        raise problems[0]
    if problems:
        more = " or more" if len(problems) == MOST_TOLD else ""
        raise ListError(
            f"{len(problems)}{more} problems, nothing is screened",
            where=str(path),
            problems=tuple(str(problem) for problem in problems),
        )
    return SavedFile(journeys=tuple(found), is_plan=False)


def _row(
    row: Mapping[str, str | None], rulebook: Rulebook, depart: date | None, codes: tuple[str, ...]
) -> SavedJourney:
    origin = _country(_cell(row, "origin_country"), "origin_country")
    destination = _country(_cell(row, "destination_country"), "destination_country")
    via = {_country(code, "via_countries") for code in _items(row, "via_countries")}
    modes = _items(row, "modes")
    for mode in sorted(modes - set(MODES)):
        raise RequestError(f"no mode '{mode}'", where="modes", hint="some of " + ", ".join(MODES))
    stated, vessels = _attributes(_cell(row, "attributes"), rulebook, modes)
    day = depart
    if day is None:
        try:
            day = date.fromisoformat(_cell(row, "date"))
        except ValueError:
            raise RequestError(
                f"'{_cell(row, 'date')}' is not a date", where="date", hint="write YYYY-MM-DD"
            ) from None
    own = checked_codes(sorted(_items(row, "jurisdiction")), rulebook)
    return SavedJourney(
        journey=Journey(
            id=printable(_cell(row, "id")),
            origin=origin,
            destination=destination,
            countries=frozenset({origin, destination} | via),
            terminals=_items(row, "via_terminals"),
            regions=_items(row, "regions"),
            passages=_items(row, "passages"),
            modes=modes,
            goods=checked_goods(_cell(row, "goods")),
            depart=day,
            stated=stated,
            vessels=vessels,
        ),
        codes=codes or own,
    )


def checked_goods(name: str) -> str:
    """Return the name of a goods class, those that nobody carries included; refuse unknown ones."""
    key = name.strip().lower().replace("_", "-") or "general"
    key = GOODS_ALIASES.get(key, key)
    names = [row.name for row in goods_classes()]
    if key not in names:
        raise RequestError(f"no goods class '{name}'", where="goods", hint=_nearest(key, names))
    return key


def _attributes(
    text: str, rulebook: Rulebook, modes: frozenset[str]
) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """Return what a row states: `key=v1|v2`, several of them parted by `;`."""
    known = {measure.requires for measure in rulebook.measures if measure.requires}
    stated: dict[str, set[str]] = {}
    vessels: list[str] = []
    key = ""
    for part in re.split(r"[;|]", text):
        name, has_key, value = part.partition("=")
        if has_key:
            key = name.strip().lower()
            if key not in known and key not in KEYS:
                raise RequestError(
                    f"no attribute '{key}'",
                    where="attributes",
                    hint=_nearest(key, [*known, *KEYS]),
                )
        else:
            value = part
        if not value.strip():
            continue
        if not key:
            raise RequestError(
                f"'{part}' states nothing", where="attributes", hint="write key=value"
            )
        if key in {"vessel", "imo"}:
            vessels.append(checked_vessel(value, where="attributes", is_number=key == "imo"))
        elif key == "flag":
            for own, values in stated_by(
                "", checked_flag(value, where="attributes"), modes
            ).items():
                stated.setdefault(own, set()).update(values)
        else:
            stated.setdefault(key, set()).add(value.strip())
    return {name: frozenset(values) for name, values in stated.items()}, tuple(vessels)


def _cell(row: Mapping[str, str | None], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def _items(row: Mapping[str, str | None], key: str) -> frozenset[str]:
    return frozenset(item.strip() for item in _cell(row, key).split("|") if item.strip())


def _country(code: str, where: str) -> str:
    if not COUNTRY.fullmatch(code.upper()):
        raise RequestError(f"'{code}' is no country code", where=where, hint="ISO 3166 alpha-2")
    return code.upper()


def _nearest(name: str, names: list[str]) -> str:
    like = difflib.get_close_matches(name[:64], sorted(names), n=2, cutoff=0.5)
    return f"did you mean {' or '.join(like)}?" if like else "one of " + ", ".join(sorted(names))
