"""Places of the network: terminals, crossings, passages, services, corridors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """Mode of transport of one leg; `ferry` covers rail and road ferries."""

    SEA = "sea"
    RAIL = "rail"
    ROAD = "road"
    IWW = "iww"
    FERRY = "ferry"


class PlaceKind(StrEnum):
    """What a typed name turned out to be."""

    TERMINAL = "terminal"
    CROSSING = "crossing"
    PASSAGE = "passage"
    TOWN = "town"
    COORDINATE = "coordinate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One point that a request, leg or flag can name; `country` is ISO 3166 alpha-2 or ''."""

    id: str
    name: str
    country: str
    lat: float
    lon: float
    kind: str

    def to_dict(self) -> dict[str, object]:
        """Return the `{place}` object of the contract."""
        return {
            "id": self.id,
            "name": self.name,
            "country": self.country,
            "lat": self.lat,
            "lon": self.lon,
            "kind": self.kind,
        }


FERRY_PORT = "ferry_port"
"""Kind of a terminal where lorries drive aboard and nothing is lifted: a place on the road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A node where unit loads change vehicle, mode or gauge."""

    id: str
    name: str
    aliases: tuple[str, ...]
    country: str
    lat: float
    lon: float
    kind: str
    modes: tuple[str, ...]
    unlocode: str
    gauges_mm: tuple[int, ...]
    status: str
    max_draught_m: float
    restriction: str
    port_class: str
    quality: str
    evidence: str

    def place(self) -> Place:
        """Return the terminal as a place."""
        return Place(
            id=self.id,
            name=self.name,
            country=self.country,
            lat=self.lat,
            lon=self.lon,
            kind="terminal",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderCrossing:
    """A border crossing point: side a and side b joined by one link with formalities."""

    id: str
    name_a: str
    country_a: str
    name_b: str
    country_b: str
    lat: float
    lon: float
    mode: str
    gauge_a_mm: int
    gauge_b_mm: int
    change: str
    status: str
    opened: str
    closed: str
    restriction: str
    quality: str
    evidence: str

    @property
    def name(self) -> str:
        """Both sides' names, or the one they share."""
        return self.name_a if self.name_a == self.name_b else f"{self.name_a} / {self.name_b}"

    def place(self) -> Place:
        """Return the crossing as a place (country of side a)."""
        return Place(
            id=self.id,
            name=self.name,
            country=self.country_a,
            lat=self.lat,
            lon=self.lon,
            kind="crossing",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A named strait or canal that can be closed or restricted as one."""

    id: str
    name: str
    lat: float
    lon: float
    length_km: float
    max_draught_m: float
    season_open: str
    season_close: str
    toll: str
    status: str
    restriction: str
    feeder: bool
    evidence: str

    def place(self) -> Place:
        """Return the passage as a place."""
        return Place(
            id=self.id, name=self.name, country="", lat=self.lat, lon=self.lon, kind="passage"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An operated connection over ordered stops, by headway."""

    id: str
    name: str
    kind: str
    terminals: tuple[str, ...]
    headway_h: tuple[float, float, float]
    transit_d: tuple[float, float, float]
    status: str
    date_from: str
    date_to: str
    passages: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """A rule: sets of ids an itinerary must touch, in order, and ids it may not use.

    `required[i]` holds terminal, crossing or passage ids, any one of which satisfies step i.
    `modes[i]` are the modes allowed on the stretch before step i is reached (the last entry:
    after the last step); an empty tuple allows all.
    """

    id: str
    title: str
    required: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...]
    modes: tuple[tuple[str, ...], ...]
    note: str

    def reversed(self) -> Corridor:
        """Return the same corridor travelled the other way."""
        return Corridor(
            id=self.id,
            title=self.title,
            required=self.required[::-1],
            forbidden=self.forbidden,
            modes=self.modes[::-1],
            note=self.note,
        )
