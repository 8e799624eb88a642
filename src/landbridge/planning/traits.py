"""What is asked of a move whenever it turns up in a way: kept by day and pricing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landbridge.domain.arcs import Arc, BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.kept import Kept
from landbridge.models.pricing import Pricing

if TYPE_CHECKING:
    from landbridge.planning.candidates import Move


@dataclass(frozen=True, slots=True)
class Traits:
    """What a move of one pricing is: it is kept with them, so that its id is no other's.

    `hours` are the expected hours of its arcs, `ids` position and id of what dated facts may speak
    of; `is_on_train` tells a move between boarding a train and leaving it, `has_haul` a run.
    """

    move: Move
    hours: tuple[float, ...]
    ids: tuple[tuple[int, str], ...]
    is_on_train: bool
    has_haul: bool


class KnownTraits:
    """The traits of the moves of one pricing; safe to use from several threads."""

    def __init__(self, pricing: Pricing, most: int) -> None:
        self.pricing = pricing
        self._kept: Kept[int, Traits] = Kept(most)

    def of(self, moves: Sequence[Move]) -> list[Traits]:
        """Return the traits of each of some moves."""
        kept = self._kept
        return [kept.get(id(move)) or kept.put(id(move), self._made(move)) for move in moves]

    def _made(self, move: Move) -> Traits:
        return traits_of(move, self.pricing)


def traits_of(move: Move, pricing: Pricing) -> Traits:
    """Return the traits of a move."""
    is_ride = move.kind == "ride"
    ids = [(k, id_) for k, arc in enumerate(move.facts) for id_ in ids_of(arc, is_ride=is_ride)]
    return Traits(
        move=move,
        hours=tuple(pricing.expected(arc).hours for arc in move.facts),
        ids=tuple(ids),
        is_on_train=all(map(_is_on_train, move.facts)),
        has_haul=any(isinstance(arc, HaulArc) for arc in move.facts),
    )


def ids_of(arc: Arc, *, is_ride: bool) -> tuple[str, ...]:
    """Return the ids under which dated facts speak of an arc.

    A named service holds by its own dates: diversions of a ship class do not concern it.
    """
    if isinstance(arc, PassageArc):
        return (arc.passage,) if is_ride else (arc.passage, f"{arc.passage}@{arc.vehicle}")
    if isinstance(arc, BorderArc):
        return (arc.crossing,)
    return (arc.terminal,) if isinstance(arc, TransferArc) else ()


def _is_on_train(arc: Arc) -> bool:
    if isinstance(arc, HaulArc | BorderArc):
        return arc.mode == "rail"
    return (
        isinstance(arc, TransferArc)
        and arc.mode_from == arc.mode_to == "rail"
        and arc.gauge_from_mm != arc.gauge_to_mm
    )
