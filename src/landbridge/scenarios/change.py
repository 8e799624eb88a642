"""The kinds of change that a scenario may make: a closed union of small frozen objects.

A change holds what a file says, checked for itself; whether its targets exist is checked against
a case, by `landbridge.scenarios.apply`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TargetKind = Literal["passage", "link", "terminal", "crossing", "service", "border"]
Spread = tuple[float, float, float]
"""Low, central, high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A thing of the network; `id` of a border is a pair of countries, `AZ-IR`."""

    kind: TargetKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What all changes have.

    `order` parts two changes of one thing within one scenario; `line` is where the change stands
    in its file (0: not in a file).
    """

    reason: str
    evidence: str = ""
    order: int | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(_Change):
    """A target cannot be used, from a day to a day (included; empty is open)."""

    target: Target
    date_from: str = ""
    date_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrict(_Change):
    """A passage, crossing or terminal can be used, but an itinerary that does is restricted."""

    target: Target
    date_from: str = ""
    date_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Divert(_Change):
    """Ships of these classes keep out of a passage; others pass."""

    target: Target
    ships: tuple[str, ...]
    date_from: str = ""
    date_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(_Change):
    """A target can be used whatever the network or the dated facts say.

    A link may have a speed (km/d) and a capacity (TEU/d) of its own, and `connect` terminals that
    it is to serve.
    """

    target: Target
    speed_km_per_d: float | None = None
    capacity_teu_per_d: float | None = None
    connect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetParameter(_Change):
    """A parameter has another value; without a range the old one is scaled along."""

    name: str
    key: str
    central: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleParameter(_Change):
    """A parameter (`key`: `all` for all rows of the name) is so many times as large."""

    name: str
    key: str
    by: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BestPractice(_Change):
    """Crossings take what they take at their best: the time of P10 becomes that of P50."""

    crossings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLink(_Change):
    """A new link of one network inside one country and gauge, between places of the network."""

    id: str
    mode: Literal["rail", "road", "iww", "caspian"]
    origin: str
    destination: str
    length_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTerminal(_Change):
    """A new terminal, joined to the nearest node of each of its modes' networks."""

    id: str
    name: str
    country: str
    lat: float
    lon: float
    modes: tuple[str, ...]
    port_class: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddService(_Change):
    """A new ship service or block train over ordered terminals, by headway (h)."""

    id: str
    name: str
    kind: Literal["container_ship", "feeder", "ro_ro", "rail_ferry", "block_train"]
    terminals: tuple[str, ...]
    headway_h: Spread
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrice(_Change):
    """A forwarder's own quote for a leg by one mode, USD per unit load, one way."""

    origin: str
    destination: str
    mode: str
    usd_per_unit: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDraught(_Change):
    """A passage or terminal has another draught; ships there carry a share of their payload."""

    target: Target
    by_m: float
    payload_share: Spread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHeadway(_Change):
    """A service or sea market departs at another headway, h."""

    id: str
    headway_h: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSeason(_Change):
    """A passage is open from a day to a day of each year, as MM-DD."""

    target: Target
    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surcharge(_Change):
    """Passing a passage, crossing or terminal costs more: a toll, or a war-risk premium."""

    kind: Literal["toll", "war_risk"]
    target: Target
    usd_per_teu: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay(_Change):
    """Passing a passage, crossing or terminal takes longer, h."""

    target: Target
    hours: Spread


Change = (
    Close | Restrict | Divert | Open | SetParameter | ScaleParameter | BestPractice | AddLink
    | AddTerminal | AddService | SetPrice | SetDraught | SetHeadway | SetSeason | Surcharge | Delay
)  # fmt: skip


def thing_of(change: Change) -> tuple[str, ...]:
    """Return what a change is about: two of one thing in one scenario need an order."""
    if isinstance(change, Close | Restrict | Divert | Open):
        return ("use", change.target.kind, change.target.id)
    if isinstance(change, SetParameter | ScaleParameter):
        return ("parameter", change.name, change.key)
    if isinstance(change, BestPractice):
        return ("best practice", *sorted(change.crossings))
    if isinstance(change, AddLink | AddTerminal | AddService):
        return ("new", change.id)
    if isinstance(change, SetPrice):
        return ("price", change.mode, change.origin, change.destination)
    if isinstance(change, SetHeadway):
        return ("headway", change.id)
    if isinstance(change, Surcharge):
        return (change.kind, change.target.kind, change.target.id)
    kind = {SetDraught: "draught", SetSeason: "season", Delay: "delay"}[type(change)]
    return (kind, change.target.kind, change.target.id)
