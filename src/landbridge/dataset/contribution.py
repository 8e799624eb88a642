"""Rows that sources hand over and `assemble` takes in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from landbridge.units import ByteArray, FloatArray, IntArray


class Origin(IntEnum):
    """Where a link comes from; kept per link so that a map can grade it."""

    SURVEYED = 0
    """As the source has it."""
    REPAIR = 1
    """A gap of 3 km or less closed by search."""
    DETAILED = 2
    """A fully shaped line."""
    JOIN = 3
    """A short connection between two sources or between a terminal and its line."""
    SUPPLEMENT = 4
    """Compiled by hand: a schematic shape with a stated length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineContribution:
    """Nodes and undirected links of one mode from one source.

    `lon`, `lat` have shape (n_nodes,); `tail_idx`, `head_idx`, `length_km`, `origin` have shape
    (n_links,). A shaped line is a chain of two-node links.
    """

    mode: str
    source: str
    lon: FloatArray
    lat: FloatArray
    tail_idx: IntArray
    head_idx: IntArray
    length_km: FloatArray
    origin: ByteArray


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLine:
    """One hand-compiled line: a planned railway, a Caspian lane, a river reach."""

    id: str
    name: str
    mode: str
    status: str
    length_km: float
    gauge_mm: int
    open_year: int
    season_open: str
    season_close: str
    max_draught_m: float
    from_id: str
    to_id: str
    system: str
    lonlat: tuple[tuple[float, float], ...]
    source_kind: str
