"""Tables of the rulebook: measures, payment channels, blocs, operators, regions."""

from __future__ import annotations

from pathlib import Path


def path_of(name: str) -> Path:
    """Return where a table lies."""
    return Path(__file__).with_name(name)
