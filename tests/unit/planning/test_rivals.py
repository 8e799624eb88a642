"""Rivals of the way without a rule: what their weights count, and when they are worth a look."""

from __future__ import annotations

import math

import numpy as np
import pytest

from landbridge.models.draws import Draws, percentile
from landbridge.models.terms import Term, triple
from landbridge.planning.rivals import FIRST, RIVALS, around
from landbridge.planning.rule import Ban

HOURS = triple("time", (10.0, 16.0, 40.0), stream="time")
HEADWAY = triple("headway", (168.0, 168.0, 168.0), stream="headway")


@pytest.mark.parametrize(
    "term",
    [Term("running", 2.5, (HOURS,)), Term("wait", 1.0, (HEADWAY,), "wait")],
    ids=["product", "wait"],
)
def test_spread_is_what_draws_have_between_p50_and_p90(term: Term) -> None:
    rising = np.sort(term.draws(Draws(samples=20_000)))
    apart = float(percentile(rising, 0.9) - percentile(rising, 0.5))
    assert term.spread == pytest.approx(apart, rel=0.01)


def test_ways_by_one_weight_are_compared_by_it_and_others_are_not() -> None:
    assert [rival.most_weight(1000.0) for rival in RIVALS] == [math.inf, 999.0]
    assert FIRST.most_weight(1000.0) == around(frozenset({"IR"})).most_weight(1000.0) == math.inf


def test_the_way_around_avoids_what_the_goods_avoid_too() -> None:
    ban = Ban(ids=frozenset({"suez"}), countries=frozenset({"SY"}))
    assert FIRST.ban(ban) is ban
    wider = around(frozenset({"IR"})).ban(ban)
    assert (wider.ids, wider.countries) == (ban.ids, {"SY", "IR"})
