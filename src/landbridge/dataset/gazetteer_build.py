"""Write the gazetteer: places, their keys and codes as a few small, deterministic arrays.

Only what cannot be recomputed is written (about 3 MB when compressed). `complete_gazetteer` adds
the lookup index (hashes and trigrams, about 45 MB) where the dataset is unpacked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.dataset.gazetteer_keys import ascii_key, key, key_hashes, trigram_codes
from landbridge.dataset.gazetteer_regions import region_line
from landbridge.errors import DatasetError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = "landbridge/gazetteer/1"
KINDS = ("terminal", "crossing", "passage", "town")
INDEX_CHECKS = "index.json"
INDEX_FILES = (
    "index_id_hash",
    "index_id_place",
    "index_id_start",
    "index_key_first",
    "index_key_hash",
    "index_key_number",
    "index_key_place",
    "index_key_start",
    "index_name_start",
    "index_trigram_key",
    "index_trigram_start",
)
_TOWN_PREFIX = "TOWN-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place to be found by name.

    `weight` is the population of a town, or what a terminal counts for against a namesake;
    `names` are its own names, `alternates` the others; `codes` are UN/LOCODEs that mean it;
    `region` is the code of its first-order division (`CN.04`), or empty.
    """

    id: str
    name: str
    country: str
    lat: float
    lon: float
    kind: str
    weight: int
    is_lead_name: bool
    names: tuple[str, ...]
    alternates: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryNames:
    """What a person may write after the comma for a country."""

    iso2: str
    iso3: str
    name: str


def town_id(geonameid: int) -> str:
    """Return the place id of a GeoNames town."""
    return f"{_TOWN_PREFIX}{geonameid}"


def code_number(code: str) -> int:
    """Return a five-character UN/LOCODE as a number (base 36)."""
    return int(code, 36)


