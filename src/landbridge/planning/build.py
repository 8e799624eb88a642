"""A candidate path to an itinerary: legs with places, prices, passages and flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from landbridge.dataset.network import Net
from landbridge.domain.arcs import Arc, BorderArc, DrayageArc, HaulArc, PassageArc, TransferArc
from landbridge.domain.itinerary import Bounds, Itinerary, Leg, Part, Percentiles
from landbridge.domain.network import Place
from landbridge.graph.standing import Shut
from landbridge.models.draws import percentile
from landbridge.models.outcome import ArcOutcome
from landbridge.models.pricing import Chain, Kind
from landbridge.planning.candidates import Candidate, Field, Move
from landbridge.planning.flags import flags_of
from landbridge.planning.settle import settled
from landbridge.planning.shapes import LonLat, cut, points_of, walked_links

WATER_NETS = (Net.SEA, Net.CASPIAN, Net.IWW)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Moves that make one leg, with the positions of their arcs in the chain."""

    kind: str
    moves: list[Move]
    arcs: list[int]


def arcs_of(candidate: Candidate) -> tuple[Arc, ...]:
    """Return the arcs of a candidate in order."""
    return tuple(arc for move in candidate.moves for arc in move.facts)


def build_itinerary(
    field: Field, candidate: Candidate, *, corridor: str, title: str, with_shapes: bool
) -> Itinerary:
    """Return the priced itinerary of a candidate, with ice on the way where there is any."""
    return build_settled(
        field, settled(field, candidate), corridor=corridor, title=title, with_shapes=with_shapes
    )


def build_settled(
    field: Field,
    candidate: Candidate,
    *,
    corridor: str,
    title: str,
    with_shapes: bool,
    chain: Chain | None = None,
) -> Itinerary:
    """Return the priced itinerary of a candidate that is settled already.

    `chain` is that of its arcs with the field's pricing, if it is at hand.
    """
    arcs = arcs_of(candidate)
    if chain is None:
        chain = field.pricing.chain(arcs)
    outcome = field.pricing.totals(chain)
    legs = tuple(_leg(field, chunk, chain, with_shapes=with_shapes) for chunk in _chunks(candidate))
    borders = [arc for arc in arcs if isinstance(arc, BorderArc)]
    changes = [arc for arc in arcs if isinstance(arc, TransferArc) and arc.role == "transfer"]
    gauge_changes = [arc for arc in borders if arc.change]
    passages = _unique(passage for leg in legs for passage in leg.passages)
    flags, status = flags_of(field, legs, arcs, passages)
    return Itinerary(
        corridor=corridor,
        title=title,
        status=status,
        distance_km=sum(leg.distance_km for leg in legs),
        lead_time_h=outcome.lead_time_h,
        cost_usd=outcome.cost_usd,
        emissions_wtw_kgco2e=outcome.emissions_wtw_kgco2e,
        generalized_cost_usd=outcome.generalized_cost_usd,
        border_crossings=sum(not arc.is_inner for arc in borders),
        transfers=len(changes) + len(gauge_changes),
        countries=_unique(code for leg in legs for code in leg.countries),
        passages=passages,
        legs=legs,
        flags=flags,
    )


def _unique(items: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))  # type: ignore[attr-defined]


def _chunks(candidate: Candidate) -> list[_Chunk]:
    """Group moves into legs: runs and passages at sea are one haul; the rest stand alone."""
    chunks: list[_Chunk] = []
    position = 0
    for move in candidate.moves:
        for k, arc in enumerate(move.facts):
            own = move if len(move.facts) == 1 else _with_one(move, arc)
            kind = _kind(arc)
            is_haul = kind == "haul"
            last = chunks[-1] if chunks else None
            joins = (
                last is not None
                and last.kind == "haul"
                and is_haul
                and (move.kind == "passage" or k > 0 or last.moves[-1].kind == "passage")
            )
            if joins and last is not None:
                if last.moves[-1].kind != "ride" or move.kind != "ride":
                    last.moves.append(own)
                last.arcs.append(position)
            else:
                chunks.append(_Chunk(kind, [own], [position]))
            position += 1
    return chunks


