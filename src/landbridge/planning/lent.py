"""Long rows that requests only add to: lent with room behind, not copied for each.

A megabyte that is allocated anew for every request costs more in pages that the system clears than
in anything that is written to it. A row of the day is therefore kept a few times over, each time
with room behind; a request writes there, and gives the whole back when nothing refers to it.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
MOST_IDLE = 4
"""So many copies wait for the next request; more are dropped."""


class Lent:
    """A row of the day, and copies of it with as much room behind as it is long.

    Parameters
    ----------
    row
        Shape (n,), contiguous.
    """

    def __init__(self, row: Array) -> None:
        self.row = row
        self._idle: deque[Array] = deque(maxlen=MOST_IDLE)

    def lend(self, more: int) -> Array:
        """Return the row with room for `more` numbers behind, (n + more,), to be written there.

        Only there: the rest is the next request's as well. It is given back with the last array
        that shares its memory.
        """
        n = len(self.row)
        if more > n:
            return np.concatenate([self.row, np.empty(more, self.row.dtype)])
        try:
            memory = self._idle.pop()
        except IndexError:
            memory = np.empty(2 * n, self.row.dtype)
            memory[:n] = self.row
        return np.asarray(_Loan(memory, self._idle))[: n + more]


class _Loan:
    """What an array of lent memory refers to, and with it every array that shares the memory."""

    __slots__ = ("__array_interface__", "_idle", "_memory")

    def __init__(self, memory: Array, idle: deque[Array]) -> None:
        self._memory, self._idle = memory, idle
        self.__array_interface__ = memory.__array_interface__

    def __del__(self) -> None:
        self._idle.append(self._memory)
