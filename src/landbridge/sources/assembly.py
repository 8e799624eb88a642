"""All stages to one dataset, and the dataset to a folder and a packed file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from landbridge.dataset import storage
from landbridge.dataset.contract_lines import Contracted
from landbridge.dataset.contribution import NamedLine
from landbridge.dataset.gazetteer_build import complete_gazetteer
from landbridge.dataset.haul import build_haul_tables
from landbridge.dataset.network import (
    Attachments,
    Block,
    DatedFact,
    NamedLink,
    Net,
    NetworkDataset,
    PhysicalNetwork,
    SeaMarket,
    StoredOrder,
)
from landbridge.dataset.rides import build_rides
from landbridge.domain.network import BorderCrossing, Corridor, Terminal
from landbridge.sources import curated as own_rows
from landbridge.sources import ports, supplement, water
from landbridge.sources.build import PORT_INDEX_EVIDENCE, LandStage, Say, Touch, build_land
from landbridge.sources.geonames import read_towns
from landbridge.sources.places import build_gazetteer
from landbridge.sources.tables import read_csv
from landbridge.units import IntArray


def build_dataset(
    raw: Path,
    curated: Path,
    out: Path,
    progress: Say,
    order_of: Callable[[PhysicalNetwork], IntArray] | None,
) -> str:
    """Build the dataset from raw files into folder `out` and return its digest.

    The folder is written aside and renamed, so that an interrupt leaves none or a whole one.
    `order_of` gives the order of contraction that is stored with each network; None stores none.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".landbridge-build-", dir=out.parent))
    try:
        dataset = assemble(raw, curated, progress)
        if order_of is not None:
            progress("orders of contraction")
            dataset = with_orders(dataset, order_of)
        progress("gazetteer")
        build_gazetteer(
            raw,
            curated,
            dataset.terminals,
            dataset.crossings,
            dataset.passages,
            aside / "gazetteer",
        )
        progress("write")
        digest = storage.write(dataset, aside)
        complete_gazetteer(aside / "gazetteer")
        if out.exists():
            shutil.rmtree(out)
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return digest


def with_orders(
    dataset: NetworkDataset, order_of: Callable[[PhysicalNetwork], IntArray]
) -> NetworkDataset:
    """Return the dataset with the order of contraction of each network stored in it."""
    networks = {
        net: replace(
            network, order=StoredOrder(node=order_of(network), made_for=network.shape_digest())
        )
        for net, network in dataset.networks.items()
    }
    return replace(dataset, networks=networks)


