"""Rules as step tables: a corridor's ordered sets, via places, bans and closures.

A step counts two things at once: how many of the corridor's sets were met, in order, and how many
via places, in order. With J sets and V via places there are (J + 1)(V + 1) steps; step
`j (V + 1) + v` has met j sets and v places. The search ends only at the last step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import NetworkDataset
from landbridge.domain.network import Corridor, Mode
from landbridge.graph.carrying import VirtualNetwork

Steps = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]

_AFLOAT = frozenset({"sea", "ferry"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """What a search may not use: ids of terminals, crossings, passages; countries."""

    ids: frozenset[str]
    countries: frozenset[str]


NO_BAN = Ban(ids=frozenset(), countries=frozenset())
MODES = tuple(mode.value for mode in Mode)
_NUMBERS = (1, 2, 4, 8)
"""Sizes of whole numbers, bytes."""
_NONE: Rows = np.zeros(0, np.int64)


class Index:
    """Positions of virtual nodes and arcs by the ids and countries that rules name.

    Parameters
    ----------
    known
        The index of the network that `virtual` was extended from: only what is new is read.
    """

    def __init__(
        self, virtual: VirtualNetwork, dataset: NetworkDataset, known: Index | None = None
    ) -> None:
        self.n_nodes, self.n_arcs = len(virtual.node_attachment), len(virtual.arcs)
        from_node, from_arc = (known.n_nodes, known.n_arcs) if known else (0, 0)
        nodes: dict[str, list[int]] = {}
        countries: dict[str, list[int]] = {}
        for node in range(from_node, self.n_nodes):
            touch = virtual.attachments[virtual.node_attachment[node]]
            country = dataset.blocks[touch.block_idx].country
            if touch.terminal_idx >= 0:
                terminal = dataset.terminals[touch.terminal_idx]
                nodes.setdefault(terminal.id, []).append(node)
                country = terminal.country
            countries.setdefault(country, []).append(node)
        arcs: dict[str, list[int]] = {}
        for k in range(from_arc, self.n_arcs):
            arc = virtual.arcs[k]
            if arc.crossing_idx >= 0:
                arcs.setdefault(dataset.crossings[arc.crossing_idx].id, []).append(k)
            elif arc.passage:
                arcs.setdefault(arc.passage, []).append(k)
                vehicle = virtual.carriages[virtual.node_carriage[arc.tail]].vehicle
                arcs.setdefault(f"{arc.passage}@{vehicle}", []).append(k)
        self._read_rides(virtual, known)
        modes = [virtual.carriages[block.carriage].mode for block in virtual.blocks]
        self.block_modes, self.modes = np.array(modes), tuple(sorted(set(modes)))
        none: dict[str, Rows] = {}
        self.fresh_nodes_of_id = _joined({}, nodes)
        self.fresh_nodes_of_country = _joined({}, countries)
        self.nodes_of_id: dict[str, Rows] = _joined(known.nodes_of_id if known else none, nodes)
        self.nodes_of_country: dict[str, Rows] = _joined(
            known.nodes_of_country if known else none, countries
        )
        self.arcs_of_id: dict[str, Rows] = _joined(known.arcs_of_id if known else none, arcs)

    def _read_rides(self, virtual: VirtualNetwork, known: Index | None) -> None:
        """Tell rides apart by mode and passages: few kinds, and a rule treats each alike."""
        self.ride_kinds: tuple[tuple[str, tuple[str, ...]], ...]
        self.kind_of_ride: Rows
        self.rides_of_service: dict[str, Rows]
        if known is not None:
            self.ride_kinds, self.kind_of_ride = known.ride_kinds, known.kind_of_ride
            self.rides_of_service = known.rides_of_service
            return
        kinds: dict[tuple[str, tuple[str, ...]], int] = {}
        kind_of_ride = []
        services: dict[str, list[int]] = {}
        for k, ride in enumerate(virtual.rides):
            mode = virtual.carriages[virtual.node_carriage[ride.tail]].mode
            kind_of_ride.append(kinds.setdefault((mode, ride.passages), len(kinds)))
            services.setdefault(ride.service, []).append(k)
        self.ride_kinds = tuple(kinds)
        self.kind_of_ride = np.array(kind_of_ride, np.int64)
        self.rides_of_service = _joined({}, services)


def _joined(known: dict[str, Rows], more: dict[str, list[int]]) -> dict[str, Rows]:
    """Return rows by key with more of them, in rising order."""
    whole = known.copy()
    for key, rows in more.items():
        fresh = np.array(rows, np.int64)
        whole[key] = np.concatenate([known[key], fresh]) if key in known else fresh
    return whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Step tables of one search (see `ProductWeights`); -1 where a thing may not be used.

    Rows of `arc_next` may be wider than there are steps. `mode_next` has a row for each of `MODES`:
    what runs of that mode may do in any block.
    """

    node_next: Steps
    arc_next: Steps
    ride_next: Steps
    block_next: Steps
    mode_next: Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """A place to be led through: an id, and the virtual nodes that count as it."""

    id: str
    nodes: frozenset[int]


