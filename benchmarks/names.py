"""Name matching across scripts, on alternate names of towns: `python -m benchmarks.names`.

Towns of GeoNames (`benchmarks.towns`) bear names in many scripts. What is learned and chosen, the
threshold too, comes of one half of the towns; the figures are of the other, with 95 % intervals.
False alarms are names of two towns drawn likewise; `neighbour` is the share of alarms between the
names of a town and of the town nearest to it.

- *one name*: two scripts of a town are drawn, and a name in each. In Latin letters that is the name
  GeoNames itself calls the town by: its alternates in Latin letters are former names (Tulinovo of
  Anna), names in other languages, quarters, nicknames and romanizations by machine, and the table
  does not say which.
- *any pair*: a name drawn of all names of a town, against one of all those in other scripts. Many
  are no spellings of one name (Karvina and Friedstadt), so this cannot come near 100 %.
- *kept out*: a name against all names in other scripts, as a stated name meets a listed party.
- *list*: the towns as a list of parties, searched by index, at the score that the screen asks for.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.towns import Town, read_towns
from landbridge.compliance.lists.entry import Entry, ListKind
from landbridge.compliance.lists.evidence import ALIKE, evidence
from landbridge.compliance.lists.kept import SUFFIX, write_list
from landbridge.compliance.lists.match import LIKE, Lists
from landbridge.compliance.lists.signs import CHINESE, family_of, script_of

FALSE_ALARMS = 0.01
STRANGERS, TO_CHOOSE = 3, 9
"""Strangers to each name: among those counted, and those that choose the threshold."""
MOST_NAMES = 25
LEAST_SHOWN = 40
Z95 = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A name of a town, and one or more others of it in other scripts."""

    number: int
    name: str
    others: tuple[str, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The families of scripts of the two names, sorted."""
        return tuple(sorted((family_of(self.name), family_of(self.others[0]))))


def one_name(town: Town, draw: random.Random) -> Pair | None:
    """Return a name in each of two scripts; in Latin letters the town's own name."""
    names = {script: some for script, some in town.names.items() if script != "LATIN"}
    if script_of(town.own) == "LATIN":
        names["LATIN"] = (town.own,)
    if len(names) < 2:
        return None
    a, b = draw.sample(sorted(names), 2)
    return Pair(number=town.number, name=draw.choice(names[a]), others=(draw.choice(names[b]),))


def any_pair(town: Town, draw: random.Random) -> Pair:
    """Return a name of a script that is drawn, and one of all names in other scripts."""
    script = draw.choice(sorted(town.names))
    name = draw.choice(town.names[script])
    others = [other for key in sorted(town.names) if key != script for other in town.names[key]]
    return Pair(number=town.number, name=name, others=(draw.choice(others),))


def kept_out(town: Town, draw: random.Random) -> Pair:
    """Return a name of a script that is drawn, and all names in other scripts."""
    script = draw.choice(sorted(town.names))
    name = draw.choice(town.names[script])
    others = [other for key in sorted(town.names) if key != script for other in town.names[key]]
    return Pair(number=town.number, name=name, others=tuple(others[:MOST_NAMES]))


def score(name: str, others: tuple[str, ...]) -> float:
    """Return the most evidence that a name is one of the others."""
    return max(evidence(name, other) for other in others)


def strangers(pairs: list[Pair], each: int, seed: int) -> list[Pair]:
    """Return names of a town with names of others, in other scripts, drawn as the pairs are."""
    draw = random.Random(seed)  # noqa: S311 - a draw of examples
    return [
        Pair(number=pair.number, name=pair.name, others=other.others)
        for pair in pairs
        for other in draw.sample(pairs, each)
        if other.number != pair.number and _differ(pair.name, other.others)
    ]


def _differ(name: str, others: tuple[str, ...]) -> bool:
    return script_of(name) not in {script_of(other) for other in others}


def neighbours(pairs: list[Pair], towns: dict[int, Town]) -> list[Pair]:
    """Return the name of each town with names of the town of the sample nearest to it."""
    at = np.radians([towns[pair.number].at for pair in pairs])
    x = np.c_[
        np.cos(at[:, 0]) * np.cos(at[:, 1]), np.cos(at[:, 0]) * np.sin(at[:, 1]), np.sin(at[:, 0])
    ]
    close = x @ x.T
    np.fill_diagonal(close, -1.0)
    nearest = close.argmax(axis=1)
    return [
        Pair(number=pair.number, name=pair.name, others=pairs[k].others)
        for pair, k in zip(pairs, nearest.tolist(), strict=True)
        if _differ(pair.name, pairs[k].others)
    ]


def interval(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson)."""
    middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    wide = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n)) / (1 + Z95**2 / n)
    return middle - wide, middle + wide


def report(label: str, learned: list[Pair], shown: list[Pair], towns: dict[int, Town]) -> None:
    """Print the recall at 1 % false alarms; the threshold is chosen on the learning half."""
    chosen = [score(pair.name, pair.others) for pair in strangers(learned, TO_CHOOSE, 1)]
    threshold = float(np.quantile(chosen, 1 - FALSE_ALARMS))
    same = np.array([score(pair.name, pair.others) for pair in shown])
    strange = strangers(shown, STRANGERS, 2)
    alarms = np.array([score(pair.name, pair.others) for pair in strange])
    near = np.array([score(pair.name, pair.others) for pair in neighbours(shown, towns)])
    recall = float(np.mean(same > threshold))
    low, high = interval(recall, len(same))
    print(
        f"{label:28} n={len(same):6,}  recall {recall:.2%} ({low:.1%} to {high:.1%})  "
        f"false alarms {np.mean(alarms > threshold):.2%} of {len(alarms):,}, neighbour "
        f"{np.mean(near > threshold):.2%}  threshold {threshold:.1f}; at {ALIKE}: "
        f"{np.mean(same > ALIKE):.2%}, {np.mean(alarms > ALIKE):.2%}"
    )
    if max(len(pair.others) for pair in shown) > 1:
        return
    met = _by_families(shown, same > threshold)
    rung = _by_families(strange, alarms > threshold)
    rows = [
        f"{'-'.join(families)} {np.mean(told):.1%} of {len(told):,} "
        f"(alarms {np.mean(rung[families]):.1%})"
        for families, told in sorted(met.items(), key=lambda item: -len(item[1]))
        if len(told) >= LEAST_SHOWN
    ]
    print("    " + "; ".join(rows))


def _by_families(pairs: list[Pair], told: NDArray[np.bool_]) -> dict[tuple[str, ...], list[bool]]:
    found: defaultdict[tuple[str, ...], list[bool]] = defaultdict(list)
    for pair, is_met in zip(pairs, told.tolist(), strict=True):
        found[pair.families].append(is_met)
    return found


def report_list(held_out: list[Town], seed: int) -> None:
    """Print how often the search in a list finds the right party, and a wrong one."""
    draw = random.Random(seed)  # noqa: S311 - a draw of examples
    pairs = [kept_out(town, draw) for town in held_out]
    half = len(pairs) // 2
    listed, strange = pairs[:half], pairs[half:]
    kind = ListKind(key="towns", title="towns", publisher="towns", jurisdiction="")
    entries = (Entry(id=str(pair.number), kind="entity", names=pair.others) for pair in listed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"towns{SUFFIX}"
        facts = write_list(
            entries, kind, path, dated=date(2026, 1, 1), is_own_date=True, digest="0" * 32
        )
        lists = Lists.open(Path(folder))
        if lists is None:
            raise SystemExit("the list was not kept")
        asked = listed[:1500]
        start = time.process_time()
        found = [
            any(match.listed.id == str(pair.number) for match in lists.parties(pair.name))
            for pair in asked
        ]
        spent_ms = (time.process_time() - start) / len(asked) * 1e3
        wrong = [bool(lists.parties(pair.name)) for pair in strange[:1500]]
        print(
            f"list of {facts.entries:,} parties, {facts.names:,} names, at {LIKE}: found "
            f"{np.mean(found):.2%}; a stranger meets somebody: {np.mean(wrong):.2%}; "
            f"{spent_ms:.1f} ms a name"
        )


def main() -> int:
    """Draw the names, choose on one half, and print the figures of the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names", description=__doc__)
    parser.add_argument("--towns", type=int, default=6000, help="towns drawn of each half")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    towns = list(read_towns())
    by_number = {town.number: town for town in towns}
    draw = random.Random(asked.seed)  # noqa: S311 - a draw of examples
    halves = [[town for town in towns if town.is_held_out is is_held] for is_held in (False, True)]
    for half in halves:
        draw.shuffle(half)
    for label, pair_of in (("one name", one_name), ("any pair", any_pair), ("kept out", kept_out)):
        sets = [
            [pair for town in half[: asked.towns] if (pair := pair_of(town, draw))]
            for half in halves
        ]
        report(f"{label}, all scripts", *sets, by_number)
        if label != "kept out":
            plain = [[pair for pair in some if CHINESE not in pair.families] for some in sets]
            report(f"{label}, no Chinese signs", *plain, by_number)
    report_list(halves[1], asked.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
