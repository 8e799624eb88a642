"""The virtual network with the doors of many places: what every origin of a matrix shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from landbridge.domain.network import Place
from landbridge.domain.request import Request, Scope
from landbridge.planning.bans import Closures, ban_of, shut_between
from landbridge.planning.doors import Door, open_doors, open_station
from landbridge.planning.plan import Planner
from landbridge.planning.rule import Ban

MANY_DOORS = 1000
"""From so many doors on, hierarchies take the place of walks; fewer do not pay for kernels."""


class Fan:
    """One network to which all places are joined."""

    def __init__(self, planner: Planner, request: Request, places: Sequence[Place]) -> None:
        self.planner, self.request = planner, request
        each = list(dict.fromkeys(places))
        is_many = len(each) >= MANY_DOORS
        with planner.geography.for_many() if is_many else nullcontext():
            self._doors = self._opened(each)
            doors = list(self._doors.values())
            touches = tuple(touch for door in doors for touch in door.touches)
            one = replace(doors[0], touches=touches)
            self.field = planner.field_between(request, one, replace(doors[0], touches=()))
        self.closures: Closures = planner.closures(self.field)
        ends = np.cumsum([0, *(len(door.touches) for door in doors)]).tolist()
        at = self.field.positions[0]
        self.positions = {
            place: at[a:b] for place, (a, b) in zip(self._doors, pairwise(ends), strict=True)
        }
        self._bans: dict[tuple[str, str], tuple[Ban, bool]] = {}
        self.owner = self._owners(set(at).difference(*map(set, self.field.positions[2:])))

        self._owner_of = {
            int(node): int(self.owner[node]) for node in np.flatnonzero(self.owner >= 0)
        }

    def door(self, place: Place) -> Door:
        """Return the door of a place."""
        return self._doors[place]

    def foreign_to(self, origin: Place, destination: Place) -> npt.NDArray[np.bool_]:
        """Return which nodes a pair's own network does not hold, shape (n_nodes,)."""
        own = [*self.positions[origin], *self.positions[destination]]
        return (self.owner >= 0) & ~np.isin(self.owner, own)

    def has_foreign(self, nodes: Iterable[int], origin: Place, destination: Place) -> bool:
        """Return whether a pair's own network lacks any of some nodes."""
        owners = {owner for node in nodes if (owner := self._owner_of.get(node)) is not None}
        return bool(owners.difference(self.positions[origin], self.positions[destination]))

    def ban(self, origin: Place, destination: Place) -> tuple[Ban, bool]:
        """Return what a pair's goods avoid, and whether none go between its ends at all."""
        key = (origin.country, destination.country)
        known = self._bans.get(key)
        if known is None:
            asked = replace(self.request, origin=origin, destination=destination)
            standing = self.planner.geography.standing
            known = self._bans[key] = (
                ban_of(asked, standing),
                bool(shut_between(asked, standing)),
            )
        return known

    def _opened(self, places: list[Place]) -> dict[Place, Door]:
        geography = self.planner.geography
        if self.request.scope is Scope.DOOR:
            doors = open_doors(geography, places, ())
        else:
            doors = [open_station(geography, place, self.request.modes) for place in places]
        return dict(zip(places, doors, strict=True))

    def _owners(self, touched: set[int]) -> npt.NDArray[np.int64]:
        """Return per node the attachment that owns it alone, -1 for nodes of every network."""
        own = np.full(len(self.field.virtual.node_attachment), -1, np.int64)
        base = self.field.virtual.n_everywhere
        for node, position in enumerate(self.field.virtual.node_attachment):
            if position >= base and position in touched:
                own[node] = position
        own.flags.writeable = False
        return own
