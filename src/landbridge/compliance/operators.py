"""Which operators of the rulebook a stated name means."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from landbridge.compliance.rulebook import Rulebook

SAME_OPERATOR = 90.0
"""Score from which a long name is taken for one of the rulebook's, 0 to 100."""
LONG_NAME = 10
"""Letters from which a name is long enough to be compared for likeness."""


def operator_codes(names: Iterable[str], rulebook: Rulebook) -> frozenset[str]:
    """Return the codes (IRISL, ROSNEFT, ...) that stated names go by.

    Short names must be the same but for case, script, marks and legal form; long ones may be
    spelt a little differently.
    """
    found: set[str] = set()
    for name in names:
        found |= _codes_of(name, _known(rulebook))
    return frozenset(found)


def _known(rulebook: Rulebook) -> tuple[tuple[str, str, str], ...]:
    from landbridge.compliance.lists.names import plain_key

    codes = sorted(
        {
            value
            for measure in rulebook.measures
            if measure.requires == "operator"
            for value in measure.required_values
        }
    )
    names = [(code, code) for code in codes] + list(rulebook.aliases)
    return tuple((plain_key(name), code, name) for code, name in names)


@lru_cache(maxsize=256)
def _codes_of(name: str, known: tuple[tuple[str, str, str], ...]) -> frozenset[str]:
    from landbridge.compliance.lists.names import plain_key, similarity

    own = plain_key(name)
    return frozenset(
        code
        for key, code, written in known
        if own == key
        or (min(len(own), len(key)) >= LONG_NAME and similarity(name, written) >= SAME_OPERATOR)
    )
