"""Names to places: exact look-up in any script, near misses listed, never a silent guess.

The rules of choice among namesakes are in `docs/decisions/0020-names.md`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.dataset.gazetteer_build import (
    FORMAT,
    INDEX_CHECKS,
    KINDS,
    code_number,
    index_arrays,
    town_id,
)
from landbridge.dataset.gazetteer_keys import (
    ascii_key,
    key,
    key_hash,
    trigrams,
    without_port,
)
from landbridge.dataset.gazetteer_query import (
    COORDINATE,
    COUNTRY_ALIASES,
    clean,
    coordinate_place,
    is_close,
    position,
    shown,
)
from landbridge.dataset.gazetteer_rank import LATIN, SIDE, Candidate, Cluster, clusters, ranked
from landbridge.domain.network import Place, PlaceKind
from landbridge.errors import DatasetError, RequestError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOORS = (PlaceKind.TERMINAL, PlaceKind.CROSSING, PlaceKind.TOWN, PlaceKind.COORDINATE)
"""Kinds of place where a journey can begin or end."""

_PREFILTER = 200
_WORTH_SHOWING = 60.0
_WORTH_SUGGESTING = 70.0
_CODE = re.compile(r"([A-Za-z]{2})[ -]?([A-Za-z2-9]{3})")
_TOWN_ID = re.compile(r"TOWN-([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One answer to a search; `score` runs from 0 to 100 (same name), `reason` says what fitted."""

    place: Place
    score: float
    reason: str


