"""One imported list on disk: a single file that is mapped, not read, and found by sound.

Layout: magic, length of the header, header (JSON), then arrays one behind the other. Words of names
are kept as sounds; an index leads from skeletons, whole or with one consonant left out, to names.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from landbridge.cache import write_aside
from landbridge.compliance.lists.entry import Entry, ListKind
from landbridge.compliance.lists.names import skeleton, sounds
from landbridge.errors import DatasetError

SUFFIX = ".list"
MAGIC = b"landbridge/list/1\n"
HASH_BYTES = 8
SHORTEST_CUT = 4
"""Consonants from which a skeleton is also found with one of them left out."""
MOST_GATHERED = 600
"""Names that are compared at all, the rarest skeletons first."""
MOST_POSTINGS = 4_000
"""Names behind a skeleton that are looked at: one more common tells nothing by itself."""
KINDS = ("entity", "individual", "vessel", "aircraft")

IntArray = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an imported list; `is_own_date` where the list itself says its date."""

    key: str
    title: str
    publisher: str
    jurisdiction: str
    dated: date
    is_own_date: bool
    digest: str
    entries: int
    names: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A listed party, as far as a match needs it."""

    id: str
    kind: str
    name: str
    programme: str
    since: str


def cuts(bones: str) -> tuple[str, ...]:
    """Return a skeleton, and where it is long enough, all that arise by leaving one sign out."""
    if len(bones) < SHORTEST_CUT:
        return (bones,)
    return tuple(dict.fromkeys((bones, *(bones[:k] + bones[k + 1 :] for k in range(len(bones))))))


def _hash(text: str) -> int:
    """Return a number for a skeleton: up to eight signs as they are, more by a digest."""
    data = text.encode()
    if len(data) <= HASH_BYTES:
        return int.from_bytes(data, "little")
    return int.from_bytes(hashlib.blake2b(data, digest_size=HASH_BYTES).digest(), "little")


def write_list(
    entries: Iterable[Entry], kind: ListKind, path: Path, *, dated: date, is_own_date: bool,
    digest: str,
) -> Facts:  # fmt: skip
    """Write a list whole or not at all, and return what is known of it."""
    ids: list[str] = []
    programmes: list[str] = []
    days: list[str] = []
    kinds: list[int] = []
    texts: list[str] = []
    heard: list[str] = []
    owner: list[int] = []
    imo: list[tuple[int, int]] = []
    postings: defaultdict[str, list[int]] = defaultdict(list)
    parted: set[str] = set()
    for number, entry in enumerate(entries):
        ids.append(entry.id)
        programmes.append(entry.programme)
        days.append(entry.since)
        kinds.append(KINDS.index(entry.kind) if entry.kind in KINDS else 0)
        imo += [(int(code), number) for code in entry.imo]
        seen = set()
        for name in entry.names:
            said = sounds(name)
            if not said or said in seen:
                continue
            seen.add(said)
            position = len(texts)
            texts.append(name.replace("\n", " "))
            heard.append(" ".join(said))
            owner.append(number)
            bones = {skeleton(word) for word in said}
            parted |= bones
            if len(said) > 1:
                bones.add(skeleton("".join(said)))
            for bone in bones:
                postings[bone].append(position)
    skeletons = sorted(postings)
    # a name as a whole is met exactly: its words already forgive a missing consonant
    hashes: list[int] = []
    of_skeleton: list[int] = []
    for number, bone in enumerate(skeletons):
        forms = cuts(bone) if bone in parted else (bone,)
        hashes += map(_hash, forms)
        of_skeleton += [number] * len(forms)
    variant = np.array(hashes, dtype=np.uint64)
    order = np.argsort(variant, kind="stable")
    imo.sort()
    arrays: dict[str, NDArray[Any]] = {
        "id": _blob(ids),
        "programme": _blob(programmes),
        "since": _blob(days),
        "text": _blob(texts),
        "sound": _blob(heard),
        "skeleton": _blob(skeletons),
    }
    arrays |= {f"{name}_at": _starts(arrays[name]) for name in tuple(arrays)}
    arrays |= {
        "kind": np.array(kinds, dtype=np.uint8),
        "owner": np.array(owner, dtype=np.int32),
        "imo": np.array([code for code, _ in imo], dtype=np.int32),
        "imo_entry": np.array([number for _, number in imo], dtype=np.int32),
        "variant": variant[order],
        "variant_skeleton": np.array(of_skeleton, dtype=np.int32)[order],
        "posting": np.array([p for bone in skeletons for p in postings[bone]], dtype=np.int32),
        "posting_at": np.cumsum([0, *(len(postings[bone]) for bone in skeletons)], dtype=np.int64),
    }
    facts = Facts(
        key=kind.key, title=kind.title, publisher=kind.publisher, jurisdiction=kind.jurisdiction,
        dated=dated, is_own_date=is_own_date, digest=digest, entries=len(ids), names=len(texts),
    )  # fmt: skip
    write_aside(path, _packed(facts, arrays))
    return facts


def _packed(facts: Facts, arrays: dict[str, NDArray[Any]]) -> bytes:
    at = 0
    table: dict[str, tuple[str, int, int]] = {}
    payload = []
    for name in sorted(arrays):
        data = np.ascontiguousarray(arrays[name]).tobytes()
        table[name] = (arrays[name].dtype.str, at, arrays[name].size)
        padding = -len(data) % 8
        payload += [data, b"\0" * padding]
        at += len(data) + padding
    about = {field: getattr(facts, field) for field in Facts.__slots__}
    about["dated"] = facts.dated.isoformat()
    header = json.dumps({"facts": about, "arrays": table, "size": at}, sort_keys=True).encode()
    header += b" " * (-(len(MAGIC) + 8 + len(header)) % 8)
    return b"".join((MAGIC, len(header).to_bytes(8, "little"), header, *payload))


def _blob(texts: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("".join(f"{text}\n" for text in texts).encode(), dtype=np.uint8)


def _starts(blob: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.flatnonzero(blob == ord("\n")) + 1]).astype(np.int64)


class KeptList:
    """An imported list, mapped into memory."""

    def __init__(self, path: Path) -> None:
        broken = DatasetError(
            "the imported list is damaged", where=str(path), hint="import its file again"
        )
        try:
            with path.open("rb") as stream:
                self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            raise broken from None
        if self._data[: len(MAGIC)] != MAGIC:
            raise broken
        start = len(MAGIC) + 8
        length = int.from_bytes(self._data[len(MAGIC) : start], "little")
        try:
            header = json.loads(self._data[start : start + length])
            about = dict(header["facts"])
            about["dated"] = date.fromisoformat(about["dated"])
            self.facts = Facts(**about)
            self._table: dict[str, tuple[str, int, int]] = header["arrays"]
            size = int(header["size"])
        except (ValueError, KeyError, TypeError):
            raise broken from None
        self._base = start + length
        if self._base + size != len(self._data):
            raise broken

    def _array(self, name: str) -> IntArray:
        dtype, at, size = self._table[name]
        return np.frombuffer(self._data, dtype=dtype, count=size, offset=self._base + at)

    @cached_property
    def _arrays(self) -> dict[str, IntArray]:
        return {name: self._array(name) for name in self._table}

    def _text(self, column: str, position: int) -> str:
        at = self._arrays[f"{column}_at"]
        start = self._base + self._table[column][1]
        return self._data[start + int(at[position]) : start + int(at[position + 1]) - 1].decode()

    def sounds_of(self, position: int) -> str:
        """Return the sounds of a name, with blanks between words."""
        return self._text("sound", position)

    def listed(self, position: int) -> Listed:
        """Return the party that bears the name at this position."""
        return self.party(int(self._arrays["owner"][position]), self._text("text", position))

    def party(self, number: int, name: str = "") -> Listed:
        """Return the party of this number, under the name given or the number of its record."""
        return Listed(
            id=self._text("id", number),
            kind=KINDS[int(self._arrays["kind"][number])],
            name=name,
            programme=self._text("programme", number),
            since=self._text("since", number),
        )

    def by_imo(self, number: str) -> tuple[Listed, ...]:
        """Return the parties with this IMO number, under their first name."""
        codes = self._arrays["imo"]
        low, high = np.searchsorted(codes, [int(number), int(number) + 1])
        found = []
        for entry in self._arrays["imo_entry"][low:high].tolist():
            first = int(np.searchsorted(self._arrays["owner"], entry))
            has_name = first < self.facts.names and int(self._arrays["owner"][first]) == entry
            found.append(self.party(entry, self._text("text", first) if has_name else ""))
        return tuple(found)

    def near(self, said: Sequence[str], most: int, among: int = MOST_GATHERED) -> list[int]:
        """Return positions of at most so many names that may be these sounds.

        Names are gathered by the skeletons of their words, give or take a consonant, rare ones
        first, as in retrieval of texts; of those gathered, `among` at most, the likest are kept.
        """
        gathered = self._gathered(said, among)
        if len(gathered) <= most:
            return gathered
        heard = [self.sounds_of(position) for position in gathered]
        likest = process.extract(
            " ".join(said), heard, scorer=fuzz.token_ratio, processor=None, limit=most
        )
        return [gathered[where] for _, _, where in likest]

    def _gathered(self, said: Sequence[str], among: int) -> list[int]:
        names = max(self.facts.names, 1)
        found: list[NDArray[Any]] = []
        weights: list[NDArray[Any]] = []
        asked = dict.fromkeys((*said, "".join(said)))
        for word in asked:
            own = self._postings(skeleton(word))
            if len(own):
                weight = np.log1p(names / len(own)) * (1.0 if len(own) <= MOST_POSTINGS else 0.25)
                found.append(own)
                weights.append(np.full(len(own), weight))
        if not found:
            return []
        positions, inverse = np.unique(np.concatenate(found), return_inverse=True)
        total = np.bincount(inverse, weights=np.concatenate(weights))
        order = np.argsort(-total, kind="stable")[:among]
        return [int(position) for position in positions[order]]

    def _postings(self, bones: str) -> IntArray:
        """Return the names with a word or a whole of this skeleton, give or take a consonant."""
        variants, at = self._arrays["variant"], self._arrays["posting_at"]
        skeletons: set[int] = set()
        for cut in cuts(bones):
            value = np.uint64(_hash(cut))
            low = int(np.searchsorted(variants, value, side="left"))
            high = int(np.searchsorted(variants, value, side="right"))
            skeletons.update(self._arrays["variant_skeleton"][low:high].tolist())
        runs = [self._arrays["posting"][int(at[k]) : int(at[k + 1])] for k in sorted(skeletons)]
        return np.unique(np.concatenate(runs)) if runs else np.array([], dtype=np.int32)
