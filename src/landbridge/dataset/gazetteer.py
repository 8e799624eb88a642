"""Names to places: exact look-up in any script, near misses listed, never a silent guess.

The rules of choice among namesakes are in `docs/decisions/0020-names.md`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.dataset.gazetteer_build import FORMAT, KINDS, code_number, town_id
from landbridge.dataset.gazetteer_codes import refuse_unknown_code
from landbridge.dataset.gazetteer_evidence import with_evidence
from landbridge.dataset.gazetteer_files import GazetteerFiles
from landbridge.dataset.gazetteer_keys import ascii_key, key, key_hash, without_port
from landbridge.dataset.gazetteer_near import near_places
from landbridge.dataset.gazetteer_query import (
    COORDINATE,
    Reading,
    choice,
    clean,
    coordinate_place,
    country_codes,
    is_close,
    position,
    readings,
    shown,
)
from landbridge.dataset.gazetteer_rank import (
    LATIN,
    OWN,
    SIDE,
    Candidate,
    Cluster,
    Match,
    clusters,
    ranked,
)
from landbridge.dataset.gazetteer_regions import Regions
from landbridge.domain.network import Place, PlaceKind
from landbridge.errors import DatasetError, RequestError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOORS = (PlaceKind.TERMINAL, PlaceKind.CROSSING, PlaceKind.TOWN, PlaceKind.COORDINATE)
"""Kinds of place where a journey can begin or end."""

_WORTH_SUGGESTING = 70.0
_CODE = re.compile(r"([A-Za-z]{2})[ -]?([A-Za-z2-9]{3})")
_TOWN_ID = re.compile(r"TOWN-([0-9]{1,9})", re.IGNORECASE)


class Gazetteer:
    """Places by name, code, id or position; arrays are mapped from disk when first needed."""

    def __init__(self, directory: Path, head: dict[str, Any]) -> None:
        self._directory = directory
        self._head = head
        self._n_places = int(head["n_places"])
        self._n_specials = int(head["n_specials"])
        self._iso: list[str] = head["iso"]
        self._files = GazetteerFiles(directory)

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
        matches = [self._match(place, 100.0, why) for place, why in known]
        reading, found = self._meaning(text, kinds)
        for cluster in found:
            members = (cluster.representative, *cluster.others)
            matches += [self._match(self.place(m.place), *_TIERS[m.tier]) for m in members]
        if len(matches) < limit:
            near = self._near(reading, kinds, limit)
            matches += [
                self._match(self.place(number), round(min(score, 94.9), 1), "alike")
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
            A name in any script, `Name, CC`, `Name, Region`, `Name, Region, CC`, a UN/LOCODE, an
            id, or `lat,lon`.
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
            self._refuse_ambiguous(text, text, [place for place, _ in known], kinds, where=where)
        reading, found = self._meaning(text, kinds)
        if not reading.country and not reading.regions:
            self._refuse_country(text, found, where=where)
        rivals = [cluster for cluster in found if cluster.is_rival]
        if len(rivals) > 1:
            places = [self.place(cluster.representative.place) for cluster in rivals]
            self._refuse_ambiguous(text, reading.name, places, kinds, where=where)
        refuse_unknown_code(
            text, found, self._iso, numbers_of=self._code_numbers, place_of=self.place, where=where
        )
        if found:
            return self.place(found[0].representative.place)
        return self._refuse_unknown(text, reading, kinds, where=where)

    @property
    def files(self) -> GazetteerFiles:
        """The arrays on disk."""
        return self._files

    @property
    def n_specials(self) -> int:
        """How many places are no towns; they have the first numbers."""
        return self._n_specials

    def match(self, place: Place, score: float, why: str) -> Match:
        """Return a match with the region that the place lies in."""
        return self._match(place, score, why)

    def by_id(self, place_id: str) -> Place | None:
        """Return the place with exactly this id, or None."""
        number = self._id_number(place_id)
        return None if number is None else self.place(number)

    def place(self, number: int) -> Place:
        """Return place number `number` (0 up to `n_places`)."""
        is_town = number >= self._n_specials
        part, digits, factor = ("town", "e3", 1e3) if is_town else ("special", "e6", 1e6)
        row = number - self._n_specials * is_town
        return Place(
            id=self._id(number),
            name=self._files.line("names", "index_name_start", number),
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
        if not numbers or not (is_written_as_code or not self._exact(Reading(name=text), kinds)):
            return []
        if not terminals and self._exact(Reading(name=text), kinds):
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

    def _meaning(self, text: str, kinds: Collection[str]) -> tuple[Reading, list[Cluster]]:
        """Return the first reading of the text that finds places, with them, best first.

        If none finds any: the reading to seek near misses by, and an empty list.
        """
        ways = readings(text, self._country, self._regions_named)
        for reading in ways:
            found = self._exact(reading, kinds)
            if found:
                return reading, found
        return next((way for way in ways if way.regions and not way.is_second), ways[0]), []

    def _regions_named(self, text: str, country: str) -> frozenset[int]:
        return self._regions.named(text, country)

    def _country(self, text: str) -> str:
        """Return the alpha-2 code of the country that the text names, or ''."""
        codes = self._country_codes
        return codes.get(key(text)) or codes.get(ascii_key(text)) or ""

    @cached_property
    def _regions(self) -> Regions:
        if not self._head.get("n_regions"):
            return Regions(())
        return Regions(bytes(self._array("regions")).decode("utf-8").splitlines())

    def _region_number(self, number: int) -> int:
        return int(self._array("region")[number]) if self._head.get("n_regions") else 0

    def _region_title(self, place: Place) -> str:
        """Return the name of the region a place lies in (its code if unnamed), or ''."""
        number = self._id_number(place.id)
        region = 0 if number is None else self._region_number(number)
        return self._regions[region].title if region else ""

    def _match(self, place: Place, score: float, why: str) -> Match:
        return Match(place=place, score=score, reason=why, region=self._region_title(place))

    @cached_property
    def _country_codes(self) -> dict[str, str]:
        return country_codes(self._head["countries"])

    def _exact(self, reading: Reading, kinds: Collection[str]) -> list[Cluster]:
        """Return the clusters of places with this name, best first (empty if none).

        `Port of X` and `X port` mean the terminal X, unless something is called just that.
        """
        found = self._named(reading, kinds)
        bare = without_port(reading.name)
        if found or bare == reading.name or (kinds and PlaceKind.TERMINAL not in kinds):
            return found
        return self._named(replace(reading, name=bare), (PlaceKind.TERMINAL,))

    def _named(self, reading: Reading, kinds: Collection[str]) -> list[Cluster]:
        for text in dict.fromkeys((key(reading.name), ascii_key(reading.name))):
            found = [
                candidate
                for candidate in self._candidates(text)
                if (not reading.country or candidate.country == reading.country)
                and (not reading.regions or self._region_number(candidate.place) in reading.regions)
                and _fits(candidate.kind, kinds)
            ]
            if found:
                return ranked(clusters(self._with_evidence(found)))
        return []

    def _with_evidence(self, found: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates; towns with a namesake in their country with what tells of them."""
        towns = Counter(c.country for c in found if c.kind == "town" and c.tier <= OWN)
        division = "region" if self._head.get("n_regions") else "country"
        return [
            with_evidence(self._files, candidate, division=division, n_specials=self._n_specials)
            if candidate.kind == "town" and towns[candidate.country] > 1
            else candidate
            for candidate in found
        ]

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
            if self._files.line("keys", "index_key_start", key_number) == text:
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
        self, reading: Reading, kinds: Collection[str], limit: int
    ) -> list[tuple[int, float]]:
        """Return places with a similar name and the similarity 0..100, best first."""
        import numpy as np

        def allowed(places: NDArray[Any]) -> NDArray[np.bool_]:
            fits: NDArray[np.bool_] = np.ones(places.shape, dtype=np.bool_)
            if reading.country:
                wanted = [n for n, iso in enumerate(self._iso) if iso == reading.country]
                fits &= np.isin(self._array("country")[places], wanted)
            if reading.regions:
                fits &= np.isin(self._array("region")[places], list(reading.regions))
            if kinds:
                wanted_kinds = [n for n, kind in enumerate(KINDS) if kind in kinds]
                fits &= np.isin(self._array("kind")[places], wanted_kinds)
            return fits

        return near_places(self._files, reading.name, allowed, limit)

    # errors

    def _refuse_ambiguous(
        self, text: str, name: str, places: Sequence[Place], kinds: Collection[str], *, where: str
    ) -> None:
        listed = "; ".join(self._labels(places[:8]))
        more = f"; and {len(places) - 8} more" if len(places) > 8 else ""
        written = self._way_to_write(name, places[0], kinds)
        by_name = f"'{shown(written)}' or " if written else ""
        raise RequestError(
            f"'{shown(text)}' means several places: {listed}{more}",
            where=where,
            hint=f"write {by_name}an id such as {places[0].id}",
        )

    def _way_to_write(self, name: str, place: Place, kinds: Collection[str]) -> str:
        """Return the name with the country or region that makes it mean this place alone, or ''."""
        number, region = self._id_number(place.id), self._region_title(place)
        ways = [f"{name}, {place.country}"] if place.country else []
        ways += [f"{name}, {region}", f"{name}, {region}, {place.country}"] if region else []
        for written in ways:
            found = self._meaning(written, kinds)[1]
            if [c.representative.place for c in found if c.is_rival] == [number]:
                return written
        return ""

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
        self, text: str, reading: Reading, kinds: Collection[str], *, where: str
    ) -> Place:
        near = [n for n, s in self._near(reading, kinds, 12) if s >= _WORTH_SUGGESTING]
        if reading.regions or not near:
            names = dict.fromkeys((reading.name, reading.name.rpartition(",")[0] or reading.name))
            alike = [cl for name in names for cl in self._exact(Reading(name=name), kinds)]
            near = [cluster.representative.place for cluster in alike] + near
        seen: list[Place] = []
        for place in map(self.place, near):
            if not any(is_close(place, other) for other in seen):
                seen.append(place)
        labels = self._labels(seen[:3], with_region=bool(reading.regions))
        suggestion = f": did you mean {choice(labels)}?" if labels else ""
        raise RequestError(f"no place '{shown(text)}'{suggestion}", where=where)

    def _labels(self, places: Sequence[Place], *, with_region: bool = False) -> list[str]:
        """Return name, country, id and codes of each; namesakes of a country with their region.

        Where the region does not tell them apart either, or is not known, the position is given.
        """
        titles = [(place.name, place.country) for place in places]
        regions = [
            self._region_title(place) if with_region or titles.count(title) > 1 else ""
            for place, title in zip(places, titles, strict=True)
        ]
        full = list(zip(titles, regions, strict=True))
        return [
            self._label(place, region) + position(place) * (full.count((title, region)) > 1)
            for place, title, region in zip(places, titles, regions, strict=True)
        ]

    def _label(self, place: Place, region: str) -> str:
        number = self._id_number(place.id)
        codes = [] if number is None or number >= self._n_specials else self.codes(number)
        title = ", ".join(part for part in (place.name, region, place.country) if part)
        return f"{title} ({', '.join([place.id, *codes])})"

    # arrays

    def _array(self, name: str) -> NDArray[Any]:
        return self._files.array(name)

    def _kind(self, number: int) -> str:
        return KINDS[int(self._array("kind")[number])]

    def _id(self, number: int) -> str:
        if number >= self._n_specials:
            return town_id(int(self._array("town_number")[number - self._n_specials]))
        return self._files.line("ids", "index_id_start", number)


_TIERS = {
    0: (100.0, "name"),
    1: (100.0, "name"),
    2: (98.0, "alternate name"),
    LATIN: (96.0, "transliterated name"),
    SIDE: (95.0, "crossing"),
}


def _fits(kind: str, kinds: Collection[str]) -> bool:
    return not kinds or kind in kinds