class Gazetteer:
    """Places by name, code, id or position; arrays are mapped from disk when first needed."""

    def __init__(self, directory: Path, head: dict[str, Any]) -> None:
        self._directory = directory
        self._head = head
        self._n_places = int(head["n_places"])
        self._n_specials = int(head["n_specials"])
        self._iso: list[str] = head["iso"]
        self._arrays: dict[str, NDArray[Any]] = {}

    @classmethod
    def open(cls, directory: Path) -> Gazetteer:
        """Return the gazetteer that `write_gazetteer` left in `directory`.

        Raises
        ------
        DatasetError
            The directory holds no gazetteer of this format.
        """
        path = directory / "gazetteer.json"
        try:
            head = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DatasetError(f"no gazetteer: {error}", where=str(path)) from error
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise DatasetError(f"the gazetteer is not of format {FORMAT}", where=str(path))
        return cls(directory, head)

    def search(
        self, query: str, limit: int = 10, *, kinds: Collection[str] = ()
    ) -> tuple[Match, ...]:
        """Return the places that `query` may mean, best first; the first is what resolves.

        Raises
        ------
        RequestError
            The query is empty, too long, or holds nothing that could be a name.
        """
        text = clean(query, where="place")
        known = self._direct(text, kinds, where="place", country_at=None)
        matches = [Match(place=place, score=100.0, reason=why) for place, why in known]
        name, country = self._name_and_country(text)
        for cluster in self._exact(name, country, kinds):
            for member in (cluster.representative, *cluster.others):
                score, why = _TIERS[member.tier]
                matches.append(Match(place=self.place(member.place), score=score, reason=why))
        if len(matches) < limit:
            near = self._near(name, country, kinds, limit)
            matches += [
                Match(place=self.place(number), score=round(min(score, 94.9), 1), reason="alike")
                for number, score in near
            ]
        distinct = {match.place.id: match for match in reversed(matches)}
        firsts = dict.fromkeys(match.place.id for match in matches)
        return tuple(distinct[place_id] for place_id in firsts)[: max(0, limit)]

    def resolve(
        self,
        query: str,
        *,
        where: str,
        kinds: Collection[str] = (),
        country_at: Callable[[float, float], str] | None = None,
    ) -> Place:
        """Return the one place that `query` means.

        Parameters
        ----------
        query
            A name in any script, `Name, CC`, a UN/LOCODE, an id, or `lat,lon`.
        where
            What asks (`origin`, `--via`): begins the error message.
        kinds
            The kinds of place that will do (`DOORS` for the end of a journey); empty for all.
        country_at
            Gives the country of a typed (lat, lon).

        Raises
        ------
        RequestError
            Nothing fits (near misses are named), or several places fit alike (all are named).
        """
        text = clean(query, where=where)
        known = self._direct(text, kinds, where=where, country_at=country_at)
        if len(known) == 1:
            return known[0][0]
        if known:
            self._refuse_ambiguous(text, [place for place, _ in known], where=where)
        name, country = self._name_and_country(text)
        found = self._exact(name, country, kinds)
        if not country:
            self._refuse_country(text, found, where=where)
        rivals = [cluster for cluster in found if cluster.is_rival]
        if len(rivals) > 1:
            places = [self.place(cluster.representative.place) for cluster in rivals]
            self._refuse_ambiguous(text, places, where=where)
        if found:
            return self.place(found[0].representative.place)
        return self._refuse_unknown(text, name, country, kinds, where=where)

    def by_id(self, place_id: str) -> Place | None:
        """Return the place with exactly this id, or None."""
        number = self._id_number(place_id)
        return None if number is None else self.place(number)

    def place(self, number: int) -> Place:
        """Return place number `number` (0 up to `n_places`)."""
        is_town = number >= self._n_specials
        part = "town" if is_town else "special"
        digits, factor = ("e3", 1e3) if is_town else ("e6", 1e6)
        row = number - self._n_specials if is_town else number
        return Place(
            id=self._id(number),
            name=self._line("names", "index_name_start", number),
            country=self._iso[int(self._array("country")[number])],
            lat=int(self._array(f"{part}_lat_{digits}")[row]) / factor,
            lon=int(self._array(f"{part}_lon_{digits}")[row]) / factor,
            kind=KINDS[int(self._array("kind")[number])],
        )

    def __len__(self) -> int:
        """Return the number of places."""
        return self._n_places

    def codes(self, number: int) -> list[str]:
        """Return the UN/LOCODEs that mean place number `number`, ascending."""
        import numpy as np

        numbers = self._array("code")[np.flatnonzero(self._array("code_place") == number)]
        return [np.base_repr(int(value), 36).rjust(5, "0") for value in numbers]

    # ids, codes, coordinates

    def _direct(
        self,
        text: str,
        kinds: Collection[str],
        *,
        where: str,
        country_at: Callable[[float, float], str] | None,
    ) -> list[tuple[Place, str]]:
        """Return what the text means as coordinate, id or code, if it is one."""
        coordinate = COORDINATE.fullmatch(text)
        if coordinate is not None:
            lat, lon = coordinate.groups()
            place = coordinate_place(lat, lon, where=where, country_at=country_at)
            return [(place, "coordinate")] if _fits(place.kind, kinds) else []
        number = self._id_number(text)
        if number is not None and _fits(self._kind(number), kinds):
            return [(self.place(number), "id")]
        code = _CODE.fullmatch(text)
        if code is None:
            return []
        numbers = [n for n in self._code_numbers(code[1] + code[2]) if _fits(self._kind(n), kinds)]
        terminals = [n for n in numbers if n < self._n_specials]
        is_written_as_code = text.isupper() or any(c.isdigit() for c in text)
        if not numbers or not (is_written_as_code or not self._exact(text, "", kinds)):
            return []
        if not terminals and self._exact(text, "", kinds):
            return []
        return [(self.place(n), "UN/LOCODE") for n in terminals or numbers]

    def _id_number(self, text: str) -> int | None:
        import numpy as np

        town = _TOWN_ID.fullmatch(text)
        if town is not None:
            rows = np.flatnonzero(self._array("town_number") == int(town[1]))
            return self._n_specials + int(rows[0]) if rows.size else None
        if not text.isascii():
            return None
        hashes = self._array("index_id_hash")
        wanted = np.uint64(key_hash(text.lower()))
        at = int(np.searchsorted(hashes, wanted))
        while at < hashes.size and hashes[at] == wanted:
            number = int(self._array("index_id_place")[at])
            own = self._id(number)
            if own == text or (own.upper() == text.upper() and own == own.upper()):
                return number
            at += 1
        return None

    def _code_numbers(self, code: str) -> list[int]:
        import numpy as np

        codes = self._array("code")
        wanted = np.uint32(code_number(code))
        low = int(np.searchsorted(codes, wanted, side="left"))
        high = int(np.searchsorted(codes, wanted, side="right"))
        return [int(number) for number in self._array("code_place")[low:high]]

    # names

    def _name_and_country(self, text: str) -> tuple[str, str]:
        """Return name and alpha-2 code of `Name, CC`; else the whole text and ''."""
        name, comma, after = text.rpartition(",")
        if comma and key(name):
            country = self._country_codes.get(key(after)) or self._country_codes.get(
                ascii_key(after)
            )
            if country is not None:
                return name.strip(), country
        return text, ""

    @cached_property
    def _country_codes(self) -> dict[str, str]:
        codes = dict(COUNTRY_ALIASES)
        for iso2, iso3, name in self._head["countries"]:
            codes[key(name)] = iso2
            codes[key(iso3)] = iso2
        for iso2, _, _ in self._head["countries"]:
            codes[key(iso2)] = iso2
        return {text: iso2 for text, iso2 in codes.items() if text}

    def _exact(self, name: str, country: str, kinds: Collection[str]) -> list[Cluster]:
        """Return the clusters of places with this name, best first (empty if none).

        `Port of X` and `X port` mean the terminal X, unless something is called just that.
        """
        found = self._named(name, country, kinds)
        bare = without_port(name)
        if found or bare == name or (kinds and PlaceKind.TERMINAL not in kinds):
            return found
        return self._named(bare, country, (PlaceKind.TERMINAL,))

    def _named(self, name: str, country: str, kinds: Collection[str]) -> list[Cluster]:
        own_script, latin = key(name), ascii_key(name)
        for text in dict.fromkeys((own_script, latin)):
            found = [
                candidate
                for candidate in self._candidates(text)
                if (not country or candidate.country == country) and _fits(candidate.kind, kinds)
            ]
            if found:
                return ranked(clusters(found))
        return []

    def _candidates(self, text: str) -> Iterator[Candidate]:
        import numpy as np

        if not text:
            return
        hashes = self._array("index_key_hash")
        wanted = np.uint64(key_hash(text))
        at = int(np.searchsorted(hashes, wanted))
        while at < hashes.size and hashes[at] == wanted:
            key_number = int(self._array("index_key_number")[at])
            at += 1
            if self._line("keys", "index_key_start", key_number) == text:
                yield self._candidate(key_number)

    def _candidate(self, key_number: int) -> Candidate:
        number = int(self._array("index_key_place")[key_number])
        kind = self._kind(number)
        offset = key_number - int(self._array("index_key_first")[number])
        n_own = int(self._array("n_own")[number])
        if kind == "crossing":
            tier = SIDE
        elif offset < n_own:
            tier = 0 if self._array("is_lead_name")[number] else 1
        else:
            tier = 2 if offset < n_own + int(self._array("n_alternate")[number]) else LATIN
        place = self.place(number)
        return Candidate(
            place=number,
            kind=kind,
            tier=tier,
            country=place.country,
            lat=place.lat,
            lon=place.lon,
            weight=int(self._array("weight")[number]),
        )

    def _near(
        self, name: str, country: str, kinds: Collection[str], limit: int
    ) -> list[tuple[int, float]]:
        """Return places with a similar name and the similarity 0..100, best first."""
        import numpy as np
        from rapidfuzz import fuzz

        starts, postings = self._array("index_trigram_start"), self._array("index_trigram_key")
        best: dict[int, float] = {}
        for text in dict.fromkeys((key(name), ascii_key(name))):
            if not text:
                continue
            codes = trigrams(text)
            hits = np.concatenate([postings[starts[c] : starts[c + 1]] for c in codes])
            if not hits.size:
                continue
            counts = np.bincount(hits)
            numbers = np.flatnonzero(counts >= max(1, counts.max() // 2))
            key_start = self._array("index_key_start")
            length = np.diff(key_start)[numbers]
            dice = 2.0 * counts[numbers] / (len(codes) + length)
            places = self._array("index_key_place")[numbers]
            if country:
                wanted = self._iso.index(country) if country in self._iso else -1
                dice = np.where(self._array("country")[places] == wanted, dice, -1.0)
            order = np.argsort(-dice, kind="stable")[:_PREFILTER]
            for index in order.tolist():
                if dice[index] <= 0.0 or not _fits(self._kind(int(places[index])), kinds):
                    continue
                other = self._line("keys", "index_key_start", int(numbers[index]))
                score = float(fuzz.ratio(text, other))
                number = int(places[index])
                if score >= _WORTH_SHOWING and score > best.get(number, 0.0):
                    best[number] = score
        weight = self._array("weight")
        order_key = sorted(best, key=lambda n: (-best[n], -int(weight[n]), n))
        return [(number, best[number]) for number in order_key[: max(limit, 1)]]

    # errors

    def _refuse_ambiguous(self, text: str, places: Sequence[Place], *, where: str) -> None:
        titles = [(place.name, place.country) for place in places]
        listed = "; ".join(
            self._label(place) + position(place) * (titles.count((place.name, place.country)) > 1)
            for place in places[:8]
        )
        more = f"; and {len(places) - 8} more" if len(places) > 8 else ""
        countries = {place.country for place in places}
        name = self._name_and_country(text)[0]
        by_country = f"'{shown(name)}, {places[0].country}' or " if len(countries) > 1 else ""
        raise RequestError(
            f"'{shown(text)}' means several places: {listed}{more}",
            where=where,
            hint=f"write {by_country}an id such as {places[0].id}",
        )

    def _refuse_country(self, text: str, found: Sequence[Cluster], *, where: str) -> None:
        """Refuse a country's name, unless a place in that country bears it (Singapore)."""
        country = self._country_codes.get(key(text))
        if country is None or len(key(text)) <= 3:
            return
        if not found or found[0].representative.country != country:
            raise RequestError(
                f"'{shown(text)}' is a country: name a town, port or terminal in it", where=where
            )

    def _refuse_unknown(
        self, text: str, name: str, country: str, kinds: Collection[str], *, where: str
    ) -> Place:
        near = [(n, s) for n, s in self._near(name, country, kinds, 12) if s >= _WORTH_SUGGESTING]
        if not near and country:
            elsewhere = [cluster.representative.place for cluster in self._exact(name, "", kinds)]
            near = [(number, 0.0) for number in elsewhere]
        labels: list[str] = []
        seen: list[Place] = []
        for number, _ in near:
            place = self.place(number)
            if any(is_close(place, other) for other in seen):
                continue
            seen.append(place)
            labels.append(self._label(place))
        head = labels[:3]
        choice = " or ".join([", ".join(head[:-1]), head[-1]] if len(head) > 1 else head)
        suggestion = f": did you mean {choice}?" if choice else ""
        raise RequestError(f"no place '{shown(text)}'{suggestion}", where=where)

    def _label(self, place: Place) -> str:
        number = self._id_number(place.id)
        codes = [] if number is None or number >= self._n_specials else self.codes(number)
        country = f", {place.country}" if place.country else ""
        return f"{place.name}{country} ({', '.join([place.id, *codes])})"

    # arrays

    def _array(self, name: str) -> NDArray[Any]:
        import numpy as np

        if name in self._arrays:
            return self._arrays[name]
        path = self._directory / f"{name}.npy"
        if name.startswith("index_"):
            whole = self._whole_index(name, path)
            if whole is None:
                self._arrays.update(index_arrays(self._array))
                return self._arrays[name]
            self._arrays[name] = whole
            return whole
        try:
            array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise DatasetError(f"gazetteer file unreadable: {error}", where=str(path)) from error
        self._arrays[name] = array
        return array

    @cached_property
    def _index_checks(self) -> dict[str, int]:
        try:
            checks = json.loads((self._directory / INDEX_CHECKS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return checks if isinstance(checks, dict) else {}

    def _whole_index(self, name: str, path: Path) -> NDArray[Any] | None:
        """Return an index file, or None if it is missing or not as it was written."""
        import zlib

        import numpy as np

        try:
            array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError):
            return None
        check = zlib.crc32(array.tobytes())
        return array if check == self._index_checks.get(name) else None

    def _line(self, blob: str, starts: str, number: int) -> str:
        offsets = self._array(starts)
        low, high = int(offsets[number]), int(offsets[number + 1]) - 1
        return bytes(self._array(blob)[low:high]).decode("utf-8")

    def _kind(self, number: int) -> str:
        return KINDS[int(self._array("kind")[number])]

    def _id(self, number: int) -> str:
        if number >= self._n_specials:
            return town_id(int(self._array("town_number")[number - self._n_specials]))
        return self._line("ids", "index_id_start", number)


_TIERS = {
    0: (100.0, "name"),
    1: (100.0, "name"),
    2: (98.0, "alternate name"),
    LATIN: (96.0, "transliterated name"),
    SIDE: (95.0, "crossing"),
}


def _fits(kind: str, kinds: Collection[str]) -> bool:
    return not kinds or kind in kinds
