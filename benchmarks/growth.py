"""How the engine's work and time grow with the graph: counted triangles and CPU time of one thread.

Wall time on a shared machine swings by more than what is to be measured; work does not swing at
all, and CPU time less. Every figure is the least of several rounds, sizes taking turns.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.graphs import synthetic
from landbridge.routing.engine import Engine, Profile
from landbridge.routing.many import ancestors
from landbridge.routing.order import dissection_order

SIZES = (75_000, 150_000, 300_000, 600_000, 1_200_000)
LINKS_PER_NODE = 4 / 3
MATRIX = 1000
SEED = 20250701
GOAL = 1.15


@dataclass(slots=True, kw_only=True)
class Size:
    """Work and CPU seconds on one graph."""

    nodes: int
    arcs: int
    edges: int
    triangles: int
    levels: int
    sweep_edges: int
    customize_s: float = float("inf")
    matrix_s: float = float("inf")


def measure(*, runs: int, sizes: tuple[int, ...] = SIZES) -> list[Size]:
    """Return one row per size."""
    ready: list[tuple[Size, Profile, Any, Any]] = []
    for nodes in sizes:
        subject = synthetic(nodes, int(nodes * LINKS_PER_NODE))
        order = dissection_order(nodes, subject.tail, subject.head, x=subject.x, y=subject.y)
        engine = Engine(nodes, subject.tail, subject.head, order=order, n_threads=1)
        rng = np.random.default_rng(SEED)
        sources, targets = rng.integers(0, nodes, MATRIX), rng.integers(0, nodes, MATRIX)
        shape = engine.shape
        higher = np.diff(shape.up_first).astype(np.int64)
        visits = ancestors(engine.ranks(targets), shape.parent)
        row = Size(
            nodes=nodes,
            arcs=len(subject.tail),
            edges=shape.n_edges,
            triangles=int((higher * (higher - 1) // 2).sum()),
            levels=shape.n_levels,
            sweep_edges=int(higher[visits].sum()),
        )
        ready.append((row, engine.profile(subject.weight.astype(float)), sources, targets))
        print(f"{nodes:,} nodes ready", flush=True)
    for _ in range(runs):
        for row, profile, sources, targets in ready:
            weights = profile.weights()
            row.customize_s = min(
                row.customize_s, _cpu_s(lambda p=profile, w=weights: p.replace(w))
            )
            row.matrix_s = min(
                row.matrix_s,
                _cpu_s(lambda p=profile, s=sources, t=targets: p.matrix(s, t, n_threads=1)),
            )
    return [row for row, *_ in ready]


def exponents(rows: list[Size]) -> dict[str, float]:
    """Return the exponents of each figure against arcs, fitted in logarithms."""
    arcs = np.log([row.arcs for row in rows])
    names = ("edges", "triangles", "sweep_edges", "customize_s", "matrix_s")
    return {
        name: round(float(np.polyfit(arcs, np.log([getattr(r, name) for r in rows]), 1)[0]), 3)
        for name in names
    }


def run(*, runs: int, json_path: Path | None) -> int:
    """Measure, print, and write JSON where asked."""
    rows = measure(runs=runs)
    fitted = exponents(rows)
    print(
        f"{'nodes':>10} {'triangles':>12} {'per arc':>8} {'customize ms':>13} {'1000x1000 ms':>13}"
    )
    for row in rows:
        print(
            f"{row.nodes:>10,} {row.triangles:>12,} {row.triangles / row.arcs:>8.1f}"
            f" {row.customize_s * 1e3:>13.1f} {row.matrix_s * 1e3:>13.1f}"
        )
    for name, exponent in fitted.items():
        goal = f"  goal {GOAL}" if name.endswith("_s") else ""
        print(f"{name:<12} {exponent:.3f}{goal}{'  MISSED' if goal and exponent > GOAL else ''}")
    if json_path is not None:
        report = {"sizes": [asdict(row) for row in rows], "exponents": fitted, "goal": GOAL}
        json_path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


def _cpu_s(work: Callable[[], object]) -> float:
    begin = time.thread_time()
    work()
    return time.thread_time() - begin
