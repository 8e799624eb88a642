"""One question: from where, to where, what, when and under which limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from landbridge.domain.cargo import Consignment
from landbridge.domain.network import Mode, Place
from landbridge.errors import RequestError

DEFAULT_SAMPLES = 2000
"""Draws of an answer where none are asked for."""
REFERENCE_DATE = date(2025, 7, 1)
"""The embedded dataset's reference date: used where a request names none."""


class Scope(StrEnum):
    """Door to door, or first terminal to last terminal."""

    DOOR = "door"
    TERMINAL = "terminal"


class Objective(StrEnum):
    """What the search minimises."""

    TIME = "time"
    COST = "cost"
    EMISSIONS = "emissions"
    DISTANCE = "distance"
    GENERALIZED = "generalized"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question, complete and checked; `via` and `avoid` are resolved places or ids.

    `jurisdictions`, `operator`, `flag` and `vessel` are for the screen alone, which comes after
    the search. `samples` is the number of draws behind percentiles and chances, `deadline` the day
    by which the cargo should be there.
    """

    origin: Place
    destination: Place
    consignment: Consignment
    depart: date = REFERENCE_DATE
    is_depart_given: bool = False
    modes: tuple[Mode, ...] = tuple(Mode)
    via: tuple[Place, ...] = ()
    avoid: tuple[str, ...] = ()
    scope: Scope = Scope.DOOR
    objective: Objective = Objective.GENERALIZED
    seed: int = 0
    samples: int = DEFAULT_SAMPLES
    deadline: date | None = None
    jurisdictions: tuple[str, ...] = ()
    operator: str = ""
    flag: str = ""
    vessel: str = ""
    asked_on: date | None = None
    """The day of asking, by which the age of imported lists is told; None leaves it untold."""

    def to_dict(self) -> dict[str, object]:
        """Return the `request` object of the contract."""
        cargo = self.consignment
        return {
            "origin": self.origin.to_dict(),
            "destination": self.destination.to_dict(),
            "unit": cargo.unit,
            "units": cargo.units,
            "size_teu": cargo.size_teu,
            "cargo_mass_t": cargo.cargo_mass_t,
            "value_usd": cargo.value_usd,
            "goods": cargo.goods,
            "depart": self.depart.isoformat(),
            "modes": [mode.value for mode in self.modes],
            "via": [place.id for place in self.via],
            "avoid": sorted(self.avoid),
            "scope": self.scope.value,
            "objective": self.objective.value,
            "samples": self.samples,
            "deadline": self.deadline.isoformat() if self.deadline else None,
            "jurisdictions": list(self.jurisdictions),
            "operator": self.operator,
            "flag": self.flag,
            "vessel": self.vessel,
        }


def agreed(request: Request) -> Request:
    """Return the request, whose parts do not contradict each other.

    Raises
    ------
    RequestError
        If it is to go through, or begin or end at, what it is to avoid.
    """
    wanted = [
        ("origin", request.origin),
        *(("--via", place) for place in request.via),
        ("destination", request.destination),
    ]
    for where, place in wanted:
        for what in request.avoid:
            if what not in (place.id, place.country):
                continue
            lies = "" if what == place.id else f" lies in {what}, which"
            raise RequestError(
                f"{place.name}, asked for as {where},{lies} is to be avoided too",
                where="--avoid",
                hint=f"leave out {where} or --avoid {what}"
                if where == "--via"
                else f"leave out --avoid {what}",
            )
    return request