def assemble(raw: Path, curated: Path, progress: Say) -> NetworkDataset:
    """Return the dataset that the raw files and curated tables make."""
    folder = raw / "supplement"
    listed = _listed_terminals(raw, curated, folder)
    towns = [
        (t.geonameid, t.name, t.country, t.lon, t.lat, t.population)
        for t in read_towns((raw / "places_geonames" / "cities5000.parquet").read_bytes())
    ]
    use = read_csv(curated / "passage_use.csv")
    passages = supplement.read_passages(
        folder, frozenset(row["passage_id"] for row in use if row["feeder"] == "yes")
    )
    line_passages = {row["line_id"]: row["passage_id"] for row in use if row["line_id"]}
    ids = [p.id for p in passages]
    rail = build_land(raw, curated, Net.RAIL, listed, towns, progress)
    places = [*listed, *rail.terminals]
    road = build_land(raw, curated, Net.ROAD, places, (), progress)
    progress("ocean, Caspian, rivers")
    stages = [
        water.build_ocean(raw, curated, places, ids),
        water.build_caspian(raw, places, ids, line_passages),
        water.build_rivers(raw, curated, places, ids, line_passages),
    ]
    touches: dict[Net, Sequence[Touch]] = {
        Net.RAIL: rail.touches,
        Net.ROAD: road.touches,
        **{s.net: s.touches for s in stages},
    }
    places, touches = _placed(places, touches, rail)
    networks: dict[Net, PhysicalNetwork] = {}
    blocks: list[Block] = []
    for stage in (rail, road):
        none = np.full(len(stage.network.tail), -1, np.int32)
        networks[stage.net] = _physical(stage.net, stage.network, none, stage.named, blocks)
    for water_stage in stages:
        networks[water_stage.net] = _physical(
            water_stage.net,
            water_stage.network,
            water_stage.passage_idx,
            water_stage.named,
            blocks,
        )
    terminals = _with_modes(places, touches)
    crossings = sorted([*rail.crossings, *road.crossings], key=lambda c: c.id)
    services = supplement.read_services(
        folder,
        {
            row["service_id"]: tuple(row["passages"].split("|"))
            for row in read_csv(curated / "service_passages.csv")
        },
        curated / "supplement",
    )
    on_road = {terminals[k].id for k, _, _ in touches[Net.ROAD]}
    ferries = own_rows.read_lorry_ferries(curated, on_road)
    services = [*services, *ferries.services]
    stops = {stop for service in services for stop in service.terminals}
    attachments = _attachments(networks, terminals, crossings, touches, (rail, road), stops)
    progress("haul tables")
    tables = build_haul_tables(networks, attachments, len(blocks))
    return NetworkDataset(
        networks=networks,
        blocks=tuple(blocks),
        terminals=tuple(terminals),
        crossings=tuple(crossings),
        passages=tuple(passages),
        services=tuple(services),
        corridors=read_corridors(curated / "corridors.csv"),
        attachments=attachments,
        haul_tables=tables,
        sea_markets=_markets(curated),
        ride_legs=(
            *build_rides(services, terminals, attachments, tables, networks, passages),
            *ferries.legs,
        ),
        service_markets={
            row["service_id"]: row["market"] for row in read_csv(curated / "service_markets.csv")
        }
        | ferries.markets,
        territories={
            row["country"]: row["territory"]
            for row in read_csv(curated / "customs_territories.csv")
        },
        no_through_truck=frozenset(
            (row["country_a"], row["country_b"]) for row in read_csv(curated / "truck_changes.csv")
        ),
        facts=tuple(
            DatedFact(
                id=row["fact_id"],
                subject=row["subject"],
                kind=row["kind"],
                date_from=row["from"],
                date_to=row["to"],
                text=row["text"],
                evidence=row["source"],
            )
            for row in read_csv(curated / "facts.csv")
        ),
        digest="",
    )


def read_corridors(path: Path) -> tuple[Corridor, ...]:
    """Return corridor rows: steps parted by `;`, alternatives within a step by `|`."""
    rows = []
    for row in read_csv(path):
        required = tuple(
            tuple(x for x in step.split("|") if x) for step in row["required"].split(";")
        )
        modes = [tuple(x for x in part.split("|") if x) for part in row["modes"].split(";")]
        modes += [()] * (len(required) + 1 - len(modes))
        rows.append(
            Corridor(
                id=row["corridor_id"],
                title=row["title"],
                required=required,
                forbidden=tuple(x for x in row["forbidden"].split("|") if x),
                modes=tuple(modes),
                note=row["note"],
            )
        )
    return tuple(rows)


def _listed_terminals(raw: Path, curated: Path, folder: Path) -> list[Terminal]:
    own = supplement.read_terminals(folder, curated / "supplement")
    classes = ports.port_classes(curated)
    own = [
        replace(t, port_class=classes.get(t.id, classes.get(t.unlocode, t.port_class)))
        if "sea" in t.modes
        else t
        for t in own
    ]
    own = [t for t in own if t.status == "operational"]
    indexed = [
        replace(t, modes=tuple(sorted({*t.modes, "rail"})))
        for t in ports.read_ports(raw, own, curated=curated)
    ]
    places = [*own, *indexed, *own_rows.read_terminals(curated)]
    return sorted(own_rows.with_modes(places, curated), key=lambda t: t.id)


