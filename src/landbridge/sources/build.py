"""Raw files to a validated dataset, in stages that can be read one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from landbridge.dataset import attach, borders
from landbridge.dataset.contract_lines import Contracted, contract, split_at_points
from landbridge.dataset.contribution import LineContribution, NamedLine, Origin
from landbridge.dataset.gaps import close_gaps
from landbridge.dataset.lines import OPEN, STATUS, Lines, add_named, merge
from landbridge.dataset.network import Net
from landbridge.domain.network import BorderCrossing, Terminal
from landbridge.sources import countries, osm_rail, ports, scgraph, supplement
from landbridge.sources.tables import read_csv
from landbridge.units import FloatArray, great_circle_km_many

Say = Callable[[str], None]
Touch = tuple[int, int, float]
"""Terminal position, node, km off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandStage:
    """One land network after assembly, with what touches it."""

    net: Net
    network: Contracted
    named: tuple[NamedLine, ...]
    crossings: tuple[BorderCrossing, ...]
    portals: tuple[borders.Portal, ...]
    touches: tuple[Touch, ...]
    terminals: tuple[Terminal, ...]
    unplaced_crossings: tuple[str, ...]


def build_land(
    raw: Path,
    curated: Path,
    net: Net,
    listed: Sequence[Terminal],
    towns: Sequence[tuple[int, str, str, float, float, int]],
    say: Say,
) -> LandStage:
    """Return the rail or road network of the world, cut at frontiers and contracted.

    `listed` are terminals known before; rail adds one per large town on its main network.
    """
    mode = "rail" if net is Net.RAIL else "road"
    say(f"{mode}: read and join")
    lines, named = _read_lines(raw, mode)
    for row in read_csv(curated / "bridges.csv"):
        if row["mode"] == mode:
            _bridge(lines, row)

    def country_of(lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.str_]:
        return countries.tag(raw / "natural_earth", lon, lat)

    say(f"{mode}: countries of {lines.n_nodes:,} nodes")
    lines.country = country_of(lines.lon, lines.lat)
    for row in read_csv(curated / "country_fixes.csv"):
        inside = (
            (lines.lon >= float(row["lon_min"]))
            & (lines.lon <= float(row["lon_max"]))
            & (lines.lat >= float(row["lat_min"]))
            & (lines.lat <= float(row["lat_max"]))
        )
        lines.country[inside] = row["country"]
    mine = [t for t in listed if mode in t.modes]
    borders.smooth_countries(lines, _near_terminals(lines, mine))
    main_mm, boxes = _gauges(raw, curated)
    if mode == "rail":
        borders.set_gauges(lines, main_mm, boxes)
        say(f"rail: {close_gaps(lines)} gaps closed")
    else:
        lines.gauge_mm = np.zeros(lines.n_nodes, np.int32)
    say(f"{mode}: frontiers")
    found, portals, missing = borders.find_crossings(
        lines,
        supplement.read_crossings(raw / "supplement"),
        _closed_pairs(curated),
        country_of=country_of,
        claim_km={
            row["crossing_id"]: float(row["claim_km"])
            for row in read_csv(curated / "crossing_claims.csv")
        },
        default_claim_km=25.0 if mode == "rail" else 13.0,
        longest_claim_km=60.0,
        cluster_km=10.0,
    )
    say(f"{mode}: terminals")
    if mode == "rail":
        derived = attach.derive_rail_terminals(
            lines, towns, mine, smallest_population=100_000, reach_km=15.0, apart_km=10.0
        )
    else:
        derived = []
    places = [*listed, *derived]
    wanted = [(k, t) for k, t in enumerate(places) if mode in t.modes]
    touches = _touch(lines, curated, mode, wanted)
    say(f"{mode}: contract")
    protected = np.array([p.node for p in portals] + [node for _, node, _ in touches], np.int64)
    network = contract(lines, protected, smallest_component=50)
    loose = {p.crossing for p in portals if network.node_of[p.node] < 0}
    moved = tuple(
        replace_node(portal, int(network.node_of[portal.node]))
        for portal in portals
        if portal.crossing not in loose
    )
    found = [row for row in found if row.id not in loose]
    touches = [touch for touch in touches if network.node_of[touch[1]] >= 0]
    return LandStage(
        net=net,
        network=network,
        named=tuple(named),
        crossings=tuple(found),
        portals=moved,
        touches=tuple((k, int(network.node_of[node]), km) for k, node, km in touches),
        terminals=tuple(derived),
        unplaced_crossings=(*missing, *sorted(loose)),
    )


