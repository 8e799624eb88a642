"""Landbridge's engine beside its peers, in one process, interleaved, on the same graphs.

Every figure is the least of several rounds; within a round all peers take their turn, so that a
noisy machine is noisy for all. Ratios are to one scipy one-to-all Dijkstra of the same run. All
answers are compared: a peer that disagrees is shown as such.
"""

from __future__ import annotations

import gc
import importlib.metadata
import json
import math
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engines import BINDINGS, PEERS, Ready
from benchmarks.graphs import Array, Subject, synthetic, world

MAIN = 300_000
SMALL, LARGE = 75_000, 1_200_000
LINKS_PER_NODE = 4 / 3
N_PAIRS = 200
N_CHECKED = 20
TOO_LARGE = {"pandana": (100_000, "its contraction did not end within 10 minutes")}
"""Peers that are left out of graphs of more nodes, and why."""
TASKS = ("pair", "path", "100x100", "1000x1000", "new weights", "close a link")
SEED = 20250701


@dataclass(slots=True, kw_only=True)
class Result:
    """What one peer reached on one graph; seconds per item, None where it has no such thing."""

    subject: str
    peer: str
    version: str
    ready_s: float | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    agrees: bool = True
    bytes_per_arc: float | None = None
    why_not: str = ""


def measure(*, runs: int, subjects: list[str] | None = None) -> dict[str, Any]:
    """Return all figures, as JSON would hold them."""
    made: dict[str, Callable[[], tuple[Subject, list[str]]]] = {
        "75k": lambda: (synthetic(SMALL, int(SMALL * LINKS_PER_NODE)), list(PEERS)),
        "300k": lambda: (synthetic(MAIN, int(MAIN * LINKS_PER_NODE)), list(PEERS)),
        "1.2M": lambda: (
            synthetic(LARGE, int(LARGE * LINKS_PER_NODE)),
            ["landbridge", "scipy", *BINDINGS],
        ),
        "world": lambda: (world(), list(PEERS)),
    }
    results: list[Result] = []
    sizes: dict[str, dict[str, int]] = {}
    for name in subjects or list(made):
        subject, peers = made[name]()
        sizes[subject.name] = {"nodes": subject.n_nodes, "arcs": len(subject.tail)}
        print(f"{subject.name}: {subject.n_nodes:,} nodes, {len(subject.tail):,} arcs", flush=True)
        found = measure_one(subject, peers, runs=runs)
        _show(found)
        results += found
    return {
        "sizes": sizes,
        "results": [asdict(result) for result in results],
        "targets": targets(results),
        "growth": growth(results, sizes),
    }


def measure_one(subject: Subject, names: list[str], *, runs: int) -> list[Result]:
    """Return the figures of all peers on one graph."""
    rng = np.random.default_rng(SEED)
    nodes = _largest_part(subject)
    pairs = [tuple(p) for p in rng.choice(nodes, (N_PAIRS, 2)).tolist()]
    many = rng.choice(nodes, 1000), rng.choice(nodes, 1000)
    arcs = rng.integers(0, len(subject.tail), N_PAIRS).tolist()
    results, ready = [], {}
    for name in names:
        distribution, prepare = PEERS[name]
        result = Result(subject=subject.name, peer=name, version=_version(distribution))
        results.append(result)
        most, why = TOO_LARGE.get(name, (subject.n_nodes, ""))
        if subject.n_nodes > most:
            result.why_not = why
            continue
        begin = time.perf_counter()
        try:
            ready[name] = prepare(subject)
        except ImportError as error:
            result.why_not = f"not installed: {error}"
            continue
        result.ready_s = time.perf_counter() - begin
        if ready[name].n_bytes:
            result.bytes_per_arc = ready[name].n_bytes / len(subject.tail)
        print(f"  {name} ready in {result.ready_s:.1f} s", flush=True)
    truth = _truth(ready["scipy"], pairs, many)
    for result in results:
        if result.peer in ready:
            result.agrees = _agrees(ready[result.peer], pairs, many, truth)
    gc.collect()
    gc.disable()
    try:
        for turn in range(runs):
            for result in results:
                if result.peer in ready:
                    for task, seconds in _one_round(
                        ready[result.peer], subject, pairs, many, arcs, turn
                    ):
                        known = result.seconds.get(task, math.inf)
                        result.seconds[task] = min(known, seconds)
    finally:
        gc.enable()
    return results


