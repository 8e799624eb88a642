"""Which rail stretches of a way go by full trains of an established service.

A service runs full trains if its row cites a source that was read and its headway is no longer than
`service.full_train_headway_h`. A stretch goes by them if it crosses no other customs frontiers than
the service does, and each end is near a stop of the service or, where a frontier is crossed, in the
customs territory of one of its ends: trains of a programme start at more places than a table names.

Like winter ice, the class does not steer the search, which takes every train as a block train.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from landbridge.dataset.network import Net
from landbridge.domain.arcs import Arc, BorderArc, HaulArc, TransferArc
from landbridge.kept import Kept
from landbridge.planning.candidates import Candidate, Field, Move
from landbridge.units import great_circle_km

FULL_TRAIN = "express_block"
KIND = "block_train"
RUNNING = ("operational", "restricted")
NOT_READ = "recalled"
NEAR_STOP_KM = 100.0
"""A terminal this near a stop sends its boxes to the train (assumed)."""

MOST_NEAR = 4000
"""Of so many places each programme knows whether they are near a stop; the oldest goes."""
Frontier = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A service of full trains: its stops, the customs frontiers between, the ends' territories."""

    stops: tuple[tuple[float, float], ...]
    frontiers: frozenset[Frontier]
    ends: frozenset[str]
    near: Kept[tuple[float, float], bool] = field(
        default_factory=lambda: Kept(MOST_NEAR), repr=False, compare=False
    )
    """Whether places lie near a stop, of the last few asked for."""


def in_full_trains(field: Field, candidate: Candidate) -> Candidate:
    """Return the candidate with the class of its trains, dwells and frontiers by rail."""
    stretches = stretches_of(field, candidate.moves)
    if not stretches:
        return candidate
    programmes = _kept_programmes(field)
    moves = list(candidate.moves)
    for begin, end in stretches:
        if not _is_carried(field, programmes, moves[begin:end]):
            continue
        for k in range(begin, end):
            moves[k] = _made_of(field, moves[k], _in_train)
        if begin > 0:
            moves[begin - 1] = _made_of(field, moves[begin - 1], _boarded)
        if end < len(moves):
            moves[end] = _made_of(field, moves[end], _boarded)
    return replace(candidate, moves=tuple(moves))


def stretches_of(field: Field, moves: Sequence[Move]) -> list[tuple[int, int]]:
    """Return the positions [begin, end) of moves between boarding a train and leaving it."""
    found: list[tuple[int, int]] = []
    begin: int | None = None
    traits = field.frame.traits(field.pricing).of(moves)
    for k, own in enumerate(traits):
        if own.is_on_train:
            begin = k if begin is None else begin
        elif begin is not None:
            found.append((begin, k))
            begin = None
    if begin is not None:
        found.append((begin, len(moves)))
    return [
        (first, last) for first, last in found if any(own.has_haul for own in traits[first:last])
    ]


def _kept_programmes(field: Field) -> list[Programme]:
    request = field.request
    limit_h = field.pricing.context.parameters.lookup("service.full_train_headway_h").central
    return field.geography.programmes.made(
        (request.depart, request.is_depart_given, limit_h), lambda: _programmes(field, limit_h)
    )


def _programmes(field: Field, limit_h: float) -> list[Programme]:
    dataset = field.geography.dataset
    terminals = field.geography.terminal_of_id
    standing, request = field.geography.standing, field.request
    programmes = []
    for service in dataset.services:
        if (
            service.kind != KIND
            or service.status not in RUNNING
            or service.evidence == NOT_READ
            or service.headway_h[1] > limit_h
            or standing.masked_by(service.id, request.depart, is_given=request.is_depart_given)
        ):
            continue
        stops = [terminals[id_] for id_ in service.terminals if id_ in terminals]
        areas = [_territory(field, stop.country) for stop in stops]
        if not stops:
            continue
        programmes.append(
            Programme(
                stops=tuple((stop.lon, stop.lat) for stop in stops),
                frontiers=frozenset(
                    frozenset(pair) for pair in pairwise(areas)
                    if pair[0] != pair[1]
                ),
                ends=frozenset((areas[0], areas[-1])),
            )
        )  # fmt: skip
    return programmes


def _is_carried(field: Field, programmes: Sequence[Programme], moves: Sequence[Move]) -> bool:
    """Return whether a stretch goes by the trains of any programme."""
    arcs = [arc for move in moves for arc in move.facts]
    frontiers = {
        frozenset((_territory(field, arc.country_from), _territory(field, arc.country_to)))
        for arc in arcs
        if isinstance(arc, BorderArc) and not arc.is_inner
    }
    hauls = [arc for arc in arcs if isinstance(arc, HaulArc)]
    areas = [_territory(field, hauls[k].country) for k in (0, -1)]
    ends = [_lonlat(field, node) for node in (moves[0].tail, moves[-1].head)]
    return any(
        all(
            _is_near(programme, at) or (bool(frontiers) and area in programme.ends)
            for at, area in zip(ends, areas, strict=True)
        )
        for programme in programmes
        if frontiers <= programme.frontiers
    )


def _lonlat(field: Field, node: int) -> tuple[float, float] | None:
    """Return where a virtual node stands, None for a door."""
    if node < 0:
        return None
    touch = field.virtual.attachments[field.virtual.node_attachment[node]]
    network = field.geography.dataset.networks[Net(touch.net)]
    return float(network.lon[touch.node_idx]), float(network.lat[touch.node_idx])


def _is_near(programme: Programme, at: tuple[float, float] | None) -> bool:
    """Return whether a point is near a stop."""
    return at is not None and programme.near.made(
        at, lambda: any(great_circle_km(*at, *stop) <= NEAR_STOP_KM for stop in programme.stops)
    )


def _territory(field: Field, country: str) -> str:
    return field.geography.dataset.territories.get(country, country)


def _in_train(arc: Arc) -> Arc:
    if isinstance(arc, HaulArc | BorderArc):
        return replace(arc, vehicle=FULL_TRAIN)
    return _boarded(arc)


def _boarded(arc: Arc) -> Arc:
    """Return a change of vehicle with the class of the train that it is from or to."""
    if not isinstance(arc, TransferArc):
        return arc
    return replace(
        arc,
        vehicle_from=FULL_TRAIN if arc.mode_from == "rail" else arc.vehicle_from,
        vehicle_to=FULL_TRAIN if arc.mode_to == "rail" else arc.vehicle_to,
    )


def _made_of(field: Field, move: Move, of_arc: Callable[[Arc], Arc]) -> Move:
    """Return the move with what its arcs become; the frame keeps both, so that ids stay theirs."""
    return field.frame.in_trains.made(
        (of_arc, id(move)),
        lambda: (move, replace(move, facts=tuple(map(of_arc, move.facts)))),
    )[1]
