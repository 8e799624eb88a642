"""Import of a list of 100,000 parties, and screening against it: `python -m benchmarks.lists`.

The list is synthetic, in the form of OpenSanctions targets: names of two to four words of made-up
syllables and words usual in firms' names, half of the parties with an alias, a third with one in
Cyrillic. Every itinerary of `compare Mumbai Moscow` is screened once with nothing kept from
before, and once more.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from landbridge.compliance.journey import journey_of
from landbridge.compliance.lists.importer import import_list
from landbridge.compliance.lists.match import Lists
from landbridge.compliance.rulebook import load_rulebook
from landbridge.compliance.screen import screen

HEADER = [
    "id",
    "schema",
    "name",
    "aliases",
    "birth_date",
    "countries",
    "addresses",
    "identifiers",
    "sanctions",
    "phones",
    "emails",
    "program_ids",
    "dataset",
    "first_seen",
    "last_seen",
    "last_change",
]
FIRM_WORDS = (
    "Shipping",
    "Trading",
    "Company",
    "Lines",
    "Group",
    "Holding",
    "International",
    "Marine",
    "Logistics",
    "Petroleum",
    "Services",
    "General",
    "Industries",
    "Port",
)
ONSETS = (
    "b",
    "bl",
    "br",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kh",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "tr",
    "v",
    "y",
    "z",
    "zh",
)
VOWELS = ("a", "a", "e", "i", "o", "u", "ai", "ou", "ei")
CODAS = ("", "", "n", "r", "l", "sk", "v", "m", "d", "t")
TODAY = date(2026, 11, 22)


def write_synthetic(path: Path, entries: int, seed: int) -> None:
    """Write a synthetic list of so many parties."""
    draw = random.Random(seed)  # noqa: S311 - a draw of examples
    cyrillic = "абвгдежзийклмнопрстуфхцчшыэюя"

    def word() -> str:
        parts = [
            draw.choice(ONSETS) + draw.choice(VOWELS) + draw.choice(CODAS)
            for _ in range(draw.randint(2, 3))
        ]
        return "".join(parts).capitalize()

    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, quoting=csv.QUOTE_ALL)
        table.writerow(HEADER)
        for number in range(entries):
            schema = draw.choice(("Person", "Company", "Company", "Vessel"))
            name = " ".join(word() for _ in range(2))
            if schema == "Company":
                name += " " + " ".join(draw.sample(FIRM_WORDS, 2))
            aliases = [" ".join(word() for _ in range(2))] if draw.random() < 0.5 else []
            if draw.random() < 0.33:
                aliases.append(
                    " ".join("".join(draw.choices(cyrillic, k=7)).capitalize() for _ in range(2))
                )
            row = [f"syn-{number}", schema, name, ";".join(aliases), *[""] * 7, "SYNTH",
                   "Synthetic", "2026-01-01", "", ""]  # fmt: skip
            table.writerow(row)


def main() -> int:
    """Import the list, screen, and print the times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    import landbridge

    gc.disable()  # as the program does
    answer = landbridge.compare("Mumbai", "Moscow")
    book = load_rulebook()
    request = replace(answer.request, operator="Ocean Star Shipping Lines", vessel="Eastern Wind")
    journeys = [journey_of(option, request) for option in answer.options if option.legs]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "targets.simple.csv"
        write_synthetic(path, asked.entries, asked.seed)
        start, busy = time.perf_counter(), time.process_time()
        facts = import_list(path, Path(folder), TODAY)
        spent_s, busy_s = time.perf_counter() - start, time.process_time() - busy
        print(f"import of {facts.entries:,} entries: {spent_s:.2f} s, {busy_s:.2f} s of processor")
        times: dict[str, list[float]] = {"first": [], "again": []}
        for journey in journeys:
            lists = Lists.open(Path(folder))
            if lists is None:
                raise SystemExit("the list was not kept")
            for spent in times.values():
                start = time.process_time()
                screen(journey, book, ["us"], listed=lists.flags(journey, TODAY))
                spent.append(time.process_time() - start)
    for when, spent in times.items():
        ordered = sorted(spent)
        print(
            f"one itinerary, {when}, processor: median {ordered[len(ordered) // 2] * 1e3:.1f} ms, "
            f"longest {ordered[-1] * 1e3:.1f} ms, of {len(ordered)} itineraries with "
            f"{max(len(j.names) for j in journeys)} terminals at most"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
