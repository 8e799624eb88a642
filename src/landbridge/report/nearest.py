"""The nearest right thing: what a misspelt id may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LIKE_SHARE = 0.5
"""How alike two names must be for one to be offered for the other, 0 to 1."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return `did you mean ...?` with up to three like names, or nothing."""
    lower: dict[str, str] = {}
    for known in sorted(names):
        lower.setdefault(known.lower(), known)
    # ids are short: more than this is no misspelt id, and comparing it would take long
    like = difflib.get_close_matches(name.lower()[:64], lower, n=3, cutoff=LIKE_SHARE)
    return f"did you mean {' or '.join(lower[key] for key in like)}?" if like else ""