def _placed(
    places: Sequence[Terminal], touches: dict[Net, Sequence[Touch]], rail: LandStage
) -> tuple[list[Terminal], dict[Net, Sequence[Touch]]]:
    """Drop terminals that touch nothing useful, and renumber the touches of the others.

    Dropped are: a terminal without any touch, a port of an index that only a road touches, and
    a derived rail terminal alone on its piece of railway.
    """
    nets: dict[int, set[Net]] = {}
    for net, rows in touches.items():
        for k, _, _ in rows:
            nets.setdefault(k, set()).add(net)
    piece = _pieces(rail.network)
    on_piece = np.bincount(
        np.concatenate(
            [
                piece[[node for _, node, _ in touches[Net.RAIL]]],
                piece[[portal.node for portal in rail.portals]],
            ]
        ),
        minlength=int(piece.max()) + 1,
    )
    alone = {k for k, node, _ in touches[Net.RAIL] if on_piece[piece[node]] == 1}
    keep = []
    for k, place in enumerate(places):
        own = nets.get(k, set())
        is_indexed = place.evidence in PORT_INDEX_EVIDENCE
        is_derived = place.id.startswith("RAIL-")
        if own and not (is_indexed and own == {Net.ROAD}) and not (is_derived and k in alone):
            keep.append(k)
    new = {k: n for n, k in enumerate(keep)}
    return [places[k] for k in keep], {
        net: [(new[k], node, km) for k, node, km in rows if k in new]
        for net, rows in touches.items()
    }


def _with_modes(
    places: Sequence[Terminal], touches: dict[Net, Sequence[tuple[int, int, float]]]
) -> list[Terminal]:
    """Return terminals with the modes whose network they touch (ferry stays as listed)."""
    modes: dict[int, set[str]] = {}
    name = {Net.RAIL: "rail", Net.ROAD: "road", Net.SEA: "sea", Net.CASPIAN: "sea", Net.IWW: "iww"}
    for net, rows in touches.items():
        for k, _, _ in rows:
            modes.setdefault(k, set()).add(name[net])
    return [
        replace(
            t,
            modes=tuple(sorted(modes.get(k, set()) | ({"ferry"} & set(t.modes)))),
        )
        for k, t in enumerate(places)
    ]


def _physical(
    net: Net,
    network: Contracted,
    passage_idx: IntArray,
    named: Sequence[NamedLine],
    blocks: list[Block],
) -> PhysicalNetwork:
    """Return the network with its blocks appended to `blocks`."""
    first = len(blocks)
    if net in (Net.RAIL, Net.ROAD):
        keys = np.char.add(np.char.add(network.country, "|"), network.gauge_mm.astype("U5"))
        unique, inverse = np.unique(keys, return_inverse=True)
        index: IntArray = inverse
        for key in unique:
            country, gauge = str(key).split("|")
            blocks.append(Block(net=int(net), country=country, gauge_mm=int(gauge), basin=""))
    else:
        index = _pieces(network) if net is Net.IWW else np.zeros(len(network.lon), np.int64)
        for piece in range(int(index.max()) + 1):
            basin = {Net.SEA: "ocean", Net.CASPIAN: "caspian"}.get(net, f"river-{piece}")
            blocks.append(Block(net=int(net), country="", gauge_mm=0, basin=basin))
    return PhysicalNetwork(
        net=net,
        lon=network.lon,
        lat=network.lat,
        block_idx=(np.asarray(index).reshape(-1) + first).astype(np.int32),
        tail_idx=network.tail,
        head_idx=network.head,
        length_km=network.length_km,
        origin=network.origin,
        status=network.status,
        passage_idx=passage_idx,
        name_idx=network.name_idx,
        chord_km=network.chord_km,
        shape_start=network.shape_start,
        shape_lonlat=network.shape_lonlat,
        named=tuple(
            NamedLink(
                id=line.id,
                name=line.name or f"{line.from_id} - {line.to_id}",
                status=line.status,
                open_year=line.open_year,
                length_km=line.length_km,
                gauge_mm=line.gauge_mm,
                season_open=line.season_open,
                season_close=line.season_close,
                max_draught_m=line.max_draught_m,
                quality="published" if line.source_kind == "retrieved" else "assumed",
            )
            for line in named
        ),
    )


