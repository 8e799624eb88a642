"""The dataset: networks, terminals, crossings, services and haul tables, as columns and rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from landbridge.domain.conditions import NO_CONDITIONS, Conditions
from landbridge.domain.network import BorderCrossing, Corridor, Passage, Service, Terminal
from landbridge.units import FloatArray, IntArray


class Net(IntEnum):
    """The physical networks, each with nodes of its own."""

    RAIL = 0
    ROAD = 1
    SEA = 2
    CASPIAN = 3
    IWW = 4


NET_MODE = {Net.RAIL: "rail", Net.ROAD: "road", Net.SEA: "sea", Net.CASPIAN: "sea", Net.IWW: "iww"}
"""Mode of transport on each network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of one network inside which a haul never meets a border, gauge or basin change."""

    net: int
    country: str
    gauge_mm: int
    basin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLink:
    """A hand-compiled line that links of a network belong to, with status and season."""

    id: str
    name: str
    status: str
    open_year: int
    length_km: float
    gauge_mm: int
    season_open: str
    season_close: str
    max_draught_m: float
    quality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """In which order to contract a network's nodes, (n_nodes,) int32, and for which shape."""

    node: IntArray
    made_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhysicalNetwork:
    """Nodes and undirected links of one network; all arrays read-only.

    Per node, shape (n_nodes,): `lon`, `lat` (degrees), `block_idx`. Per link, shape (n_links,):
    `tail_idx`, `head_idx`, `length_km`, `origin`, `status` (0 open), `passage_idx` (-1 none),
    `name_idx` (position in `named`, -1 none), `chord_km`. Shape points of link i, ends left out,
    are rows `shape_start[i]:shape_start[i + 1]` of `shape_lonlat`, shape (n_points, 2). `order` is
    that of the network as it was built: ask `own_order`.
    """

    net: Net
    lon: FloatArray
    lat: FloatArray
    block_idx: IntArray
    tail_idx: IntArray
    head_idx: IntArray
    length_km: FloatArray
    origin: npt.NDArray[np.uint8]
    status: npt.NDArray[np.uint8]
    passage_idx: IntArray
    name_idx: IntArray
    chord_km: FloatArray
    shape_start: IntArray
    shape_lonlat: FloatArray
    named: tuple[NamedLink, ...]
    order: StoredOrder | None = None

    def links_within(self) -> npt.NDArray[np.int64]:
        """Return the links that stay in their block, whatever their status."""
        block = np.asarray(self.block_idx)
        return np.flatnonzero(block[self.tail_idx] == block[self.head_idx])

    def shape_digest(self) -> str:
        """Return a digest of nodes and links within blocks: what an order is made for."""
        links = self.links_within()
        whole = hashlib.blake2b(str(len(self.lon)).encode(), digest_size=16)
        for ends in (self.tail_idx, self.head_idx):
            whole.update(np.asarray(ends)[links].astype("<i4").tobytes())
        return whole.hexdigest()

    def own_order(self) -> IntArray | None:
        """Return the stored order if it was made for this shape, else None."""
        order = self.order
        if order is None or len(order.node) != len(self.lon):
            return None
        return order.node if order.made_for == self.shape_digest() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachments:
    """Where terminals and crossing sides touch the networks; one row per touch, by position.

    `terminal_idx` (-1 for a crossing), `crossing_idx` (-1 for a terminal), `side` (0 a, 1 b, -1),
    `net`, `node_idx`, `block_idx`, `off_km` (straight way between place and node), `is_core`
    (its hauls are in the haul tables), all of shape (n_attachments,).
    """

    terminal_idx: IntArray
    crossing_idx: IntArray
    side: IntArray
    net: IntArray
    node_idx: IntArray
    block_idx: IntArray
    off_km: FloatArray
    is_core: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class HaulTables:
    """Shortest km between core attachments of one block, way to the terminal included.

    Block b has members `member[start[b]:start[b + 1]]` (attachment positions) and a square
    matrix of km, row-major, at `km[offset[b]:offset[b + 1]]`; inf where there is no way.
    """

    start: IntArray
    member: IntArray
    offset: npt.NDArray[np.int64]
    km: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeaMarket:
    """Who sails where: a class of liner supply with its ports, range, dates and rate."""

    id: str
    vehicle: str
    members: str
    range_km: float
    draught_m: float
    passages: str
    headway_h: tuple[float, float, float]
    date_from: str
    date_to: str
    rate: str
    note: str

    def rule(self) -> tuple[str, frozenset[str], frozenset[str]]:
        """Return whom `members` names: the base, the only countries (none: all), those left out.

        The base is `all`, `class:a|b` or a list of countries `A|B`; `;in:X|Y` keeps these
        countries only, `;not:X|Y` leaves these out.
        """
        base, *clauses = self.members.split(";")
        known = {clause.partition(":")[0]: clause.partition(":")[2] for clause in clauses}
        only, without = (
            frozenset(filter(None, known.get(k, "").split("|"))) for k in ("in", "not")
        )
        return base, only, without


@dataclass(frozen=True, slots=True, kw_only=True)
class RideLeg:
    """One leg of a ship service, stop to next stop: open water, then passages with their km."""

    service: str
    net: int
    stop: int
    open_km: float
    passages: tuple[str, ...]
    passage_km: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFact:
    """Something that holds from a date (to a date) and concerns an id, with its source."""

    id: str
    subject: str
    kind: str
    date_from: str
    date_to: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDataset:
    """Everything an answer rests on but parameters and law."""

    networks: dict[Net, PhysicalNetwork]
    blocks: tuple[Block, ...]
    terminals: tuple[Terminal, ...]
    crossings: tuple[BorderCrossing, ...]
    passages: tuple[Passage, ...]
    services: tuple[Service, ...]
    corridors: tuple[Corridor, ...]
    attachments: Attachments
    haul_tables: HaulTables
    sea_markets: tuple[SeaMarket, ...]
    ride_legs: tuple[RideLeg, ...]
    service_markets: dict[str, str]
    territories: dict[str, str]
    no_through_truck: frozenset[tuple[str, str]]
    facts: tuple[DatedFact, ...]
    digest: str
    conditions: Conditions = NO_CONDITIONS
    """What scenarios set; never stored."""
