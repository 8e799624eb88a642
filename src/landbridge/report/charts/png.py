"""A drawing as PNG, by matplotlib, which comes with the extra `charts`."""

from __future__ import annotations

import io
from typing import Any

from landbridge.errors import RequestError
from landbridge.report.charts.drawing import PAPER, Box, Dot, Drawing, Line, Shape

PIXELS_PER_INCH = 100.0
POINTS_PER_PIXEL = 72.0 / PIXELS_PER_INCH
SHARPNESS = 2.0
"""PNG pixels per pixel of the drawing."""
ALIGNED = {"start": "left", "middle": "center", "end": "right"}


def to_png(drawing: Drawing) -> bytes:
    """Return the drawing as PNG, two pixels for each of the drawing's.

    Raises
    ------
    RequestError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise RequestError(
            "PNG needs matplotlib",
            where="-o",
            hint="pip install 'landbridge[charts]', or write .svg, which needs nothing",
        ) from None
    inches = (drawing.width / PIXELS_PER_INCH, drawing.height / PIXELS_PER_INCH)
    figure = Figure(figsize=inches, dpi=PIXELS_PER_INCH * SHARPNESS, facecolor=PAPER)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, drawing.width)
    axes.set_ylim(drawing.height, 0.0)
    axes.set_axis_off()
    for order, shape in enumerate(drawing.shapes):
        _draw(axes, shape, order)
    out = io.BytesIO()
    draw: Any = canvas.print_png
    draw(out, metadata={"Software": None, "Title": drawing.title})
    return out.getvalue()


def _draw(axes: Any, shape: Shape, order: int) -> None:  # noqa: ANN401 - matplotlib has no types
    from matplotlib.patches import Rectangle

    if isinstance(shape, Line):
        style: Any = "-"
        if shape.dash:
            style = (0, tuple(float(part) / shape.width for part in shape.dash.split()))
        axes.plot(
            [x for x, _ in shape.points],
            [y for _, y in shape.points],
            color=shape.colour,
            linewidth=shape.width * POINTS_PER_PIXEL,
            linestyle=style,
            solid_joinstyle="round",
            solid_capstyle="butt",
            zorder=order,
        )
    elif isinstance(shape, Box):
        axes.add_patch(
            Rectangle(
                (shape.x, shape.y),
                shape.width,
                shape.height,
                facecolor=shape.fill,
                alpha=shape.opacity,
                linewidth=0,
                zorder=order,
            )
        )
    elif isinstance(shape, Dot):
        axes.plot(
            [shape.x],
            [shape.y],
            marker="o",
            markersize=2 * shape.radius * POINTS_PER_PIXEL,
            markerfacecolor=shape.fill,
            markeredgecolor=PAPER,
            markeredgewidth=1.5 * POINTS_PER_PIXEL,
            zorder=order,
        )
    else:
        axes.text(
            shape.x,
            shape.y,
            shape.text.replace("$", r"\$"),
            fontsize=shape.size * POINTS_PER_PIXEL * 0.94,
            color=shape.colour,
            fontweight="bold" if shape.is_bold else "normal",
            ha=ALIGNED[shape.anchor],
            va="baseline",
            rotation=-shape.turn,
            rotation_mode="anchor",
            zorder=order,
        )
