"""The one way in: a graph made ready once, weights side by side, questions from any thread.

    Engine (shape)  ──profile(weights)──►  Profile (version 0, 1, 2 ...)
                                             weight(s, t)    route(s, t)    matrix(S, T)
                                             update(arcs, weights)   next version, in place

Weights are float64: no scaling, no overflow below 1e300, and 2^-53 relative rounding per addition.
Whole-number weights are added exactly up to 2^53, whatever the order of contraction. `inf` closes
an arc. All input is checked before a kernel runs; answers name the version that they hold for.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from landbridge.routing.customize import customize_changed, customize_ranges
from landbridge.routing.hierarchy import Hierarchy, build_hierarchy, frozen
from landbridge.routing.many import LANES, ancestors, gather, sweep
from landbridge.routing.order import dissection_order
from landbridge.routing.query import pair_path, pair_weight
from landbridge.routing.shortest import Array

HEAVIEST = 1e300
"""All weights of a profile together stay below this, so no sum of a path can overflow."""
PARTIAL_SHARE = 1 / 2500
"""An update of more than this share of all arcs customizes anew: that is faster then."""
PARTS_PER_THREAD = 8
TRIES = 3
"""Reads that an update overtook so often wait for it to end."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A best way: its weight (inf if there is none), original arcs in order, and version."""

    weight: float
    arcs: npt.NDArray[np.int32]
    version: int


class Engine:
    """The contracted shape of one directed graph; weights come as profiles.

    Parameters
    ----------
    n_nodes, tail, head
        The graph; arcs are numbered as given. Parallel arcs and self loops may be.
    order
        Nodes in the order of contraction, (n_nodes,); computed (slowly: some ten microseconds per
        arc) if absent, along `lon`, `lat` if given.
    n_threads
        Threads for customization and matrices; all that this process may use if absent.
    """

    def __init__(
        self,
        n_nodes: int,
        tail: Array,
        head: Array,
        *,
        order: Array | None = None,
        lon: Array | None = None,
        lat: Array | None = None,
        n_threads: int | None = None,
    ) -> None:
        tail, head = np.asarray(tail), np.asarray(head)
        if order is None:
            build_hierarchy(n_nodes, tail[:0], head[:0], np.arange(n_nodes))
            order = dissection_order(n_nodes, tail, head, lon=lon, lat=lat)
        self.shape = build_hierarchy(n_nodes, tail, head, order)
        self.n_threads = n_threads or _threads_allowed()
        self._parts = _parts(self.shape, PARTS_PER_THREAD * self.n_threads)

    def profile(self, weights: Array) -> Profile:
        """Return a new profile; `weights` (n_arcs,) are >= 0, inf for a closed arc."""
        return Profile(self, weights)

    def ranks(self, nodes: Sequence[int] | Array) -> Array:
        """Return the ranks of nodes; raises ValueError where one is no node."""
        found = np.asarray(nodes)
        if found.size == 0:
            return np.empty(0, np.int32)
        if found.ndim != 1 or found.dtype.kind not in "iu":
            raise ValueError("nodes must be one row of whole numbers")
        if found.min() < 0 or found.max() >= self.shape.n_nodes:
            bad = found[(found < 0) | (found >= self.shape.n_nodes)][0]
            raise ValueError(f"no node {bad}: nodes are 0 to {self.shape.n_nodes - 1}")
        ranks: Array = self.shape.rank[found]
        return ranks

    def rank(self, node: int) -> int:
        """Return the rank of a node; raises ValueError where it is none."""
        try:
            if 0 <= node < self.shape.n_nodes:
                return int(self.shape.rank[node])
        except (TypeError, IndexError):
            pass
        raise ValueError(f"no node {node!r}: nodes are 0 to {self.shape.n_nodes - 1}")

    def over_parts(self, work: Callable[[Array, Array], None]) -> None:
        """Call `work(begins, ends)` for all ranks: subtrees side by side, then what is above."""
        *subtrees, top = self._parts
        if self.n_threads > 1 and len(subtrees) > 1:
            with ThreadPoolExecutor(self.n_threads) as pool:
                list(pool.map(lambda part: work(*part), subtrees))
        else:
            for part in subtrees:
                work(*part)
        work(*top)


