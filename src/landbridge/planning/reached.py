"""What was walked on the physical networks, kept for the next request.

Kept by topology and node, beside the topology itself: so no other ever gets its id, and what was
walked on a network of another day, or with something shut, is never taken for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import Net
from landbridge.graph.nearest import ByLatitude
from landbridge.graph.topology import Topology
from landbridge.kept import Kept
from landbridge.planning.transits import Transits
from landbridge.units import FloatArray

if TYPE_CHECKING:
    from landbridge.routing.contracted import Contracted

MOST_WALKS = 4
"""So many whole walks are kept, 5 MB each by road; the oldest goes."""
MOST_ROWS = 4096
"""So many walks to the touches of a block are kept, some 2 kB each; the oldest goes."""
MOST_CONTRACTED = 512
"""So many contracted blocks are kept, 0.1 MB each on average, 9 MB at most; the oldest goes."""
FEW_WALKS = 2
"""After so many walks in a block it is contracted, which takes as long as some ten."""
MOST_COUNTED = 4096
"""Of so many blocks walks are counted; the oldest count goes."""


class Reached:
    """Km from a node to the others of its block, by node."""

    __slots__ = ("_begin", "_km")

    def __init__(self, km: FloatArray, begin: int) -> None:
        self._km, self._begin = km, begin
        km.flags.writeable = False

    def __getitem__(self, nodes: npt.NDArray[Any]) -> FloatArray:
        found: FloatArray = self._km[nodes - self._begin]
        return found


class Touched:
    """Nodes of a block at which anything touches the network: `nodes`, rising.

    Parameters
    ----------
    begin, end
        All nodes of the block lie among these, from `begin` on and before `end`.
    """

    __slots__ = ("_begin", "_column", "nodes")

    def __init__(self, nodes: npt.NDArray[np.int64], begin: int, end: int) -> None:
        self.nodes, self._begin = nodes, begin
        self._column = np.full(end - begin, -1, np.int32)
        self._column[nodes - begin] = np.arange(len(nodes), dtype=np.int32)

    def column_of(self, nodes: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """Return where nodes of the block stand among those touched, -1 for the others."""
        found: npt.NDArray[np.int32] = self._column[nodes - self._begin]
        return found


class Walks:
    """Walks of all geographies that share networks: whole, to the touches of a block, from doors.

    `transits` are the tables of corridors; `by_latitude` holds nodes sorted for finding the
    nearest, by the id of their network; `touched` the nodes of a block at which anything touches
    a network; `contracted` blocks by the id of their topology, which they hold, and their number.

    Parameters
    ----------
    base
        Walks of another dataset: those are shared.
    has_same_touches
        Whether the same terminals and crossings touch the networks there.
    """

    __slots__ = (
        "_lock",
        "_walked",
        "by_latitude",
        "contracted",
        "reached",
        "rows",
        "touched",
        "transits",
        "whole",
    )

    def __init__(self, base: Walks | None = None, *, has_same_touches: bool = False) -> None:
        self.whole: Kept[tuple[int, int], tuple[Topology, npt.NDArray[Any], npt.NDArray[Any]]]
        self.whole = base.whole if base else Kept(MOST_WALKS)
        self.reached: Kept[tuple[int, int], tuple[Topology, Reached]]
        self.reached = base.reached if base else Kept(MOST_WALKS)
        self.transits: Transits = base.transits if base else Transits()
        self.by_latitude: dict[int, ByLatitude] = base.by_latitude if base else {}
        shared = base if has_same_touches else None
        self.rows: Kept[tuple[int, int], tuple[Topology, FloatArray]]
        self.rows = shared.rows if shared else Kept(MOST_ROWS)
        self.touched: dict[tuple[Net, int], Touched]
        self.touched = shared.touched if shared else {}
        self.contracted: Kept[tuple[int, int], tuple[Topology, Contracted]]
        self.contracted = shared.contracted if shared else Kept(MOST_CONTRACTED)
        self._walked: dict[tuple[int, int], int] = {}
        self._lock = threading.Lock()

    def contracted_block(
        self, key: tuple[int, int], topology: Topology, make: Callable[[], Contracted]
    ) -> Contracted | None:
        """Return the contracted block of a key, None while walking is the better choice.

        Each call for a block that is not contracted counts as one walk. Who asks while another
        thread contracts had better walk.
        """
        known = self.contracted.get(key)
        if known is not None:
            return known[1]
        if not self._lock.acquire(blocking=False):
            return None
        try:
            walked = self._walked.pop(key, 0)
            if walked >= FEW_WALKS:
                return self.contracted.put(key, (topology, make()))[1]
            self._walked[key] = walked + 1
            while len(self._walked) > MOST_COUNTED:
                del self._walked[next(iter(self._walked))]
        finally:
            self._lock.release()
        return None
