"""What makes two itineraries different in a meaning: signatures, and how much of a way is shared.

The signature of model.md, section 6: passages, crossings, terminals where cargo changes vehicle,
chain of modes, service classes. Frontiers inside a customs territory are none of the crossings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import groupby

from landbridge.domain.arcs import BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.planning.candidates import Candidate, Field, Move

Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Ids in order of travel; modes and service classes without repeats in a row."""

    passages: Ids
    crossings: Ids
    terminals: Ids
    modes: Ids
    services: Ids


WORDS = {
    "passages": "passage",
    "crossings": "crossing",
    "terminals": "terminal",
    "modes": "modes",
    "services": "service",
}


def signature_of(field: Field, candidate: Candidate) -> Signature:
    """Return the signature of a candidate."""
    terminals = field.geography.terminal_of_id
    arcs = [(move, arc) for move in candidate.moves for arc in move.facts]
    hauls = [(move, arc) for move, arc in arcs if isinstance(arc, HaulArc)]
    return Signature(
        passages=tuple(
            dict.fromkeys(arc.passage for _, arc in arcs if isinstance(arc, PassageArc))
        ),
        crossings=tuple(
            arc.crossing for _, arc in arcs if isinstance(arc, BorderArc) and not arc.is_inner
        ),
        terminals=tuple(
            arc.terminal
            for _, arc in arcs
            if isinstance(arc, TransferArc) and arc.terminal in terminals
        ),
        modes=_runs(arc.mode for _, arc in hauls),
        services=_runs(move.service or f"{arc.mode} {arc.vehicle}" for move, arc in hauls),
    )


def differences(one: Signature, other: Signature, names: dict[str, str]) -> tuple[str, ...]:
    """Return in words what `one` has and `other` has not, per part of the signature.

    Parameters
    ----------
    names
        Names of passages, crossings and terminals by id.
    """
    texts = []
    for part in fields(Signature):
        mine, theirs = getattr(one, part.name), getattr(other, part.name)
        if mine == theirs:
            continue
        word = WORDS[part.name]
        if part.name == "modes":
            texts.append(f"{word} {' - '.join(mine)}, not {' - '.join(theirs)}")
            continue
        if part.name == "services":
            # a class of a mode that only one of them has goes without saying
            both = set(one.modes) & set(other.modes)
            mine, theirs = (
                tuple(id_ for id_ in ids if " " not in id_ or id_.split()[0] in both)
                for ids in (mine, theirs)
            )
        new = [names.get(id_, id_) for id_ in dict.fromkeys(mine) if id_ not in theirs]
        gone = [names.get(id_, id_) for id_ in dict.fromkeys(theirs) if id_ not in mine]
        has, has_not = " and ".join(new), " or ".join(gone)
        if new:
            texts.append(f"{word} {has}" + (f", not {has_not}" if gone else ""))
        elif gone:
            texts.append(f"no {word} {has_not}")
        elif part.name != "services" or not texts:
            texts.append(f"order of {word}s")
    return tuple(texts)


def is_roundabout(field: Field, candidate: Candidate) -> bool:
    """Return whether a candidate comes to one terminal, crossing side or gate twice."""
    places = [
        field.virtual.node_attachment[move.head] for move in candidate.moves if move.head >= 0
    ]
    terminals = [field.virtual.attachments[k].terminal_idx for k in places]
    stops = [(0, k) if k >= 0 else (1, place) for k, place in zip(terminals, places, strict=True)]
    visited = [stop for stop, _ in groupby(stops)]
    return len(set(visited)) < len(visited)


def shared_usd(field: Field, one: Candidate, other: Candidate) -> float:
    """Return the additive generalized cost, USD, of what two candidates have in common.

    Moves between the same nodes are shared whole. Of two runs in one block between other nodes
    the common stretch is shared: `(|ab| + |cd| - |ac| - |bd|) / 2`, exact where lines branch like
    a tree.
    """
    prices = field.prices
    theirs = {_key(move): move for move in other.moves}
    left = [move for move in other.moves if move.kind == "run"]
    total = 0.0
    for move in one.moves:
        if _key(move) in theirs:
            rows = prices.rows(move.facts)
            total += float(prices.weights(rows).sum())
        elif move.kind == "run":
            total += max((_common_usd(field, move, run) for run in left), default=0.0)
    return total


def _common_usd(field: Field, one: Move, other: Move) -> float:
    graph = field.graph
    block = int(graph.node_block[one.tail])
    if block != int(graph.node_block[other.tail]):
        return 0.0

    def km(a: int, b: int) -> float:
        row = graph.block_offset[block] + graph.node_column[a] * graph.block_stride[block]
        return float(graph.matrix[row + graph.node_column[b]])

    length = km(one.tail, one.head)
    apart = km(one.tail, other.tail) + km(one.head, other.head)
    common = (length + km(other.tail, other.head) - apart) / 2.0
    if not 0.0 < common < float("inf") or length <= 0.0:
        return 0.0
    prices = field.prices
    weight = float(prices.weights(prices.rows(one.facts)).sum())
    return weight * min(common / length, 1.0)


def _key(move: Move) -> tuple[object, ...]:
    if move.tail < 0 or move.head < 0:
        return move.kind, move.tail, move.head, move.facts
    return move.kind, move.tail, move.head, move.service


def _runs(items: Iterable[str]) -> Ids:
    return tuple(item for item, _ in groupby(items))
