"""What settling adds to the expected values of many ways, without settling each as a whole.

A way of a matrix shares its stretches by rail with many others. What full trains change is asked
once per stretch and group of like origins (see `settle`); ice, and what scenarios set, are asked
of the way itself, where it may meet any.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landbridge.domain.arcs import Arc, TransferArc
from landbridge.parameters.seasons import ice_links
from landbridge.planning.adjust import may_adjust
from landbridge.planning.build import arcs_of
from landbridge.planning.candidates import Candidate, Field, Move
from landbridge.planning.prices import N_COLUMNS, USD
from landbridge.planning.returns import Returns
from landbridge.planning.settle import settled
from landbridge.planning.trains import in_full_trains, stretches_of
from landbridge.units import FloatArray

Key = tuple[object, ...]
MOST_STRETCHES = 100_000
"""So many stretches are kept, some 2 kB each; then all are forgotten."""


class Settler:
    """Settles ways of one pricing; `field` is the common network of a matrix."""

    def __init__(self, field: Field, returns: Returns) -> None:
        self._returns = returns
        self.is_for_all = may_adjust(field.geography.dataset, field.pricing.context.parameters)
        self.has_ice = bool(ice_links(field.request.depart.month))
        self._known: dict[Key, tuple[FloatArray, bool]] = {}

    def row(self, field: Field, way: Candidate) -> FloatArray:
        """Return a way's values as `plan` settles them: hours, USD, kg CO2e, km."""
        return self._row(field, arcs_of(settled(field, way)))

    def more(self, field: Field, way: Candidate, *, is_icy: bool) -> FloatArray:
        """Return what settling adds to a way's own values, shape (N_COLUMNS,)."""
        if not self.is_for_all and not is_icy:
            added = self._by_stretch(field, way)
            if added is not None:
                return added
        return self.row(field, way) - self._row(field, arcs_of(way))

    def _row(self, field: Field, arcs: Sequence[Arc]) -> FloatArray:
        row: FloatArray = field.prices.rows(arcs).sum(axis=0)
        row[USD] += self._returns.chain_usd(arcs)
        return row

    def _by_stretch(self, field: Field, way: Candidate) -> FloatArray | None:
        """Return what full trains add; None where the way back of the box changes with them."""
        added = np.zeros(N_COLUMNS)
        for begin, end in stretches_of(field, way.moves):
            part = way.moves[begin - 1 : end + 1]
            key = (
                *(_loaded_at(move) for move in (part[0], part[-1])),
                *((move.kind, move.tail, move.head, move.service) for move in part),
            )
            known = self._known.get(key)
            if known is None:
                if len(self._known) >= MOST_STRETCHES:
                    self._known.clear()
                known = self._known[key] = self._of_stretch(field, part)
            if not known[1]:
                return None
            added += known[0]
        return added

    def _of_stretch(self, field: Field, part: tuple[Move, ...]) -> tuple[FloatArray, bool]:
        """Return what full trains add to a stretch, and whether its way back stays the same."""
        before = Candidate(weight=0.0, moves=part)
        after = in_full_trains(field, before)
        if after is before or after.moves == part:
            return np.zeros(N_COLUMNS), True
        one, two = arcs_of(before), arcs_of(after)
        rows = field.prices.rows
        back = [sum(map(self._returns.per_share, arcs)) for arcs in (one, two)]
        return rows(two).sum(axis=0) - rows(one).sum(axis=0), back[0] == back[1]


def _loaded_at(move: Move) -> tuple[str, str] | None:
    """Return where a door's move changes vehicle, None for a move inside the network."""
    if move.tail >= 0 and move.head >= 0:
        return None
    (transfer,) = (arc for arc in move.facts if isinstance(arc, TransferArc))
    return transfer.terminal, transfer.country