def _with_one(move: Move, arc: Arc) -> Move:
    return Move(kind=move.kind, facts=(arc,), tail=move.tail, head=move.head, service=move.service)


def _kind(arc: Arc) -> str:
    if isinstance(arc, DrayageArc):
        return "drayage"
    if isinstance(arc, BorderArc):
        return "border"
    if isinstance(arc, TransferArc):
        return "wait" if arc.role == "origin" else "transfer"
    return "haul"


def _leg(field: Field, chunk: _Chunk, chain: Chain, *, with_shapes: bool) -> Leg:
    """Return a leg; corridors share many, and so do requests, so they are kept without shapes.

    A kind of arc is one object of the pricing, by which legs are known.
    """
    kinds = [chain.kinds[k] for k in chunk.arcs]
    scales = [chain.scales[k] for k in chunk.arcs]
    own = [chain.arcs[k] for k in chunk.arcs]

    def made() -> Leg:
        priced = _outcomes(kinds, scales)
        origin, destination = (
            place_of(field, end) if isinstance(end, int) else end for end in (tail, head)
        )
        return _made_leg(field, chunk, own, priced, (origin, destination), with_shapes=with_shapes)

    tail, head = _ends(field, chunk, own[0])
    if with_shapes:
        return made()
    service = chunk.moves[0].service
    key = (chunk.kind, service, tail, head, *map(id, kinds), *scales)
    return field.frame.legs(field.pricing).made(key, made)


def _outcomes(kinds: Sequence[Kind], scales: Sequence[float]) -> list[ArcOutcome]:
    return [
        kind.outcome if scale == 1.0 else kind.outcome.scaled(scale)
        for kind, scale in zip(kinds, scales, strict=True)
    ]


def _made_leg(
    field: Field,
    chunk: _Chunk,
    own: Sequence[Arc],
    priced: Sequence[ArcOutcome],
    ends: tuple[Place, Place],
    *,
    with_shapes: bool,
) -> Leg:
    first, last = chunk.moves[0], chunk.moves[-1]
    origin, destination = ends
    passages = [arc.passage for arc in own if isinstance(arc, PassageArc)]
    points: list[LonLat] = []
    chord_km = 0.0
    if chunk.kind == "haul":
        inner, points, chord_km = _trace(field, chunk, own, with_shapes=with_shapes)
        passages = passages or inner
    elif chunk.kind == "drayage" and with_shapes:
        points, chord_km = _trace_drayage(field, first, last, own[0])
    service = first.service
    border = own[0]
    if isinstance(border, BorderArc) and border.change:
        service = f"{border.change} {border.gauge_from_mm}/{border.gauge_to_mm} mm"
    shape = (
        cut([(origin.lon, origin.lat), *points, (destination.lon, destination.lat)])
        if with_shapes and chunk.kind in ("haul", "drayage")
        else ()
    )
    return Leg(
        kind=chunk.kind,
        mode=_mode(own[0]),
        origin=origin,
        destination=destination,
        distance_km=sum(
            arc.distance_km for arc in own if isinstance(arc, HaulArc | PassageArc | DrayageArc)
        ),
        time_h=_time(field, own, priced),
        cost_usd=_sum([p.cost_usd for p in priced]),
        emissions_wtw_kgco2e=_sum([p.emissions_wtw_kgco2e for p in priced]),
        countries=_unique((origin.country, destination.country)),
        passages=tuple(passages),
        service=service,
        evidence=_unique(label for p in priced for label in p.parameters),
        time_parts=_parts([p.time_parts for p in priced]),
        cost_parts=_parts([p.cost_parts for p in priced]),
        emission_parts=_parts([p.emission_parts for p in priced]),
        shape=shape,
        chord_km=chord_km,
        arcs=tuple(own),
        mean_h=sum(p.mean_h for p in priced),
    )


