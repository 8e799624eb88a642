"""Winter on the northern Caspian: the part of a voyage that runs under ice.

The lanes that freeze, and when, are rows of `parameters/seasons.csv`. The search weighs voyages
without ice; what is built and priced has it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from landbridge.dataset.network import Net
from landbridge.domain.arcs import Arc, HaulArc, PassageArc
from landbridge.parameters.seasons import ice_links
from landbridge.planning.candidates import Candidate, Field, Move
from landbridge.planning.shapes import walked_links


def iced(field: Field, candidate: Candidate) -> Candidate:
    """Return the candidate with its voyages on the Caspian split where they run under ice.

    The month is that of readiness.
    """
    ids = frozenset(ice_links(field.request.depart.month))
    if not ids or not any(_is_caspian(field, move) for move in candidate.moves):
        return candidate
    moves = tuple(
        replace(move, facts=_split(move.facts, *_under_ice(field, move, ids)))
        if _is_caspian(field, move)
        else move
        for move in candidate.moves
    )
    return replace(candidate, moves=moves)


def _is_caspian(field: Field, move: Move) -> bool:
    if move.kind not in ("run", "ride"):
        return False
    touch = field.virtual.attachments[field.virtual.node_attachment[move.tail]]
    return touch.net == Net.CASPIAN


def _under_ice(field: Field, move: Move, ids: frozenset[str]) -> tuple[float, frozenset[str]]:
    """Return the km under ice of a voyage, passages left out, and the passages under ice."""
    virtual, geography = field.virtual, field.geography
    network = geography.dataset.networks[Net.CASPIAN]
    start, end = (
        virtual.attachments[virtual.node_attachment[node]].node_idx
        for node in (move.tail, move.head)
    )
    links = [
        link
        for link, _ in walked_links(geography, Net.CASPIAN, start, end, field.topology(Net.CASPIAN))
        if (name := int(network.name_idx[link])) >= 0 and network.named[name].id in ids
    ]
    passages = [int(network.passage_idx[link]) for link in links]
    names = [passage.id for passage in geography.dataset.passages]
    km = np.asarray(network.length_km)
    is_ride = move.kind == "ride"
    # a run is one haul, the canal included; a ride names its passages apart
    open_km = sum(
        float(km[link])
        for link, passage in zip(links, passages, strict=True)
        if passage < 0 or not is_ride
    )
    return open_km, frozenset(names[passage] for passage in passages if passage >= 0)


def _split(facts: tuple[Arc, ...], ice_km: float, passages: frozenset[str]) -> tuple[Arc, ...]:
    """Return the arcs with up to `ice_km` of their hauls, and these passages, under ice."""
    split: list[Arc] = []
    for arc in facts:
        if isinstance(arc, PassageArc) and arc.passage in passages:
            split.append(replace(arc, winter_ice=True))
        elif isinstance(arc, HaulArc) and ice_km > 0.0:
            under = min(ice_km, arc.distance_km)
            ice_km -= under
            if under < arc.distance_km:
                split.append(replace(arc, distance_km=arc.distance_km - under))
            split.append(replace(arc, distance_km=under, winter_ice=True))
        else:
            split.append(arc)
    return tuple(split)
