"""Made-up plans: the shapes of answers, with round figures."""

from __future__ import annotations

from datetime import date

from landbridge.domain.cargo import Consignment
from landbridge.domain.itinerary import (
    Blocker,
    Bounds,
    Flag,
    Itinerary,
    Leg,
    Part,
    Percentiles,
    Plan,
    Provenance,
)
from landbridge.domain.network import Place
from landbridge.domain.request import Request

MUMBAI = Place(id="G1", name="Mumbai", country="IN", lat=19.07, lon=72.88, kind="town")
NHAVA = Place(
    id="PORT-NHAVASHEVA", name="Nhava Sheva", country="IN", lat=18.95, lon=72.95, kind="terminal"
)
ABBAS = Place(
    id="PORT-BANDARABBAS", name="Bandar Abbas", country="IR", lat=27.1, lon=56.1, kind="terminal"
)
ASTARA = Place(id="B003", name="Astara", country="IR", lat=38.4, lon=48.9, kind="crossing")
CONSTANTA = Place(
    id="PORT-ROCND", name="Constanța", country="RO", lat=44.1, lon=28.6, kind="terminal"
)
MOSCOW = Place(id="G2", name="Moscow", country="RU", lat=55.75, lon=37.62, kind="town")
SUVA = Place(id="G3", name="Suva", country="FJ", lat=-18.1, lon=178.4, kind="town")
APIA = Place(id="G4", name="Apia", country="WS", lat=-13.8, lon=-171.8, kind="town")

PROVENANCE = Provenance(
    version="0.1.0", dataset="d" * 16, parameters="p" * 16, rulebook="", case="c" * 16, seed=0
)


def request(*, units: int = 1, origin: Place = MUMBAI, destination: Place = MOSCOW) -> Request:
    return Request(
        origin=origin,
        destination=destination,
        consignment=Consignment(
            unit="40ft", units=units, cargo_mass_t=20.0 * units, goods="general"
        ),
        depart=date(2025, 7, 1),
    )


def bounds(central: float) -> Bounds:
    return Bounds(low=0.7 * central, central=central, high=1.6 * central)


def leg(
    kind: str,
    mode: str,
    origin: Place,
    destination: Place,
    *,
    km: float = 0.0,
    days: float = 1.0,
    usd: float = 100.0,
    shape: tuple[tuple[tuple[float, float], ...], ...] = (),
    passages: tuple[str, ...] = (),
) -> Leg:
    return Leg(
        kind=kind,
        mode=mode,
        origin=origin,
        destination=destination,
        distance_km=km,
        time_h=Percentiles(p10=days * 20, p50=days * 24, p90=days * 40),
        cost_usd=bounds(usd),
        emissions_wtw_kgco2e=bounds(km / 10),
        countries=tuple(dict.fromkeys((origin.country, destination.country))),
        passages=passages,
        service="V001" if mode == "sea" else "",
        evidence=("E1",),
        time_parts=(
            Part(name="run", low=1.0, central=2.0, high=3.0, parameters=(f"{kind}.speed[world]",)),
        ),
        cost_parts=(Part(name="rate", low=1.0, central=2.0, high=3.0, parameters=("rate[IR]",)),),
        shape=shape,
    )


def itinerary(
    corridor: str,
    title: str,
    *,
    km: float = 7000.0,
    days: float = 30.0,
    usd: float = 6000.0,
    value_usd: float = 9000.0,
    status: str = "open",
    flags: tuple[Flag, ...] = (),
    borders: int = 3,
) -> Itinerary:
    legs = (
        leg("drayage", "road", MUMBAI, NHAVA, km=45.0, days=0.5, usd=150.0),
        leg(
            "haul", "sea", NHAVA, ABBAS, km=1982.0, days=3.2, usd=600.0, passages=("hormuz",),
            shape=(((72.95, 18.95), (62.0, 22.0), (56.1, 27.1)),),
        ),
        leg("transfer", "", ABBAS, ABBAS, days=7.0, usd=240.0),
        leg("haul", "rail", ABBAS, ASTARA, km=1900.0, days=3.5, usd=900.0),
        leg("border", "rail", ASTARA, ASTARA, days=2.0, usd=300.0),
        leg("haul", "rail", ASTARA, CONSTANTA, km=2400.0, days=4.0, usd=1100.0),
        leg("drayage", "road", CONSTANTA, MOSCOW, km=30.0, days=0.4, usd=200.0),
    )  # fmt: skip
    return Itinerary(
        corridor=corridor,
        title=title,
        status=status,
        distance_km=km,
        lead_time_h=Percentiles(p10=days * 18, p50=days * 24, p90=days * 36),
        cost_usd=bounds(usd),
        emissions_wtw_kgco2e=bounds(km / 3),
        generalized_cost_usd=value_usd,
        border_crossings=borders,
        transfers=4,
        countries=("IN", "IR", "AZ", "RU"),
        passages=("hormuz",),
        legs=legs,
        flags=flags,
    )


WAR = Flag(kind="war_risk", severity="warning", text="Strait of Hormuz is a listed area")
SANCTIONS = Flag(kind="sanctions", severity="prohibited", text="Vessel call is a trigger")
SEASON = Flag(kind="season", severity="warning", text="Ice in winter")


def plan(
    corridor: str, title: str, *itineraries: Itinerary, blockers: tuple[Blocker, ...] = (),
    asked: Request | None = None,
) -> Plan:  # fmt: skip
    return Plan(
        request=asked or request(),
        corridor=corridor,
        title=title,
        itineraries=itineraries,
        blockers=blockers,
        provenance=PROVENANCE,
    )


def plans(*, asked: Request | None = None) -> tuple[Plan, ...]:
    """Return free, three corridors with answers, one far off and one without."""
    return (
        plan(
            "free", "No corridor rule",
            itinerary("free", "No corridor rule", km=14_725, days=37, usd=5200, value_usd=8000,
                      borders=1),
            asked=asked,
        ),
        plan(
            "instc-west", "INSTC, western branch",
            itinerary("instc-west", "INSTC, western branch", km=6890.2, days=33, usd=7650,
                      value_usd=9900, flags=(WAR,)),
            asked=asked,
        ),
        plan(
            "instc-caspian-anzali", "INSTC, trans-Caspian by Bandar Anzali",
            itinerary("instc-caspian-anzali", "INSTC, trans-Caspian by Bandar Anzali", km=6655,
                      days=44, usd=7100, value_usd=10_500, status="prohibited",
                      flags=(SANCTIONS, WAR, SEASON)),
            asked=asked,
        ),
        plan(
            "suez-baltic", "Suez to the Baltic",
            itinerary("suez-baltic", "Suez to the Baltic", km=14_725, days=37, usd=5200,
                      value_usd=8000, borders=1),
            asked=asked,
        ),
        plan(
            "cape-baltic", "Cape of Good Hope to the Baltic",
            itinerary("cape-baltic", "Cape of Good Hope to the Baltic", km=25_000, days=60,
                      usd=25_200, value_usd=28_000),
            asked=asked,
        ),
        plan(
            "northern-sea-route", "Northern Sea Route",
            blockers=(
                Blocker(kind="season", what="northeast", why="closed 1 December to 30 June"),
                Blocker(kind="mode", what="sea", why="not allowed"),
            ),
            asked=asked,
        ),
    )  # fmt: skip
