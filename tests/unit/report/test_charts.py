from __future__ import annotations

import math
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from fakes import answers
from landbridge.domain.itinerary import Bounds, Itinerary, Percentiles
from landbridge.errors import RequestError
from landbridge.montecarlo.sensitivity import Effect, LoadingRun, Sensitivity
from landbridge.parameters import load_defaults
from landbridge.report import pictures
from landbridge.report.charts.drawing import (
    Box,
    Dot,
    Drawing,
    Line,
    Words,
    shortened,
    text_width,
    ticks,
    to_svg,
)
from landbridge.report.charts.png import to_png
from landbridge.report.charts.tcd import TIME, distinct, tcd_of_comparison, tcd_of_plan
from landbridge.report.charts.tornado import PALE, tornado
from landbridge.report.charts.ways import BORDER, STAND, stretches
from landbridge.report.compare import compare

SVG = "{http://www.w3.org/2000/svg}"


def _plan() -> object:
    return answers.plan("instc-west", "INSTC", answers.itinerary("instc-west", "INSTC <west> & co"))


def _boxes(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """Return where each text is at most: left, top, right, bottom."""
    boxes = []
    for shape in drawing.shapes:
        if isinstance(shape, Words):
            width = text_width(shape.text, shape.size)
            left = shape.x - {"start": 0, "middle": width / 2, "end": width}[shape.anchor]
            boxes.append((left, shape.y - shape.size * 0.75, left + width, shape.y))
    return boxes


def _nothing_hidden(drawing: Drawing) -> None:
    boxes = _boxes(drawing)
    for left, top, right, bottom in boxes:
        assert left >= -1
        assert right <= drawing.width + 1
        assert top >= 0
        assert bottom <= drawing.height
    for k, one in enumerate(boxes):
        for other in boxes[k + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            assert apart or one[3] <= other[1] or other[3] <= one[1], (one, other)


def test_stretches_add_up_to_the_legs() -> None:
    way = answers.itinerary("x", "X")
    found = stretches(way)
    assert sum(leg.km for leg in found) == sum(leg.distance_km for leg in way.legs)
    assert sum(leg.usd for leg in found) == sum(leg.cost_usd.central for leg in way.legs)
    assert [leg.way for leg in found] == ["road", "sea", STAND, "rail", BORDER, "rail", "road"]
    # without a mean the median stands in
    assert found[2].days == pytest.approx(7.0)
    known = replace(way, legs=(replace(way.legs[2], mean_h=240.0),))
    assert stretches(known)[0].days == 10.0


def test_a_stop_is_a_step_and_a_run_a_slope() -> None:
    drawing = tcd_of_plan(_plan())  # type: ignore[arg-type]
    lines = [s for s in drawing.shapes if isinstance(s, Line) and s.width == 3.2]
    by_kind = {
        "step": [line for line in lines if line.points[0][0] == line.points[1][0]],
        "slope": [line for line in lines if line.points[0][0] < line.points[1][0]],
    }
    # two panels: time and cost, each with five runs, one dwell and one frontier
    assert (len(by_kind["step"]), len(by_kind["slope"])) == (4, 10)
    assert all(line.points[1][1] <= line.points[0][1] for line in lines), "nothing goes down"
    words = [s.text for s in drawing.shapes if isinstance(s, Words)]
    assert any(text.startswith("Bandar Abbas 7.0 d") for text in words)
    assert "Astara 300 USD" in words


def test_the_end_of_a_climb_is_the_total() -> None:
    way = answers.itinerary("x", "X")
    drawing = tcd_of_plan(answers.plan("x", "X", way))
    end = sum(map(TIME.amount, stretches(way)))
    assert f"{end:.1f} d (" in " ".join(s.text for s in drawing.shapes if isinstance(s, Words))


def _comparison(count: int = 9) -> object:
    ways = [
        answers.itinerary(f"c{k}", f"Corridor number {k} with a long name {'x' * 5 * k}",
                          km=5000.0 + k, days=20.0 + k, usd=3000.0 + 10 * k,
                          value_usd=5000.0 + 10 * k)
        for k in range(count)
    ]  # fmt: skip
    legs = [
        replace(way, legs=(*way.legs[:-1], replace(way.legs[-1], distance_km=30.0 + k)))
        for k, way in enumerate(ways)
    ]
    asked = answers.request()
    return compare([answers.plan(w.corridor, w.title, w, asked=asked) for w in legs])


def test_a_comparison_has_one_line_and_one_number_per_way() -> None:
    drawing = tcd_of_comparison(_comparison())  # type: ignore[arg-type]
    lines = [s for s in drawing.shapes if isinstance(s, Line) and s.width == 2.2]
    dots = [s for s in drawing.shapes if isinstance(s, Dot)]
    assert len(lines) == 2 * 7
    assert len(dots) == 2 * 2 * 7, "at the end of each line, and in the key"
    assert "2 more ways are not drawn" in drawing.shapes[-1].text  # type: ignore[union-attr]


def test_no_text_is_clipped_or_hidden() -> None:
    _nothing_hidden(tcd_of_plan(_plan()))  # type: ignore[arg-type]
    _nothing_hidden(_tornado(1))
    _nothing_hidden(_tornado(3))


def test_free_has_no_line_of_its_own_where_it_is_a_corridor() -> None:
    free, named = answers.itinerary("free", "Free"), answers.itinerary("instc-west", "INSTC")
    other = answers.itinerary("suez", "Suez")
    other = replace(other, legs=other.legs[:-1])
    assert [way.corridor for way in distinct([free, named, other])] == ["instc-west", "suez"]
    assert [way.corridor for way in distinct([free])] == ["free"]


def _sensitivity(title: str) -> Sensitivity:
    rows = list(load_defaults())[:14]
    effects = tuple(
        Effect(
            name=row.label, parameter=row,
            time_h=(-24.0 * k, 30.0 * k), ignorance_time_h=(-12.0 * k, 20.0 * k),
            cost_usd=(40.0 * k, -50.0 * k), ignorance_cost_usd=(20.0 * k, -20.0 * k),
            time_share=0.01 * k, cost_share=math.nan,
        )
        for k, row in enumerate(rows)
    )  # fmt: skip
    hours = Percentiles(p10=480.0, p50=720.0, p90=1100.0)
    usd = Bounds(low=3000.0, central=4000.0, high=6000.0)
    return Sensitivity(
        title=title, mean_h=744.0, lead_time_h=hours, cost_usd=usd, effects=effects,
        loadings=tuple(LoadingRun(scale=s, lead_time_h=hours, cost_usd=usd) for s in (0.5, 2.0)),
    )  # fmt: skip


def _tornado(count: int) -> Drawing:
    return tornado([_sensitivity(f"Way {k}") for k in range(count)], answers.request())


def test_the_widest_bar_stands_on_top() -> None:
    drawing = _tornado(1)
    bars = [s for s in drawing.shapes if isinstance(s, Box) and s.height == 14.0]
    # ten rows in each panel, two ends each, pale and solid
    assert len(bars) == 2 * 10 * 2 * 2
    spans: dict[float, float] = {}
    for bar in bars[:40]:
        if bar.fill in PALE.values():
            spans[bar.y] = spans.get(bar.y, 0.0) + bar.width
    widths = [spans[y] for y in sorted(spans)]
    assert widths == sorted(widths, reverse=True)


def test_solid_is_inside_pale() -> None:
    bars = [s for s in _tornado(1).shapes if isinstance(s, Box) and s.height == 14.0]
    for pale, solid in zip(bars[0::2], bars[1::2], strict=True):
        assert pale.fill == PALE[solid.fill]
        assert pale.x <= solid.x + 1e-9
        assert solid.x + solid.width <= pale.x + pale.width + 1e-9


def test_svg_is_well_formed_and_escaped() -> None:
    svg = to_svg(tcd_of_plan(_plan()))  # type: ignore[arg-type]
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "INSTC <west> & co: time, cost and distance"
    assert "7,000 km" in (root.findtext(f"{SVG}desc") or "")
    assert svg == to_svg(tcd_of_plan(_plan())), "the same each time"  # type: ignore[arg-type]


def test_control_letters_do_not_break_svg() -> None:
    words = Words(x=1, y=2, text="a\x00b\x1bc")
    drawing = Drawing(width=10, height=10, title="\x01", description="", shapes=(words,))
    ET.fromstring(to_svg(drawing))  # noqa: S314 - our own text


def test_png_has_two_pixels_for_each_of_the_drawing() -> None:
    drawing = _tornado(1)
    png = to_png(drawing)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (round(2 * drawing.width), round(2 * drawing.height))


def test_png_without_matplotlib_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    with pytest.raises(RequestError, match=r"PNG needs matplotlib.*charts"):
        to_png(_tornado(1))


@pytest.mark.parametrize(
    ("path", "suffix"), [(None, ".svg"), ("a.svg", ".svg"), ("b/c.PNG", ".png")]
)
def test_the_suffix_decides(path: str | None, suffix: str) -> None:
    assert pictures.checked_suffix(path) == suffix


@pytest.mark.parametrize("path", ["a.pdf", "svg", "a.svg.txt", ""])
def test_other_suffixes_are_refused(path: str) -> None:
    with pytest.raises(RequestError, match=r"neither \.svg nor \.png"):
        pictures.checked_suffix(path)


def test_no_way_through_is_a_picture_too() -> None:
    plan = answers.plan("free", "Free")
    for kind in pictures.CHARTS:
        drawing = pictures.chart_of_plan(kind, plan, None)  # type: ignore[arg-type]
        assert "no way through" in drawing.description


@pytest.mark.parametrize(
    ("most", "least", "expected"),
    [
        (10.0, 0.0, (0, 2, 4, 6, 8, 10)),
        (46.8, 0.0, (0, 10, 20, 30, 40)),
        (6.1, -5.2, (-4, -2, 0, 2, 4, 6)),
        (0.0, 0.0, (0,)),
    ],
)
def test_ticks_are_round(most: float, least: float, expected: tuple[float, ...]) -> None:
    assert ticks(most, least=least) == pytest.approx(expected)


def test_long_texts_are_cut_with_an_ellipsis() -> None:
    assert shortened("Bandar Abbas", 12, 500) == "Bandar Abbas"
    cut = shortened("Bandar Abbas, Shahid Rajaee", 12, 80)
    assert cut.endswith("…")
    assert text_width(cut, 12) <= 80


def test_itineraries_without_legs_are_not_drawn() -> None:
    bare: Itinerary = replace(answers.itinerary("x", "X"), legs=())
    assert distinct([bare]) == []
