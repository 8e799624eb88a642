"""Maps of itineraries as inline SVG: one drawing of land and ways, seen through many windows.

Land and ways are drawn once, in units of a tenth of a px of the whole map; every map of the
document refers to that drawing and shows a part of it, with marks and labels of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.domain.itinerary import Itinerary, Leg
from landbridge.report.geojson import MOVING_KINDS, chord
from landbridge.report.html.labels import Label, Placer
from landbridge.report.html.markup import Html, tag, text
from landbridge.report.html.outline import outline
from landbridge.report.html.projection import Projection, clipped, unrolled
from landbridge.report.html.stops import Stop
from landbridge.report.html.summary import colour_of
from landbridge.units import FloatArray

WHOLE_PX = 960
UNITS_PER_PX = 10
"""Drawing units per px of the whole map: closer views keep their detail."""
LEAST_ASPECT, MOST_ASPECT = 1.55, 2.3
"""Width by height of a map."""
MARGIN_SHARE = 0.05
LEAST_WIDTH_KM = 250.0
NAME_PX, END_PX, COUNTRY_PX = 10.5, 13.0, 9.5
BADGE_PX, STEP_PX = 8.0, 5.0
STOP_ORDER = {"end": 0, "passage": 1, "gauge": 2, "border": 3, "terminal": 4}
"""Which marks come first where there is no room for all their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of the drawing, in its units, and how many px wide it is shown."""

    left: float
    top: float
    width: float
    height: float
    shown_px: float

    @property
    def units_per_px(self) -> float:
        """Drawing units per px as shown."""
        return self.width / self.shown_px

    @property
    def height_px(self) -> float:
        """Height as shown."""
        return self.height / self.units_per_px

    def px(self, units: FloatArray) -> FloatArray:
        """Return points of the drawing as px of this window."""
        return np.asarray((units - np.array([self.left, self.top])) / self.units_per_px)


class Drawing:
    """Land and ways of several itineraries in one plane.

    Parameters
    ----------
    options
        Itineraries with shapes; a moving leg without one is drawn as a straight line.
    numbers
        The number of each.
    key
        Told apart by this from the other drawings of a document.
    """

    def __init__(
        self, options: Sequence[Itinerary], numbers: Sequence[int], *, key: str = ""
    ) -> None:
        self.numbers = numbers
        lines = [[_lines(leg) for leg in option.legs] for option in options]
        known = [_points(option) for option in options if option.legs]
        every = np.concatenate(known)
        self.key = key
        self.projection = Projection.around(every, first=known[0])
        drawn = [
            [[part for line in leg for part in unrolled(line, self.projection)] for leg in way]
            for way in lines
        ]
        self.cut = tuple(_is_cut(self.projection, way) for way in lines)
        planes = [self._km(lonlat) for way in drawn for leg in way for lonlat in leg]
        turned = np.stack([self.projection.turned(every[:, 0]), every[:, 1]], axis=1)
        planes.append(self._km(turned))
        window_km = _window(np.concatenate(planes), LEAST_WIDTH_KM, LEAST_ASPECT)
        self._origin_km = window_km[:2]
        self._scale = WHOLE_PX * UNITS_PER_PX / window_km[2]
        self.ways = [[[self._units(line) for line in leg] for leg in way] for way in drawn]
        self.options = options
        self.whole = Window(
            left=0.0, top=0.0, width=window_km[2] * self._scale,
            height=window_km[3] * self._scale, shown_px=WHOLE_PX,
        )  # fmt: skip

    def _km(self, lonlat: FloatArray) -> FloatArray:
        return np.asarray(self.projection.plane(lonlat))

    def _units(self, lonlat: FloatArray) -> FloatArray:
        return np.asarray((self._km(lonlat) - np.array(self._origin_km)) * self._scale)

    def at(self, lon: float, lat: float) -> FloatArray:
        """Return where a point lies in the drawing, shape (2,)."""
        turned = self.projection.turned(np.array([lon]))
        return np.asarray(self._units(np.stack([turned, np.array([lat])], axis=1))[0])

    def within(self, code: str, shown: Sequence[int]) -> FloatArray:
        """Return the middle of the longest leg inside a country, shape (2,); NaN if none."""
        inside = [
            (leg.distance_km, line[len(line) // 2])
            for number in shown
            for leg, lines in zip(self.options[number].legs, self.ways[number], strict=True)
            if leg.countries == (code,)
            for line in lines[:1]
        ]
        return max(inside, key=lambda pair: pair[0])[1] if inside else np.full(2, np.nan)

    def points(self, number: int) -> FloatArray:
        """Return all points of one way, shape (n, 2)."""
        lines = [line for leg in self.ways[number] for line in leg]
        return np.concatenate(lines) if lines else np.zeros((0, 2))

    def around(self, points: FloatArray, *, shown_px: float, aspect: float) -> Window:
        """Return the window around points of the drawing, of at least this width by height."""
        left, top, width, height = _window(points, LEAST_WIDTH_KM * self._scale, aspect)
        return Window(left=left, top=top, width=width, height=height, shown_px=shown_px)

    def definitions(self) -> Html:
        """Return land, lakes, frontiers and every way, to be referred to by the maps."""
        world, box = outline(), self.projection.box
        areas = {
            key: _path([self._units(ring) for ring in self._rings(rings, box)], is_closed=True)
            for key, rings in (("land", world.land), ("lake", world.lakes))
        }
        frontiers = _path([self._units(line) for line in self._near(world.frontiers, box)])
        base = tag(
            "g",
            tag("path", class_="net", d=self._graticule()),
            tag("path", class_="land", d=areas["land"]),
            tag("path", class_="lake", d=areas["lake"]),
            tag("path", class_="frontier", d=frontiers),
            id=f"base{self.key}",
        )
        ways = [
            tag(
                "g",
                *self._way(number),
                id=f"way{self.key}{self.numbers[number]}",
                class_=colour_of(self.numbers[number]),
            )
            for number in range(len(self.options))
        ]
        return tag(
            "svg", tag("defs", base, *ways), class_="defs", width="0", height="0",
            aria_hidden="true",
        )  # fmt: skip

    def _way(self, number: int) -> Iterable[Html]:
        legs = self.options[number].legs
        for leg, lines in zip(legs, self.ways[number], strict=True):
            if lines:
                yield tag("path", class_=f"way m-{leg.mode}", d=_path(lines))

    def _rings(
        self, rings: Iterable[FloatArray], box: tuple[float, float, float, float]
    ) -> Iterable[FloatArray]:
        for ring in rings:
            for moved in _moved(ring[:-1], box):
                part = clipped(moved, box)
                if len(part) > 2:
                    yield part

    def _near(
        self, lines: Iterable[FloatArray], box: tuple[float, float, float, float]
    ) -> Iterable[FloatArray]:
        west, south, east, north = box
        for line in lines:
            for moved in _moved(line, box):
                inside = (
                    (moved[:, 0] >= west) & (moved[:, 0] <= east)
                    & (moved[:, 1] >= south) & (moved[:, 1] <= north)
                )  # fmt: skip
                if inside.all():
                    yield moved

    def _graticule(self) -> Html:
        step = 30.0 if self.projection.is_wide else 10.0
        west, south, east, north = self.projection.box
        lons = np.arange(np.ceil(west / step) * step, east, step)
        lats = np.arange(np.ceil(south / step) * step, north, step)
        north, south = min(north, 85.0), max(south, -85.0)
        up, along = np.arange(south, north + 2.0, 3.0), np.arange(west, east + 1.0, 3.0)
        lines = [np.stack([np.full(len(up), lon), up], axis=1) for lon in lons]
        lines += [
            np.stack([along, np.full(len(along), lat)], axis=1) for lat in lats if abs(lat) < 86.0
        ]
        margin = self.whole.width / 2
        near = []
        for line in lines:
            units = self._units(line)
            inside = (
                (units > -margin).all(axis=1)
                & (units[:, 0] < self.whole.width + margin)
                & (units[:, 1] < self.whole.height + margin)
            )
            near += [
                part
                for part in np.split(
                    units[inside], np.flatnonzero(np.diff(np.flatnonzero(inside)) > 1) + 1
                )
                if len(part) > 1
            ]
        return _path(near)


def draw(
    drawing: Drawing,
    window: Window,
    *,
    shown: Sequence[int],
    numbers: Sequence[int],
    stops: Sequence[Stop],
    countries: Iterable[str],
    caption: str,
) -> Html:
    """Return one map: the ways `shown` (the last lies on top), marks, names, and numbers.

    Parameters
    ----------
    shown, numbers
        Positions of the ways drawn, and of those that carry their number.
    stops
        Marks with names, the important ones first where there is no room for all.
    countries
        Alpha-2 codes of countries to be named.
    caption
        What a screen reader says of the map.
    """
    k = window.units_per_px
    placer = Placer(window.shown_px, window.height_px)
    marks, labels = [], []
    placed: set[tuple[str, int, int]] = set()
    seen: list[tuple[Stop, float, float]] = []
    for stop in sorted(stops, key=lambda s: (STOP_ORDER[s.kind], s.name, s.id)):
        x, y = (float(v) for v in window.px(drawing.at(stop.lon, stop.lat)))
        if not (0 < x < window.shown_px and 0 < y < window.height_px):
            continue
        where = (stop.kind, round(x / 4), round(y / 4))
        if where not in placed:
            placed.add(where)
            seen.append((stop, x, y))
            placer.take(x, y, 4.0)
            marks.append(_mark(stop, x, y, window))
    named: list[tuple[str, float, float]] = []
    late: list[tuple[Stop, float, float]] = []
    for stop, x, y in seen:
        if stop.kind != "end":
            late.append((stop, x, y))
            continue
        label = placer.place(stop.name, x, y, size=END_PX, style="end")
        named.append((stop.name, x, y))
        labels += [label] if label else []
    badges = _badges(drawing, window, placer, numbers)
    for stop, x, y in late:
        # one name per place: the same words close by say nothing new
        if any(name == stop.name and abs(x - x0) + abs(y - y0) < 60 for name, x0, y0 in named):
            continue
        label = placer.place(stop.name, x, y, size=NAME_PX, style=stop.kind)
        if label:
            named.append((stop.name, x, y))
            labels.append(label)
    for n in shown:
        placer.avoid(_thinned(drawing, n, window))
    world = outline()
    for code in sorted(set(countries) & set(world.labels)):
        x, y = (float(v) for v in window.px(drawing.at(*world.labels[code])))
        if not (0 < x < window.shown_px and 0 < y < window.height_px):
            x, y = (float(v) for v in window.px(drawing.within(code, shown)))
        spaced = world.names[code].upper()
        label = placer.place_over(spaced, x, y, size=COUNTRY_PX, style="country")
        labels += [label] if label else []
    return tag(
        "svg",
        tag("title", caption),
        _rect(window),
        Html(f'<use href="#base{drawing.key}"/>'),
        *(_layer(drawing, n) for n in shown),
        tag("g", *marks, class_="marks"),
        *(_label(label, window) for label in labels),
        *badges,
        class_="map",
        viewBox=f"{window.left:.0f} {window.top:.0f} {window.width:.0f} {window.height:.0f}",
        style=f"--u:{k:.3f}",
        role="img",
    )


def _layer(drawing: Drawing, position: int) -> Html:
    number = drawing.numbers[position]
    return Html(f'<use href="#way{drawing.key}{number}" class="layer" data-option="{number}"/>')


def _badges(drawing: Drawing, window: Window, placer: Placer, numbers: Sequence[int]) -> list[Html]:
    every = {n: _thinned(drawing, n, window) for n in numbers}
    found = []
    for n in numbers:
        others = [points for other, points in every.items() if other != n and len(points)]
        beside = np.concatenate(others) if others else np.zeros((0, 2))
        at = placer.place_badge(every[n], beside, radius=BADGE_PX)
        if at is None:
            continue
        x, y = window.left + at[0] * window.units_per_px, window.top + at[1] * window.units_per_px
        found.append(
            tag(
                "g",
                Html(f'<circle r="{BADGE_PX * window.units_per_px:.0f}"/>'),
                tag("text", drawing.numbers[n], y=f"{3.6 * window.units_per_px:.0f}"),
                class_=f"badge {colour_of(drawing.numbers[n])}",
                transform=f"translate({x:.0f} {y:.0f})",
                data_option=drawing.numbers[n],
            )
        )
    return found


def _thinned(drawing: Drawing, number: int, window: Window) -> FloatArray:
    """Return points about every 5 px along a way, px of the window, shape (n, 2)."""
    found = [np.zeros((0, 2))]
    for line in (line for leg in drawing.ways[number] for line in leg):
        points = window.px(line)
        steps = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1))
        at = np.concatenate([[0.0], np.cumsum(steps)])
        every = np.arange(0.0, at[-1], STEP_PX)
        found.append(np.stack([np.interp(every, at, points[:, k]) for k in (0, 1)], axis=1))
    every_px = np.concatenate(found)
    size = np.array([window.shown_px, window.height_px])
    return every_px[((every_px > -STEP_PX) & (every_px < size + STEP_PX)).all(axis=1)]


def _rect(window: Window) -> Html:
    return Html(
        f'<rect class="water" x="{window.left:.0f}" y="{window.top:.0f}" '
        f'width="{window.width:.0f}" height="{window.height:.0f}"/>'
    )


def _mark(stop: Stop, x: float, y: float, window: Window) -> Html:
    k = window.units_per_px
    at = f"translate({window.left + x * k:.0f} {window.top + y * k:.0f}) scale({k:.2f})"
    return tag(
        "g", tag("title", stop.said), MARKS[stop.kind], class_=f"mark {stop.kind}", transform=at
    )


MARKS: Mapping[str, Html] = {
    "end": Html('<circle r="4.5"/><circle class="eye" r="1.6"/>'),
    "terminal": Html('<circle r="2.6"/>'),
    "border": Html('<path d="M-1.3-4.2h2.6v8.4h-2.6z"/>'),
    "gauge": Html('<path d="M-3.4-4h2v8h-2zM1.4-4h2v8h-2z"/>'),
    "passage": Html('<path d="M0-4.2L4.2 0 0 4.2-4.2 0z"/>'),
}
"""The mark of each kind of place, in px about its point."""


def _label(label: Label, window: Window) -> Html:
    k = window.units_per_px
    return tag(
        "text", label.text, class_=f"name {label.style}",
        x=f"{window.left + label.x * k:.0f}", y=f"{window.top + label.y * k:.0f}",
        text_anchor=label.anchor, font_size=f"{label.size * k:.0f}",
    )  # fmt: skip


def _lines(leg: Leg) -> Sequence[Sequence[tuple[float, float]]]:
    """Return the lines of a leg; a moving one without shape is one chord."""
    lines = [line for line in leg.shape if len(line) > 1]
    ends = (leg.origin.lon, leg.origin.lat) != (leg.destination.lon, leg.destination.lat)
    if leg.kind in MOVING_KINDS and not lines and ends:
        return chord(leg.origin, leg.destination)
    return lines if leg.kind in MOVING_KINDS else []


def _points(option: Itinerary) -> FloatArray:
    """Return all points of an itinerary, (lon, lat), shape (n, 2)."""
    places = [place for leg in option.legs for place in (leg.origin, leg.destination)]
    lines = [np.array(line, float) for leg in option.legs for line in _lines(leg)]
    return np.concatenate([np.array([[place.lon, place.lat] for place in places]), *lines])


def _is_cut(projection: Projection, way: Sequence[Sequence[Sequence[tuple[float, float]]]]) -> bool:
    """Whether a way meets the edge of the world as drawn."""
    lon = np.array([point[0] for leg in way for line in leg for point in line])
    return bool((np.abs(np.diff(projection.turned(lon))) > 180.0).any())


def _window(
    points: FloatArray, least_width: float, aspect: float
) -> tuple[float, float, float, float]:
    """Return left, top, width and height around points, with a margin, of a fair aspect."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2.0
    width, height = (high - low) * (1.0 + 2.0 * MARGIN_SHARE)
    width = max(float(width), least_width)
    height = max(float(height), width / MOST_ASPECT)
    width = max(width, height * aspect)
    return float(middle[0] - width / 2), float(middle[1] - height / 2), width, height


def _moved(line: FloatArray, box: tuple[float, float, float, float]) -> Iterable[FloatArray]:
    """Return the copies of a line, a turn east or west, that reach into the box."""
    west, south, east, north = box
    low, high = line.min(axis=0), line.max(axis=0)
    if high[1] < south or low[1] > north:
        return
    for shift in (-360.0, 0.0, 360.0):
        if high[0] + shift >= west and low[0] + shift <= east:
            yield line + np.array([shift, 0.0])


def _path(lines: Iterable[FloatArray], *, is_closed: bool = False) -> Html:
    """Return path data in whole units, points that fall on one another left out."""
    parts = []
    for line in lines:
        whole = np.rint(line).astype(np.int64)
        steps = np.diff(whole, axis=0)
        steps = steps[(steps != 0).any(axis=1)]
        if len(steps) == 0 or (is_closed and len(steps) < 2):
            continue
        moves = " ".join(map(str, steps.reshape(-1).tolist()))
        end = "z" if is_closed else ""
        parts.append(f"M{whole[0][0]} {whole[0][1]}l{moves}{end}")
    return text(Html("".join(parts).replace(" -", "-")))
