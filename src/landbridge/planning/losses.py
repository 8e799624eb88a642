"""Why there is no way: each kind of closure lifted in turn, and what its lifting opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from landbridge.dataset.network import Net
from landbridge.domain.itinerary import Blocker
from landbridge.domain.network import Corridor
from landbridge.graph.standing import Shut, reason
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.shapes import walked_links
from landbridge.planning.traits import ids_of

if TYPE_CHECKING:
    from landbridge.planning.plan import Planner

LIFTED = (("season",), ("event",), ("status",))
"""Kinds of closure lifted alone, in this order, before all are lifted together."""


def lost_to_dates(
    planner: Planner, field: Field, corridor: Corridor | None, why: dict[str, Shut]
) -> tuple[Blocker, ...]:
    """Return what takes the way away: seasons, disruptions, closures, then dated supply.

    Parameters
    ----------
    why
        All that is shut, with the reason.
    """
    if planner.without(field, corridor, {}) is not None:
        for kinds in LIFTED:
            kept = {id_: shut for id_, shut in why.items() if shut.kind not in kinds}
            if len(kept) < len(why):
                found = planner.without(field, corridor, kept)
                if found is not None:
                    return tuple(_named(found, why))
        found = planner.without(field, corridor, {})
        return tuple(_named(found, why)) if found is not None else ()
    if not field.request.is_depart_given:
        return ()
    found = planner.without(field.undated(), corridor, {})
    if found is None:
        return ()
    return (*_named(found, why), *_supply_lost(field, found))


def _named(found: Candidate, why: dict[str, Shut]) -> Iterator[Blocker]:
    """Yield a blocker for each shut thing on the way, once."""
    seen: set[str] = set()
    for move in found.moves:
        for arc in move.facts:
            for id_ in ids_of(arc, is_ride=move.kind == "ride"):
                shut = why.get(id_)
                if shut is not None and id_ not in seen:
                    seen.add(id_)
                    yield Blocker(kind=shut.kind, what=id_.partition("@")[0], why=shut.why)


def _supply_lost(field: Field, found: Candidate) -> Iterator[Blocker]:
    """Yield a blocker for each service, sea market and link of the way that the day lacks."""
    standing, request = field.geography.standing, field.request
    lost: dict[str, None] = {}
    virtual = field.undated().virtual
    for move in found.moves:
        if move.service:
            lost[move.service] = None
        elif move.kind == "run":
            lost[virtual.carriages[virtual.node_carriage[move.tail]].market] = None
            ends = [virtual.attachments[virtual.node_attachment[n]] for n in (move.tail, move.head)]
            net = Net(ends[0].net)
            off = field.links_off.get(net)
            if off is None or not off.any():
                continue
            for link, _ in walked_links(field.geography, net, ends[0].node_idx, ends[1].node_idx):
                if off[link]:
                    lost.update(dict.fromkeys(standing.ids_of_link(net, link)))
    for id_ in lost:
        fact = standing.masked_by(id_, request.depart, is_given=request.is_depart_given)
        if fact is not None:
            kind = "event" if fact.is_disruption else "status"
            yield Blocker(kind=kind, what=id_, why=reason(fact, request.depart))
