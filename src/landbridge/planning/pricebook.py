"""Expected prices of transfers and borders, kept between processes.

A question prices some 1,200 kinds of transfer and border, whatever its two ends. They depend on
parameters, consignment, date, scope and country of loading only; the book for those is kept in the
cache folder and checked by its own digest: a cut or altered book is not used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable
from dataclasses import astuple
from functools import cached_property
from pathlib import Path

from landbridge import __version__
from landbridge.cache import cache_folder, write_aside
from landbridge.domain.request import Request
from landbridge.errors import DatasetError
from landbridge.models.pricing import Expected
from landbridge.parameters.tree import Parameters

MOST_BOOKS = 40
"""The oldest books beyond so many are removed."""


class PriceBook:
    """The book of one kind of question: read at the start, written back if it grew."""

    def __init__(self, parameters: Parameters, request: Request, origin_country: str) -> None:
        facts = json.dumps(
            [
                __version__,
                parameters.digest,
                request.consignment.unit,
                request.consignment.units,
                request.consignment.cargo_mass_t,
                request.consignment.goods,
                request.consignment.value_usd,
                request.depart.strftime("%Y-%m"),  # prices and seasons are those of a month
                request.scope.value,
                origin_country,
                _code_stamp(),
            ]
        )
        name = hashlib.blake2b(facts.encode(), digest_size=12).hexdigest()
        try:
            self._path: Path | None = cache_folder() / "compiled" / f"prices-{name}.json"
        except DatasetError:
            self._path = None
        self._memory: dict[Hashable, Expected] = {}

    @cached_property
    def _rows(self) -> dict[str, tuple[float, ...]]:
        rows = self._read()
        self._known = len(rows)
        return rows

    def expected(self, like: Hashable) -> Expected | None:
        """Return the kept price of a likeness, None if the book has none."""
        found = self._memory.get(like)
        if found is None:
            row = self._rows.get(repr(like))
            if row is None:
                return None
            self._memory[like] = found = Expected(*row)
        return found

    def keep(self, like: Hashable, expected: Expected) -> None:
        """Add a price to the book."""
        self._memory[like] = expected
        self._rows[repr(like)] = astuple(expected)

    def close(self) -> None:
        """Write the book if it grew, aside and renamed; a read-only cache is no error."""
        if self._path is None or "_rows" not in vars(self) or len(self._rows) == self._known:
            return
        body = json.dumps(self._rows, separators=(",", ":"))
        text = _digest(body) + "\n" + body
        try:
            write_aside(self._path, text.encode())
            books = sorted(self._path.parent.glob("prices-*.json"), key=lambda p: p.stat().st_mtime)
            for old in books[:-MOST_BOOKS]:
                old.unlink(missing_ok=True)
        except OSError:
            return
        self._known = len(self._rows)

    def _read(self) -> dict[str, tuple[float, ...]]:
        if self._path is None:
            return {}
        try:
            digest, _, body = self._path.read_text(encoding="utf-8").partition("\n")
            if digest != _digest(body):
                return {}
            return dict(json.loads(body))
        except (OSError, ValueError):
            return {}


def _digest(body: str) -> str:
    return hashlib.blake2b(body.encode(), digest_size=16).hexdigest()


def _code_stamp() -> list[int]:
    """Return sizes and times of the modules that price: a changed model never meets an old book."""
    import landbridge.models as room

    return [
        value
        for path in sorted(Path(room.__path__[0]).glob("*.py"))
        for value in (path.stat().st_size, path.stat().st_mtime_ns)
    ]
