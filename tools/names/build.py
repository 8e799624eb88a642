"""Write the names of places in the languages of the page: `src/landbridge/web/names/*.json`.

`python tools/names/build.py [--check]` takes names, best first, from

1. `by_hand.csv` beside this file: terminals, crossings, and what the others get wrong or lack;
2. the exemplar cities of Unicode CLDR (Unicode License v3), as the package `babel` carries them;
3. alternate names of GeoNames (CC BY 4.0) for towns of 20,000 and more, in the countries of
   `HOME` only. They carry no language, so the script and its letters stand for it; of several, the
   one that sounds most like the town's own name. Elsewhere that guess is wrong too often (Cyrillic
   agreed with CLDR for 152 of 237 towns of the world, Arabic for 112 of 214, Devanagari for 79 of
   207), and no name is better than another language's.

It needs the extra `build`, and `pip install babel`. `--check` writes nothing and says how often
the third agrees with the others where both know a town. A name that nobody knows is left out: the
page then shows it as the dataset has it.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from pathlib import Path

import pandas as pd
from anyascii import anyascii
from babel import Locale
from rapidfuzz.fuzz import ratio

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
OUT = ROOT / "src" / "landbridge" / "web" / "names"
TOWNS = ROOT / "data" / "raw" / "places_geonames" / "cities5000.parquet"
LANGUAGES = ("fr", "ru", "fa", "hi")
LEAST_PEOPLE = 20_000
LEAST_ALIKE = 55.0
"""Of 100: what sounds less like the town's name is another name of it, or another language's."""
LETTERS = {
    "ru": re.compile(r"[А-Яа-яЁё][А-Яа-яЁё \-]+"),
    "fa": re.compile(
        "[\u0621-\u0624\u0626-\u0628\u062a-\u063a\u0641\u0642\u0644-\u0648پچژکگی\u200c -]+"
    ),
    "hi": re.compile(
        "[\u0901\u0902\u0904-\u0932\u0935-\u0939\u093c\u093e-\u0944\u0947-\u0949"
        "\u094b-\u094d\u0958-\u095f -]+"
    ),
}  # fmt: skip
HOME = {"ru": ("RU",), "fa": ("IR", "AF"), "hi": ("IN",)}
"""Where names in the script are mostly names in the language."""
FOREIGN = {
    "ru": re.compile("ъ([^еёюя]|$)|[сц]ьк|[^л]ьск|[бвгджзклмнпрст]э"),
    "fa": re.compile("^$"),
    "hi": re.compile("\u094d$|पूर$|ै$"),
}
"""Spellings of other languages in the same letters."""
NASALS = re.compile("ङ्(?=[कखगघ])|ञ्(?=[चछजझ])|ण्(?=[टठडढ])|न्(?=[तथदध])|म्(?=[पफबभ])")
"""Written as a dot in today's Hindi."""
PERSIAN = re.compile("[پچژکگی]")
STANDS_FOR = {
    "kh": "h", "zh": "j", "ts": "c", "iy": "y", "ij": "y", "yy": "y", "ph": "f", "q": "k",
    "w": "v", "ck": "k", "c": "k", "x": "ks",
}  # fmt: skip


def say(text: str) -> None:
    """Write a line for whoever runs this."""
    sys.stdout.write(text + "\n")


def main() -> None:
    """Write one file per language, or say how far the guesses are right."""
    towns = pd.read_parquet(TOWNS).sort_values("population", ascending=False)
    told = {code: _cldr(code) for code in LANGUAGES}
    hand = _by_hand()
    for code in LANGUAGES:
        guessed = _guessed(towns, code) if code in LETTERS else {}
        if "--check" in sys.argv:
            known = {**told[code], **hand[code]}
            both = [name for name in known if name in guessed]
            same = [name for name in both if known[name] == guessed[name]]
            wrong = [f"{n}: {guessed[n]} for {known[n]}" for n in both if n not in same]
            say(f"{code}: {len(guessed)} guessed, {len(same)} of {len(both)} as told otherwise")
            say("    " + "; ".join(wrong))
            continue
        names = {**guessed, **told[code], **hand[code]}
        kept = {name: own for name, own in sorted(names.items()) if own and own != name}
        OUT.mkdir(exist_ok=True)
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        (OUT / f"{code}.json").write_text(text.replace('","', '",\n"') + "\n", encoding="utf-8")
        say(f"{code}: {len(kept)} names")


def _by_hand() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
    with (HERE / "by_hand.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for code in LANGUAGES:
                if row[code]:
                    found[code][row["name"]] = row[code]
    return found


def _cldr(code: str) -> dict[str, str]:
    """Return exemplar cities of time zones, by their English name."""
    english, own = Locale("en").time_zones, Locale(code).time_zones
    names = {}
    for zone, row in own.items():
        name = english.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
        if row.get("city") and "/" in zone and not zone.startswith(("Etc", "Antarctica")):
            names[name] = row["city"]
    return names


def _guessed(towns: pd.DataFrame, code: str) -> dict[str, str]:
    names: dict[str, str] = {}
    at_home = towns["countrycode"].isin(HOME[code])
    big = towns[(towns["population"] >= LEAST_PEOPLE) & at_home]
    for name, alternates in zip(big["name"], big["alternatenames"], strict=True):
        if name in names or not alternates:
            continue
        own = _chosen(name, str(alternates).split("|"), code)
        if own:
            names[name] = own
    return names


def _chosen(name: str, alternates: list[str], code: str) -> str:
    fitting = [
        NASALS.sub("ं", text)
        for text in alternates
        if LETTERS[code].fullmatch(text)
        and not FOREIGN[code].search(text)
        and len(text.split()) <= len(name.split())
    ]
    if not fitting:
        return ""
    scored = [(_alike(name, text, code), text) for text in fitting]
    best = max(scored, key=lambda pair: (pair[0], len(pair[1]), pair[1]))
    return best[1] if best[0] >= LEAST_ALIKE else ""


def _alike(name: str, text: str, code: str) -> float:
    sound, own = _sound(text), _sound(name)
    if code == "fa":
        bonus = 4.0 if PERSIAN.search(text) else 0.0
        return ratio(_consonants(own), _consonants(sound)) + bonus
    return ratio(own, sound) + ratio(_consonants(own), _consonants(sound)) / 4


def _sound(text: str) -> str:
    plain = anyascii(unicodedata.normalize("NFC", text)).lower()
    plain = re.sub(r"[^a-z]", "", plain)
    for written, heard in STANDS_FOR.items():
        plain = plain.replace(written, heard)
    return re.sub(r"(.)\1", r"\1", plain)


def _consonants(text: str) -> str:
    return re.sub("[aeiouy]", "", text) or text


if __name__ == "__main__":
    main()
