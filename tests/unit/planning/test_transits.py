"""Tables are made where they are missed often, for the very frame and weights; no frame is held."""

from __future__ import annotations

import gc
from typing import Any
from weakref import ref

import pytest

from landbridge.domain.network import Corridor
from landbridge.planning.rule import NO_BAN, Ban
from landbridge.planning.transits import MOST_BYTES, OFTEN, Question, Transits

CORRIDOR = Corridor(id="c", title="c", required=(("X",),), forbidden=(), modes=(), note="")
SHUT: frozenset[str] = frozenset()


class Tables:
    """Tables: only which ones they are matters, and how large."""

    def __init__(self, n_bytes: int = 1, of: Any = None) -> None:
        self.n_bytes, self.of = n_bytes, of


class Owner:
    """A frame: only which one it is matters."""


def question(frame: Owner, weights: bytes) -> Question:
    return Question(frame=frame, weights=weights, corridor=CORRIDOR, modes=SHUT)


def asked(transits: Transits, frame: Owner, weights: bytes, made: Any) -> Any:
    return transits.of(question(frame, weights), SHUT, NO_BAN, lambda _: lambda: made)


def test_tables_are_of_their_frame_and_weights_alone() -> None:
    transits, frame = Transits(), Owner()
    tables = Tables()
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
        asked(transits, frame, b"w", Tables())
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
        asked(transits, Owner(), weights, Tables())
        asked(transits, frame, weights, Tables())
    transits.finish()
    assert len(transits) == 1


def test_a_ban_without_a_way_gets_tables_of_its_own() -> None:
    transits, of = Transits(), question(Owner(), b"w")
    ban = Ban(ids=frozenset({"X"}), countries=frozenset())

    def make(own: Ban) -> Any:
        return lambda: Tables(of=own)

    def found() -> Any:
        return transits.of(of, SHUT, ban, make)

    for _ in range(OFTEN):
        assert found() is None
    transits.finish()
    assert found().of == NO_BAN
    for _ in range(OFTEN):
        transits.missed(of, SHUT, ban, make)
    transits.finish()
    assert found().of == ban


def test_what_was_not_asked_for_the_longest_goes() -> None:
    transits, frame, half = Transits(), Owner(), Tables(MOST_BYTES // 2)

    def often(weights: bytes) -> None:
        for _ in range(OFTEN):
            asked(transits, frame, weights, half)
        transits.finish()

    often(b"a")
    often(b"b")
    assert asked(transits, frame, b"a", half) is half
    often(b"c")
    assert [asked(transits, frame, own, half) for own in (b"a", b"b", b"c")] == [half, None, half]


def test_tables_hold_where_more_is_shut() -> None:
    transits, of = Transits(), question(Owner(), b"w")

    def found(*shut: str) -> Any:
        return transits.of(of, frozenset(shut), NO_BAN, lambda _: lambda: Tables(of=shut))

    for _ in range(OFTEN):
        assert found("X", "Y") is None
    transits.finish()
    assert found("X", "Y", "Z").of == ("X", "Y")
    for _ in range(OFTEN):
        assert found("X") is None
    transits.finish()
    assert found("X", "Z").of == ("X",)