class Profile:
    """One weight vector over an engine's shape; made by `Engine.profile`.

    Questions may be asked from any number of threads, also while another updates: each answer
    is that of one version, never of a half-done update.
    """

    def __init__(self, engine: Engine, weights: Array) -> None:
        shape = engine.shape
        self._engine = engine
        self._weight = checked_weights(weights, shape.n_arcs).copy()
        m = shape.n_edges
        via, step = np.empty(2 * m, np.int32), np.empty(2 * m, np.uint16)
        self._written = (np.empty(m), np.empty(m), via, step)
        climb, descend, *witness = (_read_only(a) for a in self._written)
        walk = (shape.tree, shape.depth, shape.up_depth)
        self._pair = (*walk, climb, descend)
        self._path = (
            *walk,
            shape.edge_tail,
            climb,
            descend,
            *witness,
        )
        self._lower = (
            shape.up_first,
            shape.up_head,
            shape.edge_tail,
            shape.down_first,
            shape.down_edge,
            shape.edge_first,
            shape.edge_arc,
            shape.arc_edge,
            _read_only(self._weight),
        )
        self._whole = (
            shape.up_first,
            shape.up_depth,
            shape.n_levels,
            shape.down_first,
            shape.down_edge,
            shape.down_last,
            shape.edge_first,
            shape.edge_arc,
            shape.arc_edge,
            _read_only(self._weight),
        )
        self._queued: npt.NDArray[np.bool_] | None = None
        self._lock = threading.RLock()
        self._stamp = 0  # odd while an update is under way
        self._customize()

    # ---- what it is --------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """Return the number of updates so far; what was made from a version names it."""
        return self._stamp // 2

    @property
    def n_bytes(self) -> int:
        """Return the memory that this profile takes beside its engine, bytes."""
        scratch = 0 if self._queued is None else self._queued.nbytes
        return self._weight.nbytes + sum(a.nbytes for a in self._written) + scratch

    def weights(self) -> npt.NDArray[np.float64]:
        """Return the weights of the original arcs, a copy, shape (n_arcs,)."""
        return self._read(self._weight.copy)[0]

    # ---- questions ---------------------------------------------------------------------------

    def weight(self, source: int, target: int) -> float:
        """Return the least weight from one node to another, inf where there is no way."""
        s, t = self._engine.rank(source), self._engine.rank(target)
        pair = self._pair
        stamp = self._stamp
        if not stamp & 1:
            found = float(pair_weight(s, t, *pair))
            if self._stamp == stamp:
                return found
        return float(self._read(lambda: pair_weight(s, t, *pair))[0])

    def route(self, source: int, target: int) -> Route:
        """Return a best way from one node to another as original arcs."""
        s, t = self._engine.rank(source), self._engine.rank(target)
        (weight, arcs), version = self._read(lambda: pair_path(s, t, *self._path))
        return Route(weight=weight, arcs=arcs, version=version)

    def route_between(
        self, sources: Sequence[tuple[int, float]], targets: Sequence[tuple[int, float]]
    ) -> tuple[Route, int, int]:
        """Return the best way between two sets of (node, offset), and which of each it joins.

        Offsets are added at their end: a door reaches several terminals, each at a price. The
        positions are -1 where there is no way.
        """
        starts, ends = _offsets(sources), _offsets(targets)
        rows = self._engine.ranks([node for node, _ in sources])
        columns = self._engine.ranks([node for node, _ in targets])

        def ask() -> tuple[float, Array, int, int]:
            table = self._sweep(rows, columns, n_threads=1) + starts[:, None] + ends[None, :]
            k = int(np.argmin(table)) if table.size else -1
            if k < 0 or not np.isfinite(table.flat[k]):
                return float("inf"), np.empty(0, np.int32), -1, -1
            i, j = divmod(k, table.shape[1])
            _, arcs = pair_path(int(rows[i]), int(columns[j]), *self._path)
            return float(table[i, j]), arcs, i, j

        (weight, arcs, i, j), version = self._read(ask)
        return Route(weight=weight, arcs=arcs, version=version), i, j

    def matrix(
        self,
        sources: Sequence[int] | Array,
        targets: Sequence[int] | Array,
        *,
        n_threads: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> npt.NDArray[np.float64]:
        """Return least weights from all sources to all targets, (n_sources, n_targets).

        `progress` is told how many sources are done, and of how many. It may be called again
        from the start if an update comes in between.
        """
        rows, columns = self._engine.ranks(sources), self._engine.ranks(targets)
        threads = n_threads or self._engine.n_threads
        return self._read(lambda: self._sweep(rows, columns, threads, progress))[0]

    def _sweep(
        self,
        rows: Array,
        columns: Array,
        n_threads: int,
        progress: Callable[[int, int], None] | None = None,
    ) -> npt.NDArray[np.float64]:
        shape = self._engine.shape
        tree, depth, up_depth, climb, descend = self._pair
        visits = ancestors(columns, shape.parent)
        part = gather(visits, shape.n_nodes, columns, depth, shape.up_first, up_depth, descend)
        result = np.empty((len(rows), len(columns)))

        def one(begin: int) -> int:
            lanes = rows[begin : begin + LANES]
            sweep(
                lanes,
                tree,
                depth,
                up_depth,
                climb,
                visits,
                *part,
                shape.n_levels,
                result[begin : begin + LANES],
            )
            return begin + len(lanes)

        begins = range(0, len(rows), LANES)
        if n_threads > 1 and len(begins) > 1:
            with ThreadPoolExecutor(n_threads) as pool:
                for done in pool.map(one, begins):
                    if progress is not None:
                        progress(done, len(rows))
        else:
            for begin in begins:
                done = one(begin)
                if progress is not None:
                    progress(done, len(rows))
        return result

    # ---- changes -----------------------------------------------------------------------------

    def update(self, arcs: Sequence[int] | Array, weights: Sequence[float] | Array) -> int:
        """Give arcs new weights (inf closes) and return the new version.

        Only what lies above the changed arcs is looked at again; many changes at once customize
        anew.
        """
        shape = self._engine.shape
        which = np.asarray(arcs, np.int64) if len(arcs) == 0 else np.asarray(arcs)
        if which.ndim != 1 or which.dtype.kind not in "iu":
            raise ValueError("arcs must be one row of whole numbers")
        if len(which) and (which.min() < 0 or which.max() >= shape.n_arcs):
            bad = which[(which < 0) | (which >= shape.n_arcs)][0]
            raise ValueError(f"no arc {bad}: arcs are 0 to {shape.n_arcs - 1}")
        new = checked_weights(weights, len(which), n_summands=shape.n_arcs)
        with self._lock:
            self._stamp += 1
            try:
                self._weight[which] = new
                if len(which) > shape.n_arcs * PARTIAL_SHARE:
                    self._customize()
                else:
                    self._customize_changed(which.astype(np.int64))
            finally:
                self._stamp += 1
        return self.version

    def replace(self, weights: Array) -> int:
        """Give all arcs new weights and return the new version."""
        return self.update(np.arange(self._engine.shape.n_arcs), weights)

    def _customize(self) -> None:
        whole, written = self._whole, self._written
        self._engine.over_parts(
            lambda begins, ends: customize_ranges(begins, ends, *whole, *written)
        )

    def _customize_changed(self, arcs: npt.NDArray[np.int64]) -> None:
        if self._queued is None:
            self._queued = np.zeros(self._engine.shape.n_edges, np.bool_)
        customize_changed(arcs, *self._lower, *self._written, self._queued)

    def _read(self, ask: Callable[[], Answer]) -> tuple[Answer, int]:
        """Return an answer and its version; asked again if an update came in between."""
        for _ in range(TRIES):
            stamp = self._stamp
            if stamp & 1:
                break
            answer = ask()
            if self._stamp == stamp:
                return answer, stamp // 2
        with self._lock:
            return ask(), self.version


def checked_weights(
    weights: Sequence[float] | Array, n: int, *, n_summands: int = 0
) -> npt.NDArray[np.float64]:
    """Return weights as float64; raises ValueError for a wrong length, NaN, < 0 or overflow.

    So many of them as `n_summands` (n, if that is more) may be added up by a query.
    """
    found = np.asarray(weights) if len(weights) else np.zeros(0)
    if found.shape != (n,):
        raise ValueError(f"{found.shape} weights for {n} arcs: one per arc is needed")
    if found.dtype.kind not in "iuf":
        raise ValueError(f"weights must be numbers, not {found.dtype}")
    found = found.astype(np.float64)
    if np.isnan(found).any():
        raise ValueError(f"the weight of arc {int(np.isnan(found).argmax())} is not a number")
    if len(found) and found.min() < 0.0:
        k = int(found.argmin())
        raise ValueError(f"the weight of arc {k} is {found[k]:g}: weights must be >= 0")
    largest = float(found.max(where=np.isfinite(found), initial=0.0))
    n_summands = max(n, n_summands, 1)
    if largest > HEAVIEST / n_summands:
        raise ValueError(
            f"weights of {largest:g} may overflow: sums of {n_summands} stay below {HEAVIEST:g}"
        )
    return found


def _offsets(ends: Sequence[tuple[int, float]]) -> npt.NDArray[np.float64]:
    return checked_weights([offset for _, offset in ends], len(ends))


def _read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


def _threads_allowed() -> int:
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def _parts(shape: Hierarchy, n_parts: int) -> list[tuple[Array, Array]]:
    """Return ranges of ranks: disjoint subtrees of about equal work, and last all above them."""
    n = shape.n_nodes
    edges = np.arange(shape.n_edges)
    later = np.asarray(shape.up_first)[shape.edge_tail + 1] - 1 - edges
    work = np.bincount(shape.up_head, weights=later, minlength=n) + np.diff(shape.up_first) + 1.0
    total = np.concatenate([[0.0], np.cumsum(work)])
    size = np.ones(n, np.int64)
    parent = shape.parent.tolist()
    for v, p in enumerate(parent):
        if p >= 0:
            size[p] += size[v]
    ranks = np.arange(n)
    below = total[ranks + 1] - total[ranks + 1 - size]
    is_small = below <= total[-1] / n_parts
    above = np.asarray(shape.parent)
    tops = np.flatnonzero(is_small & ((above < 0) | ~is_small[above]))
    parts: list[tuple[Array, Array]] = []
    share, begins, ends = 0.0, [], []
    for v in tops.tolist():
        begins.append(v + 1 - int(size[v]))
        ends.append(v + 1)
        share += float(below[v])
        if share >= total[-1] / n_parts:
            parts.append((_ranks(begins), _ranks(ends)))
            share, begins, ends = 0.0, [], []
    if begins:
        parts.append((_ranks(begins), _ranks(ends)))
    rest = np.flatnonzero(~is_small)
    breaks = np.flatnonzero(np.diff(rest) != 1) + 1
    pieces = np.split(rest, breaks) if len(rest) else []
    parts.append((_ranks([p[0] for p in pieces]), _ranks([p[-1] + 1 for p in pieces])))
    return parts


def _ranks(values: Sequence[int]) -> Array:
    return frozen(np.array(values, np.int64))
