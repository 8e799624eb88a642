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
from typing import Protocol

from landbridge.domain.arcs import HaulArc
from landbridge.domain.network import Corridor
from landbridge.domain.request import Objective
from landbridge.planning.bans import Closures
from landbridge.planning.build import arcs_of
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.returns import Returns
from landbridge.planning.rule import Ban
from landbridge.planning.settle import settled
from landbridge.planning.ways import BY_LAND

LEAST_GAIN_SHARE = 1e-3
"""A way that is lighter by less, with the spread of every leg, is not worth settling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A search for the best way with no corridor's rule.

    `has_spread`: with the spread of every leg (see `Prices.with_spread`); `without` these
    countries, where another way pays the empty box's way back as a land bridge does.
    """

    rule: Corridor | None = None
    has_spread: bool = False
    without: frozenset[str] = frozenset()

    def ban(self, ban: Ban) -> Ban:
        """Return what may not be used where the goods avoid `ban`."""
        if not self.without:
            return ban
        return Ban(ids=ban.ids, countries=ban.countries | self.without)

    def most_weight(self, found: float) -> float:
        """Return below what weight a way is worth settling beside one of weight `found`.

        Both with the spread of every leg: of ways by other weights, any is.
        """
        is_alike = self.has_spread and not self.without
        return found * (1.0 - LEAST_GAIN_SHARE) if is_alike else math.inf


FIRST = Rival()
RIVALS = (Rival(rule=BY_LAND), Rival(has_spread=True))


def around(countries: frozenset[str]) -> Rival:
    """Return the rival of ways through countries that make them dear."""
    return Rival(has_spread=True, without=countries)


class Search(Protocol):
    """Finds the best way through a network under a rule: `Planner.search`."""

    def __call__(
        self, field: Field, corridor: Corridor | None, closures: Closures, ban: Ban, limit: float
    ) -> Candidate | None:
        """Return the best way lighter than `limit`."""
        ...


def best_of(
    field: Field, found: Candidate, closures: Closures, ban: Ban, search: Search
) -> Candidate:
    """Return the best of the way found with no rule and its rivals; the first of equals.

    Each is judged as it is priced and shown, once it is settled.
    """
    if field.request.objective is not Objective.GENERALIZED:
        return found
    dear, weight = field.with_spread(), field.prices.weight_with_spread(arcs_of(found))
    ways = [found]

    def ask(rival: Rival) -> None:
        view = dear if rival.has_spread else field
        limit = rival.most_weight(weight)
        way = search(view, rival.rule, closures, rival.ban(ban), limit)
        if way is not None and all(way.moves != other.moves for other in ways):
            ways.append(way)

    for rival in RIVALS:
        ask(rival)
    countries = charged(Returns(field.pricing), ways)
    if countries:
        ask(around(countries))
    if len(ways) == 1:
        return found
    return min(ways, key=lambda way: field.pricing.ranking_usd(arcs_of(settled(field, way))))


def charged(returns: Returns, ways: Sequence[Candidate]) -> frozenset[str]:
    """Return the countries for which some way pays for more empty boxes than others do."""
    found: set[str] = set()
    for way in ways:
        arcs = arcs_of(way)
        if returns.is_bridge(arcs):
            crossed = {arc.country for arc in arcs if isinstance(arc, HaulArc)}
            found |= {country for country in crossed if returns.is_uneven(country)}
    return frozenset(found)
