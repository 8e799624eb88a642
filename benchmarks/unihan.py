"""Readings of Chinese characters by Unihan, as signs, with their shares.

Japanese readings come in the shapes that they take inside names: long vowels written short, the
first consonant voiced, verbs and adjectives by their stem.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from anyascii import anyascii

from landbridge.compliance.lists.signs import signs_of

ON, KUN, HANGUL = "kJapaneseOn", "kJapaneseKun", "kHangul"
SHARES = {ON: 1.0, KUN: 1.0, "kCantonese": 0.25, HANGUL: 0.25, "kVietnamese": 0.15}
USUAL = re.compile(r"\t(?:kGradeLevel|kFrequency|kIICore)\t")
VOICED = (
    ("k", "g"), ("s", "z"), ("t", "d"), ("h", "b"), ("h", "p"), ("f", "b"), ("S", "J"), ("S", "j"),
    ("C", "J"), ("C", "j"), ("T", "z"),
)  # fmt: skip
CUT_SHORT = ("Tu", "ku", "Ci", "ki")
MOST = 5


def unihan_readings(path: Path) -> dict[str, dict[str, float]]:
    """Return the readings of the characters in usual use, with shares that add to one."""
    usual = set()
    with path.with_name("Unihan_DictionaryLikeData.txt").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+") and USUAL.search(line):
                usual.add(_character(line))
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("U+"):
                continue
            _, field, text = line.rstrip("\n").split("\t")
            if field not in SHARES or (character := _character(line)) not in usual:
                continue
            into = found[character]
            for reading in text.split()[:MOST]:
                for signs, share in _shapes(field, reading).items():
                    if signs:
                        into[signs] = max(into.get(signs, 0.0), share * SHARES[field])
    return {
        character: {signs: share / sum(into.values()) for signs, share in into.items()}
        for character, into in found.items()
    }


def _character(line: str) -> str:
    return chr(int(line[2 : line.index("\t")], 16))


def _shapes(field: str, reading: str) -> dict[str, float]:
    if field not in {ON, KUN}:
        said = reading.partition(":")[0] if field == HANGUL else reading
        return {signs_of(re.sub(r"\d", "", anyascii(said).lower())): 1.0}
    said = reading.lower()
    short = re.sub(r"ou|oo|uu", lambda found: found.group()[0], said)
    shapes = {signs_of(said): 0.4}
    shapes[signs_of(short)] = 1.0
    for mute, voiced in VOICED:
        if signs_of(short).startswith(mute):
            shapes[voiced + signs_of(short)[1:]] = 0.35
    for shape, share in tuple(shapes.items()):
        if field == ON and len(shape) > 3 and shape.endswith(CUT_SHORT):
            shapes[shape[:-2]] = max(shapes.get(shape[:-2], 0.0), 0.2 * share)
        elif field == KUN and len(said) >= 4 and said.endswith("i") and shape.endswith("i"):
            shapes[shape[:-1]] = max(shapes.get(shape[:-1], 0.0), 0.5 * share)
        elif field == KUN and len(said) > 4 and said.endswith("u") and shape.endswith("u"):
            stem = f"{shape[:-1]}i"
            shapes[stem] = max(shapes.get(stem, 0.0), 0.3 * share)
    return shapes
