"""A railway world of three countries before its frontiers are cut.

Country AA (1520 mm) lies west of 0 degrees, BB (1435 mm) east of it, CC (1435 mm) south of -1.
Four lines cross from AA to BB, at 0, 1, 2 and 5 degrees north; one from AA to CC.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from landbridge.dataset.borders import ClosedPair
from landbridge.dataset.contribution import LineContribution, Origin
from landbridge.dataset.lines import Lines, merge
from landbridge.units import great_circle_km_many

LATITUDES = (0.0, 1.0, 2.0, 5.0)
CLOSED = (
    ClosedPair(country_a="CC", country_b="AA", mode="rail", since="2020-01-01", reason="war",
               source="made up"),
)  # fmt: skip


def country_of(lon: Any, lat: Any) -> Any:
    return np.where(np.asarray(lat) < -1.0, "CC", np.where(np.asarray(lon) < 0.0, "AA", "BB"))


def contribution(
    nodes: list[tuple[float, float]], links: list[tuple[int, int]], factor: float = 1.1
) -> LineContribution:
    lon, lat = (np.array([node[k] for node in nodes], float) for k in (0, 1))
    tail, head = (np.array([link[k] for link in links], np.int32) for k in (0, 1))
    return LineContribution(
        mode="rail", source="made up", lon=lon, lat=lat, tail_idx=tail, head_idx=head,
        length_km=great_circle_km_many(lon[tail], lat[tail], lon[head], lat[head]) * factor,
        origin=np.full(len(links), Origin.SURVEYED, np.uint8),
    )  # fmt: skip


def lines() -> Lines:
    """Return the railways: per latitude -0.9, -0.3, 0.3, 0.9; all joined in the west and south."""
    nodes: list[tuple[float, float]] = []
    links: list[tuple[int, int]] = []
    west = []
    for lat in LATITUDES:
        first = len(nodes)
        nodes += [(-0.9, lat), (-0.3, lat), (0.3, lat), (0.9, lat)]
        links += [(first, first + 1), (first + 1, first + 2), (first + 2, first + 3)]
        west.append(first)
    links += list(itertools.pairwise(west))
    first = len(nodes)
    nodes += [(-0.9, -0.8), (-0.9, -1.3)]
    links += [(west[0], first), (first, first + 1)]
    whole = merge("rail", [contribution(nodes, links)])
    whole.country = country_of(whole.lon, whole.lat).astype("U2")
    return whole
