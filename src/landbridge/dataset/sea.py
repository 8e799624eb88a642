"""The ocean: lanes whose arcs through a named passage carry its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.dataset.lines import Lines
from landbridge.units import IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A line on the map; every lane that crosses it uses the passage."""

    passage: str
    lon_1: float
    lat_1: float
    lon_2: float
    lat_2: float


def tag_passages(lines: Lines, gates: Sequence[Gate], passages: Sequence[str]) -> IntArray:
    """Return the passage of each link, as a position in `passages`, -1 for open water.

    A link crosses a gate where the two segments meet, in plane degrees; no gate lies on the
    antimeridian.
    """
    x1, y1 = lines.lon[lines.tail], lines.lat[lines.tail]
    x2, y2 = lines.lon[lines.head], lines.lat[lines.head]
    flat = np.abs(x1 - x2) < 180
    found = np.full(len(x1), -1, np.int32)
    for gate in gates:
        ax, ay, bx, by = gate.lon_1, gate.lat_1, gate.lon_2, gate.lat_2
        side_1 = (bx - ax) * (y1 - ay) - (by - ay) * (x1 - ax)
        side_2 = (bx - ax) * (y2 - ay) - (by - ay) * (x2 - ax)
        side_a = (x2 - x1) * (ay - y1) - (y2 - y1) * (ax - x1)
        side_b = (x2 - x1) * (by - y1) - (y2 - y1) * (bx - x1)
        crosses = ((side_1 > 0) != (side_2 > 0)) & ((side_a > 0) != (side_b > 0)) & flat
        found[crosses] = passages.index(gate.passage)
    return found
