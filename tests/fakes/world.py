"""A made-up case and planner in place of the real ones, so that commands are tested alone."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from fakes import answers
from landbridge.compliance.rulebook import load_rulebook
from landbridge.domain.network import BorderCrossing, Corridor, Passage, Place, Terminal
from landbridge.errors import RequestError
from landbridge.models.draws import Draws
from landbridge.parameters.tree import Parameter

PLACES = {
    "mumbai": answers.MUMBAI,
    "moscow": answers.MOSCOW,
    "innsa": answers.NHAVA,
    "-33.9,151.2": Place(
        id="-33.9,151.2", name="-33.9,151.2", country="AU", lat=-33.9, lon=151.2,
        kind="coordinate",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    place: Place
    score: float
    reason: str
    region: str = ""


class Gazetteer:
    def resolve(self, query: str, *, where: str, kinds: Any = (), country_at: Any = None) -> Place:
        key = query.strip().lower()
        if key == "suez" and not kinds:
            return SUEZ.place()
        if key == "astara":
            raise RequestError(
                "'Astara' is several places", where=where, hint="Astara, IR or Astara, AZ"
            )
        if key not in PLACES:
            raise RequestError(f"no place '{query}'", where=where, hint="did you mean Mumbai?")
        return PLACES[key]

    def search(self, query: str, limit: int) -> tuple[Match, ...]:
        found = [place for key, place in PLACES.items() if query.strip().lower() in key]
        return tuple(Match(place, 100.0, "name") for place in found[:limit])


def terminal(place: Place) -> Terminal:
    return Terminal(
        id=place.id, name=place.name, aliases=(), country=place.country, lat=place.lat,
        lon=place.lon, kind="port", modes=("sea", "rail"), unlocode="", gauges_mm=(),
        status="open", max_draught_m=14.0, restriction="", port_class="", quality="published",
        evidence="E1",
    )  # fmt: skip


SUEZ = Passage(
    id="suez", name="Suez Canal", lat=30.6, lon=32.3, length_km=193.0, max_draught_m=20.1,
    season_open="", season_close="", toll="yes", status="open", restriction="", feeder=True,
    evidence="S1",
)  # fmt: skip


B003 = BorderCrossing(
    id="B003", name_a="Astara", country_a="IR", name_b="Astara", country_b="AZ", lat=38.4,
    lon=48.9, mode="road", gauge_a_mm=0, gauge_b_mm=0, change="", status="operational",
    opened="", closed="", restriction="", quality="published", evidence="E1",
)  # fmt: skip


class Dataset:
    terminals = tuple(terminal(place) for place in (answers.ABBAS, answers.NHAVA))
    crossings = (B003,)
    passages = (SUEZ,)
    services: tuple[Any, ...] = ()
    networks: dict[int, Any] = {}
    sea_markets: tuple[Any, ...] = ()
    facts: tuple[Any, ...] = ()
    conditions = SimpleNamespace(reopened=frozenset(), facts=())
    corridors = tuple(
        Corridor(
            id=plan.corridor,
            title=plan.title,
            required=(("PORT-BANDARABBAS",),),
            forbidden=("suez",),
            modes=((), ("rail",)),
            note="made up",
        )
        for plan in answers.plans()
        if plan.corridor != "free"
    )
    digest = "d" * 64

    def info(self) -> dict[str, Any]:
        return {
            "digest": self.digest,
            "counts": {"terminals": 2},
            "sources": [{"id": "osm", "licence": "ODbL 1.0"}],
        }


PARAMETERS = [
    Parameter(
        name=name, key=key, low=1.0, central=2.0, high=3.0, unit=unit, year=2024,
        evidence=("BT002",), quality=quality, grade="B",
    )
    for name, key, unit, quality in (
        ("rate", "IR", "USD", "published"), ("haul.speed", "world", "km/h", "estimated"),
    )
]  # fmt: skip


class Parameters(list[Parameter]):
    digest = "p" * 64


class Case:
    dataset = Dataset()
    gazetteer = Gazetteer()
    parameters = Parameters(PARAMETERS)
    rulebook = load_rulebook()
    digest = "c" * 64


class Planner:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.geography = SimpleNamespace(country_at=lambda lat, lon: "")

    def via_place(self, place: Place) -> Place:
        return place

    def plan(
        self, request: Any, corridor: Any = None, *, with_shapes: bool = False, choose: Any = None
    ) -> Any:
        wanted = "free" if corridor is None else corridor.id
        return next(p for p in answers.plans(asked=request) if p.corridor == wanted)

    def pricing(self, request: Any) -> Any:
        # the made-up itineraries have no arcs, so all their draws are 0 h
        return SimpleNamespace(
            draws=Draws(samples=100),
            chain=lambda arcs: None,
            luck=SimpleNamespace(hours=lambda chain: np.zeros(100)),
            terms=lambda arcs: [],
            generalized_of=lambda terms, *, unreliability_h: 9000.0,
        )

    def compare(self, request: Any, corridors: Any, **_: Any) -> Any:
        wanted = {"free", *(corridor.id for corridor in corridors)}
        return tuple(p for p in answers.plans(asked=request) if p.corridor in wanted)


def install(monkeypatch: Any) -> None:
    """Put the made-up case and planner where commands look for the real ones."""
    from landbridge.dataset import info
    from landbridge.report import ask
    from landbridge.scenarios import case

    monkeypatch.setattr(info, "dataset_info", lambda dataset: dataset.info())
    monkeypatch.setattr(case.Case, "load", staticmethod(lambda *_, **__: Case()))
    monkeypatch.setattr(ask, "Planner", Planner)
