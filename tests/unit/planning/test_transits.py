"""Tables are made where they are missed often, for the very frame and weights; no frame is held."""

from __future__ import annotations

import gc
from typing import Any
from weakref import ref

import pytest

from landbridge.domain.network import Corridor
from landbridge.planning.rule import NO_BAN, Ban
from landbridge.planning.transits import OFTEN, Question, Transits

CORRIDOR = Corridor(id="c", title="c", required=(("X",),), forbidden=(), modes=(), note="")
SHUT: frozenset[str] = frozenset()


class Owner:
    """A frame: only which one it is matters."""


def question(frame: Owner, weights: bytes) -> Question:
    return Question(frame=frame, weights=weights, corridor=CORRIDOR, modes=SHUT)


def asked(transits: Transits, frame: Owner, weights: bytes, made: Any) -> Any:
    return transits.of(question(frame, weights), SHUT, NO_BAN, lambda _: lambda: made)


def test_tables_are_of_their_frame_and_weights_alone() -> None:
    transits, frame = Transits(), Owner()
    tables = object()
    for _ in range(OFTEN):
        assert asked(transits, frame, b"w", tables) is None
    transits.finish()
    assert asked(transits, frame, b"w", None) is tables
    assert asked(transits, Owner(), b"w", None) is None
    assert asked(transits, frame, b"v", None) is None
    for _ in range(100):  # the ids of those that are gone come again
        assert asked(transits, Owner(), b"w", None) is None


def test_frames_are_not_held() -> None:
    transits, frame = Transits(), Owner()
    for _ in range(OFTEN):
        asked(transits, frame, b"w", object())
    transits.finish()
    gone = ref(frame)
    del frame
    gc.collect()
    assert gone() is None
    assert len(transits) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_tables_that_cannot_be_made_keep_no_others_from_being_made() -> None:
    transits, frame, weights = Transits(), Owner(), b"w"

    def fails() -> Any:
        raise MemoryError

    for _ in range(OFTEN):
        transits.of(question(frame, weights), SHUT, NO_BAN, lambda _: fails)
    transits.finish()
    for _ in range(OFTEN):
        asked(transits, Owner(), weights, object())
        asked(transits, frame, weights, object())
    transits.finish()
    assert len(transits) == 1


def test_a_ban_without_a_way_gets_tables_of_its_own() -> None:
    transits, of = Transits(), question(Owner(), b"w")
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
