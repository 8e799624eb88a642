"""Codes of countries, as a request states them for a flag."""

from __future__ import annotations

import csv
import difflib
from functools import cache

from landbridge.compliance.tables import path_of
from landbridge.errors import RequestError


@cache
def country_names() -> dict[str, str]:
    """Return the names of countries and territories by ISO 3166 alpha-2 code (GeoNames)."""
    with path_of("countries.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def checked_flag(flag: str, *, where: str = "--flag") -> str:
    """Return the code of the flag's country in capitals, '' for none stated.

    Raises
    ------
    RequestError
        If no country has this code, with the nearest that one has.
    """
    text = flag.strip()
    names = country_names() if text else {}
    code = text.upper()
    if not text or code in names:
        return code
    codes = {name.casefold(): code for code, name in names.items()} | {"uk": "GB"}
    like = difflib.get_close_matches(text[:64].casefold(), codes, n=1, cutoff=0.6)
    found = codes[like[0]] if (like and len(text) != 2) or code == "UK" else ""
    hint = f"did you mean {found} ({names[found]})?" if found else "two letters, as PA or RU"
    raise RequestError(f"'{flag}' is no country code", where=where, hint=hint)
