"""Towns of GeoNames with their names by script, in two halves: one to learn from, one kept out.

The file is `data/raw/places_geonames/cities5000.parquet` (CC BY 4.0). Reading it needs the extra
`build`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from landbridge.compliance.lists.signs import script_of

TOWNS = Path(__file__).parents[1] / "data" / "raw" / "places_geonames" / "cities5000.parquet"
SHORT_SCRIPTS = frozenset({"CJK", "HANGUL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town: its number, the name GeoNames itself calls it by, where it is, names by script.

    `at` is its latitude and longitude in degrees.
    """

    number: int
    own: str
    at: tuple[float, float]
    names: dict[str, tuple[str, ...]]

    @property
    def is_held_out(self) -> bool:
        """Whether the town belongs to the half that nothing was learned from or chosen on."""
        return zlib.crc32(str(self.number).encode()) % 2 == 1


def is_name(text: str) -> bool:
    """Whether a text is a name and no code: four letters or more (fewer in Chinese or Korean)."""
    if any(letter.isdigit() for letter in text) or (text.isupper() and len(text) < 5):
        return False
    return sum(map(str.isalpha, text)) >= 4 or script_of(text) in SHORT_SCRIPTS


def is_machine_made(name: str) -> bool:
    """Whether a name is one of GeoNames' romanizations by machine: small Latin letters alone."""
    return name.isascii() and name == name.lower()


def without_region(name: str) -> str:
    """Return a name without the region that some alternates add.

    It stands after a comma or in brackets; two blanks are a foreign comma that was romanized.
    """
    return re.split(r"[,،(（/]|  ", name)[0].strip() or name


def read_towns() -> Iterator[Town]:
    """Return the towns that bear names in two scripts or more, in the order of the file."""
    import pandas as pd

    table = pd.read_parquet(TOWNS)
    for number, own, lat, lon, alternates in zip(
        table.geonameid, table.name, table.lat, table.lon, table.alternatenames, strict=True
    ):
        by_script: dict[str, list[str]] = {}
        for name in dict.fromkeys([own, *alternates.split("|")]):
            if is_name(name) and (script := script_of(name)):
                by_script.setdefault(script, []).append(without_region(name))
        if len(by_script) > 1:
            yield Town(
                number=int(number),
                own=without_region(own),
                at=(float(lat), float(lon)),
                names={key: tuple(dict.fromkeys(by_script[key])) for key in sorted(by_script)},
            )
