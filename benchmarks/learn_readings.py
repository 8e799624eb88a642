"""Learn how Chinese characters are heard in names, by expectation maximization.

Each character of a name stands for a few signs of the name in Latin letters or kana, or for none.
What nothing is known of is taken to sound like Mandarin or to be read as Unihan has it.
"""

from __future__ import annotations

import csv
import math
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.towns import Town, is_machine_made
from landbridge.compliance.lists.signs import AT, CHINESE, family_of, written

Array = NDArray[np.float64]
Pair = tuple[tuple[str, ...], str]
ROUNDS = 5
CONCENTRATION = 1.5
"""Names that what is known beforehand of a character weighs like."""
LONGEST = 7
LENGTHS = (0.02, 0.12, 0.25, 0.25, 0.15, 0.12, 0.06, 0.03)
"""Chances of the lengths of a reading that nothing is known of."""
FREE, MANDARIN, BOOK = 0.25, 0.42, 0.35
"""Shares of anything, of what sounds like the Mandarin reading, and of Unihan's readings."""
UNREAD = 0.03
"""Chance of a sign that no character stands for."""
PRIOR_NATS = 1.0
LEAST_COUNT, LEAST_SHARE, MOST_READINGS = 1.2, 0.01, 10
MOST_SIGNS, MOST_CHARACTERS = 22, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is known beforehand: chances of signs between Latin and pinyin, and Unihan's readings.

    `common` and `common_chinese` say how common each sign is in Latin and in pinyin.
    """

    joint: Array
    left: Array
    right: Array
    common: Array
    common_chinese: Array
    book: Mapping[str, Mapping[str, float]]
    kept: dict[tuple[str, str], float] = field(default_factory=dict)

    def chance(self, character: str, signs: str) -> float:
        """Return the chance that a character is heard as these signs."""
        key = (character, signs)
        if key not in self.kept:
            anything = LENGTHS[len(signs)] * math.prod(self.common[AT[sign]] for sign in signs)
            known = self.book.get(character, {}).get(signs, 0.0)
            self.kept[key] = (
                FREE * anything + MANDARIN * self._mandarin(character, signs) + BOOK * known
            )
        return self.kept[key]

    def _mandarin(self, character: str, signs: str) -> float:
        """Return the chance of the signs given those of the Mandarin reading."""
        pinyin = [AT[sign] for sign in written(character).signs]
        if not signs or not pinyin:
            return 0.0
        row = [1.0, *[0.0] * len(pinyin)]
        for j, other in enumerate(pinyin, 1):
            row[j] = row[j - 1] * self.right[other]
        for sign in (AT[sign] for sign in signs):
            over, row = row, [row[0] * self.left[sign]]
            for j, other in enumerate(pinyin, 1):
                row.append(
                    max(
                        over[j] * self.left[sign],
                        row[j - 1] * self.right[other],
                        over[j - 1] * self.joint[sign, other],
                    )
                )
        return float(row[-1] / math.prod(self.common_chinese[other] for other in pinyin))


def reading_pairs(towns: list[Town]) -> Iterator[Pair]:
    """Return names in Chinese characters, each with the signs of a name in Latin or kana."""
    draw = random.Random(5)  # noqa: S311 - a draw of examples
    for town in towns:
        if CHINESE not in town.names:
            continue
        chinese = draw.sample(town.names[CHINESE], min(3, len(town.names[CHINESE])))
        others = [town.own] if family_of(town.own) == "LATIN" else []
        latin = [
            name
            for name in town.names.get("LATIN", ())
            if not is_machine_made(name) and name != town.own
        ]
        others += draw.sample(latin, min(2, len(latin)))
        others += [draw.choice(town.names[k]) for k in ("KATAKANA", "HIRAGANA") if k in town.names]
        for name in chinese:
            characters = tuple(letter for letter in name if letter.isalpha())
            for other in others:
                signs = written(other).signs
                if 2 <= len(signs) <= MOST_SIGNS and 1 <= len(characters) <= MOST_CHARACTERS:
                    yield characters, signs


def learn_readings(pairs: list[Pair], heard: Heard) -> dict[str, list[tuple[str, float]]]:
    """Return the readings of each character with their chances, the likeliest first."""
    counts: dict[tuple[str, str], float] = {}
    totals: dict[str, float] = {}
    for _ in range(ROUNDS):
        counts, totals = _round(pairs, heard, counts, totals)
    found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    known = {(c, signs) for c, readings in heard.book.items() for signs in readings}
    for character, signs in sorted(counts.keys() | known):
        count = counts.get((character, signs), 0.0)
        if len(signs) > LONGEST or (count < LEAST_COUNT and (character, signs) not in known):
            continue
        total = totals.get(character, 0.0) + CONCENTRATION
        share = (count + CONCENTRATION * heard.chance(character, signs)) / total
        if share > LEAST_SHARE:
            found[character].append((signs, share))
    return {
        character: sorted(found[character], key=lambda pair: (-pair[1], pair[0]))[:MOST_READINGS]
        for character in sorted(found)
    }


def _round(
    pairs: list[Pair],
    heard: Heard,
    counts: Mapping[tuple[str, str], float],
    totals: Mapping[str, float],
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Return expected counts of readings, given those of the round before."""
    into: defaultdict[tuple[str, str], float] = defaultdict(float)
    of: defaultdict[str, float] = defaultdict(float)
    chances: dict[tuple[str, str], float] = {}
    for characters, signs in pairs:
        n, length = len(characters), len(signs)
        unread = [heard.common[AT[sign]] * UNREAD for sign in signs]
        ahead = [[0.0] * (length + 1) for _ in range(n + 1)]
        ahead[0][0] = 1.0
        edges: list[list[tuple[int, int, float]]] = [[] for _ in characters]
        for i in range(n + 1):
            row = ahead[i]
            for j in range(1, length + 1):
                row[j] += row[j - 1] * unread[j - 1]
            if i == n:
                break
            character, below = characters[i], ahead[i + 1]
            total = totals.get(character, 0.0) + CONCENTRATION
            for j in range(length + 1):
                if row[j] <= 0.0:
                    continue
                for end in range(j, min(j + LONGEST, length) + 1):
                    key = (character, signs[j:end])
                    chance = chances.get(key)
                    if chance is None:
                        before = CONCENTRATION * heard.chance(*key)
                        chance = chances[key] = (counts.get(key, 0.0) + before) / total
                    below[end] += row[j] * chance
                    edges[i].append((j, end, chance))
        whole = ahead[n][length]
        if whole <= 0.0:
            continue
        told = math.log(whole) - sum(math.log(heard.common[AT[sign]]) for sign in signs)
        weight = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, told + PRIOR_NATS)))) / whole
        after = [0.0] * length + [1.0]
        for j in range(length - 1, -1, -1):
            after[j] = after[j + 1] * unread[j]
        for i in range(n - 1, -1, -1):
            here = [0.0] * (length + 1)
            for j, end, chance in edges[i]:
                here[j] += chance * after[end]
                gain = weight * ahead[i][j] * chance * after[end]
                if gain > 0.01:
                    into[characters[i], signs[j:end]] += gain
                    of[characters[i]] += gain
            for j in range(length - 1, -1, -1):
                here[j] += here[j + 1] * unread[j]
            after = here
    return dict(into), dict(of)


def write_readings(
    path: Path, readings: Mapping[str, list[tuple[str, float]]], common: Array
) -> None:
    """Write the readings with the nats that each speaks for a character, to a tenth."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(("character", "readings"))
        for character, told in readings.items():
            parts = [
                f"{signs}:{math.log(share) - sum(math.log(common[AT[s]]) for s in signs):.1f}"
                for signs, share in told
            ]
            table.writerow((character, " ".join(parts)))
