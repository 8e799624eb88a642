"""When a measure bites: its triggers against the facts of a journey."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import Enum

from landbridge.compliance.journey import WATER, Journey
from landbridge.compliance.measure import Measure, Severity


class Stated(Enum):
    """Whether what a measure asks of the user's statements holds."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


def touches(measure: Measure, journey: Journey, goods: AbstractSet[str]) -> tuple[str, ...]:
    """Return what of the journey falls under the measure, or nothing if one trigger fails.

    Dates and what the user states are left aside. Terminals, regions, passages, countries and goods
    are named in this order; a measure without any such trigger is touched through its target.

    Parameters
    ----------
    measure, journey
        The measure and the facts.
    goods
        The goods class of the journey and its parents.
    """
    if measure.goods is not None and not measure.goods & goods:
        return ()
    if measure.modes and not measure.modes & journey.modes:
        return ()
    hits: list[str] = []
    for name, wanted in measure.placed:
        both = wanted & journey.facts[name]
        if not both:
            return ()
        hits += sorted(both)
    if not measure.placed:
        hits += sorted(measure.targets & journey.countries)
    if measure.goods is not None:
        hits.append(journey.goods)
    return tuple(dict.fromkeys(hits)) or (measure.target,)


def is_about(measure: Measure, journey: Journey) -> bool:
    """Whether a measure that hangs on a statement is worth asking: the journey meets its target.

    No haulier is asked for where nothing goes by road, no ship where nothing goes by water, no
    airport where nothing flies, no port where the terminals are known.
    """
    modes = journey.modes
    is_without = {
        "haulier_country": "road" not in modes,
        "airport": bool(modes) and "air" not in modes,
        "port": bool(journey.terminals),
    }
    if measure.requires.startswith("vessel") and not modes & WATER:
        return False
    return not is_without.get(measure.requires) and bool(measure.targets & journey.countries)


def statement(measure: Measure, journey: Journey, operators: AbstractSet[str]) -> Stated:
    """Return whether what the user states is what the measure asks for.

    Parameters
    ----------
    measure, journey
        The measure and the facts.
    operators
        Codes of the rulebook that the stated operators go by.
    """
    if not measure.requires:
        return Stated.HOLDS
    given = journey.stated.get(measure.requires)
    values = operators if measure.requires == "operator" else given or frozenset[str]()
    if measure.requires == "port":
        values = values | journey.ports
    wanted = {value.lower() for value in measure.required_values}
    if any(value.lower() in wanted for value in values):
        return Stated.HOLDS
    return Stated.UNKNOWN if given is None else Stated.FAILS


def severity(measure: Measure, code: str, goods: AbstractSet[str]) -> Severity | None:
    """Return the severity under a screening code, eased for the goods that the measure eases.

    An exception has conditions: an eased measure never falls to nothing.
    """
    own = measure.severity_for(code)
    if own is None or measure.severity_eased is None or not measure.goods_eased & goods:
        return own
    return min(own, measure.severity_eased, key=lambda level: level.rank)
