"""Evidence that two names in different scripts are spellings of one, in nats.

The signs of the names are set against each other as cheaply as they can be (dynamic programming).
Each pair of signs, each sign left out, and each reading of a Chinese character counts with the log
of how much likelier it is between spellings of one name than between strangers; the sum is the
log likelihood ratio of the best alignment. So long and rare agreement weighs more than short and
common, and vowels that Arabic does not write cost little there. What the best part of the names
says counts twice, since names are stated short: Brás for São Brás de Alportel. The counts are
learned from names of towns (`benchmarks/learn_names.py`); `benchmarks/names.py` measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from landbridge.compliance.lists.signs import AT, CHINESE, SIGNS, Written, script_of, written
from landbridge.compliance.tables import path_of

SIGN_TABLE = "name_signs.csv"
READING_TABLE = "name_readings.csv"
GAP = "-"
REST = "*"
"""Weight of all pairs of signs that have none of their own."""
LEFT_OUT = -3.0
"""Nats for a word of one name that the other has nothing of: City, Amphoe, a river."""
ALIKE = 3.7
"""Nats from which a single pair is taken for one name: 1 % false alarms (`benchmarks.names`)."""
SURE = 30.0
"""Nats that a search among many thousand names asks for, for a score of `SURE_SCORE`."""
ALIKE_SCORE, SURE_SCORE = 60.0, 88.0
_NONE = -1e9
_KEPT = 1 << 14
Row = tuple[float, ...]
Heard = dict[int, list[tuple[int, int, int, float]]]
"""Readings found: by the end of a character its start, and start and end of the signs, nats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Nats of signs of one family of scripts against another's: pairs, and signs left out."""

    pairs: tuple[Row, ...]
    left: Row
    right: Row

    def turned(self) -> Weights:
        """Return the weights with the families changed about."""
        return Weights(pairs=tuple(zip(*self.pairs, strict=True)), left=self.right, right=self.left)


@cache
def _table(name: str) -> str:
    return path_of(name).read_text(encoding="utf-8")


@cache
def _weights(family: str, other: str) -> Weights | None:
    """Return the weights between two families, None where none were learned."""
    table, turned = _table(SIGN_TABLE), False
    if (start := table.find(f"\n{family},{other},")) < 0:
        family, other, turned = other, family, True
        start = table.find(f"\n{family},{other},")
    if start < 0:
        return None
    # the rows of two families stand together: the rest of a large table need not be read
    end = table.find("\n", table.rfind(f"\n{family},{other},") + 1)
    rows = (line.split(",") for line in table[start + 1 : end].split("\n"))
    found = _read([(sign, weights) for _, _, sign, weights in rows])
    return found.turned() if turned else found


def _read(lines: list[tuple[str, str]]) -> Weights:
    found = {
        sign: {part[0]: float(part[1:]) for part in text.split(" ") if part} for sign, text in lines
    }
    rest = found[REST][REST]
    return Weights(
        pairs=tuple(
            tuple(found.get(sign, {}).get(other, rest) for other in SIGNS) for sign in SIGNS
        ),
        left=tuple(found.get(sign, {}).get(GAP, rest) for sign in SIGNS),
        right=tuple(found[GAP].get(sign, rest) for sign in SIGNS),
    )


@lru_cache(maxsize=_KEPT)
def readings_of(character: str) -> tuple[tuple[str, float], ...]:
    """Return the readings of a Chinese character as signs, with nats; '' is for not being heard."""
    table = _table(READING_TABLE)
    if (start := table.find(f"\n{character},")) < 0:
        return ()
    text = table[start + len(character) + 2 : table.find("\n", start + 1)]
    pairs = (part.split(":") for part in text.split(" "))
    return tuple((signs, float(nats)) for signs, nats in pairs)


def are_comparable(a: str, b: str) -> bool:
    """Whether two names are in different scripts, so that `evidence` tells about them."""
    return "" != script_of(a) != script_of(b) != ""


@lru_cache(maxsize=_KEPT)
def evidence(a: str, b: str) -> float:
    """Return the nats that speak for two names in different scripts being spellings of one.

    Negative where more speaks against it. Names of one script, and pairs of scripts that nothing
    was learned of, are set against each other by the weights between Latin and Cyrillic.
    """
    one, other = written(a), written(b)
    if other.family == CHINESE != one.family:
        one, other = other, one
    weights = _weights(one.family, other.family) or _weights("LATIN", "CYRILLIC")
    if weights is None or not one.signs or not other.signs:
        return 0.0
    heard = _heard(one, other.signs) if one.family == CHINESE else {}
    whole = _aligned(one, other, weights, heard, is_part=False)
    return whole + _aligned(one, other, weights, heard, is_part=True)


def score_of(nats: float) -> float:
    """Return evidence as a score of 0 to 99: 60 where two names are taken for one, 88 if sure."""
    slope = (SURE_SCORE - ALIKE_SCORE) / (SURE - ALIKE)
    return min(99.0, max(0.0, ALIKE_SCORE + slope * (nats - ALIKE)))


def _heard(one: Written, signs: str) -> Heard:
    """Return where signs hold a reading of a character."""
    found: Heard = {}
    for start, end, character in one.units:
        into = found.setdefault(end, [])
        for reading, nats in readings_of(character):
            at = 0 if not reading else signs.find(reading)
            while at >= 0:
                into.append((start, at, at + len(reading), nats))
                at = signs.find(reading, at + 1) if at < len(signs) else -1
    return found


def _aligned(
    one: Written, other: Written, weights: Weights, heard: Heard, *, is_part: bool
) -> float:
    """Return the nats of the best alignment of the whole names, or of any part of each."""
    floor = 0.0 if is_part else _NONE
    y = [AT[sign] for sign in other.signs]
    gaps = [weights.right[sign] for sign in y]
    words = _words(other)
    before = _words(one)
    rows: list[list[float]] = []
    best = 0.0
    for i in range(len(one.signs) + 1):
        row = [floor] * (len(y) + 1)
        if i:
            over = rows[-1]
            sign = AT[one.signs[i - 1]]
            gap, pairs = weights.left[sign], weights.pairs[sign]
            row = [max(floor, over[0] + gap)] + [
                max(floor, over[j + 1] + gap, over[j] + pairs[letter]) for j, letter in enumerate(y)
            ]
            if i in before:
                row = [max(a, b + LEFT_OUT) for a, b in zip(row, rows[before[i]], strict=True)]
            for start, at, end, nats in heard.get(i, ()):
                row[end] = max(row[end], rows[start][at] + nats)
        else:
            row[0] = 0.0
        for j, gap in enumerate(gaps, 1):
            value = row[j - 1] + gap
            if j in words:
                value = max(value, row[words[j]] + LEFT_OUT)
            row[j] = max(row[j], value)
        rows.append(row)
        best = max(best, *row)
    return best if is_part else rows[-1][-1]


def _words(name: Written) -> dict[int, int]:
    """Return the start of each word by its end, where a name has several that may be left out."""
    if len(name.units) < 2 or name.family == CHINESE:
        return {}
    return {end: start for start, end, _ in name.units}
