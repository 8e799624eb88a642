"""Where names and numbers stand on a map, so that none covers another."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

import numpy as np

from landbridge.units import FloatArray

Box = tuple[float, float, float, float]
WIDE_SHARE, NARROW_SHARE = 1.0, 0.56
"""Width of a letter by its height: of East Asian writing, of any other."""
GAP_PX = 6.0
CLEAR_PX = 14.0
"""Distance from which a stretch of one way counts as away from all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A placed text: its anchor (`start`, `middle`, `end`) and base point, px."""

    text: str
    x: float
    y: float
    anchor: str
    size: float
    style: str


def width_px(text: str, size: float) -> float:
    """Return about how wide a text is."""
    letters = sum(
        0.0
        if unicodedata.combining(letter)
        else WIDE_SHARE
        if unicodedata.east_asian_width(letter) in "WF"
        else NARROW_SHARE
        for letter in text
    )
    return letters * size


class Placer:
    """Places labels one after another on a map of some px; what finds no room is left out."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._taken: list[Box] = []
        self._lines = np.zeros((0, 2))

    def take(self, x: float, y: float, radius: float) -> None:
        """Keep a mark's place free of labels."""
        self._taken.append((x - radius, y - radius, x + radius, y + radius))

    def avoid(self, points: FloatArray) -> None:
        """Keep names of countries off these points, shape (n, 2)."""
        self._lines = np.concatenate([self._lines, points])

    def is_free(self, box: Box) -> bool:
        """Whether a box lies on the map and touches nothing placed before."""
        left, top, right, bottom = box
        if left < 2 or top < 2 or right > self._width - 2 or bottom > self._height - 2:
            return False
        return not any(
            left < r and right > l0 and top < b and bottom > u for l0, u, r, b in self._taken
        )

    def place(self, text: str, x: float, y: float, *, size: float, style: str) -> Label | None:
        """Return a label beside a point, or None where there is no room on any side."""
        width = width_px(text, size)
        rise = size * 0.36
        for dx, dy, anchor in (
            (GAP_PX, rise, "start"), (-GAP_PX, rise, "end"),
            (GAP_PX, -GAP_PX, "start"), (-GAP_PX, -GAP_PX, "end"),
            (GAP_PX, size + 2, "start"), (-GAP_PX, size + 2, "end"),
            (0.0, -GAP_PX - 2, "middle"), (0.0, size + GAP_PX, "middle"),
        ):  # fmt: skip
            left = x + dx - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
            box = (left, y + dy - size * 0.85, left + width, y + dy + size * 0.25)
            if self.is_free(box):
                self._taken.append(box)
                return Label(text=text, x=x + dx, y=y + dy, anchor=anchor, size=size, style=style)
        return None

    def place_over(self, text: str, x: float, y: float, *, size: float, style: str) -> Label | None:
        """Return a label with its middle near a point and off the lines, or None without room."""
        if math.isnan(x) or math.isnan(y):
            return None
        half = width_px(text, size) * 0.62
        for lift in (0.0, 14.0, -14.0, 28.0, -28.0):
            box = (x - half, y + lift - size * 0.6, x + half, y + lift + size * 0.6)
            inside = (self._lines > box[:2]).all(axis=1) & (self._lines < box[2:]).all(axis=1)
            if self.is_free(box) and not inside.any():
                self._taken.append(box)
                base = y + lift + size * 0.36
                return Label(text=text, x=x, y=base, anchor="middle", size=size, style=style)
        return None

    def place_badge(
        self, own: FloatArray, others: FloatArray, *, radius: float
    ) -> tuple[float, float] | None:
        """Return where a way's number stands: on it, and as far from the other ways as can be.

        `own` and `others` are points of the ways, shape (n, 2), px. None where there is no room.
        """
        inside = (
            (own > radius + 2).all(axis=1)
            & (own[:, 0] < self._width - radius - 2)
            & (own[:, 1] < self._height - radius - 2)
        )
        own = own[inside]
        if len(own) == 0:
            return None
        clear = np.full(len(own), CLEAR_PX * 4)
        if len(others):
            for start in range(0, len(others), 512):
                part = others[start : start + 512]
                gaps = np.hypot(
                    np.subtract.outer(own[:, 0], part[:, 0]),
                    np.subtract.outer(own[:, 1], part[:, 1]),
                )
                clear = np.minimum(clear, gaps.min(axis=1))
        # of the stretches that stand clear the one nearest the middle of the way is the calmest
        middle = np.abs(np.arange(len(own)) - len(own) / 2) / len(own)
        for position in np.lexsort((middle, -np.floor(clear / CLEAR_PX))):
            x, y = (float(value) for value in own[position])
            box = (x - radius, y - radius, x + radius, y + radius)
            if self.is_free(box):
                self._taken.append((x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1))
                return x, y
        return None
