"""Landbridge and its peers behind one face: each task as a callable, None where it has none.

What a peer needs before it can answer (its order, its contraction) happens in its `prepare` and is
timed apart. Weights are whole numbers, so answers must agree to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.graphs import Array, Subject

Pairs = Sequence[tuple[int, int]]


@dataclass(slots=True, kw_only=True)
class Ready:
    """A peer with a graph loaded; distances come as floats, inf where there is no way.

    `pairs` answers distances of pairs, `paths` also unpacks each way and returns the distances,
    `matrix` all from sources to targets, `customize` takes new weights for all arcs, `close` shuts
    one arc, answers one pair, and opens the arc again (the last is not timed).
    """

    pairs: Callable[[Pairs], list[float]]
    paths: Callable[[Pairs], list[float]] | None = None
    matrix: Callable[[Array, Array], Array] | None = None
    customize: Callable[[Array], None] | None = None
    close: Callable[[int, tuple[int, int]], float] | None = None
    reopen: Callable[[int], None] | None = None
    n_bytes: int = 0
    batch: int = 1
    most_rows: int = 1_000_000


def landbridge(subject: Subject) -> Ready:
    """Return our own engine, order computed from the map."""
    from landbridge.routing.engine import Engine
    from landbridge.routing.order import dissection_order

    names = ("lon", "lat") if subject.is_globe else ("x", "y")
    places = dict(zip(names, (subject.x, subject.y), strict=True))
    order = dissection_order(subject.n_nodes, subject.tail, subject.head, **places)
    engine = Engine(subject.n_nodes, subject.tail, subject.head, order=order)
    profile = engine.profile(subject.weight)

    def close(arc: int, pair: tuple[int, int]) -> float:
        profile.update([arc], [np.inf])
        return profile.weight(*pair)

    profile.update([0], [float(subject.weight[0])])
    return Ready(
        pairs=lambda pairs: [profile.weight(s, t) for s, t in pairs],
        paths=lambda pairs: [profile.route(s, t).weight for s, t in pairs],
        matrix=profile.matrix,
        customize=lambda weight: profile.replace(weight) and None,
        close=close,
        reopen=lambda arc: profile.update([arc], [float(subject.weight[arc])]) and None,
        n_bytes=engine.shape.n_bytes + profile.n_bytes,
        batch=200,
    )


def scipy_csgraph(subject: Subject) -> Ready:
    """Return scipy: one-to-all Dijkstra, the yardstick of every ratio."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    # parallel arcs: coo sums them, so keep the lightest of each
    order = np.lexsort((subject.weight, subject.head, subject.tail))
    tail, head = subject.tail[order], subject.head[order]
    keep = np.concatenate([[True], (np.diff(tail) != 0) | (np.diff(head) != 0)])
    ends = (tail[keep], head[keep])
    shape = (subject.n_nodes, subject.n_nodes)
    graph = coo_array((subject.weight[order][keep].astype(float), ends), shape=shape).tocsr()
    return Ready(
        pairs=lambda pairs: [float(dijkstra(graph, indices=s)[t]) for s, t in pairs],
        matrix=lambda sources, targets: dijkstra(graph, indices=sources)[:, targets],
        most_rows=8,
    )