def _mode(arc: Arc) -> str:
    if isinstance(arc, HaulArc | BorderArc):
        return arc.mode
    if isinstance(arc, PassageArc):
        return "sea"
    if isinstance(arc, DrayageArc):
        return "road"
    return arc.mode_to or arc.mode_from


def _time(field: Field, own: Sequence[Arc], priced: Sequence[ArcOutcome]) -> Percentiles:
    if len(own) == 1:
        return priced[0].time_h
    hours = np.sort(field.pricing.sampled_hours(own))
    p10, p50, p90 = (float(percentile(hours, share)) for share in (0.1, 0.5, 0.9))
    return Percentiles(p10=p10, p50=p50, p90=p90)


def _sum(bounds: Sequence[Bounds]) -> Bounds:
    """Return the sum of amounts whose parts share their parameters (one vehicle, one lane)."""
    return Bounds(
        low=sum(b.low for b in bounds),
        central=sum(b.central for b in bounds),
        high=sum(b.high for b in bounds),
    )


def _parts(groups: Sequence[tuple[Part, ...]]) -> tuple[Part, ...]:
    """Return the parts of several arcs, those of one name and parameters added."""
    merged: dict[tuple[str, tuple[str, ...]], Part] = {}
    for part in (part for group in groups for part in group):
        key = (part.name, part.parameters)
        known = merged.get(key)
        merged[key] = (
            part
            if known is None
            else Part(
                name=part.name,
                low=known.low + part.low,
                central=known.central + part.central,
                high=known.high + part.high,
                parameters=part.parameters,
            )
        )
    return tuple(merged.values())


# ---- places ----------------------------------------------------------------------------------


def place_of(field: Field, node: int) -> Place:
    """Return the terminal, crossing side or passage gate that a virtual node stands at."""
    virtual, dataset = field.virtual, field.geography.dataset
    touch = virtual.attachments[virtual.node_attachment[node]]
    if touch.terminal_idx >= 0:
        return dataset.terminals[touch.terminal_idx].place()
    if touch.crossing_idx >= 0:
        row = dataset.crossings[touch.crossing_idx]
        is_b = touch.side == 1
        return Place(
            id=row.id,
            name=row.name_b if is_b else row.name_a,
            country=row.country_b if is_b else row.country_a,
            lat=row.lat,
            lon=row.lon,
            kind="crossing",
        )
    for door, positions in zip(
        (field.origin, field.destination, *field.vias), field.positions, strict=True
    ):
        if virtual.node_attachment[node] in positions:
            return door.place
    network = dataset.networks[Net(touch.net)]
    return Place(
        id=f"gate-{touch.node_idx}",
        name="at sea",
        country="",
        lat=float(network.lat[touch.node_idx]),
        lon=float(network.lon[touch.node_idx]),
        kind="passage",
    )


def _ends(field: Field, chunk: _Chunk, arc: Arc) -> tuple[int | Place, int | Place]:
    """Return where a leg begins and ends: a node that is a place of the frame, or the place."""
    first, last = chunk.moves[0], chunk.moves[-1]
    if isinstance(arc, DrayageArc):
        if arc.role == "origin":
            return field.origin.place, _end(field, first.head)
        return _end(field, first.tail), field.destination.place
    if isinstance(arc, TransferArc):
        here = _end(field, first.head if arc.role == "origin" else first.tail)
        return here, here
    return _end(field, first.tail), _end(field, last.head)


def _end(field: Field, node: int) -> int | Place:
    virtual = field.virtual
    touch = virtual.attachments[virtual.node_attachment[node]]
    is_fixed = touch.terminal_idx >= 0 or touch.crossing_idx >= 0
    return node if is_fixed and node < field.frame.n_nodes else place_of(field, node)


