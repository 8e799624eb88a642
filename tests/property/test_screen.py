from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import answers
from landbridge.compliance.journey import Journey
from landbridge.compliance.measure import Measure, Severity
from landbridge.compliance.rulebook import Rulebook, load_rulebook
from landbridge.compliance.screen import screen
from landbridge.compliance.screener import Screener
from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.report.compare import NEVER_BEST, compare

if TYPE_CHECKING:
    from pathlib import Path

    from landbridge.scenarios.case import Case

BOOK = load_rulebook()
CODES = st.sampled_from(["us", "eu", "uk"])
FREE_COUNTRIES = ("AR", "AU", "BR", "CL", "EG", "ID", "JP", "KE", "MX", "MA", "NZ", "PE", "TH",
                  "VN", "ZA", "MY", "PH", "KR", "NG", "CI")  # fmt: skip
"""Countries that no measure names in any role."""
FREE_GOODS = ("general", "food", "reefer", "machinery", "oil", "dual-use", "iron-steel", "vehicles")


def few(*items: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(items), max_size=2)


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    starts = draw(st.dates(date(2024, 1, 1), date(2026, 1, 1)))
    return Measure(
        id=f"X{draw(st.integers(0, 99)):02}",
        jurisdiction=draw(CODES),
        target="made up",
        targets=draw(few("IR", "RU", "AZ")),
        subject="made up",
        instrument="made up",
        restriction="made up",
        severity=draw(st.sampled_from(list(Severity)[1:])),
        severity_secondary=draw(st.sampled_from([None, Severity.RESTRICTED])),
        severity_eased=draw(st.sampled_from([None, Severity.WARNING])),
        goods_eased=draw(few("general", "food")),
        applies_to=draw(st.sampled_from(["persons", "both", "secondary", "territorial"])),
        in_force_from=starts,
        in_force_to=draw(st.one_of(st.none(), st.just(starts + timedelta(days=400)))),
        origins=draw(few("IN", "CN")),
        destinations=draw(few("RU", "CN")),
        ends=draw(few("IN", "RU")),
        transits=draw(few("IR", "AZ")),
        countries=draw(few("IR", "RU", "CN")),
        terminals=draw(few("PORT-BANDARABBAS", "PORT-NHAVASHEVA", "B003")),
        regions=frozenset(),
        passages=draw(few("hormuz", "suez")),
        modes=draw(few("sea", "rail")),
        goods=draw(st.one_of(st.none(), few("general", "food"))),
        requires=draw(st.sampled_from(["", "", "operator", "service"])),
        required_values=frozenset({"IRISL"}),
        exceptions="",
        is_verified=draw(st.booleans()),
        source="made up",
    )


def bare(option: Itinerary) -> Itinerary:
    """Return what of an itinerary no measure may touch."""
    return replace(option, flags=(), status="", title="")


def screened(plans: tuple[Plan, ...], book: Rulebook) -> tuple[Plan, ...]:
    screener = Screener(book)
    return tuple(screener.screened(plan) for plan in plans)


@pytest.fixture(autouse=True, scope="module")
def _no_lists(tmp_path_factory: pytest.TempPathFactory) -> object:
    patch = pytest.MonkeyPatch()
    folder: Path = tmp_path_factory.mktemp("cache")
    patch.setattr("landbridge.compliance.screener.lists_folder", lambda: folder / "lists")
    yield
    patch.undo()


@settings(max_examples=40, deadline=None)
@given(
    few_=st.lists(measures(), max_size=3),
    more=st.lists(measures(), max_size=5),
    codes=st.lists(CODES, unique=True, max_size=2),
    operator=st.sampled_from(["", "IRISL", "Maersk"]),
)
def test_measures_change_status_and_rank_but_never_what_exists(
    few_: list[Measure], more: list[Measure], codes: list[str], operator: str
) -> None:
    asked = replace(answers.request(), jurisdictions=tuple(codes), operator=operator)
    plans = answers.plans(asked=asked)
    before = screened(plans, Rulebook(measures=tuple(few_), channels=()))
    after = screened(plans, Rulebook(measures=(*few_, *more), channels=()))
    for plain, one, two in zip(plans, before, after, strict=True):
        assert one.blockers == two.blockers == plain.blockers
        assert [bare(i) for i in one.itineraries] == [bare(i) for i in plain.itineraries]
        assert [bare(i) for i in two.itineraries] == [bare(i) for i in plain.itineraries]
        if not codes:
            assert [i.status for i in two.itineraries] == [i.status for i in plain.itineraries]
            assert all(f.severity in {"none", "warning"} or f.kind != "sanctions"
                       for i in two.itineraries for f in i.flags if f.measure)  # fmt: skip
    rows_before, rows_after = compare(before), compare(after)
    assert {o.corridor for o in rows_before.options} == {o.corridor for o in rows_after.options}
    assert rows_before.not_applicable == rows_after.not_applicable
    if not codes:
        assert [o.corridor for o in rows_before.options] == [o.corridor for o in rows_after.options]
    for marked in rows_after.best().values():
        assert all(rows_after.options[k].status not in NEVER_BEST for k in marked)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    ends=st.lists(st.sampled_from(FREE_COUNTRIES), min_size=2, max_size=5, unique=True),
    modes=st.frozensets(st.sampled_from(["sea", "rail", "road", "iww"]), min_size=1),
    passages=few("suez", "malacca", "panama", "cape"),
    goods=st.sampled_from(FREE_GOODS),
    day=st.dates(date(2020, 1, 1), date(2027, 12, 31)),
    operator=st.sampled_from(["", "Maersk", "MSC", "ONE"]),
    flag=st.sampled_from(["", "PA", "LR", "SG"]),
)
def test_journeys_that_fall_under_nothing_trigger_nothing(
    ends: list[str], modes: frozenset[str], passages: frozenset[str], goods: str, day: date,
    operator: str, flag: str,
) -> None:  # fmt: skip
    stated = {"operator": frozenset({operator})} if operator else {}
    stated |= {"vessel_flag": frozenset({flag})} if flag else {}
    way = Journey(
        id="r", origin=ends[0], destination=ends[1], countries=frozenset(ends),
        terminals=frozenset({f"PORT-{code}XXX" for code in ends}), passages=passages, modes=modes,
        goods=goods, depart=day, stated=stated,
    )  # fmt: skip
    for code in BOOK.codes:
        found = screen(way, BOOK, [code])
        assert (found.verdict, found.status) == ("none", "open")
        assert found.to_dict()["measures"] == []


def test_the_real_planner_finds_the_same_under_any_rulebook(case: Case) -> None:
    import landbridge

    empty = replace(case, rulebook=Rulebook(measures=(), channels=()))
    plain = landbridge.compare("Mumbai", "Moscow", depart="2026-08-01", case=empty)
    shown = landbridge.compare("Mumbai", "Moscow", depart="2026-08-01", case=case)
    asked = landbridge.compare(
        "Mumbai", "Moscow", depart="2026-08-01", jurisdictions=["eu"], case=case
    )
    assert [bare(o) for o in plain.options] == [bare(o) for o in shown.options]
    by_corridor = {o.corridor: bare(o) for o in plain.options}
    assert {o.corridor: bare(o) for o in asked.options} == by_corridor
    assert {o.status for o in asked.options} >= {"open", "prohibited"}
    assert asked.options[0].status == "open"
    assert plain.provenance.rulebook != shown.provenance.rulebook