def networkx(subject: Subject) -> Ready:
    """Return networkx, pure Python."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(subject.n_nodes))
    rows = zip(subject.tail.tolist(), subject.head.tolist(), subject.weight.tolist(), strict=True)
    for a, b, w in rows:
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > w:
            graph.add_edge(a, b, weight=w)

    def one(s: int, t: int) -> float:
        try:
            return float(nx.bidirectional_dijkstra(graph, s, t)[0])
        except nx.NetworkXNoPath:
            return float("inf")

    return Ready(
        pairs=lambda pairs: [one(s, t) for s, t in pairs],
        paths=lambda pairs: [one(s, t) for s, t in pairs],
    )


def igraph(subject: Subject) -> Ready:
    """Return igraph, C."""
    import igraph as ig

    graph = ig.Graph(
        n=subject.n_nodes,
        edges=np.column_stack([subject.tail, subject.head]),
        directed=True,
    )
    weight = subject.weight.tolist()

    def path(s: int, t: int) -> float:
        (arcs,) = graph.get_shortest_paths(s, t, weights=weight, output="epath")
        return float(sum(weight[a] for a in arcs)) if arcs or s == t else float("inf")

    return Ready(
        pairs=lambda pairs: [
            float(graph.distances([s], [t], weights=weight)[0][0]) for s, t in pairs
        ],
        paths=lambda pairs: [path(s, t) for s, t in pairs],
        matrix=lambda sources, targets: np.array(
            graph.distances(
                np.unique(sources).tolist(), np.unique(targets).tolist(), weights=weight
            )
        )[np.searchsorted(np.unique(sources), sources)][
            :, np.searchsorted(np.unique(targets), targets)
        ],
        most_rows=8,
    )


def rustworkx(subject: Subject) -> Ready:
    """Return rustworkx, Rust."""
    import rustworkx as rx

    graph = rx.PyDiGraph(multigraph=True)
    graph.add_nodes_from(range(subject.n_nodes))
    graph.add_edges_from(
        list(
            zip(
                subject.tail.tolist(),
                subject.head.tolist(),
                subject.weight.astype(float).tolist(),
                strict=True,
            )
        )
    )

    def one(s: int, t: int) -> float:
        found = rx.dijkstra_shortest_path_lengths(graph, s, float, goal=t)
        return 0.0 if s == t else float(found[t]) if t in found else float("inf")

    return Ready(pairs=lambda pairs: [one(s, t) for s, t in pairs])


def scgraph(subject: Subject) -> Ready:
    """Return scgraph's compiled graph, plain Dijkstra."""
    import scgraph as sc

    rows: list[dict[int, float]] = [{} for _ in range(subject.n_nodes)]
    arcs = zip(subject.tail.tolist(), subject.head.tolist(), subject.weight.tolist(), strict=True)
    for a, b, w in arcs:
        rows[a][b] = min(float(w), rows[a].get(b, float("inf")))
    graph = sc.Graph(rows)

    def one(s: int, t: int) -> float:
        return float(graph.dijkstra(s, t)["length"])

    return Ready(
        pairs=lambda pairs: [one(s, t) for s, t in pairs],
        paths=lambda pairs: [one(s, t) for s, t in pairs],
    )


def pandana(subject: Subject) -> Ready:
    """Return pandana, a contraction hierarchy in C++ (no path weights, no new weights)."""
    import pandana as pdna
    import pandas as pd

    index = pd.RangeIndex(subject.n_nodes)
    network = pdna.Network(
        pd.Series(subject.x, index),
        pd.Series(subject.y, index),
        pd.Series(subject.tail),
        pd.Series(subject.head),
        pd.DataFrame({"w": subject.weight.astype(float)}),
        twoway=False,
    )
    nowhere = 4294967.0

    def lengths(sources: Any, targets: Any) -> Any:  # noqa: ANN401 - lists or arrays
        found = np.array(network.shortest_path_lengths(list(sources), list(targets)))
        return np.where(found >= nowhere, np.inf, found)

    def table(sources: Array, targets: Array) -> Array:
        pairs = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
        return lengths(*pairs).reshape(len(sources), len(targets))

    def paths(pairs: Pairs) -> list[float]:
        for s, t in pairs:
            network.shortest_path(s, t)
        return []

    return Ready(
        pairs=lambda pairs: [float(network.shortest_path_length(s, t)) for s, t in pairs],
        paths=paths,
        matrix=table,
        batch=200,
        most_rows=100,
    )


