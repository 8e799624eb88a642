"""Tables of corridors (see `routing.transit`), made beside the questions that ask for them often.

Tables are those of a corridor without what goods of one pair avoid: a ban, or one more closure,
only takes ways away, so what the tables tell is never overstated for it. Where a ban leaves no way
at all, a search has to look everywhere to know: such a ban gets tables of its own.

No question waits for tables. A thread makes them, nearly all of the time without the interpreter's
lock, and ends when nothing is left to do; answers are the same with them and without.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from weakref import WeakKeyDictionary

from landbridge.domain.network import Corridor
from landbridge.planning.rule import NO_BAN, Ban
from landbridge.routing.transit import Transit

OFTEN = 4
"""Tables cost as much as some dozens of searches: missed so many times they are made."""
MOST_BYTES = 300_000_000
"""So much is kept; what was not asked for the longest goes. All corridors, both ways, have 23
tables of 0.3 to 10 MB, 55 MB together."""
MOST_MISSED, MOST_WAITING = 2048, 64
Closed = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What tables are of but for what is shut and banned.

    `frame` is that of `planning.frame`, `weights` the digest of what its arcs, rides and runs
    weigh: pricings that weigh all alike share tables.
    """

    frame: object
    weights: bytes
    corridor: Corridor
    modes: frozenset[str]


Ground = tuple[int, bytes, Corridor, frozenset[str]]
"""Number of the frame, digest of weights, corridor and modes of a question."""
Key = tuple[Ground, Closed, Ban]
Making = Callable[[], Transit]


class Transits:
    """The tables of corridors that are asked for often on a day and with a pricing."""

    __slots__ = (
        "_lock",
        "_made",
        "_missed",
        "_n_bytes",
        "_next",
        "_number",
        "_open",
        "_queue",
        "_worker",
    )

    def __init__(self) -> None:
        # frames go by numbers of their own: what is kept here holds none of them
        self._number: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        self._next = count()
        self._missed: dict[Key, int] = {}
        self._made: dict[Key, Transit] = {}
        self._open: dict[Ground, Closed] = {}
        self._n_bytes = 0
        self._queue: deque[tuple[Key, Making]] = deque()
        self._worker: threading.Thread | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._made)

    def of(
        self, question: Question, closed: Closed, ban: Ban, make: Callable[[Ban], Making]
    ) -> Transit | None:
        """Return tables that hold where `closed` is shut, None if there are none yet.

        Parameters
        ----------
        make
            Returns what makes the tables with just this shut and banned.
        """
        ground = self._ground(question)
        found = self._kept((ground, closed, ban)) or self._kept((ground, closed, NO_BAN))
        if found is None:
            wider = self._open.get(ground)
            if wider is not None and wider <= closed:
                found = self._kept((ground, wider, NO_BAN))
        if found is None:
            self._miss((ground, closed, NO_BAN), make)
        return found

    def _kept(self, key: Key) -> Transit | None:
        """Return what is kept under a key, which is then the last to go."""
        with self._lock:
            found = self._made.pop(key, None)
            if found is not None:
                self._made[key] = found
        return found

    def _keep(self, key: Key, made: Transit) -> None:
        ground, closed, ban = key
        with self._lock:
            self._n_bytes += made.n_bytes
            old = self._made.pop(key, None)
            self._made[key] = made
            self._n_bytes -= old.n_bytes if old is not None else 0
            while self._n_bytes > MOST_BYTES and len(self._made) > 1:
                self._n_bytes -= self._made.pop(next(iter(self._made))).n_bytes
            wider = self._open.get(ground)
            if ban == NO_BAN and (wider is None or closed < wider):
                self._open[ground] = closed
            while len(self._open) > MOST_MISSED:
                del self._open[next(iter(self._open))]

    def missed(
        self, question: Question, closed: Closed, ban: Ban, make: Callable[[Ban], Making]
    ) -> None:
        """Take note that those of this very ban were missed: without them no end was in sight."""
        self._miss((self._ground(question), closed, ban), make)

    def _ground(self, question: Question) -> Ground:
        frame = self._number_of(question.frame)
        return frame, question.weights, question.corridor, question.modes

    def _number_of(self, owner: object) -> int:
        """Return the number of a frame, which no other ever gets."""
        found = self._number.get(owner)
        if found is None:
            with self._lock:
                found = self._number.setdefault(owner, next(self._next))
        return found

    def _miss(self, key: Key, make: Callable[[Ban], Making]) -> None:
        """Count that tables were missed; at the `OFTEN`th time let them be made."""
        with self._lock:
            times = self._missed.pop(key, 0) + 1
            self._missed[key] = times
            while len(self._missed) > MOST_MISSED:
                del self._missed[next(iter(self._missed))]
            if times % OFTEN or len(self._queue) >= MOST_WAITING:
                return
        making = make(key[2])
        with self._lock:
            self._queue.append((key, making))
            # one that failed, or was left behind by a fork, is no more alive
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self._work, name="tables", daemon=True)
                self._worker.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._worker = None
                    return
                key, making = self._queue.popleft()
            self._keep(key, making())
            del making  # and with it the arrays of its request

    def finish(self) -> None:
        """Wait until all tables that are to be made are made."""
        worker = self._worker
        if worker is not None:
            worker.join()
