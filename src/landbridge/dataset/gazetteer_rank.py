"""Which of several namesakes is meant: clusters of one locality, ranked, with their rivals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

LEAD, OWN, ALTERNATE, LATIN, SIDE = 0, 1, 2, 3, 4
"""How a name fits: terminal's, town's own, alternate, transliterated, side of a crossing."""

_TWIN_KM = 60.0
_RIVAL_SHARE = 0.1
_TOWN_OVER_PORT = {OWN: 50_000, ALTERNATE: 100_000, LATIN: 100_000}
_TERMINAL_PRIORITY = 10
_FAR_GREATER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place with the name asked for; `weight` is population, or a terminal's standing."""

    place: int
    kind: str
    tier: int
    country: str
    lat: float
    lon: float
    weight: int


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
    """
    ordered = sorted(found, key=lambda c: (_rank(c), -_standing(c), c.representative.place))
    if not ordered:
        return []
    lead = ordered[0]
    marked = [replace(c, is_rival=c is lead or _is_rival(c, lead)) for c in ordered]
    return sorted(marked, key=lambda c: not c.is_rival)


def _rank(cluster: Cluster) -> int:
    return max(OWN, cluster.tier)


def _standing(cluster: Cluster) -> int:
    """Return what decides who leads: people, or what the port counts for."""
    if cluster.has_town:
        return max(cluster.weight, cluster.port_weight)
    return cluster.weight * _TERMINAL_PRIORITY


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
