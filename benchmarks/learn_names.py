"""Learn how names sound in other scripts: `python -m benchmarks.learn_names READINGS`.

Writes the two tables of `landbridge.compliance.lists.evidence` from the learning half of the
towns (`benchmarks.towns`), by expectation maximization:

- weights of pairs of signs between families of scripts. All pairs of names of a town count, each
  by how likely it is that they are spellings of one name, since many are not;
- readings of Chinese characters. `READINGS` is `Unihan_Readings.txt` of Unicode 14, whose readings
  the learning starts from; beside it lies `Unihan_DictionaryLikeData.txt`.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from collections.abc import Iterator
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.learn_readings import Heard, learn_readings, reading_pairs, write_readings
from benchmarks.towns import Town, read_towns
from benchmarks.unihan import unihan_readings
from landbridge.compliance.lists.evidence import GAP, READING_TABLE, REST, SIGN_TABLE
from landbridge.compliance.lists.signs import AT, CHINESE, SIGNS, family_of, written
from landbridge.compliance.tables import path_of

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
FAMILIES = (
    "LATIN", "CYRILLIC", "ARABIC", "HEBREW", "CJK", "KANA", "HANGUL", "GREEK", "THAI", "INDIC",
    "CAUCASIAN", "OTHER",
)  # fmt: skip
SEVERAL = frozenset({"KANA", "INDIC", "CAUCASIAN", "OTHER"})
"""Families of several scripts, whose names also meet among themselves."""
ROUNDS = 8
PRIOR_NATS = 2.0
"""Nats in favour of two names of a town being one name, before they are looked at."""
BACKING, SAME_SHARE = 150.0, 0.7
"""Weight, in pairs of signs, of what all families have in common; share of it that are pairs."""
LEAST_NATS, LEAST_GAP = -4.0, -6.0
MOST_SIGNS = 40


def main() -> int:
    """Learn and write both tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learn_names", description=__doc__)
    parser.add_argument("readings", type=Path, help="Unihan_Readings.txt")
    asked = parser.parse_args()
    towns = [town for town in read_towns() if not town.is_held_out]
    joint, left, right, common = learn_signs(list(_sign_pairs(towns)))
    write_signs(path_of(SIGN_TABLE), joint, left, right, common)
    chinese = FAMILIES.index(CHINESE)
    heard = Heard(
        joint=joint[0, chinese], left=left[0, chinese], right=right[0, chinese],
        common=common[0], common_chinese=common[chinese], book=unihan_readings(asked.readings),
    )  # fmt: skip
    readings = learn_readings(list(reading_pairs(towns)), heard)
    write_readings(path_of(READING_TABLE), readings, common[0])
    return 0


# ---- signs -----------------------------------------------------------------------------------


def _codes(name: str) -> Codes:
    return np.array([AT[sign] for sign in written(name).signs], dtype=np.int64)


def _sign_pairs(
    towns: list[Town],
) -> Iterator[tuple[int, int, Codes, Codes]]:
    """Return pairs of names of a town in different scripts, with their families in order."""
    draw = random.Random(3)  # noqa: S311 - a draw of examples
    for town in towns:
        names = dict(town.names)
        if "LATIN" in names and family_of(town.own) == "LATIN":
            some = draw.sample(names["LATIN"], min(2, len(names["LATIN"])))
            names["LATIN"] = (town.own, *some)
        scripts = sorted(names)
        for k, script in enumerate(scripts):
            for other in scripts[k + 1 :]:
                for turn in range(3 if "LATIN" in (script, other) else 1):
                    a = draw.choice(names[script])
                    is_own = other == "LATIN" and turn == 0
                    b = names[other][0] if is_own else draw.choice(names[other])
                    x, y = _codes(a), _codes(b)
                    if not (1 < len(x) < MOST_SIGNS and 1 < len(y) < MOST_SIGNS):
                        continue
                    ga, gb = FAMILIES.index(family_of(a)), FAMILIES.index(family_of(b))
                    yield (ga, gb, x, y) if ga <= gb else (gb, ga, y, x)


