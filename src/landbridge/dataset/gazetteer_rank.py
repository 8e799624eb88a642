"""Which of several namesakes is meant: clusters of one locality, ranked, with their rivals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from landbridge.domain.network import Place

LEAD, OWN, ALTERNATE, LATIN, SIDE = 0, 1, 2, 3, 4
"""How a name fits: terminal's, town's own, alternate, transliterated, side of a crossing."""

_TWIN_KM = 60.0
_RIVAL_SHARE = 0.1
_TOWN_OVER_PORT = {OWN: 50_000, ALTERNATE: 100_000, LATIN: 100_000}
_TERMINAL_PRIORITY = 10
_FAR_GREATER = 100
_GREAT_TOWN = 500_000
_LITTLE_KNOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place with the name asked for; `weight` is population, or a terminal's standing.

    `scripts` is the number of writing systems in which the sources name a town (0: not counted);
    `is_district` says that it lies by a far greater one of its region.
    """

    place: int
    kind: str
    tier: int
    country: str
    lat: float
    lon: float
    weight: int
    scripts: int = 0
    is_district: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One answer to a search; `score` runs from 0 to 100 (same name), `reason` says what fitted.

    `region` is the state, province or the like that the place lies in, or empty.
    """

    place: Place
    score: float
    reason: str
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Namesakes of one country within 60 km: a town and its terminals, meant as one."""

    representative: Candidate
    others: tuple[Candidate, ...]
    tier: int
    weight: int
    port_weight: int
    has_town: bool
    is_rival: bool = False


def clusters(candidates: Sequence[Candidate]) -> list[Cluster]:
    """Return the candidates grouped by locality; each place once, by its best tier."""
    best: dict[int, Candidate] = {}
    for candidate in candidates:
        known = best.get(candidate.place)
        if known is None or candidate.tier < known.tier:
            best[candidate.place] = candidate
    ordered = sorted(
        best.values(), key=lambda c: (c.kind == "crossing", c.kind != "town", -c.weight, c.place)
    )
    groups: list[list[Candidate]] = []
    for candidate in ordered:
        home = next((group for group in groups if _is_near(candidate, group[0])), None)
        if home is None:
            groups.append([candidate])
        else:
            home.append(candidate)
    return [_cluster(group) for group in groups]


def ranked(found: Sequence[Cluster]) -> list[Cluster]:
    """Return the clusters, best first, the best and its rivals marked `is_rival`.

    1. A name of its own (terminal's or town's) goes before an alternate, that before a
       transliteration, that before the side of a crossing.
    2. Among own names the greater goes first; a terminal without a town counts ten times.
    3. A rival is of the same class and has a tenth of the weight: against a terminal's name only
       another terminal's name is one, and against a hub or mainline port only its like.
    4. A place a hundred times greater that bears the name as an alternate is a rival too.
    5. A town whose population is in doubt (`_is_doubted`) goes last in its class and is no rival.
    """
    doubted = {c.representative.place for c in found if any(_is_doubted(c, o) for o in found)}
    ordered = sorted(
        found,
        key=lambda c: (
            _rank(c),
            c.representative.place in doubted,
            -_standing(c),
            c.representative.place,
        ),
    )
    if not ordered:
        return []
    lead = ordered[0]
    marked = [
        replace(
            c,
            is_rival=c is lead or (c.representative.place not in doubted and _is_rival(c, lead)),
        )
        for c in ordered
    ]
    return sorted(marked, key=lambda c: not c.is_rival)


def _rank(cluster: Cluster) -> int:
    return max(OWN, cluster.tier)


def _standing(cluster: Cluster) -> int:
    """Return what decides who leads: people, or what the port counts for."""
    if cluster.has_town:
        return max(cluster.weight, cluster.port_weight)
    return cluster.weight * _TERMINAL_PRIORITY


def is_little_known(scripts: int, people: int) -> bool:
    """Return whether a town of half a million or more is named in no more than two scripts."""
    return people >= _GREAT_TOWN and scripts <= _LITTLE_KNOWN


def _is_doubted(cluster: Cluster, other: Cluster) -> bool:
    """Return whether the population of a town looks like that of its namesake `other`.

    Sources give some villages the people of a city or county of the same name. A town is doubted
    beside a namesake of its country and class that has at least a tenth of its people and is named
    in more scripts, if both have the very same figure; or if it is little known for its size and
    the other is named in twice as many scripts. A district of a great city has the people it is
    said to have, and a name that a port bears is not doubted.
    """
    town, namesake = cluster.representative, other.representative
    if town.kind != "town" or namesake.kind != "town" or town.country != namesake.country:
        return False
    if cluster.tier != OWN or other.tier not in (LEAD, OWN) or not town.scripts:
        return False
    if namesake.scripts <= town.scripts or namesake.weight < _RIVAL_SHARE * town.weight:
        return False
    if town.weight == namesake.weight > 0:
        return True
    is_obscure = is_little_known(town.scripts, town.weight) and not town.is_district
    return is_obscure and namesake.scripts >= 2 * town.scripts


def _is_rival(cluster: Cluster, lead: Cluster) -> bool:
    if lead.tier <= OWN and cluster.tier in (ALTERNATE, LATIN):
        return cluster.tier == ALTERNATE and cluster.weight >= _FAR_GREATER * max(1, lead.weight)
    if _rank(cluster) != _rank(lead):
        return False
    is_lesser_port = 0 < cluster.port_weight < lead.port_weight
    if lead.tier == LEAD and (cluster.tier != LEAD or is_lesser_port):
        return False
    least = lead.weight if lead.tier <= OWN else _standing(lead)
    return cluster.weight >= _RIVAL_SHARE * least


def _is_near(candidate: Candidate, anchor: Candidate) -> bool:
    if candidate.country != anchor.country:
        return False
    if (candidate.kind in ("crossing", "passage")) != (anchor.kind in ("crossing", "passage")):
        return False
    mean_lat = math.radians((candidate.lat + anchor.lat) / 2)
    north_km = (candidate.lat - anchor.lat) * 111.2
    turn = (candidate.lon - anchor.lon + 180.0) % 360.0 - 180.0
    return math.hypot(north_km, turn * 111.2 * math.cos(mean_lat)) < _TWIN_KM


def _cluster(group: Sequence[Candidate]) -> Cluster:
    """Return the group with the member it stands for.

    The town if it has 50,000 people (100,000 if the name is only an alternate of it) or several
    terminals: a door is what a shipper means. Else the terminal: a small place is known for its
    port.
    """
    towns = sorted(
        (member for member in group if member.kind == "town"),
        key=lambda member: (member.tier, -member.weight, member.place),
    )
    terminals = [member for member in group if member.kind != "town"]
    is_town = bool(towns) and (
        not terminals
        or (len(terminals) > 1 and towns[0].tier <= OWN)
        or towns[0].weight >= _TOWN_OVER_PORT[max(OWN, towns[0].tier)]
        or towns[0].tier < min(member.tier for member in terminals)
    )
    first = towns[0] if is_town else min(terminals, key=lambda m: (m.tier, -m.weight, m.place))
    rest = sorted(
        (member for member in group if member is not first),
        key=lambda member: (member.tier, member.kind != "town", -member.weight, member.place),
    )
    return Cluster(
        representative=first,
        others=tuple(rest),
        tier=min(member.tier for member in group),
        weight=max(member.weight for member in (towns or group)),
        port_weight=max((member.weight for member in terminals), default=0),
        has_town=bool(towns),
    )