def _one_round(
    peer: Ready,
    subject: Subject,
    pairs: list[Any],
    many: tuple[Array, Array],
    arcs: list[int],
    turn: int,
) -> list[tuple[str, float]]:
    batch = peer.batch
    some = [pairs[(turn * batch + k) % len(pairs)] for k in range(batch)]
    found = [("pair", _timed(lambda: peer.pairs(some)) / batch)]
    if peer.paths is not None:
        unpack = peer.paths
        found.append(("path", _timed(lambda: unpack(some)) / batch))
    if peer.matrix is not None:
        table = peer.matrix
        for size in (100, 1000):
            rows = min(size, peer.most_rows)
            seconds = _timed(lambda n=size, k=rows: table(many[0][:k], many[1][:n]))
            found.append((f"{size}x{size}", seconds * size / rows))
    if peer.customize is not None:
        renew = peer.customize
        found.append(("new weights", _timed(lambda: renew(subject.weight))))
    if peer.close is not None and peer.reopen is not None:
        total = 0.0
        close = peer.close
        for k in range(batch):
            arc, pair = arcs[k % len(arcs)], pairs[k % len(pairs)]
            total += _timed(lambda a=arc, p=pair: close(a, p))
            peer.reopen(arc)
        found.append(("close a link", total / batch))
    return found


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _largest_part(subject: Subject) -> Array:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = subject.n_nodes
    graph = coo_array((np.ones(len(subject.tail)), (subject.tail, subject.head)), shape=(n, n))
    _, label = connected_components(graph.tocsr(), connection="strong")
    return np.flatnonzero(label == np.bincount(label).argmax())


def _truth(yardstick: Ready, pairs: list[Any], many: tuple[Array, Array]) -> tuple[Any, Any]:
    matrix = yardstick.matrix
    assert matrix is not None  # noqa: S101 - scipy has one
    return yardstick.pairs(pairs[:N_CHECKED]), matrix(many[0][:5], many[1][:100])


def _agrees(
    peer: Ready, pairs: list[Any], many: tuple[Array, Array], truth: tuple[Any, Any]
) -> bool:
    asked = pairs[: min(N_CHECKED, max(4, peer.batch))]
    same = peer.pairs(asked) == truth[0][: len(asked)]
    if peer.paths is not None:
        weights = peer.paths(asked)
        same &= not weights or weights == truth[0][: len(asked)]
    if peer.matrix is not None:
        same &= bool(np.array_equal(peer.matrix(many[0][:5], many[1][:100]), truth[1]))
    return same


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        from landbridge import __version__

        return __version__ if distribution == "landbridge" else "absent"


def _show(results: list[Result]) -> None:
    yard = next(r for r in results if r.peer == "scipy").seconds["pair"]
    print(f"  one scipy Dijkstra {yard * 1e3:.1f} ms; figures: ms, and how many times faster")
    print("  " + f"{'':16}" + "".join(f"{task:>20}" for task in TASKS) + "   agrees")
    for result in results:
        if result.why_not:
            print(f"  {result.peer:16}{result.why_not}")
            continue
        cells = ""
        for task in TASKS:
            seconds = result.seconds.get(task)
            rows = int(task.split("x")[0]) if task[0].isdigit() else 1
            cells += (
                f"{'':>20}"
                if seconds is None
                else f"{seconds * 1e3:>11.3f} {yard * rows / seconds:>7.1f}x"
            )
        print(f"  {result.peer:16}{cells}   {'yes' if result.agrees else 'NO'}", flush=True)


def targets(results: list[Result]) -> list[dict[str, Any]]:
    """Return what issue 4 asks of the graph of 300,000 nodes, and what was reached."""
    on_main = {r.peer: r for r in results if r.subject == f"synthetic {MAIN:,}"}
    if "landbridge" not in on_main or "scipy" not in on_main:
        return []
    mine, yard = on_main["landbridge"].seconds, on_main["scipy"].seconds["pair"]
    table = on_main["scipy"].seconds["1000x1000"]
    theirs = [on_main[b].seconds for b in BINDINGS if b in on_main and on_main[b].seconds]
    rows = [
        ("pair: times faster than one scipy Dijkstra", yard / mine["pair"], 500, True),
        ("path: times faster than one scipy Dijkstra", yard / mine["path"], 300, True),
        ("1000x1000: times faster than scipy", table / mine["1000x1000"], 500, True),
        ("new weights: scipy Dijkstras", mine["new weights"] / yard, 1.5, False),
        ("close a link and ask: scipy Dijkstras", mine["close a link"] / yard, 0.01, False),
        ("bytes per arc", on_main["landbridge"].bytes_per_arc, 120, False),
    ]
    for task, goal, is_more in (("pair", 1.3, False), ("path", 1.0, False), ("1000x1000", 8, True)):
        fastest = min((t[task] for t in theirs if task in t), default=None)
        if fastest is not None:
            what = "times faster than" if is_more else "of the time of"
            value = fastest / mine[task] if is_more else mine[task] / fastest
            rows.append((f"{task}: {what} the fastest RoutingKit binding", value, goal, is_more))
    return [
        {
            "what": what,
            "reached": round(float(value or 0.0), 4),
            "goal": goal,
            "is_met": bool((value >= goal) if is_more else (value <= goal)),
        }
        for what, value, goal, is_more in rows
        if value is not None
    ]


def growth(results: list[Result], sizes: dict[str, dict[str, int]]) -> dict[str, float]:
    """Return the exponents of time against arcs over the synthetic graphs, per task."""
    mine = [r for r in results if r.peer == "landbridge" and r.subject.startswith("synthetic")]
    if len(mine) < 2:
        return {}
    arcs = np.log([sizes[r.subject]["arcs"] for r in mine])
    return {
        task: round(float(np.polyfit(arcs, np.log([r.seconds[task] for r in mine]), 1)[0]), 3)
        for task in TASKS
    }


