"""Plain tables: CSV rows as dictionaries, with the file named in every complaint."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

from landbridge.errors import SourceError


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 CSV file (plain or gzip), fields stripped.

    Raises
    ------
    SourceError
        If the file is missing, is not UTF-8 or has a row of another width than its header.
    """
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise SourceError(f"cannot read the table: {error}", where=str(path)) from error
    rows = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        if None in row or None in row.values():
            raise SourceError("a row is not as wide as the header", where=f"{path}:{number}")
        rows.append({key: value.strip() for key, value in row.items()})
    return rows