def _pieces(network: Contracted) -> IntArray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(network.lon)
    graph = coo_array((np.ones(len(network.tail)), (network.tail, network.head)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], np.int32)


def _attachments(
    networks: dict[Net, PhysicalNetwork],
    terminals: Sequence[Terminal],
    crossings: Sequence[BorderCrossing],
    touches: dict[Net, Sequence[tuple[int, int, float]]],
    land: Sequence[LandStage],
    stops: set[str],
) -> Attachments:
    rows: list[tuple[int, int, int, int, int, int, float, bool]] = []
    crossing_at = {c.id: k for k, c in enumerate(crossings)}
    for net, touched in touches.items():
        block_idx = networks[net].block_idx
        for k, node, km in touched:
            rows.append(
                (
                    int(net),
                    int(block_idx[node]),
                    k,
                    -1,
                    -1,
                    node,
                    km,
                    _is_core(net, terminals[k], stops),
                )
            )
    for stage in land:
        block_idx = networks[stage.net].block_idx
        rows.extend(
            (
                int(stage.net),
                int(block_idx[portal.node]),
                -1,
                crossing_at[portal.crossing],
                int(portal.side == "b"),
                portal.node,
                0.0,
                True,
            )
            for portal in stage.portals
        )
    sea = networks[Net.SEA]
    through = sea.passage_idx >= 0
    gates = np.unique(np.concatenate([sea.tail_idx[through], sea.head_idx[through]]))
    rows.extend(
        (int(Net.SEA), int(sea.block_idx[node]), -1, -1, -1, node, 0.0, True)
        for node in gates.tolist()
    )
    rows.sort(key=lambda row: row[:6])
    columns = list(zip(*rows, strict=True))
    return Attachments(
        net=np.array(columns[0], np.int32),
        block_idx=np.array(columns[1], np.int32),
        terminal_idx=np.array(columns[2], np.int32),
        crossing_idx=np.array(columns[3], np.int32),
        side=np.array(columns[4], np.int32),
        node_idx=np.array(columns[5], np.int32),
        off_km=np.array(columns[6], float),
        is_core=np.array(columns[7], np.bool_),
    )


def _is_core(net: Net, terminal: Terminal, stops: set[str]) -> bool:
    """Return whether a terminal's hauls are in the tables; others are found when asked for."""
    if terminal.id.startswith("RAIL-"):
        return False
    is_named = not terminal.evidence.startswith((ports.WPI_EVIDENCE, ports.SEAROUTE_EVIDENCE))
    if net is Net.SEA:
        return is_named or terminal.port_class in ("hub", "mainline") or terminal.id in stops
    if net in (Net.CASPIAN, Net.IWW):
        return False
    return is_named or terminal.port_class in ("hub", "mainline")


def _markets(curated: Path) -> tuple[SeaMarket, ...]:
    return tuple(
        SeaMarket(
            id=row["market_id"],
            vehicle=row["vehicle"],
            members=row["members"],
            range_km=float(row["range_km"]),
            draught_m=float(row["draught_m"]),
            passages=row["passages"],
            headway_h=(
                float(row["headway_low_h"]),
                float(row["headway_central_h"]),
                float(row["headway_high_h"]),
            ),
            date_from=row["from"],
            date_to=row["to"],
            rate=row["rate"],
            note=row["note"],
        )
        for row in read_csv(curated / "sea_markets.csv")
    )
