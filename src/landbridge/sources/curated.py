"""Our own rows beside the supplement: river ports, waterways and lorry ferries.

Each row of `data/curated` says whether it was retrieved or recalled; a recalled one is graded
assumed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landbridge.dataset.contribution import NamedLine
from landbridge.dataset.network import Net, RideLeg
from landbridge.domain.network import FERRY_PORT, Service, Terminal
from landbridge.errors import SourceError
from landbridge.sources.tables import read_csv

LORRY_FERRY = "lorry_ferry"
"""Kind of a service whose lorries drive aboard."""
FERRY_EVIDENCE = "lorry ferries, recalled"
RIVER_EVIDENCE = "river ports, recalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class LorryFerries:
    """Lines that lorries board: services, their markets, and their one leg each."""

    services: tuple[Service, ...]
    markets: dict[str, str]
    legs: tuple[RideLeg, ...]


def _quality(kind: str) -> str:
    return "published" if kind == "retrieved" else "assumed"


def _terminal(row: dict[str, str], modes: Sequence[str], evidence: str) -> Terminal:
    return Terminal(
        id=row["terminal_id"],
        name=row["name"],
        aliases=tuple(name for name in row.get("aliases", "").split("|") if name),
        country=row["country"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        kind=row.get("kind") or FERRY_PORT,
        modes=tuple(sorted(modes)),
        unlocode="",
        gauges_mm=(),
        status="operational",
        max_draught_m=math.nan,
        restriction="",
        port_class="",
        quality=_quality(row["source_kind"]),
        evidence=evidence,
    )


def read_terminals(curated: Path) -> list[Terminal]:
    """Return river ports and the ports of lorry ferries.

    A lorry ferry port touches the road only: boxes are not lifted there.
    """
    rivers = [
        _terminal(row, row["modes"].split("|"), RIVER_EVIDENCE)
        for row in read_csv(curated / "terminals.csv")
    ]
    ferries = [
        _terminal(row, ("road",), FERRY_EVIDENCE)
        for row in read_csv(curated / "lorry_ferry_ports.csv")
    ]
    return [*rivers, *ferries]


def with_modes(terminals: Sequence[Terminal], curated: Path) -> list[Terminal]:
    """Return the terminals with the modes that rows add to them.

    Raises
    ------
    SourceError
        A row names an unknown terminal.
    """
    more: dict[str, set[str]] = {}
    for row in read_csv(curated / "terminal_modes.csv"):
        more.setdefault(row["terminal_id"], set()).add(row["mode"])
    unknown = sorted(more.keys() - {terminal.id for terminal in terminals})
    if unknown:
        raise SourceError(f"unknown terminals {', '.join(unknown)}", where="terminal_modes.csv")
    return [replace(t, modes=tuple(sorted({*t.modes, *more.get(t.id, ())}))) for t in terminals]


def read_waterways(curated: Path) -> list[NamedLine]:
    """Return reaches of rivers and canals; ends within a hundredth of a degree are one."""
    return [
        NamedLine(
            id=row["reach_id"],
            name=f"{row['system']}: {row['from']} - {row['to']}",
            mode="iww",
            status="operational",
            length_km=float(row["length_km"]),
            gauge_mm=0,
            open_year=0,
            season_open="",
            season_close="",
            max_draught_m=math.nan,
            from_id=row["from"],
            to_id=row["to"],
            system=row["system"],
            lonlat=tuple(
                (float(lon), float(lat))
                for lon, lat in (point.split() for point in row["lonlat"].split("|"))
            ),
            source_kind=row["source_kind"],
        )
        for row in read_csv(curated / "waterways.csv")
    ]


def read_lorry_ferries(curated: Path, terminals: Collection[str]) -> LorryFerries:
    """Return the lorry ferries between known terminals.

    Parameters
    ----------
    terminals
        Ids that touch the road network: a port on an island whose roads are not on the network
        has no line.
    """
    services: list[Service] = []
    markets: dict[str, str] = {}
    legs: list[RideLeg] = []
    names = {
        row["terminal_id"]: row["name"].removesuffix(" lorry ferry")
        for row in read_csv(curated / "lorry_ferry_ports.csv")
    }
    for row in read_csv(curated / "lorry_ferries.csv"):
        stops = tuple(row["terminals"].split(";"))
        if not set(stops) <= set(terminals):
            continue
        services.append(
            Service(
                id=row["service_id"],
                name=" - ".join(names[stop] for stop in stops) + " lorry ferry",
                kind=LORRY_FERRY,
                terminals=stops,
                headway_h=(
                    float(row["headway_low_h"]),
                    float(row["headway_central_h"]),
                    float(row["headway_high_h"]),
                ),
                transit_d=(math.nan, math.nan, math.nan),
                status=row["status"],
                date_from=row["from"],
                date_to=row["to"],
                passages=(),
                evidence=row["source_kind"],
            )
        )
        markets[row["service_id"]] = row["market"]
        legs.append(
            RideLeg(
                service=row["service_id"],
                net=int(Net.ROAD),
                stop=0,
                open_km=float(row["length_km"]),
                passages=(),
                passage_km=(),
            )
        )
    return LorryFerries(services=tuple(services), markets=markets, legs=tuple(legs))
