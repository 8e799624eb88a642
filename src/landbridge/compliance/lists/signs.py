"""Names as rows of signs: the letters of a name as they sound, whatever script it is written in.

Letters are written in Latin (`names.words`), and groups of them that stand for one sound are one
sign: sh S, ch C, zh Z, kh X and so on. A Chinese character is a unit by itself, since others hear
it as they please (斯 is s; 坂 is saka or zaka); elsewhere a unit is a word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from landbridge.compliance.lists.names import words

SIGNS = "abcdefghijklmnopqrstuvwxyzSCJZTXGHQ0123456789"
AT = {sign: position for position, sign in enumerate(SIGNS)}
_SIGNS = {
    "shch": "S", "tzsch": "C", "tsch": "C", "dsch": "J", "sch": "S", "tch": "C", "tsh": "C",
    "dzh": "J", "ch": "C", "sh": "S", "zh": "Z", "cz": "C", "sz": "S", "dj": "J", "dz": "J",
    "ts": "T", "tz": "T", "kh": "X", "gh": "G", "th": "H", "ph": "f", "ck": "k", "qu": "Q",
    "ou": "u", "oo": "u", "ee": "i",
}  # fmt: skip
_GROUPS = re.compile("|".join(sorted(_SIGNS, key=lambda group: (-len(group), group))))
_DOUBLED = re.compile(r"(.)\1+")
_INDIC = (
    "DEVANAGARI", "BENGALI", "GURMUKHI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "GUJARATI",
    "ORIYA", "SINHALA",
)  # fmt: skip
_FAMILIES = {
    **{script: script for script in ("LATIN", "CYRILLIC", "ARABIC", "HEBREW", "CJK", "HANGUL")},
    **dict.fromkeys(("KATAKANA", "HIRAGANA"), "KANA"),
    **dict.fromkeys(_INDIC, "INDIC"),
    **dict.fromkeys(("GEORGIAN", "ARMENIAN"), "CAUCASIAN"),
    "GREEK": "GREEK", "THAI": "THAI",
}  # fmt: skip
CHINESE, OTHER = "CJK", "OTHER"
_KEPT = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A name as signs; `units` are its words or Chinese characters: start, end, and what it is."""

    family: str
    signs: str
    units: tuple[tuple[int, int, str], ...]


@lru_cache(maxsize=_KEPT)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def script_of(name: str) -> str:
    """Return the script that most letters of a name are of: LATIN, CYRILLIC, ...; '' for none."""
    if name.isascii():
        return "LATIN" if any(map(str.isalpha, name)) else ""
    counts: dict[str, int] = {}
    for letter in name:
        if letter.isalpha():
            script = _script(letter)
            counts[script] = counts.get(script, 0) + 1
    return max(sorted(counts), key=counts.__getitem__, default="")


def family_of(name: str) -> str:
    """Return the family of scripts that a name is written in."""
    return _FAMILIES.get(script_of(name), OTHER)


@lru_cache(maxsize=_KEPT)
def signs_of(word: str) -> str:
    """Return the signs of a word in lower-case Latin letters."""
    return _DOUBLED.sub(r"\1", _GROUPS.sub(lambda found: _SIGNS[found.group()], word))


@lru_cache(maxsize=_KEPT)
def _character(letter: str) -> str:
    return "".join(signs_of(word) for word in words(letter))


@lru_cache(maxsize=_KEPT)
def written(name: str) -> Written:
    """Return a name as signs, with its units."""
    family = family_of(name)
    if family == CHINESE:
        parts = [(_character(letter), letter) for letter in name if letter.isalpha()]
    else:
        parts = [(signs_of(word), word) for word in words(name)]
    units: list[tuple[int, int, str]] = []
    at = 0
    for signs, unit in parts:
        if signs:
            units.append((at, at + len(signs), unit))
            at += len(signs)
    return Written(family=family, signs="".join(signs for signs, _ in parts), units=tuple(units))