def replace_node(portal: borders.Portal, node: int) -> borders.Portal:
    """Return the portal on another node."""
    return replace(portal, node=node)


def _read_lines(raw: Path, mode: str) -> tuple[Lines, list[NamedLine]]:
    contributions: list[LineContribution] = [scgraph.read(raw / f"{mode}_scgraph_osm", mode)]
    if mode == "rail":
        contributions.append(osm_rail.read(raw / "rail_osm_caspian"))
        named = supplement.read_rail_links(raw / "supplement")
    else:
        named = supplement.read_road_links(raw / "supplement")
    lines = merge(mode, contributions)
    add_named(lines, named, reach_km=12.0)
    return lines, named


def _bridge(lines: Lines, row: dict[str, str]) -> None:
    ends = []
    in_use = np.zeros(lines.n_nodes, bool)
    for end in (lines.tail, lines.head):
        in_use[end[lines.status == OPEN]] = True
    for n in ("1", "2"):
        km = great_circle_km_many(
            lines.lon, lines.lat, float(row[f"lon_{n}"]), float(row[f"lat_{n}"])
        )
        ends.append(int(np.where(in_use, km, np.inf).argmin()))
    lines.add_links(ends[0], ends[1], float(row["length_km"]), Origin.REPAIR)


def _near_terminals(lines: Lines, terminals: Sequence[Terminal]) -> npt.NDArray[np.int64]:
    near = [np.zeros(0, np.int64)]
    for terminal in terminals:
        close = np.flatnonzero(
            (np.abs(lines.lat - terminal.lat) < 0.08)
            & (np.abs(lines.lon - terminal.lon) < 0.16)
            & (lines.country == terminal.country)
        )
        near.append(close)
    return np.concatenate(near)


def _gauges(raw: Path, curated: Path) -> tuple[dict[str, int], list[borders.GaugeBox]]:
    main_mm = {
        row["iso2"]: int(row["main_gauge_mm"])
        for path in (
            curated / "gauges_extra.csv",
            raw / "supplement" / "rail_gauge_by_country.csv",
        )
        for row in read_csv(path)
    }
    boxes = [
        borders.GaugeBox(
            country=row["country"],
            gauge_mm=int(row["gauge_mm"]),
            lon_min=float(row["lon_min"]),
            lat_min=float(row["lat_min"]),
            lon_max=float(row["lon_max"]),
            lat_max=float(row["lat_max"]),
        )
        for row in read_csv(curated / "gauge_exceptions.csv")
    ]
    return main_mm, boxes


def _closed_pairs(curated: Path) -> list[borders.ClosedPair]:
    return [
        borders.ClosedPair(
            country_a=row["country_a"],
            country_b=row["country_b"],
            mode=row["mode"],
            since=row["from"],
            reason=row["reason"],
            source=row["source"],
        )
        for row in read_csv(curated / "closed_pairs.csv")
    ]


PORT_RAIL_KM = 6.0
"""A port of an index has rail where a track lies this near; the index does not say so itself."""
PORT_INDEX_EVIDENCE = (ports.WPI_EVIDENCE, ports.SEAROUTE_EVIDENCE)


def _touch(
    lines: Lines, curated: Path, mode: str, wanted: Sequence[tuple[int, Terminal]]
) -> list[Touch]:
    """Return where terminals touch the network; long arcs are split beside far terminals."""
    reach = {
        row["terminal_id"]: float(row["reach_km"])
        for row in read_csv(curated / "terminal_connectors.csv")
        if row["mode"] == mode
    }
    terminals = [terminal for _, terminal in wanted]
    if mode == "rail":
        reach |= {t.id: PORT_RAIL_KM for t in terminals if t.evidence in PORT_INDEX_EVIDENCE}
    first = attach.snap(lines, terminals, reach_km=reach, default_km=attach.REACH_KM[mode])
    nearest: dict[int, float] = {}
    for k, _, km in first:
        nearest[k] = min(km, nearest.get(k, np.inf))
    far = [
        (k, t.lon, t.lat, t.country)
        for k, t in enumerate(terminals)
        if nearest.get(k, np.inf) > 5.0
    ]
    split_at_points(lines, far, longest_off_km=10.0)
    return [
        (wanted[k][0], node, km)
        for k, node, km in attach.snap(
            lines, terminals, reach_km=reach, default_km=attach.REACH_KM[mode]
        )
    ]


def named_status(line: NamedLine) -> int:
    """Return the status code of a hand-compiled line (0 open)."""
    return OPEN if line.status == "operational" else STATUS.index(line.status)
