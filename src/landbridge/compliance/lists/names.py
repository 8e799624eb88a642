"""Names of parties as keys that meet across scripts and spellings."""

from __future__ import annotations

import re

_NOISE = re.compile(r"[^a-z0-9]+")


def plain_key(name: str) -> str:
    """Return the letters and digits of a name in Latin script."""
    from anyascii import anyascii

    return _NOISE.sub("", anyascii(name).lower())


def similarity(a: str, b: str) -> float:
    """Return how alike two names are, 0 to 100."""
    return 100.0 if plain_key(a) == plain_key(b) else 0.0
