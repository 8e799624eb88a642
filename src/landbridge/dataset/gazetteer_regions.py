"""Regions of countries (states, provinces, oblasts): what may stand after a town's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from landbridge.dataset.gazetteer_keys import ascii_key, key

_WORD = re.compile(r"[^\W_]+")
_KIND_WORDS = frozenset(
    (
        "autonomous",
        "canton",
        "county",
        "department",
        "district",
        "division",
        "governorate",
        "krai",
        "kray",
        "municipality",
        "oblast",
        "of",
        "okrug",
        "parish",
        "prefecture",
        "province",
        "region",
        "republic",
        "state",
        "the",
        "voivodeship",
    )
)
"""Words that say what kind of region it is: `Gilan` is `Gilan Province`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A first-order division; `code` is GeoNames' (`AL`, `04`), `name` empty if not known."""

    country: str
    code: str
    name: str

    @property
    def title(self) -> str:
        """Return what a person reads and may write: the name, or the code where there is none."""
        return self.name or self.code


class Regions:
    """The regions of all countries, by number (0 is none) and by name or code."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Take lines as `region_line` makes them, the first being number 1."""
        self._lines = lines

    def __getitem__(self, number: int) -> Region:
        """Return region `number`, from 1."""
        full, name, _ = self._lines[number - 1].split("\t")
        country, _, code = full.partition(".")
        return Region(country=country, code=code, name=name)

    def named(self, text: str, country: str = "") -> frozenset[int]:
        """Return the numbers of the regions that `text` names or codes, of `country` if given.

        A code of digits counts only with a country: many countries have a region 04.
        """
        forms = dict.fromkeys((key(text), *region_keys(text)))
        found = {number for form in forms for number in self._by_key.get(form, ())}
        if not country:
            return frozenset() if key(text).isdigit() else frozenset(found)
        return frozenset(number for number in found if self[number].country == country)

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        by_key: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, start=1):
            for form in line.rpartition("\t")[2].split():
                by_key.setdefault(form, []).append(number)
        return by_key


def region_line(code: str, name: str) -> str:
    """Return a region as one line: `CN.04`, its name, and the keys it goes by, parted by tabs."""
    plain = " ".join(name.split())
    forms = dict.fromkeys((key(code.partition(".")[2]), *region_keys(plain)))
    return f"{code}\t{plain}\t{' '.join(forms)}"


def region_keys(name: str) -> tuple[str, ...]:
    """Return the keys of a region's name: whole, and without the words for its kind."""
    words = [word for word in _WORD.findall(name) if word.lower() not in _KIND_WORDS]
    forms = (key(name), ascii_key(name), key(" ".join(words)), ascii_key(" ".join(words)))
    return tuple(form for form in dict.fromkeys(forms) if form)
