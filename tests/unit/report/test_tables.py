from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fakes import answers
from landbridge.domain.arcs import BorderArc
from landbridge.domain.itinerary import Bounds, Flag, Percentiles
from landbridge.report.basis import Basis
from landbridge.report.compare import compare
from landbridge.report.figures import Scale, days, days_span
from landbridge.report.flags import abbreviate, legend
from landbridge.report.page import Column, Paper, folded, listing, width_of
from landbridge.report.tables import comparison_table, plan_table

BASIS = Basis(published=32, estimated=22, assumed=30)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [76, 80, 100, 131, 132, 140, 200])
@pytest.mark.parametrize("is_ascii", [False, True])
@pytest.mark.parametrize("units", [1, 3, 10_000])
def test_comparison_fits_and_cuts_no_figure(width: int, units: int, *, is_ascii: bool) -> None:
    plans = answers.plans(asked=answers.request(units=units))
    text = comparison_table(
        compare(plans, basis=BASIS, show_all=True), Paper(width=width, is_ascii=is_ascii)
    )
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in text
    assert text.isascii() is is_ascii
    spans = ("37.0", "27.8-55.5", "33.0*", "5,200*", "3,640-8,320")
    if Paper(width=width).is_wide:
        spans = ("37.0 (27.8-55.5)", "33.0 (24.8-49.5)*", "5,200 (3,640-8,320)*")
    for figure in ("14,725", "6,890*", "25,000", *spans):
        assert sum(figure in line for line in lines) >= 1, figure
    assert lines[-1] == BASIS.line()


def test_headings_stand_over_their_figures() -> None:
    lines = comparison_table(compare(answers.plans()), Paper(width=80)).splitlines()
    head = next(line for line in lines if line.startswith("corridor"))
    row = next(line for line in lines if line.startswith("Suez to the Baltic"))
    assert head.index("km") + 2 == row.index("14,725") + 6


def test_the_mark_survives_without_colour_and_colour_only_adds_to_it() -> None:
    comparison = compare(answers.plans(), basis=BASIS)
    plain = comparison_table(comparison, Paper(width=140))
    colour = comparison_table(comparison, Paper(width=140, is_colour=True))
    assert "\x1b" not in plain
    assert "\x1b[1;32m" in colour
    stripped = "\n".join(line.rstrip() for line in ANSI.sub("", colour).splitlines())
    assert stripped == plain.rstrip("\n")


def test_money_per_unit_is_shown_for_more_than_one() -> None:
    many = compare(answers.plans(asked=answers.request(units=4)))
    assert "per unit" in comparison_table(many, Paper(width=140))
    assert "1,300" in comparison_table(many, Paper(width=140)), "5,200 USD over four"
    assert "per unit" not in comparison_table(compare(answers.plans()), Paper(width=140))


def test_corridors_without_a_row_stand_in_one_sentence_with_the_reason() -> None:
    text = comparison_table(compare(answers.plans()), Paper(width=80))
    sentence = " ".join(text.split())
    reason = "northeast: closed 1 December to 30 June (and 1 more)"
    assert f"Not shown, {reason}: Northern Sea Route." in sentence


def test_no_way_at_all_is_said_once() -> None:
    text = comparison_table(
        compare((answers.plan("free", "F"), answers.plan("x", "X"))), Paper(width=80)
    )
    assert text.count("No way through") == 1
    assert "corridor  " not in text


@pytest.mark.parametrize("width", [80, 140])
def test_plan_has_one_row_per_leg_and_totals(width: int) -> None:
    text = plan_table(answers.plans()[2], Paper(width=width), basis=BASIS)
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    kinds = [line.split()[0] for line in lines if line[:1].isalpha()]
    for kind in ("drayage", "sea", "transfer", "rail", "border", "all"):
        assert kind in kinds
    assert "33.0/44.0/66.0" in text
    assert "do not add up" in " ".join(text.split())
    assert "(prohibited)" in text
    assert "Vessel call is a trigger" in text


def test_plan_without_a_way_gives_all_reasons() -> None:
    text = plan_table(answers.plans()[5], Paper(width=80))
    assert "closed 1 December to 30 June" in text
    assert "not allowed" in text


def test_ascii_paper_transliterates_names() -> None:
    text = plan_table(answers.plans()[0], Paper(width=80, is_ascii=True))
    assert "Constanta, RO" in text


def test_markup_in_names_is_text() -> None:
    itinerary = answers.itinerary("free", "[bold]x[/bold] :ship:")
    text = comparison_table(compare((answers.plan("free", "x", itinerary),)), Paper(width=140))
    assert "[bold]x[/bold] :ship:" in text


@pytest.mark.parametrize(
    ("hours", "text"), [(12.0, "0.5"), (238.7, "9.9"), (239.0, "10.0"), (24 * 33.44, "33.4")]
)
def test_days(hours: float, text: str) -> None:
    assert days(hours) == text


def test_days_span() -> None:
    assert days_span(Percentiles(p10=24.0, p50=48.0, p90=300.0)) == "2.0 (1.0-12.5)"


@pytest.mark.parametrize(
    ("high", "unit", "text"),
    [(999.0, "USD", "500"), (99_990.0, "USD", "500"), (100_000.0, "kUSD", "0.5"),
     (1e8, "MUSD", "0.1")],
)  # fmt: skip
def test_one_scale_per_column(high: float, unit: str, text: str) -> None:
    scale = Scale([Bounds(low=0, central=0, high=high)], units=("USD", "kUSD", "MUSD"))
    assert (scale.unit, scale.figure(500.0 if high < 1e8 else 60_000.0)) == (unit, text)