def routingkit_cch(subject: Subject) -> Ready:
    """Return RoutingKit by routingkit-cch, order by its own inertial flow."""
    import routingkit_cch as rk

    tail, head = subject.tail.astype(np.uint32), subject.head.astype(np.uint32)
    weight = subject.weight.astype(np.uint32)
    order = np.array(
        rk.compute_order_inertial(
            subject.n_nodes,
            tail,
            head,
            subject.y.astype(np.float32),
            subject.x.astype(np.float32),
        ),
        np.uint32,
    )
    shape = rk.CCH(order, tail, head, False)  # noqa: FBT003 - its signature
    metric = rk.CCHMetric(shape, weight)
    query = rk.CCHQuery(metric)
    other = rk.CCHMetric(shape, weight)  # one that a query holds can't be changed
    updater = rk.CCHMetricPartialUpdater(shape)

    def number(found: Any) -> float:  # noqa: ANN401 - None is unreachable
        return float("inf") if found is None else float(found)

    def path(s: int, t: int) -> float:
        found = query.run(s, t)
        found.arc_path  # noqa: B018 - unpacks
        return number(found.distance)

    def table(sources: Array, targets: Array) -> Array:
        many = rk.CCHOneToMany(metric, targets.tolist())
        return np.array([[number(d) for d in many.distances_from(s)] for s in sources.tolist()])

    def close(arc: int, pair: tuple[int, int]) -> float:
        updater.apply(other, {arc: 2**31 - 1})
        return number(rk.CCHQuery(other).run(*pair).distance)

    return Ready(
        pairs=lambda pairs: [number(query.run(s, t).distance) for s, t in pairs],
        paths=lambda pairs: [path(s, t) for s, t in pairs],
        matrix=table,
        customize=lambda new: other.reset(new.astype(np.uint32)),
        close=close,
        reopen=lambda arc: updater.apply(other, {arc: int(weight[arc])}),
        batch=200,
    )


def pyroutingkit(subject: Subject) -> Ready:
    """Return RoutingKit by pyroutingkit, order by its own inertial flow."""
    import pyroutingkit as pk

    weight = subject.weight.astype(np.uint32)
    shape = pk.CCHTopology()
    shape.build(
        subject.tail.astype(np.uint32),
        subject.head.astype(np.uint32),
        subject.y.astype(np.float32),
        subject.x.astype(np.float32),
        subject.n_nodes,
    )
    metric = pk.CCHMetric(shape)
    metric.customize(weight)

    def number(found: float) -> float:
        return float("inf") if found >= pk.INF_WEIGHT else float(found)

    def table(sources: Array, targets: Array) -> Array:
        found = metric.distances_many_to_many(
            sources.astype(np.uint32), targets.astype(np.uint32)
        ).astype(float)
        found[found >= pk.INF_WEIGHT] = np.inf
        return found

    def update(arc: int, value: int) -> None:
        metric.update_weights(np.array([arc], np.uint32), np.array([value], np.uint32))

    def close(arc: int, pair: tuple[int, int]) -> float:
        update(arc, pk.INF_WEIGHT)
        return number(metric.query(*pair)[0])

    return Ready(
        pairs=lambda pairs: [number(metric.query(s, t)[0]) for s, t in pairs],
        paths=lambda pairs: [number(metric.query(s, t)[0]) for s, t in pairs],
        matrix=table,
        customize=lambda new: metric.customize(new.astype(np.uint32)),
        close=close,
        reopen=lambda arc: update(arc, int(weight[arc])),
        batch=200,
    )


PEERS: dict[str, tuple[str, Callable[[Subject], Ready]]] = {
    "landbridge": ("landbridge", landbridge),
    "scipy": ("scipy", scipy_csgraph),
    "networkx": ("networkx", networkx),
    "igraph": ("igraph", igraph),
    "rustworkx": ("rustworkx", rustworkx),
    "scgraph": ("scgraph", scgraph),
    "pandana": ("pandana", pandana),
    "routingkit-cch": ("routingkit-cch", routingkit_cch),
    "pyroutingkit": ("pyroutingkit", pyroutingkit),
}
"""Name, distribution to name the version of, and how it is made ready."""
BINDINGS = ("routingkit-cch", "pyroutingkit")