# ---- lines -----------------------------------------------------------------------------------


def _trace(
    field: Field, chunk: _Chunk, own: Sequence[Arc], *, with_shapes: bool
) -> tuple[list[str], list[LonLat], float]:
    """Return passages under an inland or Caspian run, and the points of any run if asked for."""
    virtual, geography = field.virtual, field.geography
    first, last = chunk.moves[0], chunk.moves[-1]
    start = virtual.attachments[virtual.node_attachment[first.tail]]
    end = virtual.attachments[virtual.node_attachment[last.head]]
    net = Net(start.net)
    if net not in (Net.CASPIAN, Net.IWW) and not with_shapes:
        return [], [], 0.0
    if net is Net.ROAD and first.kind == "ride":
        return [], [], own[0].distance_km if isinstance(own[0], HaulArc) else 0.0
    if net is Net.SEA:
        used = frozenset(arc.passage for arc in own if isinstance(arc, PassageArc))
        return [], *_sea_points(field, chunk, used)
    links = walked_links(geography, net, start.node_idx, end.node_idx, field.topology(net))
    network = geography.dataset.networks[net]
    ids = [p.id for p in geography.dataset.passages]
    passages = _unique(
        ids[int(network.passage_idx[link])] for link, _ in links if network.passage_idx[link] >= 0
    )
    points, chord_km = points_of(network, links) if with_shapes else ([], 0.0)
    return list(passages), points, chord_km


def _sea_points(field: Field, chunk: _Chunk, used: frozenset[str]) -> tuple[list[LonLat], float]:
    virtual, geography = field.virtual, field.geography
    network = geography.dataset.networks[Net.SEA]
    topology = geography.sea_through(used)
    points: list[LonLat] = []
    for move in chunk.moves:
        start = virtual.attachments[virtual.node_attachment[move.tail]]
        end = virtual.attachments[virtual.node_attachment[move.head]]
        own = geography.topology(Net.SEA) if move.kind == "run" else topology
        links = walked_links(geography, Net.SEA, start.node_idx, end.node_idx, own)
        more, _ = points_of(network, links)
        points += more if not points else more[1:]
    return points, 0.0


def _trace_drayage(field: Field, first: Move, last: Move, arc: Arc) -> tuple[list[LonLat], float]:
    geography, virtual = field.geography, field.virtual
    table = geography.dataset.attachments
    is_origin = isinstance(arc, DrayageArc) and arc.role == "origin"
    door = field.origin if is_origin else field.destination
    touch = virtual.attachments[virtual.node_attachment[first.head if is_origin else last.tail]]
    rows = np.flatnonzero((table.terminal_idx == touch.terminal_idx) & (table.net == int(Net.ROAD)))
    if door.road_node < 0 or touch.terminal_idx < 0 or not len(rows):
        return [], 0.0
    node = int(table.node_idx[rows[0]])
    links = walked_links(geography, Net.ROAD, door.road_node, node)
    points, chord_km = points_of(geography.dataset.networks[Net.ROAD], links)
    return (points if is_origin else points[::-1]), chord_km


# ---- dates -----------------------------------------------------------------------------------


def shut_on_arrival(field: Field, candidate: Candidate) -> dict[str, Shut]:
    """Return crossings and passages that are shut when the cargo is expected there, and why."""
    standing, request = field.geography.standing, field.request
    dated = standing.dated_ids
    late: dict[str, Shut] = {}
    clock_h = 0.0
    for traits in field.frame.traits(field.pricing).of(candidate.moves):
        ids = [(k, id_) for k, id_ in traits.ids if id_ in dated]
        for k, hours in enumerate(traits.hours):
            for position, id_ in ids:
                if position == k:
                    day = request.depart + timedelta(hours=clock_h)
                    shut = standing.shut(id_, day, is_given=request.is_depart_given)
                    if shut is not None:
                        late[id_] = shut
            clock_h += hours
    return late