def write_gazetteer(
    entries: Iterable[Entry],
    countries: Sequence[CountryNames],
    out: Path,
    regions: Mapping[str, str] | None = None,
) -> None:
    """Write the gazetteer's arrays into directory `out` (same entries, same bytes).

    Parameters
    ----------
    regions
        Names of regions by code (`CN.04` -> `Jiangsu`); one that is missing keeps its code.

    Raises
    ------
    DatasetError
        Two entries share an id, or an entry has no usable name; all are reported.
    """
    import numpy as np

    ordered = sorted(entries, key=_order)
    _check(ordered)
    specials = [entry for entry in ordered if entry.kind != "town"]
    towns = ordered[len(specials) :]
    iso = sorted({entry.country for entry in ordered} | {c.iso2 for c in countries} | {""})
    iso_number = {code: number for number, code in enumerate(iso)}
    own, alternate, latin = zip(*(_keys(entry) for entry in ordered), strict=True)
    region_codes = sorted({entry.region for entry in ordered if entry.region})
    region_number = {code: number for number, code in enumerate(region_codes, start=1)}
    region_names = regions or {}
    codes = sorted(
        (code_number(code), number) for number, e in enumerate(ordered) for code in e.codes
    )
    arrays: dict[str, NDArray[np.generic]] = {
        "kind": np.array([KINDS.index(e.kind) for e in ordered], dtype=np.uint8),
        "is_lead_name": np.array([e.is_lead_name for e in ordered], dtype=np.uint8),
        "country": np.array([iso_number[e.country] for e in ordered], dtype=np.uint16),
        "weight": np.array([e.weight for e in ordered], dtype=np.int32),
        "special_lat_e6": _scaled([e.lat for e in specials], 1e6),
        "special_lon_e6": _scaled([e.lon for e in specials], 1e6),
        "town_lat_e3": _scaled([e.lat for e in towns], 1e3),
        "town_lon_e3": _scaled([e.lon for e in towns], 1e3),
        "town_number": np.array(
            [int(e.id.removeprefix(_TOWN_PREFIX)) for e in towns], dtype=np.int32
        ),
        "ids": _blob(entry.id for entry in specials),
        "names": _blob(entry.name.replace("\n", " ") for entry in ordered),
        "keys": _blob(
            text
            for lists in zip(own, alternate, latin, strict=True)
            for part in lists
            for text in part
        ),
        "n_own": np.array([len(part) for part in own], dtype=np.uint16),
        "n_alternate": np.array([len(part) for part in alternate], dtype=np.uint16),
        "n_latin": np.array([len(part) for part in latin], dtype=np.uint16),
        "code": np.array([number for number, _ in codes], dtype=np.int64).astype(np.uint32),
        "code_place": np.array([place for _, place in codes], dtype=np.int32),
        "region": np.array([region_number.get(e.region, 0) for e in ordered], dtype=np.uint16),
        "regions": _blob(region_line(code, region_names.get(code, "")) for code in region_codes),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name in sorted(arrays):
        np.save(out / f"{name}.npy", arrays[name])
    head = {
        "format": FORMAT,
        "n_places": len(ordered),
        "n_specials": len(specials),
        "n_regions": len(region_codes),
        "iso": iso,
        "countries": [[c.iso2, c.iso3, c.name] for c in sorted(countries, key=lambda c: c.iso2)],
    }
    text = json.dumps(head, ensure_ascii=False, indent=0, sort_keys=True) + "\n"
    (out / "gazetteer.json").write_text(text, encoding="utf-8", newline="\n")


def complete_gazetteer(directory: Path) -> None:
    """Add the lookup index to an unpacked gazetteer (about a second, deterministic).

    A gazetteer without it, or with a damaged one, answers just as well: it then computes the index
    when first asked. `index.json` holds the CRC-32 of each index file.
    """
    import zlib

    import numpy as np

    arrays = index_arrays(lambda name: np.load(directory / f"{name}.npy", allow_pickle=False))
    checks = {}
    for name in INDEX_FILES:
        np.save(directory / f"{name}.npy", arrays[name])
        checks[name] = zlib.crc32(np.ascontiguousarray(arrays[name]).tobytes())
    (directory / INDEX_CHECKS).write_text(json.dumps(checks, indent=0) + "\n", encoding="utf-8")


def index_arrays(load: Callable[[str], NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the index: by hash of each key and id, and by trigram.

    `index_key_hash` ascending with `index_key_number` beside it; `index_key_place` the place of
    each key; `*_start` offsets of each key or name in its blob; `index_trigram_key` the keys that
    contain trigram t at `index_trigram_start[t] : index_trigram_start[t + 1]`.
    """
    import numpy as np

    keys: NDArray[np.uint8] = load("keys")
    counts = load("n_own").astype(np.int32) + load("n_alternate") + load("n_latin")
    key_start = _starts(keys)
    key_first = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=key_first[1:])
    n_keys = int(key_first[-1])
    lengths = np.diff(key_start)
    hashes = key_hashes(keys, key_start, int(lengths.max()))
    order = np.argsort(hashes, kind="stable").astype(np.int32)
    codes = trigram_codes(np.concatenate([np.array([10], dtype=np.uint8), keys]))
    inside = np.repeat(np.arange(n_keys, dtype=np.int32), lengths)[: codes.size]
    by_code = np.argsort(codes, kind="stable")
    ids: NDArray[np.uint8] = load("ids")
    names: NDArray[np.uint8] = load("names")
    id_lower = np.where((ids >= 65) & (ids <= 90), ids + 32, ids).astype(np.uint8)
    id_start = _starts(id_lower)
    id_hash = key_hashes(id_lower, id_start, int(np.diff(id_start).max(initial=1)))
    id_order = np.argsort(id_hash, kind="stable").astype(np.int32)
    return {
        "index_id_hash": id_hash[id_order],
        "index_id_place": id_order,
        "index_id_start": id_start,
        "index_key_first": key_first,
        "index_key_hash": hashes[order],
        "index_key_number": order,
        "index_key_place": np.repeat(np.arange(len(counts), dtype=np.int32), counts),
        "index_key_start": key_start,
        "index_name_start": _starts(names),
        "index_trigram_key": inside[by_code],
        "index_trigram_start": np.searchsorted(codes[by_code], np.arange(37**3 + 1)).astype(
            np.int32
        ),
    }


def _order(entry: Entry) -> tuple[int, str, int, str]:
    if entry.kind == "town":
        number = int(entry.id.removeprefix(_TOWN_PREFIX))
        return (KINDS.index(entry.kind), entry.country, number, "")
    return (KINDS.index(entry.kind), "", 0, entry.id)


def _check(entries: Sequence[Entry]) -> None:
    problems = []
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            problems.append(f"place id {entry.id} occurs twice")
        seen.add(entry.id)
        if not any(key(name) for name in entry.names):
            problems.append(f"place {entry.id} has no name that can be looked up")
    if problems:
        raise DatasetError(
            f"{len(problems)} problems in the gazetteer: {problems[0]}", problems=tuple(problems)
        )


def _keys(entry: Entry) -> tuple[list[str], list[str], list[str]]:
    """Return own, other and transliterated keys, each once."""
    seen: dict[str, None] = {}

    def fresh(texts: Iterable[str]) -> list[str]:
        new = [text for text in dict.fromkeys(texts) if text and text not in seen]
        seen.update(dict.fromkeys(new))
        return new

    own = fresh(form for name in entry.names for form in (key(name), ascii_key(name)))
    alternate = sorted(fresh(key(name) for name in entry.alternates))
    latin = sorted(fresh(ascii_key(name) for name in entry.alternates if not name.isascii()))
    return own, alternate, latin


def _scaled(degrees: Sequence[float], factor: float) -> NDArray[np.int32]:
    import numpy as np

    return np.round(np.array(degrees, dtype=np.float64) * factor).astype(np.int32)


def _blob(texts: Iterable[str]) -> NDArray[np.uint8]:
    import numpy as np

    data = "".join(f"{text}\n" for text in texts).encode("utf-8")
    return np.frombuffer(data, dtype=np.uint8)


def _starts(blob: NDArray[np.uint8]) -> NDArray[np.int32]:
    import numpy as np

    ends = np.flatnonzero(blob == 10).astype(np.int32) + 1
    return np.concatenate([np.zeros(1, dtype=np.int32), ends]).astype(np.int32)
