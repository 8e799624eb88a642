"""Where a request's goods do not go: what it asks to avoid, and countries that bar its ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from landbridge.domain.dated import Fact
from landbridge.domain.itinerary import Blocker
from landbridge.domain.request import Request
from landbridge.graph.standing import Shut, Standing, reason
from landbridge.planning.rule import Ban


@dataclass(frozen=True, slots=True, kw_only=True)
class Closures:
    """What is shut: crossings by position; passages, ship classes, terminals by id; and why."""

    crossings: frozenset[int]
    passages: frozenset[str]
    why: dict[str, Shut] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for every way of one request: closures, bans, and why no goods go at all."""

    closures: Closures
    ban: Ban
    between: tuple[Blocker, ...]


def limits_of(request: Request, standing: Standing, never: frozenset[str]) -> Limits:
    """Return the limits of a request; `never` are passages that are always shut."""
    shut = standing.closures(request.depart, is_given=request.is_depart_given)
    return Limits(
        closures=closures_of(shut, standing, never),
        ban=ban_of(request, standing),
        between=shut_between(request, standing),
    )


def closures_of(shut: dict[str, Shut], standing: Standing, never: frozenset[str]) -> Closures:
    """Return closures of what is shut, with the reason, and of passages that always are."""
    positions = standing.crossings
    return Closures(
        crossings=frozenset(positions[id_] for id_ in shut if id_ in positions),
        passages=never | {id_ for id_ in shut if id_ not in positions},
        why=shut,
    )


def asked_ban(request: Request) -> Ban:
    """Return what the request asks to avoid."""
    countries = frozenset(what for what in request.avoid if _is_country(what))
    return Ban(ids=frozenset(request.avoid) - countries, countries=countries)


def ban_of(request: Request, standing: Standing) -> Ban:
    """Return what the request asks to avoid, and the countries that its goods cannot cross.

    A country in which a place of `via` lies is the request's own choice.
    """
    asked = asked_ban(request)
    chosen = {place.country for place in request.via}
    closed = barred(request, standing).keys() - chosen
    return Ban(ids=asked.ids, countries=asked.countries | closed)


def barred(request: Request, standing: Standing) -> Mapping[str, Fact]:
    """Return the countries through which goods of either end do not go, and why."""
    return standing.barred_between(
        request.origin.country, request.destination.country, request.depart
    )


def shut_between(request: Request, standing: Standing) -> tuple[Blocker, ...]:
    """Return why no goods go between the two ends, if a fact says so."""
    found = barred(request, standing)
    ends = (request.origin.country, request.destination.country)
    facts = dict.fromkeys(found[end] for end in ends if end in found)
    return tuple(
        Blocker(kind="status", what="-".join(ends), why=reason(fact, request.depart))
        for fact in facts
    )


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isupper()
