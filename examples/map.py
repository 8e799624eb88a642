"""Draw the GeoJSON of a comparison over land: ships at sea, trains on their lines.

    landbridge compare Mumbai Moscow --format geojson -o compare.geojson
    python examples/map.py compare.geojson docs/pictures/compare.png

One colour per corridor; thick lines are rail, thin ones road, dotted ones ships. Stretches of land
links that the sources keep only as straight chords of over 20 km are dashed: they show where a
line goes from and to, not where it runs. Needs the extra `build` (geopandas, for the land).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from landbridge.units import great_circle_km

LAND = Path(__file__).parents[1] / "data/raw/natural_earth/ne_50m_land.parquet"
CHORD_KM = 20.0
MARGIN_DEG = 4.0
COLOURS = (
    "#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#e377c2", "#17becf",
    "#bcbd22", "#005f3c", "#c2185b", "#3f51b5", "#000000", "#7f7f7f", "#ffb300",
)  # fmt: skip
WIDTHS = {"rail": 1.9, "road": 1.0, "iww": 1.9, "sea": 1.2, "ferry": 1.2}
WATER = frozenset({"sea", "ferry"})

Point = tuple[float, float]


def lines_of(feature: dict[str, Any]) -> list[list[Point]]:
    """Return the lines of a feature as lists of (lon, lat), unrolled where 180 degrees cut them."""
    geometry = feature["geometry"]
    if geometry["type"] == "LineString":
        return [geometry["coordinates"]]
    if geometry["type"] != "MultiLineString":
        return []
    lines: list[list[Point]] = []
    for line in geometry["coordinates"]:
        turn = lines[-1][-1][0] - line[0][0] if lines else 0.0
        shift = 360.0 * round(turn / 360.0)
        lines.append([(lon + shift, lat) for lon, lat in line])
    return lines


def runs(line: Sequence[Point]) -> list[tuple[bool, list[Point]]]:
    """Return a line cut into stretches, each with whether it consists of chords over 20 km."""
    stretches: list[tuple[bool, list[Point]]] = []
    for start, end in pairwise(line):
        is_chord = great_circle_km(start[0], start[1], end[0], end[1]) > CHORD_KM
        if stretches and stretches[-1][0] == is_chord:
            stretches[-1][1].append(end)
        else:
            stretches.append((is_chord, [start, end]))
    return stretches


def draw_lines(axes: Axes, answer: dict[str, Any], colour_of: dict[str, str]) -> None:
    """Draw land and each leg of each corridor."""
    land = geopandas.read_parquet(LAND).geometry
    for shift in (0.0, 360.0):
        land.translate(xoff=shift).plot(ax=axes, color="#ece8df", edgecolor="#b9b3a5", lw=0.4)
    for feature in answer["features"]:
        known = feature["properties"]
        if known["title"] not in colour_of:
            continue
        for line in lines_of(feature):
            on_water = known["mode"] in WATER
            for is_chord, stretch in [(False, line)] if on_water else runs(line):
                axes.plot(
                    *zip(*stretch, strict=True),
                    color=colour_of[known["title"]],
                    linewidth=WIDTHS[known["mode"]],
                    linestyle=":" if on_water else (0, (3, 1)) if is_chord else "-",
                    alpha=0.85,
                )
    axes.set_facecolor("#f7fafc")
    axes.set(xticks=[], yticks=[], xlabel="", ylabel="")


def draw(answer: dict[str, Any], target: Path) -> None:
    """Write the picture of a comparison: all of it, and its middle from near."""
    titles = dict.fromkeys(
        feature["properties"]["title"]
        for feature in answer["features"]
        if feature["properties"]["corridor"] != "free"
    )
    colour_of = {title: COLOURS[n % len(COLOURS)] for n, title in enumerate(titles)}
    points = [p for f in answer["features"] for line in lines_of(f) for p in line]
    ends = [answer["request"][end] for end in ("origin", "destination")]
    figure = Figure(figsize=(12, 6.2), dpi=100, layout="constrained")
    whole, near = figure.subplots(1, 2, width_ratios=(2.35, 1))
    for axes in (whole, near):
        draw_lines(axes, answer, colour_of)
        for end in ends:
            axes.plot(end["lon"], end["lat"], "o", color="black", markersize=4)
    whole.set_xlim(min(x for x, _ in points) - MARGIN_DEG, max(x for x, _ in points) + MARGIN_DEG)
    whole.set_ylim(min(y for _, y in points) - MARGIN_DEG, max(y for _, y in points) + MARGIN_DEG)
    near.set_xlim(min(end["lon"] for end in ends) - 5, max(end["lon"] for end in ends) - 2)
    near.set_ylim(min(end["lat"] for end in ends) - 1, max(end["lat"] for end in ends) + 3)
    for axes in (whole, near):
        axes.set_aspect(1.25, adjustable="box")
    origin, destination = (end["name"] for end in ends)
    whole.set_title(f"{origin} to {destination}, one way per corridor", loc="left", fontsize=11)
    for title, colour in colour_of.items():
        whole.plot([], [], color=colour, linewidth=2.5, label=title)
    figure.legend(loc="outside lower center", fontsize=7.5, frameon=False, ncols=5)
    whole.set_xlabel(
        "thick rail, thin road, dotted ship; dashed: chords over 20 km, no shape in the source\n"
        "© OpenStreetMap contributors (ODbL); made with Natural Earth",
        fontsize=7.5,
        loc="left",
    )
    figure.savefig(target, metadata={"Software": None})


def main() -> int:
    """Read the GeoJSON, write the picture."""
    parser = argparse.ArgumentParser(description="Draw the GeoJSON of a comparison over land.")
    parser.add_argument("geojson", type=Path)
    parser.add_argument("picture", type=Path)
    asked = parser.parse_args()
    draw(json.loads(asked.geojson.read_text(encoding="utf-8")), asked.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
