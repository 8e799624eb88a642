"""Tables are made where they are missed often, for the very frame and pricing, and hold neither."""

from __future__ import annotations

import gc
from types import SimpleNamespace
from typing import Any
from weakref import ref

import pytest

from landbridge.domain.network import Corridor
from landbridge.domain.request import Objective
from landbridge.planning.rule import NO_BAN, Ban
from landbridge.planning.transits import OFTEN, Question, Transits

CORRIDOR = Corridor(id="c", title="c", required=(("X",),), forbidden=(), modes=(), note="")
SHUT: frozenset[str] = frozenset()


class Owner:
    """A frame or a pricing: only which one it is matters."""


def question(frame: Owner, pricing: Owner) -> Question:
    prices: Any = SimpleNamespace(pricing=pricing, objective=Objective.COST)
    return Question(frame=frame, prices=prices, corridor=CORRIDOR, modes=SHUT)


def asked(transits: Transits, frame: Owner, pricing: Owner, made: Any) -> Any:
    return transits.of(question(frame, pricing), SHUT, NO_BAN, lambda _: lambda: made)


def test_tables_are_of_their_frame_and_pricing_alone() -> None:
    transits, frame, pricing = Transits(), Owner(), Owner()
    tables = object()
    for _ in range(OFTEN):
        assert asked(transits, frame, pricing, tables) is None
    transits.finish()
    assert asked(transits, frame, pricing, None) is tables
    assert asked(transits, Owner(), pricing, None) is None
    assert asked(transits, frame, Owner(), None) is None
    for _ in range(100):  # the ids of those that are gone come again
        assert asked(transits, Owner(), Owner(), None) is None


def test_frames_and_pricings_are_not_held() -> None:
    transits = Transits()
    owners = Owner(), Owner()
    for _ in range(OFTEN):
        asked(transits, *owners, object())
    transits.finish()
    gone = [ref(owner) for owner in owners]
    del owners
    gc.collect()
    assert [own() for own in gone] == [None, None]
    assert len(transits) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_tables_that_cannot_be_made_keep_no_others_from_being_made() -> None:
    transits, frame, pricing = Transits(), Owner(), Owner()

    def fails() -> Any:
        raise MemoryError

    for _ in range(OFTEN):
        transits.of(question(frame, pricing), SHUT, NO_BAN, lambda _: fails)
    transits.finish()
    for _ in range(OFTEN):
        asked(transits, Owner(), pricing, object())
        asked(transits, frame, pricing, object())
    transits.finish()
    assert len(transits) == 1


def test_a_ban_without_a_way_gets_tables_of_its_own() -> None:
    transits, of = Transits(), question(Owner(), Owner())
    ban = Ban(ids=frozenset({"X"}), countries=frozenset())

    def make(own: Ban) -> Any:
        return lambda: own

    for _ in range(OFTEN):
        transits.of(of, SHUT, ban, make)
    transits.finish()
    assert transits.of(of, SHUT, ban, make) == NO_BAN
    for _ in range(OFTEN):
        transits.missed(of, SHUT, ban, make)
    transits.finish()
    assert transits.of(of, SHUT, ban, make) == ban
