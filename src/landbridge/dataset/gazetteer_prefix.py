"""Names as they are being typed: places one of whose names begins with a text, in any script."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.dataset.gazetteer import DOORS, Gazetteer
from landbridge.dataset.gazetteer_keys import ascii_key, key
from landbridge.dataset.gazetteer_rank import Match

TERMINAL_WEIGHT = 150_000
"""A terminal or crossing stands among towns as one of so many people would."""
SORTED_BYTES = 8
"""So many first bytes of a key are sorted; what follows is compared."""
FIRST_RANKED = 256
"""So many places are put in order at first: hardly ever are more wanted."""
OWN, WHOLE = 30, 4
"""How much more a place's own name counts than another, and a whole name than a begun one."""
WHOLE_SCORE, BEGUN_SCORE = 100.0, 96.0


class Beginnings:
    """Looks up beginnings of names; holds the keys of a gazetteer and their order in memory."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        files = gazetteer.files
        keys = np.asarray(files.array("keys"), np.uint8)
        self._blob = np.concatenate([keys, np.full(SORTED_BYTES, ord("\n"), np.uint8)])
        self._starts = np.asarray(files.array("index_key_start"))
        self._place_of_key = np.asarray(files.array("index_key_place"))
        self._first = np.asarray(files.array("index_key_first"))
        self._n_own = np.asarray(files.array("n_own"))
        self._weight = np.asarray(files.array("weight")).astype("int64")
        self._n_specials = gazetteer.n_specials
        heads = np.zeros(len(self._starts), np.uint64)
        for position in range(SORTED_BYTES):
            heads = (heads << np.uint64(8)) | self._blob[self._starts + position]
        self._order = np.argsort(heads, kind="stable").astype(np.int32)
        self._heads = heads[self._order]

    def search(self, text: str, limit: int = 10) -> tuple[Match, ...]:
        """Return places with a name that begins with `text`, those of most people first.

        A whole name that is the text comes before names that only begin with it; a name written
        in another script is found by its Latin letters as well.
        """
        begun = [begin.encode() for begin in dict.fromkeys((key(text), ascii_key(text))) if begin]
        if not begun:
            return ()
        hits = [self._hits(begin) for begin in begun]
        places, rank, is_whole = (np.concatenate(column) for column in zip(*hits, strict=True))
        wholes = set(places[is_whole].tolist())
        found = ((number, self._gazetteer.place(number)) for number in _ranked(places, rank))
        doors = ((number, place) for number, place in found if place.kind in DOORS)
        return tuple(
            self._gazetteer.match(place, WHOLE_SCORE, "name")
            if number in wholes
            else self._gazetteer.match(place, BEGUN_SCORE, "begins so")
            for number, place in islice(doors, limit)
        )

    def _hits(self, begin: bytes) -> tuple[npt.NDArray[Any], ...]:
        """Return the places of keys that begin so, how they rank, and whether they are no more."""
        head, rest = begin[:SORTED_BYTES], begin[SORTED_BYTES:]
        low = int.from_bytes(head.ljust(SORTED_BYTES, b"\0"))
        high = int.from_bytes(head.ljust(SORTED_BYTES, b"\xff"))
        first = np.searchsorted(self._heads, np.uint64(low), side="left")
        last = np.searchsorted(self._heads, np.uint64(high), side="right")
        numbers = self._order[first:last]
        for position, byte in enumerate(rest, start=SORTED_BYTES):
            # a key that ends before is told by the end of its line, and read no further
            numbers = numbers[self._blob[self._starts[numbers] + position] == byte]
        places = self._place_of_key[numbers]
        is_own = numbers - self._first[places] < self._n_own[places]
        is_whole = self._blob[self._starts[numbers] + len(begin)] == ord("\n")
        standing = self._weight[places] + TERMINAL_WEIGHT * (places < self._n_specials)
        rank = standing * np.where(is_own, OWN, 1) * np.where(is_whole, WHOLE, 1)
        return places, rank, is_whole


def _ranked(places: npt.NDArray[Any], rank: npt.NDArray[Any]) -> Iterator[int]:
    """Yield each place once, by its best rank, then by number; only as many as are asked for."""
    ordered = np.arange(len(places))
    if len(places) > FIRST_RANKED:
        least = np.partition(rank, -FIRST_RANKED)[-FIRST_RANKED]
        ordered = np.flatnonzero(rank >= least)
    given: set[int] = set()
    for chosen in (ordered, np.arange(len(places))):
        in_order = chosen[np.lexsort((places[chosen], -rank[chosen]))]
        for number in places[in_order].tolist():
            if number not in given:
                given.add(number)
                yield number
