"""Where a journey can begin and end: doors, the terminals around them, and via places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.dataset.network import Net
from landbridge.domain.network import Corridor, Mode, Place, Terminal
from landbridge.graph.carrying import Attachment
from landbridge.planning.geography import Geography
from landbridge.units import FloatArray, IntArray

DRAYAGE_KM = 800.0
"""Terminals farther from a door by road are not offered (model.md, section 1)."""
GATEWAY_KM = 1500.0
"""A terminal that a corridor names as first or last gateway may be this far."""
DOOR_REACH_KM = (60.0, 200.0)
"""How far a place may lie from the road network; tried in this order."""
FEWEST = 3
"""Where none lies within `DRAYAGE_KM`, so many of the nearest are offered all the same."""
NEVER = ""
MOST = {"rail": 8, "sea": 6, "iww": 2, NEVER: 0}
"""So many terminals of a kind are offered, gateways counted and never left out."""
STATION_KM = 60.0
"""Terminal to terminal: a town stands for its terminals within this distance."""
HALT_KM = 35.0
"""Terminal to terminal by rail: a place may load where the railway is this near."""
FAR_PORT_KM = 250.0
"""Terminal to terminal by sea: where no port is near, the nearest one within this distance."""
NET_OF_MODE = {Mode.RAIL: Net.RAIL, Mode.ROAD: Net.ROAD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One way in or out of the network: an attachment and the drayage to it by road.

    `drayage_km` is None where the load starts on the road itself (or has no drayage: scope
    terminal); `mode` restricts the carriages used there ('' for all but road).
    """

    attachment: Attachment
    drayage_km: float | None
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A place of the request and how it touches the network."""

    place: Place
    country: str
    touches: tuple[Touch, ...]
    road_node: int
    why_not: str = ""


def attachments_of(geography: Geography, terminal_idx: int) -> tuple[Attachment, ...]:
    """Return every touch of a terminal."""
    known = geography.touches_of_terminal.get(terminal_idx)
    if known is None:
        table = geography.dataset.attachments
        known = tuple(
            Attachment(
                net=int(table.net[k]),
                node_idx=int(table.node_idx[k]),
                block_idx=int(table.block_idx[k]),
                off_km=float(table.off_km[k]),
                terminal_idx=terminal_idx,
                is_core=bool(table.is_core[k]),
            )
            for k in np.flatnonzero(table.terminal_idx == terminal_idx)
        )
        geography.touches_of_terminal[terminal_idx] = known
    return known


@dataclass(frozen=True, slots=True)
class Drayed:
    """The terminals of one block of the road network that drayage can lead to.

    Per touch, shape (n,): the node of the network, how far off it the terminal lies, km, its
    position, and which kind it counts as: a key of `MOST`.
    """

    node: IntArray
    off_km: FloatArray
    terminal: list[int]
    kind: list[str]


def _drayed_in(geography: Geography, block: int) -> Drayed:
    known = geography.drayed_in_block.get(block)
    if known is None:
        dataset = geography.dataset
        table = dataset.attachments
        rows = np.flatnonzero((table.block_idx == block) & (table.terminal_idx >= 0))
        terminals = np.asarray(table.terminal_idx)[rows].tolist()
        known = Drayed(
            node=np.asarray(table.node_idx)[rows],
            off_km=np.asarray(table.off_km)[rows],
            terminal=terminals,
            kind=[_kind(dataset.terminals[k]) for k in terminals],
        )
        geography.drayed_in_block[block] = known
    return known


def terminal_position(geography: Geography, place: Place) -> int:
    """Return the position of the terminal that a place is, -1 if it is none."""
    return geography.position_of_terminal.get(place.id, -1)


def open_door(geography: Geography, place: Place, corridors: Sequence[Corridor]) -> Door:
    """Return how a door touches the network: by road, and by terminals a truck can reach.

    Drayage stays in the door's country. Nearest by road come first: rail terminals, sea ports,
    river ports, and corridor gateways within `GATEWAY_KM`.
    """
    (door,) = open_doors(geography, [place], corridors)
    return door


def open_doors(
    geography: Geography, places: Sequence[Place], corridors: Sequence[Corridor]
) -> list[Door]:
    """Return the doors of places, each as `open_door` would give it."""
    at_road = [_nearest_road(geography, place) for place in places]
    blocks = geography.dataset.networks[Net.ROAD].block_idx
    of_block: dict[int, list[int]] = {}
    for k, gate in enumerate(at_road):
        if gate.node >= 0:
            of_block.setdefault(int(blocks[gate.node]), []).append(k)
    drayage: dict[int, list[tuple[int, float]]] = {}
    gateways = _gateways(geography, corridors)
    for block, members in of_block.items():
        there = _drayed_in(geography, block)
        nodes = np.array([at_road[k].node for k in members])
        walked = geography.km_between(Net.ROAD, nodes, there.node)
        for k, km in zip(members, walked + there.off_km, strict=True):
            drayage[k] = _chosen(there, km + at_road[k].off_km, gateways)
    return [
        _door(geography, place, at_road[k], drayage.get(k, ())) for k, place in enumerate(places)
    ]


@dataclass(frozen=True, slots=True)
class _Gate:
    """Where a place in `country` meets the road: node (-1 nowhere) and how far off."""

    country: str
    node: int
    off_km: float


def _nearest_road(geography: Geography, place: Place) -> _Gate:
    country = place.country or geography.country_at(place.lat, place.lon)
    for reach in DOOR_REACH_KM:
        found = geography.nearest(Net.ROAD, place.lon, place.lat, reach_km=reach, country=country)
        if found is not None:
            return _Gate(country, *found)
    return _Gate(country, -1, 0.0)


def _door(
    geography: Geography, place: Place, gate: _Gate, drayage: Sequence[tuple[int, float]]
) -> Door:
    """Return a door at its gate to the road, with drayage to terminals: position and km."""
    dataset = geography.dataset
    road = dataset.networks[Net.ROAD]
    own = terminal_position(geography, place)
    country = gate.country
    touches: list[Touch] = []
    if own >= 0:
        touches += [
            Touch(attachment=a, drayage_km=0.0, mode="")
            for a in attachments_of(geography, own)
            if a.net != Net.ROAD
        ]
    if gate.node < 0:
        if not touches:
            near = [
                k
                for k, _ in geography.terminals_near(place.lon, place.lat, 40.0)
                if dataset.terminals[k].country == country
            ]
            touches = [
                Touch(attachment=a, drayage_km=km, mode="")
                for k in near
                for km in (_straight_km(geography, place, k),)
                for a in attachments_of(geography, k)
                if a.net != Net.ROAD
            ]
        why = "" if touches else f"no road within {DOOR_REACH_KM[-1]:.0f} km of {place.name}"
        return Door(place=place, country=country, touches=tuple(touches), road_node=-1, why_not=why)
    block = int(road.block_idx[gate.node])
    touches.append(
        Touch(
            attachment=Attachment(
                net=Net.ROAD, node_idx=gate.node, block_idx=block, off_km=gate.off_km
            ),
            drayage_km=None,
            mode="road",
        )
    )
    for k, km in drayage:
        if k == own:
            continue
        touches += [
            Touch(attachment=a, drayage_km=km, mode="")
            for a in attachments_of(geography, k)
            if a.net != Net.ROAD
        ]
    return Door(place=place, country=country, touches=tuple(touches), road_node=gate.node)


def _straight_km(geography: Geography, place: Place, terminal_idx: int) -> float:
    from landbridge.units import great_circle_km

    terminal = geography.dataset.terminals[terminal_idx]
    return 1.3 * great_circle_km(place.lon, place.lat, terminal.lon, terminal.lat)


def _gateways(geography: Geography, corridors: Sequence[Corridor]) -> frozenset[int]:
    """Return the terminals that corridors name as first or last gateway."""
    ids = {
        id_
        for corridor in corridors
        for step in (corridor.required[:1], corridor.required[-1:])
        for ids in step
        for id_ in ids
    }
    at = geography.position_of_terminal
    return frozenset(at[id_] for id_ in ids if id_ in at)


def _chosen(there: Drayed, km: FloatArray, gateways: frozenset[int]) -> list[tuple[int, float]]:
    """Return (terminal position, road km) of the terminals worth looking at, nearest first.

    `km` are those from the door, (n,), inf where no road leads.
    """
    reach_km = DRAYAGE_KM
    if not (km <= DRAYAGE_KM).any():
        finite = np.sort(km[np.isfinite(km)])
        if len(finite):
            reach_km = float(finite[:FEWEST][-1])
    far_km = max(GATEWAY_KM, reach_km)
    near = np.flatnonzero(km <= far_km)
    order = near[np.argsort(km[near], kind="stable")].tolist()
    left = dict(MOST)
    chosen: list[tuple[int, float]] = []
    for row, own_km in zip(order, km[order].tolist(), strict=True):
        k, kind = there.terminal[row], there.kind[row]
        if k not in gateways and (own_km > reach_km or left[kind] <= 0):
            continue
        if kind == NEVER:
            continue
        left[kind] -= 1
        chosen.append((k, own_km))
    return chosen


def _kind(terminal: Terminal) -> str:
    for kind, modes in (("sea", {"sea", "ferry"}), ("iww", {"iww"}), ("rail", {"rail"})):
        if modes & set(terminal.modes):
            return kind
    return NEVER


def open_station(geography: Geography, place: Place, modes: Sequence[Mode]) -> Door:
    """Return how a place touches the network terminal to terminal: no drayage.

    A terminal stands for itself; a town for the terminals within `STATION_KM`, for the railway
    and the road nearest to it, and for the nearest port within `FAR_PORT_KM` if none is near.
    """
    dataset = geography.dataset
    country = place.country or geography.country_at(place.lat, place.lon)
    own = terminal_position(geography, place)
    touches: list[Touch] = []
    if own >= 0:
        near = [(own, 0.0)]
    else:
        near = [
            (k, km)
            for k, km in geography.terminals_near(place.lon, place.lat, FAR_PORT_KM)
            if dataset.terminals[k].country == country
        ]
    has_port = False
    for k, km in near:
        is_port = "sea" in dataset.terminals[k].modes
        if km > STATION_KM and (has_port or not is_port):
            continue
        has_port = has_port or is_port
        touches += [
            Touch(attachment=a, drayage_km=None, mode="")
            for a in attachments_of(geography, k)
            if a.net not in (Net.ROAD, Net.RAIL) or own >= 0
        ]
    for mode, net in NET_OF_MODE.items():
        found = (
            geography.nearest(net, place.lon, place.lat, reach_km=HALT_KM, country=country)
            if mode in modes
            else None
        )
        if found is not None:
            node, off_km = found
            touches.append(
                Touch(
                    attachment=Attachment(
                        net=net,
                        node_idx=node,
                        block_idx=int(dataset.networks[net].block_idx[node]),
                        off_km=off_km,
                    ),
                    drayage_km=None,
                    mode=mode.value,
                )
            )
    why = "" if touches else f"no terminal within {STATION_KM:.0f} km of {place.name}"
    return Door(place=place, country=country, touches=tuple(touches), road_node=-1, why_not=why)
