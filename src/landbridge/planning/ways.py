"""Corridors as they are searched: one way and the other, by land alone, and by no rule."""

from __future__ import annotations

from landbridge.domain.network import Corridor

FREE = "free"
BY_LAND = Corridor(
    id="", title="by land", required=(), forbidden=(), modes=(("rail", "road", "iww"),), note=""
)


def named(corridor: Corridor | None) -> tuple[str, str]:
    """Return id and title of a corridor, or of none."""
    return (corridor.id, corridor.title) if corridor else (FREE, "Best with no corridor rule")


def ways_of(corridor: Corridor | None) -> tuple[Corridor | None, ...]:
    """Return the corridor and, where that is another rule, the corridor the other way round."""
    if corridor is None:
        return (None,)
    if len(corridor.required) <= 1 and len(set(corridor.modes)) == 1:
        return (corridor,)
    return (corridor, corridor.reversed())
