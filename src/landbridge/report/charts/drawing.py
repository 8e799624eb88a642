"""Shapes on paper: lines, boxes and texts in pixels, and the SVG text they make.

The origin is the upper left corner. Colours are Okabe and Ito's, which people with any common
colour blindness tell apart; no meaning rests on colour alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

Point = tuple[float, float]
FONT = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
INK, FAINT, GRID, PAPER = "#1a1a1a", "#5f6368", "#e3e5e8", "#ffffff"
BLUE, VERMILION, GREEN, ORANGE = "#0072b2", "#d55e00", "#009e73", "#e69f00"
PURPLE, SKY, BLACK = "#cc79a7", "#56b4e9", "#000000"
NARROW, WIDE = frozenset("iljft.,:;'|!()[] "), frozenset("mwMWOQ%@→")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A polyline; `dash` as in SVG (`6 3`), empty for solid."""

    points: tuple[Point, ...]
    colour: str = INK
    width: float = 1.0
    dash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A filled rectangle, at least a hair wide."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A filled circle with a white rim."""

    x: float
    y: float
    radius: float
    fill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of text; `anchor` is start, middle or end of it at x, y its base line."""

    x: float
    y: float
    text: str
    size: float = 12.0
    anchor: str = "start"
    colour: str = INK
    is_bold: bool = False
    turn: float = 0.0


Shape = Line | Box | Dot | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture: its size in pixels, what it shows in words, and its shapes from back to front."""

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]


def to_svg(drawing: Drawing) -> str:
    """Return the drawing as SVG text that stands alone or inside an HTML page."""
    size = f"{_n(drawing.width)} {_n(drawing.height)}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
        f'width="{_n(drawing.width)}" height="{_n(drawing.height)}" role="img" '
        f'font-family="{FONT}">'
    )
    lines = [
        head,
        f"<title>{_text(drawing.title)}</title>",
        f"<desc>{_text(drawing.description)}</desc>",
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        *(_element(shape) for shape in drawing.shapes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _element(shape: Shape) -> str:
    if isinstance(shape, Line):
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
        dash = f' stroke-dasharray="{shape.dash}"' if shape.dash else ""
        return (
            f'<polyline points="{points}" fill="none" stroke="{shape.colour}" '
            f'stroke-width="{_n(shape.width)}" stroke-linejoin="round"{dash}/>'
        )
    if isinstance(shape, Box):
        opacity = f' fill-opacity="{_n(shape.opacity)}"' if shape.opacity < 1.0 else ""
        return (
            f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
            f'height="{_n(shape.height)}" fill="{shape.fill}"{opacity}/>'
        )
    if isinstance(shape, Dot):
        return (
            f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}" '
            f'fill="{shape.fill}" stroke="{PAPER}" stroke-width="1.5"/>'
        )
    weight = ' font-weight="bold"' if shape.is_bold else ""
    turn = (
        f' transform="rotate({_n(shape.turn)} {_n(shape.x)} {_n(shape.y)})"' if shape.turn else ""
    )
    return (
        f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}" '
        f'text-anchor="{shape.anchor}" fill="{shape.colour}"{weight}{turn}>'
        f"{_text(shape.text)}</text>"
    )


def _n(value: float) -> str:
    """Return a coordinate with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(value: str) -> str:
    """Return text as XML, without the control characters that XML does not allow."""
    return escape("".join(letter if letter.isprintable() else " " for letter in value))


def text_width(text: str, size: float) -> float:
    """Return how wide a text is at most, px, in a plain sans-serif of this size."""
    units = sum(0.36 if c in NARROW else 0.92 if c in WIDE else 0.63 for c in text)
    return units * size


def shortened(text: str, size: float, room: float) -> str:
    """Return the text cut, with an ellipsis, to fit into `room` pixels."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def ticks(most: float, *, count: int = 6, least: float = 0.0) -> tuple[float, ...]:
    """Return round values from `least` to `most` or a little inside, about `count` of them."""
    span = most - least
    if span <= 0.0 or not math.isfinite(span):
        return (least,)
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= rough * 0.999)
    first = math.ceil(least / step - 1e-9)
    last = math.floor(most / step + 1e-9)
    return tuple(k * step for k in range(first, last + 1))