@numba.njit(cache=True)
def _expect(
    x: Codes, y: Codes, joint: Array, left: Array, right: Array, into: Array, into_left: Array,
    into_right: Array, weight: float,
) -> float:  # fmt: skip
    """Return the log likelihood of two names, and add expected counts times a weight."""
    n, m = len(x), len(y)
    ahead = np.zeros((n + 1, m + 1))
    back = np.zeros((n + 1, m + 1))
    ahead[0, 0] = back[n, m] = 1.0
    for i in range(n + 1):
        for j in range(m + 1):
            if i and j:
                ahead[i, j] += ahead[i - 1, j - 1] * joint[x[i - 1], y[j - 1]]
            if i:
                ahead[i, j] += ahead[i - 1, j] * left[x[i - 1]]
            if j:
                ahead[i, j] += ahead[i, j - 1] * right[y[j - 1]]
    total = ahead[n, m]
    if total <= 0.0:
        return -1e9
    if weight == 0.0:
        return np.log(total)
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            if i < n and j < m:
                back[i, j] += back[i + 1, j + 1] * joint[x[i], y[j]]
            if i < n:
                back[i, j] += back[i + 1, j] * left[x[i]]
            if j < m:
                back[i, j] += back[i, j + 1] * right[y[j]]
    share = weight / total
    for i in range(n + 1):
        for j in range(m + 1):
            here = share * ahead[i, j]
            if i < n and j < m:
                into[x[i], y[j]] += here * joint[x[i], y[j]] * back[i + 1, j + 1]
            if i < n:
                into_left[x[i]] += here * left[x[i]] * back[i + 1, j]
            if j < m:
                into_right[y[j]] += here * right[y[j]] * back[i, j + 1]
    return np.log(total)


def learn_signs(
    pairs: list[tuple[int, int, Codes, Codes]],
) -> tuple[Array, Array, Array, Array]:
    """Return chances of pairs of signs, of signs left out on either side, and how common each is.

    The arrays are by family and other family, then by sign; the last is by family.
    """
    families, signs = len(FAMILIES), len(SIGNS)
    common = np.full((families, signs), 5.0)
    for ga, gb, x, y in pairs:
        np.add.at(common[ga], x, 1.0)
        np.add.at(common[gb], y, 1.0)
    common /= common.sum(axis=1, keepdims=True)
    start = common.mean(axis=0)
    joint = np.tile(
        0.525 * np.diag(start) + 0.175 * np.outer(start, start), (families,) * 2 + (1, 1)
    )
    left = np.tile(0.15 * start, (families, families, 1))
    right = left.copy()
    for _ in range(ROUNDS):
        counts, lefts, rights = np.zeros_like(joint), np.zeros_like(left), np.zeros_like(right)
        for ga, gb, x, y in pairs:
            here = (joint[ga, gb], left[ga, gb], right[ga, gb])
            into = (counts[ga, gb], lefts[ga, gb], rights[ga, gb])
            told = _expect(x, y, *here, *into, 0.0)
            told -= np.log(common[ga][x]).sum() + np.log(common[gb][y]).sum()
            weight = 1.0 / (1.0 + math.exp(-min(max(told + PRIOR_NATS, -50.0), 50.0)))
            _expect(x, y, *here, *into, weight)
        shared = counts.sum(axis=(0, 1))
        shared = (shared + shared.T) / (2.0 * shared.sum())
        for ga in range(families):
            for gb in range(ga, families):
                gap = BACKING * (1.0 - SAME_SHARE) * 0.3
                both = counts[ga, gb] + BACKING * SAME_SHARE * shared
                both += 0.02 * signs * np.outer(common[ga], common[gb])
                one, other = lefts[ga, gb] + gap * common[ga], rights[ga, gb] + gap * common[gb]
                total = both.sum() + one.sum() + other.sum()
                joint[ga, gb], left[ga, gb], right[ga, gb] = (
                    both / total,
                    one / total,
                    other / total,
                )
    return joint, left, right, common


def write_signs(path: Path, joint: Array, left: Array, right: Array, common: Array) -> None:
    """Write the weights in nats, to a tenth; pairs of `LEAST_NATS` or less are left out."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(("family", "other_family", "sign", "weights"))
        for ga, family in enumerate(FAMILIES):
            for gb in range(ga, len(FAMILIES)):
                if ga == gb and family not in SEVERAL:
                    continue
                nats = np.log(joint[ga, gb] / np.outer(common[ga], common[gb]))
                gaps = np.log(left[ga, gb] / common[ga])
                others = np.log(right[ga, gb] / common[gb])
                key = (family, FAMILIES[gb])
                table.writerow((*key, REST, f"{REST}{LEAST_NATS:g}"))
                table.writerow((*key, GAP, " ".join(map(_told, SIGNS, others))))
                for row, sign in enumerate(SIGNS):
                    met = [k for k, nat in enumerate(nats[row]) if nat > LEAST_NATS]
                    told = [_told(GAP, gaps[row]), *(_told(SIGNS[k], nats[row, k]) for k in met)]
                    table.writerow((*key, sign, " ".join(told)))


def _told(sign: str, nats: float) -> str:
    return f"{sign}{max(nats, LEAST_GAP):.1f}"


if __name__ == "__main__":
    raise SystemExit(main())