def passed_nodes(virtual: VirtualNetwork, index: Index, dataset: NetworkDataset) -> list[int]:
    """Return the trains' nodes of the inland terminals that corridors name.

    A train runs through such a place as through one of `--via`: it need not be unloaded there. At
    a port the load comes from a ship or goes aboard: there a corridor asks for a call.
    """
    named = {id_ for corridor in dataset.corridors for ids in corridor.required for id_ in ids}
    inland = {
        terminal.id
        for terminal in dataset.terminals
        if terminal.id in named and not _AFLOAT.intersection(terminal.modes)
    }
    return [
        node
        for node in _rows(index.nodes_of_id, inland).tolist()
        if virtual.carriages[virtual.node_carriage[node]].mode == Mode.RAIL
    ]


def compile_rule(
    virtual: VirtualNetwork,
    dataset: NetworkDataset,
    index: Index,
    *,
    n_arcs: int,
    corridor: Corridor | None,
    vias: Sequence[Via],
    ban: Ban,
    modes: frozenset[str],
    shut: frozenset[str],
    passed: Sequence[int] = (),
) -> Rule:
    """Return the step tables of a corridor, via places, bans and what is shut.

    Parameters
    ----------
    n_arcs
        Sparse arcs in all, those past the virtual network's own included (via pass-throughs).
    modes
        Modes the request allows.
    shut
        Ids of crossings, passages, `passage@vehicle` (for ships of one class), terminals and
        services that are closed.
    passed
        Nodes of the last arcs: a train passes them without a stop, where a corridor leads there.
    """
    required = corridor.required if corridor else ()
    width = len(vias) + 1
    n_steps = (len(required) + 1) * width
    forbidden = ban.ids | (frozenset(corridor.forbidden) if corridor else frozenset())
    countries = ban.countries | {f for f in forbidden if len(f) == 2 and f.isupper()}
    closed = shut | forbidden
    stay = np.arange(n_steps, dtype=np.int8)

    def advanced(table: Steps, of_id: dict[str, Rows]) -> None:
        for j, ids in enumerate(required):
            rows = _rows(of_id, ids)
            table[rows, j * width : (j + 1) * width] += width
        for v, via in enumerate(vias):
            table[_rows(of_id, (via.id,)), v::width] += 1

    node_next = np.tile(stay, (len(virtual.node_attachment), 1))
    advanced(node_next, index.nodes_of_id)
    for v, via in enumerate(vias):
        own = via.nodes - set(_rows(index.nodes_of_id, (via.id,)).tolist())
        node_next[sorted(own), v::width] += 1
    node_next[_rows(index.nodes_of_id, closed)] = -1
    node_next[_rows(index.nodes_of_country, countries)] = -1

    arc_next = np.tile(stay, (n_arcs, 1))
    advanced(arc_next, index.arcs_of_id)
    arc_next[_rows(index.arcs_of_id, closed)] = -1
    _let_pass(arc_next, node_next, passed, width)

    fits = _ModeTable(corridor, modes, width, n_steps)
    kind_next = np.tile(stay, (max(len(index.ride_kinds), 1), 1))
    for row, (mode, passages) in zip(kind_next, index.ride_kinds, strict=False):
        for step in range(n_steps if passages else 0):
            j, v = divmod(step, width)
            for passage in passages:
                j += j < len(required) and passage in required[j]
                v += v < len(vias) and passage == vias[v].id
            row[step] = j * width + v
        row[~fits.of(mode)] = -1
        if closed.intersection(passages):
            row[:] = -1
    ride_next = kind_next[index.kind_of_ride]
    ride_next[_rows(index.rides_of_service, closed)] = -1

    block_next = np.tile(stay, (len(virtual.blocks), 1))
    modes_of = index.block_modes
    for mode in index.modes:
        barred = ~fits.of(mode)
        if barred.any():
            block_next[np.ix_(modes_of == mode, barred)] = -1
    if countries:
        inside = [dataset.blocks[b.block_idx].country in countries for b in virtual.blocks]
        block_next[np.array(inside, bool)] = -1
    return Rule(
        node_next=node_next,
        arc_next=_padded(arc_next),
        ride_next=ride_next,
        block_next=block_next,
        mode_next=np.array([np.where(fits.of(mode), stay, -1) for mode in MODES], np.int8),
    )


