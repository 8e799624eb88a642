"""Names as they are being typed: places one of whose names begins with a text, in any script."""

from __future__ import annotations

import re
from itertools import islice

from landbridge.dataset.gazetteer import DOORS, Gazetteer
from landbridge.dataset.gazetteer_keys import ascii_key, key
from landbridge.dataset.gazetteer_rank import Match

TERMINAL_WEIGHT = 150_000
"""A terminal or crossing stands among towns as one of so many people would."""
MOST_HITS = 60_000
OWN, WHOLE = 30, 4
"""How much more a place's own name counts than another, and a whole name than a begun one."""
WHOLE_SCORE, BEGUN_SCORE = 100.0, 96.0


class Beginnings:
    """Looks up beginnings of names; holds all keys of a gazetteer in memory (8 MB)."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        files = gazetteer.files
        self._blob = b"\n" + bytes(files.array("keys"))
        self._starts = files.array("index_key_start")
        self._place_of_key = files.array("index_key_place")
        self._first = files.array("index_key_first")
        self._n_own = files.array("n_own")
        self._weight = files.array("weight").astype("int64")
        self._n_specials = gazetteer.n_specials

    def search(self, text: str, limit: int = 10) -> tuple[Match, ...]:
        """Return places with a name that begins with `text`, those of most people first.

        A whole name that is the text comes before names that only begin with it; a name written
        in another script is found by its Latin letters as well.
        """
        import numpy as np

        best: dict[int, int] = {}
        wholes: set[int] = set()
        for begun in dict.fromkeys((key(text), ascii_key(text))):
            if not begun:
                continue
            begun_bytes = begun.encode()
            hits = re.finditer(b"\n" + re.escape(begun_bytes), self._blob)
            at = np.fromiter((hit.start() for hit in islice(hits, MOST_HITS)), dtype=np.int64)
            numbers = np.searchsorted(self._starts, at, side="right") - 1
            places = self._place_of_key[numbers]
            is_own = numbers - self._first[places] < self._n_own[places]
            ends = np.minimum(at + len(begun_bytes) + 1, len(self._blob) - 1)
            is_whole = np.frombuffer(self._blob, dtype=np.uint8)[ends] == ord("\n")
            standing = self._weight[places] + TERMINAL_WEIGHT * (places < self._n_specials)
            rank = standing * np.where(is_own, OWN, 1) * np.where(is_whole, WHOLE, 1)
            wholes.update(places[is_whole].tolist())
            for place, value in zip(places.tolist(), rank.tolist(), strict=True):
                best[place] = max(value, best.get(place, 0))
        ordered = sorted(best, key=lambda number: (-best[number], number))
        found = ((number, self._gazetteer.place(number)) for number in ordered)
        doors = ((number, place) for number, place in found if place.kind in DOORS)
        return tuple(
            self._gazetteer.match(place, WHOLE_SCORE, "name")
            if number in wholes
            else self._gazetteer.match(place, BEGUN_SCORE, "begins so")
            for number, place in islice(doors, limit)
        )
