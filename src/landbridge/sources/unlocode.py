"""UN/LOCODE tables: bytes in, rows out. Names are of 2015 and carry no position."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass

from landbridge.errors import SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Locode:
    """One entry of the code list; `code` has five characters and no blank."""

    code: str
    country: str
    subdivision: str
    name: str


def read_table(data: bytes, *, columns: tuple[str, ...], where: str) -> list[dict[str, str]]:
    """Return the rows of a gzipped CSV file, having checked that it has `columns`.

    Raises
    ------
    SourceError
        The bytes are no gzipped UTF-8 CSV, or a column is missing.
    """
    try:
        text = gzip.decompress(data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SourceError(f"no gzipped UTF-8 table: {error}", where=where) from error
    reader = csv.DictReader(io.StringIO(text))
    missing = [c for c in columns if c not in (reader.fieldnames or ())]
    if missing:
        raise SourceError(f"column missing: {', '.join(missing)}", where=where)
    return [{c: row[c] or "" for c in columns} for row in reader]


def read_names(data: bytes, *, where: str = "unlocode_2015_names.csv.gz") -> list[Locode]:
    """Return the code list in file order."""
    rows = read_table(data, columns=("country", "subdivision", "location", "name"), where=where)
    return [
        Locode(
            code=row["country"] + row["location"],
            country=row["country"],
            subdivision=row["subdivision"],
            name=row["name"].strip(),
        )
        for row in rows
        if len(row["country"]) == 2 and len(row["location"]) == 3
    ]


def read_parents(data: bytes, *, where: str = "parents.csv.gz") -> dict[str, str]:
    """Return sub-location -> parent location, both as five-character codes."""
    rows = read_table(data, columns=("Unlocode", "Parent"), where=where)
    return {row["Unlocode"]: row["Parent"] for row in rows}
