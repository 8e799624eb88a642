"""Tables of corridors (see `routing.transit`), made when a corridor is asked for again and kept.

Tables are those of a corridor without what goods of one pair avoid: a ban, or one more closure,
only takes ways away, so what the tables tell is never overstated for it. Where a ban leaves no way
at all, a search has to look everywhere to know: such a ban gets tables of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from landbridge.domain.network import Corridor
from landbridge.domain.request import Objective
from landbridge.kept import Kept
from landbridge.planning.prices import Prices
from landbridge.planning.rule import NO_BAN, Ban
from landbridge.routing.transit import Transit

MOST_TABLES = 128
"""So many are kept, some 0.9 MB each; the oldest goes. All corridors, both ways, have 26."""
MOST_ASKED = 2048
Closed = frozenset[str]
Ground = tuple[int, int, Objective, Corridor, frozenset[str]]
"""Frame, pricing, objective, corridor and modes of a question."""
Key = tuple[Ground, Closed, Ban]


class Transits:
    """The tables of corridors that were asked for more than once on a day and with a pricing.

    Tables cost as much as some dozens of searches: a first question is answered without.
    """

    __slots__ = ("_asked", "_made", "_open")

    def __init__(self) -> None:
        # what is kept holds its frame and pricing: no other gets their ids
        self._asked: Kept[Key, tuple[object, ...]] = Kept(MOST_ASKED)
        self._made: Kept[Key, tuple[tuple[object, ...], Transit]] = Kept(MOST_TABLES)
        self._open: Kept[Ground, Closed] = Kept(MOST_TABLES)

    def __len__(self) -> int:
        return len(self._made)

    def of(
        self,
        frame: object,
        prices: Prices,
        corridor: Corridor,
        modes: frozenset[str],
        closed: Closed,
        ban: Ban,
        make: Callable[[Ban], Transit] | None,
    ) -> tuple[Transit | None, Callable[[], None]]:
        """Return tables that hold where `closed` is shut, and what to call if no way was found.

        Parameters
        ----------
        make
            Makes the tables with just this shut and banned; called from the second question on.

        Returns
        -------
        The tables are None if there are none yet.
        """
        ground = id(frame), id(prices.pricing), prices.objective, corridor, modes
        owners = frame, prices.pricing
        key = ground, closed, ban
        found = self._made.get(key)
        if found is None and make is not None and self._asked.get(key) is not None:
            found = self._made.put(key, (owners, make(ban)))
        if found is None and ban != NO_BAN:
            open_key = ground, closed, NO_BAN
            found = self._made.get(open_key)
            if found is None and make is not None and self._asked.get(open_key) is not None:
                found = self._made.put(open_key, (owners, make(NO_BAN)))
        if found is not None:
            self._open.put(ground, closed)
        else:
            self._asked.put((ground, closed, NO_BAN), owners)
            wider = self._open.get(ground)
            if wider is not None and wider <= closed:
                found = self._made.get((ground, wider, NO_BAN))
        return found[1] if found else None, lambda: self._wanted(key, owners)

    def _wanted(self, key: Key, owners: tuple[object, ...]) -> None:
        """Let tables be made for a question at the next time."""
        self._asked.put(key, owners)
