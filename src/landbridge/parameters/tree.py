"""One coefficient, and the set of all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from landbridge.errors import ParameterError

QUALITIES = ("published", "estimated", "assumed")
LAST_KEYS = ("default", "world")
"""Keys tried after all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A coefficient for one scope.

    Low, central and high are P10, P50 and P90: of a time over consignments, of a price or an
    intensity over our knowledge. `key` is a place (`IR:BANDARABBAS`), crossing (`B010`), country
    pair (`CN-KZ`, sorted), country, group (`EU`), class, or `default`. `luck` is the label of the
    row whose stream of draws this one has, where it stands in for that row; else ''.
    """

    name: str
    key: str
    low: float
    central: float
    high: float
    unit: str
    year: int | None
    evidence: tuple[str, ...]
    quality: str
    grade: str
    note: str = ""
    luck: str = ""
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.name, self.key, self.central)))
        problems: list[str] = []
        if not self.low <= self.central <= self.high:
            problems.append(
                f"low {self.low:g}, central {self.central:g}, high {self.high:g} are not in order"
            )
        if not all(abs(value) < float("inf") for value in (self.low, self.central, self.high)):
            problems.append("a value is not finite")
        if self.quality not in QUALITIES:
            problems.append(f"quality '{self.quality}' is not one of {', '.join(QUALITIES)}")
        if self.grade not in ("A", "B", "C", "D", "E"):
            problems.append(f"grade '{self.grade}' is not one of A to E")
        if self.quality == "published" and not self.evidence:
            problems.append("published, but names no evidence")
        if problems:
            raise ParameterError("; ".join(problems), where=self.label, problems=tuple(problems))

    def __hash__(self) -> int:
        return self._hash

    @property
    def label(self) -> str:
        """Name and key as shown to readers: `road.tariff_per_km_usd[IR]`."""
        return f"{self.name}[{self.key}]"

    @property
    def stream(self) -> str:
        """The label under which its luck is drawn."""
        return self.luck or self.label


def pair_key(country_a: str, country_b: str) -> str:
    """Return the key of a pair of countries, the same both ways."""
    return "-".join(sorted((country_a, country_b)))


class Parameters:
    """All coefficients of one case: immutable, found by name and keys, with a digest.

    Parameters
    ----------
    rows
        Every parameter; two rows with one name and key are an error.
    groups
        Group name -> member countries (alpha-2).
    """

    __slots__ = ("_by_name", "_cache", "_digest", "_groups", "_groups_of", "_rows")

    def __init__(
        self, rows: Iterable[Parameter], *, groups: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        by_name: dict[str, dict[str, Parameter]] = {}
        problems: list[str] = []
        for row in rows:
            keys = by_name.setdefault(row.name, {})
            if row.key in keys:
                problems.append(f"{row.label} is given twice")
            keys[row.key] = row
        if problems:
            raise ParameterError(
                f"{len(problems)} parameter rows are given twice, first {problems[0]}",
                problems=tuple(problems),
            )
        self._by_name = by_name
        self._rows = tuple(
            by_name[name][key] for name in sorted(by_name) for key in sorted(by_name[name])
        )
        given = groups or {}
        self._groups = {name: tuple(sorted(given[name])) for name in sorted(given)}
        groups_of: dict[str, list[str]] = {}
        for group, members in self._groups.items():
            for country in members:
                groups_of.setdefault(country, []).append(group)
        self._groups_of = {country: tuple(names) for country, names in groups_of.items()}
        self._digest = ""
        self._cache: dict[tuple[str, ...], Parameter | None] = {}

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Parameters):
            return NotImplemented
        return self._rows == other._rows and self._groups == other._groups

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Group name -> member countries."""
        return MappingProxyType(self._groups)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._by_name))

    @property
    def digest(self) -> str:
        """Hash over the whole content, independent of the order of rows."""
        if not self._digest:
            content = hashlib.blake2b(digest_size=16)
            for row in self._rows:
                content.update(
                    repr(
                        (
                            row.name,
                            row.key,
                            row.low,
                            row.central,
                            row.high,
                            row.unit,
                            row.year,
                            row.evidence,
                            row.quality,
                            row.grade,
                            row.note,
                        )
                    ).encode()
                )
            content.update(repr(sorted(self._groups.items())).encode())
            self._digest = content.hexdigest()
        return self._digest

    def keys(self, name: str) -> tuple[str, ...]:
        """Return the keys for which a name has rows, sorted."""
        return tuple(sorted(self._by_name.get(name, {})))

    def find(self, name: str, *keys: str) -> Parameter | None:
        """Return the row of the first key that has one, or None; see `lookup`."""
        question = (name, *keys)
        if question in self._cache:
            return self._cache[question]
        rows = self._by_name.get(name, {})
        found = None
        tried = [key for key in keys if key]
        for country in keys:
            tried.extend(self._groups_of.get(country, ()))
        for key in (*tried, *LAST_KEYS):
            if key in rows:
                found = rows[key]
                break
        self._cache[question] = found
        return found

    def exactly(self, name: str, key: str) -> Parameter | None:
        """Return the row with this very key, or None."""
        return self._by_name.get(name, {}).get(key)

    def lookup(self, name: str, *keys: str) -> Parameter:
        """Return the row for the first of `keys`, then their groups, then `default` or `world`.

        Raises
        ------
        ParameterError
            If the name has no row for any of them.
        """
        found = self.find(name, *keys)
        if found is None:
            known = self.keys(name)
            raise ParameterError(
                f"no row for {', '.join(key for key in keys if key) or 'default'}",
                where=name,
                hint=f"rows exist for {', '.join(known)}" if known else "the name is unknown",
            )
        return found

    def require(self, names: Iterable[str], rows: Iterable[tuple[str, str]] = ()) -> None:
        """Raise one `ParameterError` for all names without a default row and rows not there."""
        problems = (
            *(f"{name} has no default row" for name in names if self.find(name) is None),
            *(f"{name}[{key}] is missing" for name, key in rows if not self.exactly(name, key)),
        )
        if problems:
            raise ParameterError(
                f"{len(problems)} parameters are missing, first: {problems[0]}", problems=problems
            )

    def replace(self, *rows: Parameter) -> Parameters:
        """Return parameters in which these rows replace, or join, the present ones."""
        merged = {(row.name, row.key): row for row in self._rows}
        merged.update({(row.name, row.key): row for row in rows})
        return Parameters(merged.values(), groups=self._groups)

    def overlaid(self, rows: Iterable[Parameter]) -> Parameters:
        """Return parameters in which these rows replace, or join, the present ones.

        Raises
        ------
        ParameterError
            If a name is not among the present ones: no formula would look it up.
        """
        given = tuple(rows)
        unknown = sorted({row.name for row in given if row.name not in self._by_name})
        if unknown:
            raise ParameterError(
                f"no such name: {', '.join(unknown)}",
                problems=tuple(f"{name}: no such name" for name in unknown),
            )
        return self.replace(*given)

    def with_value(
        self,
        name: str,
        key: str,
        central: float,
        *,
        low: float | None = None,
        high: float | None = None,
        note: str = "set by the caller",
    ) -> Parameters:
        """Return parameters in which one row has another value.

        Without `low` and `high` an existing row's range is scaled along; a new row has no spread.
        """
        base = self.exactly(name, key) or self.find(name, key)
        if base is None:
            raise ParameterError("the name is unknown", where=name)
        scale = central / base.central if base.central else 1.0
        return self.replace(
            replace(
                base,
                key=key,
                central=central,
                low=low if low is not None else min(base.low * scale, central),
                high=high if high is not None else max(base.high * scale, central),
                quality="assumed",
                grade="E",
                evidence=(),
                note=note,
            )
        )
