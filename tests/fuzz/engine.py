"""Throw random graphs, updates and nonsense at the engine for a while: `python engine.py SECONDS`.

Not part of the test run. Every answer is held to the slow search of `routing.reference`; every bad
input must raise ValueError and leave the profile as it was. Prints what was tried, and the seed of
the first case that failed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

import numpy as np

from landbridge.routing.engine import Engine, Profile
from landbridge.routing.reference import one_to_all

BAD_NODES: tuple[object, ...] = (-1, 2**31, 2**63, 1.5, "0", None, float("nan"), (0,), [1])
BAD_WEIGHTS: tuple[object, ...] = (-1.0, float("nan"), -float("inf"), 1e305, "x", None, 1j)


def main() -> int:
    """Run for so many seconds and print the counts."""
    end = time.monotonic() + float(sys.argv[1] if len(sys.argv) > 1 else 600.0)
    seed = start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    tried: Counter[str] = Counter()
    while time.monotonic() < end:
        try:
            one_case(np.random.default_rng(seed), tried)
        except Exception:
            sys.stderr.write(f"seed {seed} failed\n")
            raise
        seed += 1
    counts = ", ".join(f"{n:,} {what}" for what, n in sorted(tried.items()))
    sys.stdout.write(f"{seed - start:,} graphs: {counts}\n")
    return 0


def one_case(rng: np.random.Generator, tried: Counter[str]) -> None:
    """Build one graph, ask it everything, change it, ask again, and hand it nonsense."""
    n = int(rng.integers(1, 60))
    m = int(rng.integers(0, 4 * n))
    tail, head = rng.integers(0, n, m), rng.integers(0, n, m)
    weight = rng.integers(0, 50, m).astype(float)
    weight[rng.random(m) < rng.choice([0.0, 0.1, 0.5])] = np.inf
    places = {}
    if rng.random() < 0.5:
        places = {"lon": rng.uniform(-180, 180, n), "lat": rng.uniform(-90, 90, n)}
    order = rng.permutation(n) if rng.random() < 0.5 else None
    engine = Engine(n, tail, head, order=order, n_threads=int(rng.integers(1, 3)), **places)
    profile = engine.profile(weight)
    check(profile, n, tail, head, weight, rng, tried)
    for _ in range(int(rng.integers(0, 4))):
        if m == 0:
            break
        arcs = rng.integers(0, m, int(rng.integers(1, 4)))
        new = rng.integers(0, 50, len(arcs)).astype(float)
        new[rng.random(len(arcs)) < 0.4] = np.inf
        weight[arcs] = new  # of an arc named twice the last counts, as in the profile
        if rng.random() < 0.8:
            profile._weight[arcs] = new
            profile._customize_changed(arcs.astype(np.int64))
        else:
            profile.update(arcs, new)
        tried["updates"] += 1
        check(profile, n, tail, head, weight, rng, tried)
    nonsense(profile, n, m, rng, tried)


def check(
    profile: Profile,
    n: int,
    tail: np.ndarray,
    head: np.ndarray,
    weight: np.ndarray,
    rng: np.random.Generator,
    tried: Counter[str],
) -> None:
    """Hold pairs, ways and a matrix to the slow search."""
    by_tail = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[by_tail], np.arange(n + 1))
    sources, targets = (
        rng.integers(0, n, rng.integers(0, 6)),
        rng.integers(0, n, rng.integers(0, 9)),
    )
    table = profile.matrix(sources, targets)
    for i, source in enumerate(sources.tolist()):
        truth = one_to_all(first, head[by_tail], weight[by_tail], source)
        assert np.array_equal(table[i], truth[targets])
        for target in targets.tolist():
            route = profile.route(source, target)
            assert route.weight == profile.weight(source, target) == truth[target]
            at, total = source, 0.0
            for arc in route.arcs.tolist():
                assert tail[arc] == at
                at, total = int(head[arc]), total + weight[arc]
            assert not np.isfinite(truth[target]) or (at == target and total == truth[target])
            tried["pairs"] += 1
    tried["matrices"] += 1


def nonsense(
    profile: Profile, n: int, m: int, rng: np.random.Generator, tried: Counter[str]
) -> None:
    """Hand over bad ids, weights and lengths; each must be refused with one error."""
    before = profile.weights(), profile.version
    node = BAD_NODES[int(rng.integers(len(BAD_NODES)))]
    value = BAD_WEIGHTS[int(rng.integers(len(BAD_WEIGHTS)))]
    bad = [
        lambda: profile.weight(node, 0),  # type: ignore[arg-type]
        lambda: profile.route(0, node),  # type: ignore[arg-type]
        lambda: profile.matrix([node], [0]),  # type: ignore[list-item]
        lambda: profile.matrix([0], [n]),
        lambda: profile.route_between([(node, 0.0)], [(0, 0.0)]),  # type: ignore[list-item]
        lambda: profile.route_between([(0, value)], [(0, 0.0)]),  # type: ignore[list-item]
        lambda: profile.update([m], [1.0]),
        lambda: profile.update([-1], [1.0]),
        lambda: profile.replace([1.0] * (m + 1)),  # type: ignore[arg-type]
    ]
    if m:
        bad += [
            lambda: profile.update([0], [value]),  # type: ignore[list-item]
            lambda: profile.update([0, 0], [1.0]),
            lambda: profile.update([node], [1.0]),  # type: ignore[list-item]
        ]
    for ask in bad:
        try:
            ask()
        except ValueError:
            tried["refusals"] += 1
        else:
            raise AssertionError(f"took nonsense: {node!r} or {value!r}")
    after = profile.weights(), profile.version
    assert np.array_equal(before[0], after[0])
    assert before[1] == after[1]


if __name__ == "__main__":
    sys.exit(main())
