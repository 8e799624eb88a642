"""Many to many: what `plan` expects of every pair, with no corridor rule.

One virtual network holds the doors of all places (`fan`). For each origin the product kernel grows
one tree to all ends, and the sums of the ways are read off the tree (`group`); what `plan` settles
afterwards is added per stretch (`stretches`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.domain.network import Place
from landbridge.domain.request import Request
from landbridge.models.context import loading_row
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.fan import Fan
from landbridge.planning.group import Group
from landbridge.planning.plan import Planner
from landbridge.units import FloatArray, great_circle_km_many

SAME_PLACE_KM = 1.0
"""Two places nearer than this are one place."""
CHUNK = 8
"""Origins whose trees are grown before progress is told, per thread."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Expected values of the best free way per pair, each of shape (n_origins, n_destinations).

    `lead_time_h` is the mean, `cost_usd` and `emissions_wtw_kgco2e` are central values of the whole
    consignment; all are NaN where `has_way` is False (no way, or one and the same place, where
    `is_same` is True). `asked_again` counts the pairs whose first way was not theirs to go.
    """

    origins: tuple[Place, ...]
    destinations: tuple[Place, ...]
    lead_time_h: FloatArray
    cost_usd: FloatArray
    emissions_wtw_kgco2e: FloatArray
    distance_km: FloatArray
    has_way: npt.NDArray[np.bool_]
    is_same: npt.NDArray[np.bool_]
    asked_again: int
    ways: dict[tuple[int, int], tuple[Field, Candidate]] | None = None


def plan_matrix(
    planner: Planner,
    request: Request,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    *,
    n_threads: int = 1,
    progress: Tell | None = None,
    with_ways: bool = False,
) -> Matrix:
    """Return the matrix between places; `request` says all but the two ends.

    Parameters
    ----------
    n_threads
        Trees grown side by side; the answer does not depend on it.
    progress
        Told how many origins are done, and of how many.
    with_ways
        Also keep each pair's way, for legs.
    """
    fan = Fan(planner, request, (*origins, *destinations))
    table = np.full((len(origins), len(destinations), 4), np.nan)
    kept: dict[tuple[int, int], tuple[Field, Candidate]] = {}
    is_same = same_places(origins, destinations)
    done = asked_again = 0
    groups: dict[str, list[int]] = {}
    for i, place in enumerate(origins):
        country = fan.door(place).country
        groups.setdefault(loading_row(planner.case.parameters, country).label, []).append(i)
    with ThreadPoolExecutor(n_threads) as pool:
        for _, members in sorted(groups.items()):
            group = Group(fan, fan.door(origins[members[0]]).country, destinations)

            def one(i: int, group: Group = group) -> int:
                return group.fill(i, origins[i], table[i], ~is_same[i], kept if with_ways else None)

            for begin in range(0, len(members), CHUNK * n_threads):
                part = members[begin : begin + CHUNK * n_threads]
                asked_again += sum(pool.map(one, part))
                done += len(part)
                if progress is not None:
                    progress(done, len(origins))
    return Matrix(
        origins=tuple(origins),
        destinations=tuple(destinations),
        lead_time_h=table[:, :, 0],
        cost_usd=table[:, :, 1],
        emissions_wtw_kgco2e=table[:, :, 2],
        distance_km=table[:, :, 3],
        has_way=np.isfinite(table[:, :, 0]),
        is_same=is_same,
        asked_again=asked_again,
        ways=kept if with_ways else None,
    )


def same_places(one: Sequence[Place], other: Sequence[Place]) -> npt.NDArray[np.bool_]:
    """Return which places are one and the same, (n_one, n_other): by id, or nearer than 1 km."""
    ids_a, lon_a, lat_a = _columns(one)
    ids_b, lon_b, lat_b = _columns(other)
    km = great_circle_km_many(lon_a[:, None], lat_a[:, None], lon_b[None, :], lat_b[None, :])
    return np.asarray((ids_a[:, None] == ids_b[None, :]) | (km < SAME_PLACE_KM), bool)


def _columns(places: Sequence[Place]) -> tuple[npt.NDArray[Any], FloatArray, FloatArray]:
    ids = np.array([place.id for place in places], str)
    lonlat = np.array([(place.lon, place.lat) for place in places], float).reshape(-1, 2)
    return ids, lonlat[:, 0], lonlat[:, 1]
