"""What stands on a day changes only where a fact, a season or a month begins or ends."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.domain.arcs import Arc, BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.dated import first_day
from landbridge.domain.request import Scope
from landbridge.graph.standing import Standing
from landbridge.models.prices import freight_index, price_factor
from landbridge.models.pricing import Pricing
from landbridge.scenarios.case import Case

YEARS = range(2000, 2031)
ARCS: tuple[Arc, ...] = (
    HaulArc(mode="sea", country="", vehicle="mainline", distance_km=5000.0),
    HaulArc(mode="rail", country="RU", vehicle="block", distance_km=1000.0),
    PassageArc(passage="suez", vehicle="mainline", distance_km=193.0),
    BorderArc(crossing="B008", mode="road", country_from="RU", country_to="GE"),
    TransferArc(
        terminal="PORT-ASTRAKHAN", country="RU", role="transfer", mode_from="sea",
        mode_to="rail", vehicle_from="caspian_feeder", vehicle_to="block",
    ),
    TransferArc(
        terminal="PORT-MUNDRA", country="IN", role="origin", mode_from="", mode_to="sea",
        vehicle_to="mainline",
    ),
)  # fmt: skip


def after(text: str) -> date:
    """Return the first day behind a date that may be cut to its month or year."""
    first = first_day(text)
    if len(text) == 10:
        return first + timedelta(days=1)
    if len(text) == 7:
        return (first + timedelta(days=32)).replace(day=1)
    return date(first.year + 1, 1, 1)


@pytest.fixture(scope="module")
def standing(case: Case) -> Standing:
    return Standing(case.dataset)


@pytest.fixture(scope="module")
def changes(case: Case, standing: Standing) -> list[date]:
    """Return every day on which anything may change, written from the rows alone."""
    days = {date(year, month, 1) for year in YEARS for month in range(1, 13)}
    for fact in standing.facts:
        days |= {first_day(fact.date_from)} if fact.date_from else set()
        days |= {after(fact.date_to)} if fact.date_to else set()
    for passage in case.dataset.passages:
        for year in YEARS:
            for text, shift in ((passage.season_open, 0), (passage.season_close, 1)):
                if text:
                    day = date.fromisoformat(f"{year}-{text}") + timedelta(days=shift)
                    days.add(day)
    return sorted(days)


@settings(max_examples=30, deadline=None)
@given(
    day=st.dates(date(2000, 1, 2), date(2029, 12, 1)),
    share=st.floats(0.0, 1.0),
    is_given=st.booleans(),
)
def test_nothing_changes_inside_a_window(
    case: Case, standing: Standing, changes: list[date], day: date, share: float, is_given: bool
) -> None:
    k = bisect_right(changes, day)
    begin, end = changes[k - 1], changes[k]
    other = begin + timedelta(days=int(share * ((end - begin).days - 1)))
    dataset = case.dataset
    ids = [row.id for row in (*dataset.crossings, *dataset.passages, *dataset.terminals)]
    ids += [f"{passage.id}@mainline" for passage in dataset.passages]
    for id_ in ids:
        here = standing.shut(id_, day, is_given=is_given)
        there = standing.shut(id_, other, is_given=is_given)
        assert (here is None) == (there is None), id_
        if here is not None and there is not None:
            assert here.fact == there.fact
    one = standing.links_off(day, is_given=is_given)
    two = standing.links_off(other, is_given=is_given)
    assert one.keys() == two.keys()
    assert all((one[net] == two[net]).all() for net in one)
    assert freight_index(case.parameters, day) == freight_index(case.parameters, other)
    assert price_factor(case.parameters, day.year) == price_factor(case.parameters, other.year)


def test_prices_of_one_month_are_the_same(case: Case) -> None:
    # the book of prices is kept by month
    def priced(day: date) -> list[object]:
        pricing = Pricing(
            case.parameters,
            consignment=Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="reefer"),
            depart=day, scope=Scope.DOOR, origin_country="IN",
        )  # fmt: skip
        return [pricing.expected(arc) for arc in ARCS]

    for year, month in ((2012, 2), (2021, 9), (2023, 12), (2024, 6), (2026, 1)):
        days = [date(year, month, day) for day in (1, 14, 28)]
        first, *others = (priced(day) for day in days)
        assert all(other == first for other in others)
    assert priced(date(2024, 6, 30)) != priced(date(2024, 7, 1))
