"""Reading the land that lies under the maps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from landbridge.units import FloatArray

UNITS_PER_DEG = 180
"""Coordinates are stored as whole 180ths of a degree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Coasts, lakes and frontiers as (lon, lat) lines, degrees; country names by alpha-2 code."""

    land: tuple[FloatArray, ...]
    lakes: tuple[FloatArray, ...]
    frontiers: tuple[FloatArray, ...]
    names: dict[str, str]
    labels: dict[str, tuple[float, float]]


@cache
def outline() -> Outline:
    """Return the packaged outline of the world (Natural Earth, public domain)."""
    with np.load(Path(__file__).with_name("outline.npz")) as stored:
        lines = {
            key: tuple(np.split(stored[key] / UNITS_PER_DEG, stored[f"{key}_start"][1:-1].tolist()))
            for key in ("land", "lakes", "frontiers")
        }
        codes = [str(code) for code in stored["codes"]]
        at = [(float(lon), float(lat)) for lon, lat in stored["labels"] / UNITS_PER_DEG]
        names = [str(name) for name in stored["names"]]
    return Outline(
        land=lines["land"],
        lakes=lines["lakes"],
        frontiers=lines["frontiers"],
        names=dict(zip(codes, names, strict=True)),
        labels=dict(zip(codes, at, strict=True)),
    )
