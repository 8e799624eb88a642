"""What the empty box's way back adds, arc by arc: the one cost of a chain that is not additive.

`models.cost` says which chains pay it: those behind a last discharge from an ocean ship, at a share
of the land tariffs from there on; and chains that cross certain countries by land, whole. Here the
same functions are asked about single arcs, so that sums over ways can be read off a search tree:
each arc's tariff back at a share of one, the share that an arc of discharge sets for what follows,
and the countries that a way without discharge is not additive in.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from landbridge.domain.arcs import Arc, HaulArc
from landbridge.models import cost as costs
from landbridge.models.pricing import Pricing

NOWHERE = "-"
"""A country that no rule names."""


class Returns:
    """The empty return under one pricing, by arc."""

    def __init__(self, pricing: Pricing) -> None:
        self._pricing = pricing
        name = "container.empty_return_share_1"
        rows = [pricing.context.row(name, key) for key in ("ocean", "IR-RU")]
        self._row = max(rows, key=lambda row: row.central)
        self._usual_share = rows[0].central
        self._known: dict[Hashable, float] = {}

    def per_share(self, arc: Arc) -> float:
        """Return what an arc's way back costs at a share of one, USD; a haul's is per its km."""
        like = self._pricing.likeness.of(arc)
        found = self._known.get(like) if not isinstance(arc, HaulArc) else None
        if found is None:
            found = self._sum(arc) if self._row.central > 0.0 else 0.0
            if not isinstance(arc, HaulArc):
                self._known[like] = found
        return found

    def share(self, arcs: Sequence[Arc]) -> tuple[float, int]:
        """Return the share that a chain pays and from which arc on; 0 and its end for none."""
        row, start = costs.empty_return_share(arcs, self._pricing.context)
        return (0.0 if row is None else row.central), start

    def is_bridge(self, arcs: Sequence[Arc]) -> bool:
        """Return whether a chain pays as a land bridge: whole, or more than others from ships."""
        share, start = self.share(arcs)
        return share > (self._usual_share if start else 0.0)

    def is_uneven(self, country: str) -> bool:
        """Return whether a chain over land pays for crossing a country between two others."""
        chain = [
            HaulArc(mode="rail", country=code, vehicle="block", distance_km=1.0, market="")
            for code in (NOWHERE, country, NOWHERE)
        ]
        return country != "" and self.share(chain)[0] > 0.0

    def chain_usd(self, arcs: Sequence[Arc]) -> float:
        """Return what a whole chain pays for the way back, USD."""
        share, start = self.share(arcs)
        return share * sum(self.per_share(arc) for arc in arcs[start:]) if share else 0.0

    def _sum(self, arc: Arc) -> float:
        (terms,) = self._pricing.terms((arc,))
        back = costs.empty_return_terms(terms.cost, self._row, self._pricing.context)
        return sum(term.central for term in back) / self._row.central