class Additions:
    """What one request adds to the network of a day, as rules see it; no via places.

    Parameters
    ----------
    index
        Of the request's network.
    n_arcs, n_passed
        Arcs that it adds; `n_passed` stand behind all others, in the day's network and in its own.
    origin, destination
        The nodes that either door adds, counted from the first that is added.
    block_modes, block_countries
        Modes and countries of the blocks that it adds.
    """

    def __init__(
        self,
        index: Index,
        *,
        n_nodes: int,
        n_arcs: int,
        n_passed: int,
        origin: Sequence[int],
        destination: Sequence[int],
        block_modes: Sequence[str],
        block_countries: Sequence[str],
    ) -> None:
        self._n_nodes, self._n_arcs, self.n_passed = n_nodes, n_arcs, n_passed
        first = index.n_nodes - n_nodes
        self._of_id = {id_: rows - first for id_, rows in index.fresh_nodes_of_id.items()}
        self._of_country = {c: rows - first for c, rows in index.fresh_nodes_of_country.items()}
        self._ends = np.array(origin, np.int64), np.array(destination, np.int64)
        self._block_modes = np.array([MODES.index(mode) for mode in block_modes], np.int64)
        self._block_countries = block_countries
        self._apart: dict[int, Steps] = {}
        self._arcs: dict[int, Steps] = {}

    def has_any(self, required: Sequence[Sequence[str]]) -> bool:
        """Return whether a set names anything that is added."""
        return any(not self._of_id.keys().isdisjoint(ids) for ids in required)

    def node_next(
        self,
        required: Sequence[Sequence[str]],
        forbidden: Sequence[str],
        ban: Ban,
        shut: AbstractSet[str],
        countries: AbstractSet[str],
    ) -> Steps:
        """Return the rows of the added nodes."""
        last = len(required)
        own = self._apart.get(last)
        if own is None:
            own = self._apart[last] = self._of_their_stretch(last)
        changed = own.copy()
        named = self._of_id.keys() & {id_ for ids in required for id_ in ids}
        for id_ in named:
            changed[self._of_id[id_]] = np.arange(last + 1)
        for j, ids in enumerate(required if named else ()):
            for id_ in named.intersection(ids):
                changed[self._of_id[id_], j] += 1
        for id_, rows in self._of_id.items():
            if id_ in shut or id_ in ban.ids or id_ in forbidden:
                changed[rows] = -1
        for country in countries & self._of_country.keys():
            changed[self._of_country[country]] = -1
        return changed

    def _of_their_stretch(self, last: int) -> Steps:
        own = np.full((self._n_nodes, last + 1), -1 if last else 0, np.int8)
        own[self._ends[0], 0] = 0
        own[self._ends[1], last] = last
        return own

    def block_next(self, known: Rule, countries: AbstractSet[str]) -> Steps:
        """Return the rows of the added blocks."""
        rows: Steps = known.mode_next[self._block_modes]
        if countries:
            rows[[country in countries for country in self._block_countries]] = -1
        return rows

    def arc_next(self, width: int) -> Steps:
        """Return the rows of the added arcs: transfers, which no rule minds."""
        found = self._arcs.get(width)
        if found is None:
            found = self._arcs[width] = np.empty((self._n_arcs, width), np.int8)
            found[:] = np.arange(width)
        return found


