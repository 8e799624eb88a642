"""Many given pairs on one network: the best free way of each, as `plan_matrix` finds it.

Places are opened once; an origin's tree serves all pairs that begin there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from landbridge.domain.network import Place
from landbridge.domain.request import Request
from landbridge.models.context import loading_row
from landbridge.planning.fan import Fan
from landbridge.planning.group import Group
from landbridge.planning.matrix import same_places
from landbridge.planning.plan import Planner

Values = tuple[float, float, float, float]
"""Mean hours, USD, kg CO2e and km; NaN where there is no way."""
Found = list[tuple[int, Values]]
"""Positions of pairs, with their values."""
CHUNK = 8
"""Origins whose pairs are answered before they are given out, per thread."""


def plan_pairs(
    planner: Planner,
    request: Request,
    pairs: Sequence[tuple[Place, Place]],
    *,
    done: frozenset[int] = frozenset(),
    n_threads: int = 1,
) -> Iterator[Found]:
    """Yield the values of pairs, some origins at a time; `request` says all but the two ends.

    Parameters
    ----------
    done
        Positions of pairs that are not asked for any more; they change no answer.
    n_threads
        Trees grown side by side; the answers do not depend on it.
    """
    wanted: dict[Place, list[int]] = {}
    for k, (origin, _) in enumerate(pairs):
        if k not in done:
            wanted.setdefault(origin, []).append(k)
    if not wanted:
        return
    fan = Fan(planner, request, [place for pair in pairs for place in pair])
    groups: dict[str, list[Place]] = {}
    for origin in wanted:
        country = fan.door(origin).country
        label = loading_row(planner.case.parameters, country).label
        groups.setdefault(label, []).append(origin)
    with ThreadPoolExecutor(n_threads) as pool:
        for _, origins in sorted(groups.items()):
            ends = list(dict.fromkeys(pairs[k][1] for o in origins for k in wanted[o]))
            column = {place: j for j, place in enumerate(ends)}
            group = Group(fan, fan.door(origins[0]).country, ends)

            def one(
                origin: Place, group: Group = group, column: dict[Place, int] = column
            ) -> Found:
                table = np.full((len(column), 4), np.nan)
                mask = np.zeros(len(column), bool)
                for k in wanted[origin]:
                    mask[column[pairs[k][1]]] = not same_places([origin], [pairs[k][1]])[0, 0]
                group.fill(0, origin, table, mask, None)
                return [(k, _values(table[column[pairs[k][1]]])) for k in wanted[origin]]

            for begin in range(0, len(origins), CHUNK * n_threads):
                part = origins[begin : begin + CHUNK * n_threads]
                yield [row for found in pool.map(one, part) for row in found]


def _values(row: np.ndarray) -> Values:
    hours, usd, kg, km = (float(value) for value in row)
    return hours, usd, kg, km