INTRODUCTION = """\
# The engine beside its peers

Made by `python -m benchmarks peers` (extra `bench`): one process, peers taking turns, the least of
several rounds. Peers order nodes by their own means. A matrix that would take minutes is measured
on a few rows and scaled. In brackets: how many times faster than one-to-all Dijkstras of scipy in
the same run, one per source (one in all for `new weights` and `close a link`). `path` is a pair
with its way unpacked; `close a link` also asks one pair.

Machine: {machine}; Python {python}. It was shared: only ratios say something.

"""

GROWTH = """\
By wall time, which swings with what else runs on the machine. By CPU time (`python -m benchmarks
growth`) new weights grow with 1.14 and the matrix with 0.82, triangles with 1.45: why, the profile
of the slowest stage and its physical limit are in [decision 0090](../decisions/0090-growth.md)."""


def page(report: dict[str, Any]) -> str:
    """Return the figures as a page of documentation."""
    lines = INTRODUCTION.format(**report).splitlines()
    for subject, size in report["sizes"].items():
        rows = [r for r in report["results"] if r["subject"] == subject]
        yard = next(r for r in rows if r["peer"] == "scipy")["seconds"]["pair"]
        lines += [
            f"## {subject.capitalize()}: {size['nodes']:,} nodes, {size['arcs']:,} arcs",
            "",
            f"One scipy Dijkstra takes {yard * 1e3:.1f} ms. All answers "
            + ("agree." if all(r["agrees"] for r in rows) else "DO NOT agree."),
            "",
            "| ms | " + " | ".join(TASKS) + " | bytes per arc |",
            "|---|" + "--:|" * (len(TASKS) + 1),
        ]
        for r in rows:
            name = f"{r['peer']} {r['version']}"
            if r["why_not"]:
                lines.append(f"| {name} | {r['why_not']}" + " |" * (len(TASKS) + 1))
                continue
            cells = [_cell(task, r["seconds"].get(task), yard) for task in TASKS]
            memory = f"{r['bytes_per_arc']:.0f}" if r["bytes_per_arc"] else ""
            lines.append(f"| {name} | " + " | ".join([*cells, memory]) + " |")
        lines.append("")
    lines += ["## Goals, on 300,000 nodes", "", "| what | reached | goal | |", "|---|--:|--:|---|"]
    for row in report["targets"]:
        met = "" if row["is_met"] else "missed"
        lines.append(f"| {row['what']} | {row['reached']:.3f} | {row['goal']} | {met} |")
    lines += [
        "",
        "Growth of time with size (exponent over 75,000 to 1,200,000 nodes): "
        + ", ".join(f"{task} {exponent}" for task, exponent in report["growth"].items())
        + ".",
        "",
        GROWTH,
        "",
        "![Cost against size](../pictures/peers.png)",
    ]
    return "\n".join(lines) + "\n"


def _cell(task: str, seconds: float | None, yard: float) -> str:
    if seconds is None:
        return ""
    rows = int(task.partition("x")[0]) if task[0].isdigit() else 1
    return f"{seconds * 1e3:.3g} ({yard * rows / seconds:.3g}x)"


def draw(report: dict[str, Any], path: Path) -> None:
    """Draw cost against size: Landbridge, scipy and the RoutingKit bindings, one panel per task."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 3)
    for panel, task in zip(panels, ("pair", "1000x1000", "new weights"), strict=True):
        for peer in ("landbridge", *BINDINGS, "scipy"):
            points = sorted(
                (report["sizes"][r["subject"]]["arcs"], r["seconds"][task] * 1e3)
                for r in report["results"]
                if r["peer"] == peer
                and task in r["seconds"]
                and r["subject"].startswith("synthetic")
            )
            if points:
                panel.loglog(*zip(*points, strict=True), marker="o", label=peer)
        arcs = sorted(v["arcs"] for k, v in report["sizes"].items() if k.startswith("synthetic"))
        panel.set_xticks(arcs, [f"{n / 1e6:g} M" for n in arcs])
        panel.minorticks_off()
        panel.set_title(task)
        panel.set_xlabel("arcs")
        panel.grid(visible=True, alpha=0.3)
    panels[0].set_ylabel("ms")
    panels[0].legend(fontsize=7)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=80)


def run(
    *,
    runs: int,
    json_path: Path | None,
    picture: Path | None,
    page_path: Path | None,
    subjects: list[str],
) -> int:
    """Measure, print, and write JSON, picture and page where asked."""
    report = measure(runs=runs, subjects=subjects or None)
    report["python"] = platform.python_version()
    report["machine"] = f"{platform.system()} {platform.machine()}, {_processor()}"
    for row in report["targets"]:
        met = "" if row["is_met"] else "  MISSED"
        print(f"{row['what']:<64} {row['reached']:>9.3f}  goal {row['goal']}{met}")
    for task, exponent in report["growth"].items():
        print(f"growth of {task}: exponent {exponent}")
    if json_path is not None:
        json_path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if picture is not None:
        draw(report, picture)
    if page_path is not None:
        page_path.write_text(page(report), encoding="utf-8")
    return 0


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else "unknown processor"