def extended_rule(
    known: Rule, more: Additions, *, corridor: Corridor | None, ban: Ban, shut: frozenset[str]
) -> Rule:
    """Return the step tables of a network that was extended from that of `known`.

    The result is that of `compile_rule` with the same arguments, but for this: a small terminal
    near a door is in the network for that door. Where a corridor has sets, the origin's own nodes
    are for its first stretch and the destination's for the last; one that a set names stays.
    """
    required, forbidden = (corridor.required, corridor.forbidden) if corridor else ((), ())
    countries = ban.countries.union(f for f in forbidden if len(f) == 2 and f.isupper())
    own = more.node_next(required, forbidden, ban, shut, countries)
    first_passed = len(known.arc_next) - more.n_passed
    own_arcs = more.arc_next(known.arc_next.shape[1])
    return Rule(
        node_next=np.concatenate([known.node_next, own]),
        arc_next=np.concatenate(
            [known.arc_next[:first_passed], own_arcs, known.arc_next[first_passed:]]
        ),
        ride_next=known.ride_next,
        block_next=np.concatenate([known.block_next, more.block_next(known, countries)]),
        mode_next=known.mode_next,
    )


def in_order(rows: Steps, order: Rows) -> Steps:
    """Return rows in an order; rows of 1, 2, 4 or 8 bytes are moved as one number each."""
    width = rows.shape[1]
    if width not in _NUMBERS:
        return rows[order]
    numbers: Steps = rows.view(f"i{width}").reshape(-1)[order]
    return numbers.view(np.int8).reshape(-1, width)


def _padded(rows: Steps) -> Steps:
    """Return rows of steps, made as wide as a number by steps that nothing is in."""
    width = next((w for w in _NUMBERS if w >= rows.shape[1]), rows.shape[1])
    whole = np.full((len(rows), width), -1, np.int8)
    whole[:, : rows.shape[1]] = rows
    return whole


def _let_pass(arc_next: Steps, node_next: Steps, passed: Sequence[int], width: int) -> None:
    """Open the last arcs where their node has just met a set of the corridor, and only there."""
    first = len(arc_next) - len(passed)
    steps = np.arange(node_next.shape[1])
    for row, node in enumerate(passed, start=first):
        met = node_next[node][node_next[node] >= steps + width]
        arc_next[row] = -1
        arc_next[row, met] = met


class _ModeTable:
    """Which steps a mode may run in: the stretch a corridor allows it on."""

    def __init__(
        self, corridor: Corridor | None, modes: frozenset[str], width: int, n_steps: int
    ) -> None:
        self._stretches = corridor.modes if corridor else ()
        self._modes, self._width, self._n_steps = modes, width, n_steps
        self._known: dict[str, npt.NDArray[np.bool_]] = {}

    def of(self, mode: str) -> npt.NDArray[np.bool_]:
        """Return whether the mode may run, per step, shape (n_steps,)."""
        if mode not in self._known:
            fits = np.full(self._n_steps, mode in self._modes)
            for j, allowed in enumerate(self._stretches):
                if allowed and mode not in allowed:
                    fits[j * self._width : (j + 1) * self._width] = False
            self._known[mode] = fits
        return self._known[mode]


def _rows(of_id: dict[str, Rows], ids: Iterable[str]) -> Rows:
    """Return the rows of some ids, each once, in rising order."""
    found = [of_id[id_] for id_ in sorted(of_id.keys() & ids)]
    if not found:
        return _NONE
    rows = np.sort(np.concatenate(found))  # np.unique would import numpy.ma, 12 ms
    return rows[np.concatenate(([True], rows[1:] != rows[:-1]))] if len(rows) else rows
