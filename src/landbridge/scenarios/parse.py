"""One entry of a file to one change: fields by kind of change, each with what it may hold."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from landbridge.parameters.tree import pair_key
from landbridge.scenarios.change import (
    AddLink,
    AddService,
    AddTerminal,
    BestPractice,
    Change,
    Close,
    Delay,
    Divert,
    Open,
    Restrict,
    ScaleParameter,
    SetDraught,
    SetHeadway,
    SetParameter,
    SetPrice,
    SetSeason,
    Surcharge,
    Target,
)
from landbridge.scenarios.checks import near
from landbridge.scenarios.files import Entry, Problem

DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
LEAP_YEAR = 2024
DAY_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TARGETS = ("passage", "link", "terminal", "crossing", "service", "border")
PLACES = ("passage", "crossing", "terminal")
LINK_MODES = ("rail", "road", "iww", "caspian")
MODES = ("sea", "rail", "road", "iww", "ferry")
KINDS = ("container_ship", "feeder", "ro_ro", "rail_ferry", "block_train")


class _WrongError(Exception):
    """What is wrong with the value of a field."""


def _text(value: Any) -> str:  # noqa: ANN401 - as it stands in a file
    if not isinstance(value, str) or not value.strip():
        raise _WrongError("is no text")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list) or not value:
        raise _WrongError("is not a list of texts")
    return tuple(_text(item) for item in value)


def _number(value: Any) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _WrongError(f"'{value}' is no number")
    return float(value)


def _positive(value: Any) -> float:  # noqa: ANN401
    number = _number(value)
    if number <= 0.0:
        raise _WrongError(f"{number:g} is not more than 0")
    return number


def _spread(value: Any) -> tuple[float, float, float]:  # noqa: ANN401
    if not isinstance(value, list):
        number = _number(value)
        return number, number, number
    if len(value) != 3:
        raise _WrongError("is neither a number nor [low, central, high]")
    low, central, high = (_number(item) for item in value)
    if not low <= central <= high:
        raise _WrongError(f"low {low:g}, central {central:g}, high {high:g} are not in order")
    return low, central, high


def _hours(value: Any) -> tuple[float, float, float]:  # noqa: ANN401
    spread = _spread(value)
    if spread[0] < 0.0:
        raise _WrongError(f"{spread[0]:g} is less than 0")
    return spread


def _share(value: Any) -> tuple[float, float, float]:  # noqa: ANN401
    spread = _spread(value)
    if not 0.0 < spread[0] <= spread[2] <= 1.0:
        raise _WrongError("is no share over 0 and up to 1")
    return spread


def _day(value: Any) -> str:  # noqa: ANN401
    text = _text(str(value) if isinstance(value, int) else value)
    if not DAY.fullmatch(text):
        raise _WrongError(f"'{text}' is no date: YYYY-MM-DD, YYYY-MM or YYYY")
    if len(text) == len("YYYY-MM-DD") and not _is_in_calendar(text):
        raise _WrongError(f"'{text}' is no date: its month has fewer days")
    return text


def _day_of_year(value: Any) -> str:  # noqa: ANN401
    text = _text(value)
    if not DAY_OF_YEAR.fullmatch(text):
        raise _WrongError(f"'{text}' is no day of the year: MM-DD")
    if not _is_in_calendar(f"{LEAP_YEAR}-{text}"):
        raise _WrongError(f"'{text}' is no day of the year: its month has fewer days")
    return text


def _is_in_calendar(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _countries(value: Any) -> str:  # noqa: ANN401
    codes = _texts(value)
    if len(codes) != 2:
        raise _WrongError("is not a pair of country codes")
    return pair_key(codes[0].upper(), codes[1].upper())


def _order(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int):
        raise _WrongError(f"'{value}' is no whole number")
    return value


def _one_of(*known: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:  # noqa: ANN401
        text = _text(value)
        if text not in known:
            raise _WrongError(f"'{text}' is none of {', '.join(known)}{near(text, known)}")
        return text

    return check


def _modes(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    check = _one_of("sea", "rail", "road", "iww")
    return tuple(sorted({check(item) for item in _texts(value)}))


Check = Callable[[Any], Any]
_PERIOD: dict[str, Check] = {"from": _day, "to": _day}
_EVERY: dict[str, Check] = {"reason": _text, "evidence": _text, "order": _order}
_LINK = {"speed_km_per_d": _positive, "capacity_teu_per_d": _positive, "connect": _texts}

FORMS: dict[str, tuple[Mapping[str, Check], Mapping[str, Check]]] = {
    **{f"close_{kind}": ({kind: _text}, _PERIOD) for kind in TARGETS if kind != "border"},
    "close_border": ({"countries": _countries}, _PERIOD),
    **{f"restrict_{kind}": ({kind: _text}, _PERIOD) for kind in PLACES},
    "divert_passage": ({"passage": _text, "ships": _texts}, _PERIOD),
    **{
        f"open_{kind}": ({kind: _text}, _LINK if kind == "link" else {})
        for kind in TARGETS
        if kind != "border"
    },
    "open_border": ({"countries": _countries}, {}),
    "set_parameter": (
        {"name": _text, "value": _number}, {"key": _text, "low": _number, "high": _number}
    ),
    "scale_parameter": ({"name": _text, "by": _positive}, {"key": _text}),
    "best_practice": ({"crossings": _texts}, {}),
    "add_link": (
        {"id": _text, "mode": _one_of(*LINK_MODES), "from": _text, "to": _text,
         "length_km": _positive},
        {},
    ),
    "add_terminal": (
        {"id": _text, "name": _text, "country": _text, "lat": _number, "lon": _number,
         "modes": _modes},
        {"port_class": _one_of("hub", "mainline", "feeder")},
    ),
    "add_service": (
        {"id": _text, "name": _text, "kind": _one_of(*KINDS), "terminals": _texts,
         "headway_h": _hours},
        {"passages": _texts},
    ),
    "set_price": (
        {"from": _text, "to": _text, "mode": _one_of(*MODES), "usd_per_unit": _hours}, {}
    ),
    **{
        f"set_draught_{kind}": ({kind: _text, "by_m": _number}, {"payload_share": _share})
        for kind in ("passage", "terminal")
    },
    "set_headway": ({"service": _text, "headway_h": _hours}, {}),
    "set_season": ({"passage": _text, "opens": _day_of_year, "closes": _day_of_year}, {}),
    **{
        f"set_{what}_{kind}": ({kind: _text, "usd_per_teu": _spread}, {})
        for what in ("toll", "war_risk")
        for kind in PLACES
    },
    **{f"delay_{kind}": ({kind: _text, "hours": _hours}, {}) for kind in PLACES},
}  # fmt: skip
"""Kind of change -> the fields it needs, and those it may have besides reason, evidence, order."""


def change_of(entry: Entry) -> tuple[Change | None, list[Problem]]:
    """Return the change of one entry, or what is wrong with it."""
    do = entry.values.get("do")
    if not isinstance(do, str) or do not in FORMS:
        if do is None:
            return None, [(entry.line, "a change needs 'do'")]
        return None, [(entry.line_of("do"), f"there is no '{do}'{near(str(do), FORMS)}")]
    needed, may = FORMS[do]
    checks = {**needed, **may, **_EVERY}
    faults: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in entry.values.items():
        if name == "do":
            continue
        if name not in checks:
            faults.append(
                (entry.line_of(name), f"{do}: no such field '{name}'{near(name, checks)}")
            )
            continue
        try:
            values[name] = checks[name](value)
        except _WrongError as error:
            faults.append((entry.line_of(name), f"{do}: {name} {error}"))
    missing = [name for name in (*needed, "reason") if name not in entry.values]
    faults += [(entry.line, f"{do}: no {name}") for name in missing]
    if values.get("from", "") > values.get("to", "9") and "from" in may:
        said = f"{do}: from {values['from']} back to {values['to']}"
        faults.append((entry.line_of("from"), said))
    if faults:
        return None, faults
    return _made(do, values, entry.line), []


def _made(do: str, given: Mapping[str, Any], line: int) -> Change:
    every = {
        "reason": given["reason"],
        "evidence": given.get("evidence", ""),
        "order": given.get("order"),
        "line": line,
    }
    verb, _, kind = do.partition("_")
    period = {"date_from": given.get("from", ""), "date_to": given.get("to", "")}
    if verb in ("close", "restrict", "divert", "open", "delay"):
        target = _target(kind, given)
        if verb == "close":
            return Close(target=target, **period, **every)
        if verb == "restrict":
            return Restrict(target=target, **period, **every)
        if verb == "divert":
            return Divert(target=target, ships=given["ships"], **period, **every)
        if verb == "delay":
            return Delay(target=target, hours=given["hours"], **every)
        own = {name: given[name] for name in _LINK if name in given}
        return Open(target=target, **own, **every)
    if do == "set_parameter":
        return SetParameter(
            name=given["name"], key=given.get("key", "default"), central=given["value"],
            low=given.get("low"), high=given.get("high"), **every,
        )  # fmt: skip
    if do == "scale_parameter":
        return ScaleParameter(
            name=given["name"], key=given.get("key", "default"), by=given["by"], **every
        )
    if do == "best_practice":
        return BestPractice(crossings=given["crossings"], **every)
    if do == "add_link":
        return AddLink(
            id=given["id"], mode=given["mode"], origin=given["from"], destination=given["to"],
            length_km=given["length_km"], **every,
        )  # fmt: skip
    if do == "add_terminal":
        return AddTerminal(
            id=given["id"], name=given["name"], country=given["country"].upper(),
            lat=given["lat"], lon=given["lon"], modes=given["modes"],
            port_class=given.get("port_class", ""), **every,
        )  # fmt: skip
    if do == "add_service":
        return AddService(
            id=given["id"], name=given["name"], kind=given["kind"], terminals=given["terminals"],
            headway_h=given["headway_h"], passages=given.get("passages", ()), **every,
        )  # fmt: skip
    if do == "set_price":
        return SetPrice(
            origin=given["from"], destination=given["to"], mode=given["mode"],
            usd_per_unit=given["usd_per_unit"], **every,
        )  # fmt: skip
    if do == "set_headway":
        return SetHeadway(id=given["service"], headway_h=given["headway_h"], **every)
    if do == "set_season":
        target = Target(kind="passage", id=given["passage"])
        return SetSeason(target=target, opens=given["opens"], closes=given["closes"], **every)
    what, _, kind = do.removeprefix("set_").rpartition("_")
    if what == "draught":
        return SetDraught(
            target=_target(kind, given), by_m=given["by_m"],
            payload_share=given.get("payload_share"), **every,
        )  # fmt: skip
    return Surcharge(
        kind="toll" if what == "toll" else "war_risk",
        target=_target(kind, given),
        usd_per_teu=given["usd_per_teu"],
        **every,
    )


def _target(kind: str, given: Mapping[str, Any]) -> Target:
    if kind == "border":
        return Target(kind="border", id=given["countries"])
    return Target(kind=kind, id=given[kind])  # type: ignore[arg-type]
