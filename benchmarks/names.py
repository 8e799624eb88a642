"""Name matching across scripts, on alternate names of towns: `python -m benchmarks.names`.

Towns of GeoNames (`data/raw/places_geonames`, CC BY 4.0) bear names in many scripts. Half of the
towns, by a checksum of their number, served to choose the threshold; the figures are of the other
half. Needs the extra `build`.

- *kept out*: one name of a town against all its names in other scripts, as a stated name meets a
  listed party with its aliases; false alarms: the same name against another town's.
- *own name*: the name in Latin letters of a town of 50,000 people or more against one name drawn
  from another script, Chinese characters left out (they do not spell a Japanese or Chinese name's
  sound as others hear it).
- *pair*: one name against one other in another script. Many such pairs are no spellings of one name
  (Karvina and Friedstadt; a Japanese name and its characters), so this cannot come near 100 %.
- *list*: the towns as a list of parties, searched by index, at the score that the screen asks for.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from landbridge.compliance.lists.entry import Entry, ListKind
from landbridge.compliance.lists.kept import SUFFIX, write_list
from landbridge.compliance.lists.match import LIKE, Lists
from landbridge.compliance.lists.names import ALIKE, likeness

TOWNS = Path(__file__).parents[1] / "data" / "raw" / "places_geonames" / "cities5000.parquet"
FALSE_ALARMS = 0.01
MOST_NAMES = 25
LARGE = 50_000
KANJI = frozenset({"CJK", "HIRAGANA"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town with one name kept out, and its names in other scripts; `pair` is one of them.

    `own` is the name of a large town in Latin letters, `own_pair` one in a script that spells.
    """

    number: int
    name: str
    script: str
    others: tuple[str, ...]
    pair: str
    own: str = ""
    own_pair: str = ""

    @property
    def is_held_out(self) -> bool:
        """Whether the town belongs to the half that chose nothing."""
        return zlib.crc32(str(self.number).encode()) % 2 == 1


def script_of(name: str) -> str:
    """Return the script that most letters of a name are of, by the names of the characters."""
    counts: dict[str, int] = {}
    for letter in name:
        if letter.isalpha():
            script = unicodedata.name(letter, "").split(" ")[0]
            counts[script] = counts.get(script, 0) + 1
    return max(sorted(counts), key=lambda script: counts[script], default="")


def is_name(text: str) -> bool:
    """Whether a text is a name and no code: four letters or more (fewer in Chinese or Korean)."""
    if any(letter.isdigit() for letter in text) or (text.isupper() and len(text) < 5):
        return False
    return sum(map(str.isalpha, text)) >= 4 or script_of(text) in {"CJK", "HANGUL"}


def without_region(name: str) -> str:
    """Return a name without the region that some alternates add after a comma or in brackets."""
    return re.split(r"[,،(（/]", name)[0].strip() or name


def towns(seed: int) -> Iterator[Town]:
    """Return the towns that bear names in two scripts or more, in the order of the file."""
    import pandas as pd

    draw = random.Random(seed)  # noqa: S311 - a draw of examples
    table = pd.read_parquet(TOWNS)
    for number, own, people, alternates in zip(
        table.geonameid, table.name, table.population, table.alternatenames, strict=True
    ):
        by_script: dict[str, list[str]] = {}
        for name in dict.fromkeys([own, *alternates.split("|")]):
            if is_name(name) and (script := script_of(name)):
                by_script.setdefault(script, []).append(without_region(name))
        if len(by_script) < 2:
            continue
        spelt = {k: v for k, v in by_script.items() if k not in KANJI | {"LATIN"}}
        is_large = people > LARGE and script_of(own) == "LATIN" and spelt
        own_pair = draw.choice(spelt[draw.choice(sorted(spelt))]) if is_large else ""
        script = draw.choice(sorted(by_script))
        kept_out = draw.choice(by_script.pop(script))
        others = [name for other in sorted(by_script) for name in by_script[other]]
        yield Town(
            number=int(number),
            name=kept_out,
            script=script,
            others=tuple(others[:MOST_NAMES]),
            pair=draw.choice(others),
            own=without_region(own),
            own_pair=own_pair,
        )


def scores(sample: list[Town], *, is_pair: bool, seed: int) -> tuple[list[float], list[float]]:
    """Return scores of names of one town, and of names of two, the other in another script."""
    draw = random.Random(seed)  # noqa: S311 - a draw of examples

    def score(name: str, town: Town) -> float:
        names = (town.pair,) if is_pair else town.others
        return max(likeness(name, other) for other in names)

    same = [score(town.name, town) for town in sample]
    strange = [
        score(town.name, other)
        for town in sample
        for other in draw.sample(sample, 3)
        if other.number != town.number
        and town.script not in {script_of(n) for n in ((other.pair,) if is_pair else other.others)}
    ]
    return same, strange


def report(label: str, chosen_on: list[Town], shown: list[Town], *, is_pair: bool) -> None:
    """Print the recall at 1 % false alarms; the threshold is chosen on the one half."""
    _, strange = scores(chosen_on, is_pair=is_pair, seed=1)
    threshold = float(np.quantile(strange, 1 - FALSE_ALARMS))
    same, strange = scores(shown, is_pair=is_pair, seed=2)
    recall = np.mean(np.array(same) > threshold)
    alarms = np.mean(np.array(strange) > threshold)
    at = np.mean(np.array(same) >= ALIKE)
    at_alarms = np.mean(np.array(strange) >= ALIKE)
    print(
        f"{label:34} n={len(same):6,}  threshold {threshold:5.1f}: recall {recall:6.2%}, false "
        f"alarms {alarms:5.2%}; at {ALIKE}: {at:6.2%}, {at_alarms:5.2%}"
    )


def report_list(sample: list[Town]) -> None:
    """Print how often the search in a list finds the right party, and a wrong one."""
    half = len(sample) // 2
    listed, strangers = sample[:half], sample[half:]
    kind = ListKind(key="towns", title="towns", publisher="towns", jurisdiction="")
    entries = (Entry(id=str(t.number), kind="entity", names=t.others) for t in listed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"towns{SUFFIX}"
        facts = write_list(
            entries, kind, path, dated=date(2026, 1, 1), is_own_date=True, digest="0" * 32
        )
        lists = Lists.open(Path(folder))
        if lists is None:
            raise SystemExit("the list was not kept")
        asked = listed[:1500]
        start = time.perf_counter()
        found = [
            any(match.listed.id == str(town.number) for match in lists.parties(town.name))
            for town in asked
        ]
        spent_ms = (time.perf_counter() - start) / len(asked) * 1e3
        wrong = [bool(lists.parties(town.name)) for town in strangers[:1500]]
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
    drawn = list(towns(asked.seed))
    draw = random.Random(asked.seed)  # noqa: S311 - a draw of examples
    halves = [
        [town for town in drawn if town.is_held_out is is_held_out] for is_held_out in (False, True)
    ]
    for half in halves:
        draw.shuffle(half)
    chosen_on, shown = (half[: asked.towns] for half in halves)
    large = [
        [
            replace(
                town,
                name=town.own,
                script="LATIN",
                pair=town.own_pair,
            )
            for town in half
            if town.own_pair
        ]
        for half in halves
    ]
    report("own name, large towns", *large, is_pair=True)
    report("kept out, all scripts", chosen_on, shown, is_pair=False)
    report("pair, all scripts", chosen_on, shown, is_pair=True)
    plain = [
        [t for t in half if not KANJI & {t.script, script_of(t.pair)}]
        for half in (chosen_on, shown)
    ]
    report("pair, without Chinese characters", *plain, is_pair=True)
    report_list(halves[1])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
