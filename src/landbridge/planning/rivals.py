"""Further searches for the best way of all: what a sum over arcs leaves out of the first.

Generalized cost is no sum over arcs (see `models.pricing`): unreliability grows with the spread of
the whole, the empty box's way back with where it was discharged, and full trains are known once a
way is. Each rival is a search that has one of these in its weights or its rule. What they find is
settled, and ranked by what is shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from landbridge.domain.arcs import HaulArc
from landbridge.domain.network import Corridor
from landbridge.domain.request import Objective
from landbridge.planning.bans import ban_of
from landbridge.planning.build import arcs_of
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.returns import Returns
from landbridge.planning.rule import Ban
from landbridge.planning.settle import settled
from landbridge.planning.ways import BY_LAND

if TYPE_CHECKING:
    from landbridge.planning.plan import Closures

LEAST_GAIN_SHARE = 1e-3
"""A way that is lighter by less, with the spread of every leg, is not worth settling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A search beside the first, which is that of no rule by expected values alone.

    `has_spread`: with the spread of every leg (see `Prices.with_spread`), for what is lighter so.
    """

    rule: Corridor | None = None
    has_spread: bool = False


RIVALS = (Rival(rule=BY_LAND), Rival(has_spread=True))
"""Beside them, where a way found pays the box's way back as a land bridge: the last without it."""


class Search(Protocol):
    """Finds the best way through a network under a rule: `Planner.search`."""

    def __call__(
        self, field: Field, rule: Corridor | None, closures: Closures, ban: Ban, limit: float
    ) -> Candidate | None:
        """Return the best way lighter than `limit`."""
        ...


def best_of(field: Field, found: Candidate, closures: Closures, search: Search) -> Candidate:
    """Return the best of the way found with no rule and its rivals; the first of equals.

    Each is judged as it is priced and shown, once it is settled.
    """
    if field.request.objective is not Objective.GENERALIZED:
        return found
    ban = ban_of(field.request, field.geography.standing)
    dear = field.with_spread()
    ways = [found]
    for rival in RIVALS:
        view, limit = field, math.inf
        if rival.has_spread:
            view, limit = dear, most_weight(field.prices.weight_with_spread(arcs_of(found)))
        _join(ways, search(view, rival.rule, closures, ban, limit))
    countries = charged(Returns(field.pricing), ways)
    if countries:
        own = Ban(ids=ban.ids, countries=ban.countries | countries)
        _join(ways, search(dear, None, closures, own, math.inf))
    if len(ways) == 1:
        return found
    return min(ways, key=lambda way: field.pricing.ranking_usd(arcs_of(settled(field, way))))


def most_weight(weight: float) -> float:
    """Return what another way may weigh, with the spread of every leg, to be worth settling."""
    return weight * (1.0 - LEAST_GAIN_SHARE)


def _join(ways: list[Candidate], way: Candidate | None) -> None:
    if way is not None and all(way.moves != other.moves for other in ways):
        ways.append(way)


def charged(returns: Returns, ways: Sequence[Candidate]) -> frozenset[str]:
    """Return the countries for which some way pays for more empty boxes than others do."""
    found: set[str] = set()
    for way in ways:
        arcs = arcs_of(way)
        if returns.is_bridge(arcs):
            crossed = {arc.country for arc in arcs if isinstance(arc, HaulArc)}
            found |= {country for country in crossed if returns.is_uneven(country)}
    return frozenset(found)
