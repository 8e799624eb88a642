"""One panel of a chart: a frame with two straight scales, grid and headings."""

from __future__ import annotations

from dataclasses import dataclass

from landbridge.report.charts.drawing import FAINT, GRID, INK, Line, Shape, Words, ticks

SMALL, PLAIN, LARGE = 11.0, 12.0, 17.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A frame in pixels over `x_low..x_high` across and `y_low..y_high` up."""

    left: float
    top: float
    width: float
    height: float
    x_high: float
    y_high: float
    x_low: float = 0.0
    y_low: float = 0.0

    @property
    def right(self) -> float:
        """The right edge, px."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge, px."""
        return self.top + self.height

    def x(self, value: float) -> float:
        """Return the place of a value across, px."""
        return self.left + self.width * (value - self.x_low) / (self.x_high - self.x_low)

    def y(self, value: float) -> float:
        """Return the place of a value up, px."""
        return self.bottom - self.height * (value - self.y_low) / (self.y_high - self.y_low)

    def scale_up(self, name: str, *, count: int = 6) -> list[Shape]:
        """Return grid lines across, their figures to the left, and the name above them."""
        shapes: list[Shape] = [
            Words(x=self.left, y=self.top - 10, text=name, size=PLAIN, is_bold=True)
        ]
        for value in ticks(self.y_high, count=count, least=self.y_low):
            y = self.y(value)
            shapes.append(Line(points=((self.left, y), (self.right, y)), colour=GRID))
            shapes.append(
                Words(x=self.left - 8, y=y + 4, text=figure(value), size=SMALL, anchor="end",
                      colour=FAINT)
            )  # fmt: skip
        return shapes

    def scale_across(self, name: str = "", *, has_figures: bool = True) -> list[Shape]:
        """Return the base line with ticks, their figures below and the name under those."""
        shapes: list[Shape] = [
            Line(points=((self.left, self.bottom), (self.right, self.bottom)), colour=INK)
        ]
        for value in ticks(self.x_high, count=8, least=self.x_low):
            x = self.x(value)
            shapes.append(Line(points=((x, self.bottom), (x, self.bottom + 4)), colour=INK))
            if has_figures:
                shapes.append(
                    Words(x=x, y=self.bottom + 18, text=figure(value), size=SMALL,
                          anchor="middle", colour=FAINT)
                )  # fmt: skip
        if name:
            middle = (self.left + self.right) / 2
            shapes.append(
                Words(x=middle, y=self.bottom + 36, text=name, size=PLAIN, anchor="middle",
                      colour=FAINT)
            )  # fmt: skip
        return shapes


def figure(value: float) -> str:
    """Return a tick's figure: thousands parted by commas, no needless decimals."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"