def test_flags_show_the_gravest_of_each_kind_in_a_fixed_order() -> None:
    flags = [
        Flag(kind="season", severity="warning", text=""),
        Flag(kind="sanctions", severity="prohibited", text=""),
        Flag(kind="sanctions", severity="warning", text=""),
        Flag(kind="war_risk", severity="restricted", text=""),
    ]
    assert abbreviate(flags) == "S!! W! C"
    text = legend([answers.itinerary("x", "X", flags=tuple(flags))])
    assert text == (
        "Flags: S sanctions (number: measures), W war-risk area, C seasonal closure, "
        "! restricted, !! prohibited."
    )
    assert legend([answers.itinerary("x", "X")]) == ""


def test_listing_folds_long_text_but_no_figure() -> None:
    rows = [{"id": "PORT-X", "km": 1234567.5, "note": "word " * 60}]
    columns = [
        Column(key="id", is_fixed=True), Column(key="km", is_figure=True), Column(key="note"),
    ]  # fmt: skip
    text = listing(rows, columns, Paper(width=80))
    assert max(map(len, text.splitlines())) <= 80
    assert "1,234,568" in text
    assert text.count("word") == 60


@pytest.mark.parametrize("width", [60, 76, 80, 140])
def test_listing_of_many_columns_keeps_all_of_them(width: int) -> None:
    rows = [
        {"name": "rail.speed.express_block_km_per_d", "low": 1234.5, "unit": "USD/TEU-km",
         "quality": "published", "evidence": ("ST001", "ST003", "ST007", "TT071"),
         "note": "a note that is long enough to need folding somewhere"}
    ]  # fmt: skip
    columns = [Column(key=key, is_figure=key == "low", is_fixed=key == "name") for key in rows[0]]
    text = listing(rows, columns, Paper(width=width))
    assert max(map(len, text.splitlines())) <= max(width, 76)
    letters = text.replace("\n", "").replace(" ", "")
    assert "1,234.5" in text
    assert sum(letters.count(source) for source in ("ST001", "ST003", "ST007", "TT071")) == 4
    assert "…" not in text


@pytest.mark.parametrize("width", [76, 80, 131, 132, 140])
def test_the_widest_answer_still_shows_every_figure_and_flag(width: int) -> None:
    kinds = ("sanctions", "war_risk", "season", "event", "planned_link", "draught")
    flags = tuple(Flag(kind=kind, severity="prohibited", text="") for kind in kinds)
    dear = answers.itinerary(
        "free", "A corridor with a title that goes on and on", km=123_456, days=123,
        usd=630_000, value_usd=700_000, flags=flags,
    )  # fmt: skip
    cheap = answers.itinerary("x", "X", value_usd=800_000)
    plans = (answers.plan("free", "F", dear), answers.plan("x", "X", cheap))
    text = comparison_table(compare(plans), Paper(width=width))
    assert max(map(len, text.splitlines())) <= width
    for shown in (
        "123,456",
        "123.0",
        "92.2-184.5",
        "630.0",
        "441.0-1,008.0",
        "kUSD",
        "flags",
        "41,150",
    ):
        assert shown in text, shown
    for letter in "SWCEPD":
        assert f"{letter}!!" in text, letter


def test_free_is_named_after_the_corridor_that_it_coincides_with() -> None:
    rows = {option.corridor: option.title for option in compare(answers.plans()).options}
    same = answers.itinerary("free", "No corridor rule")
    other = answers.itinerary("x", "X")
    assert rows["free"].startswith("free (= ")
    apart = compare(
        (
            answers.plan("free", "No corridor rule", replace(same, legs=same.legs[:-1])),
            answers.plan("x", "X", other),
        )
    )
    assert {option.title for option in apart.options} == {"No corridor rule", "X"}


def test_corridors_far_dearer_than_the_best_stand_below_with_how_many_times() -> None:
    text = " ".join(comparison_table(compare(answers.plans()), Paper(width=80)).split())
    assert "far dearer than the best" in text
    assert "Cape of Good Hope to the Baltic 3.5 times" in text


def test_short_stops_inside_a_customs_territory_stand_together() -> None:
    whole = answers.itinerary("free", "F", borders=1)
    inner = answers.leg("border", "rail", answers.CONSTANTA, answers.ASTARA, days=0.05, usd=60.0)
    frontier = BorderArc(
        crossing="X-BG-RO-1", mode="rail", country_from="RO", country_to="BG", is_inner=True
    )
    inner = replace(inner, arcs=(frontier,))
    longer = replace(whole, legs=(*whole.legs[:-1], inner, whole.legs[-1]))
    text = plan_table(answers.plan("free", "F", longer), Paper(width=80))
    rows = [line.split()[0] for line in text.splitlines() if line[:1].isalpha()]
    assert rows.count("border") == 1
    assert rows.count("inner") == 1
    assert "RO-IR" in text
    assert "60" in next(line for line in text.splitlines() if line.startswith("inner"))


@pytest.mark.parametrize("width", [1, 2, 5, 20])
def test_folding_keeps_every_letter_and_the_width(width: int) -> None:
    text = "  Владивосток 釜山港 a" + "x" * 30
    lines = folded(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(width_of, lines)) <= max(width, 4)


def test_wide_letters_take_two_columns() -> None:
    assert (width_of("釜山"), width_of("n\u0301"), width_of("abc")) == (4, 1, 3)
