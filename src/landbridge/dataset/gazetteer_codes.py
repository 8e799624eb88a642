"""What is written as a UN/LOCODE and is none: never a by-name of a town elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from landbridge.dataset.gazetteer_rank import ALTERNATE, Cluster
from landbridge.domain.network import Place
from landbridge.errors import RequestError

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789"
MOST_NAMED = 3
GREAT = 1_000_000
"""A by-name of a city this great is meant, even in capitals: TOKIO, PEKIN."""
_AS_CODE = re.compile(r"([A-Z]{2})[A-Z2-9]{3}")


def refuse_unknown_code(
    text: str,
    found: Sequence[Cluster],
    countries: Collection[str],
    *,
    numbers_of: Callable[[str], Sequence[int]],
    place_of: Callable[[int], Place],
    where: str,
) -> None:
    """Refuse five capitals that begin with a country's code where only a by-name abroad fits.

    `DEHAN` is no code, and to take it for Durham, US, of which it is a by-name, is a guess.

    Raises
    ------
    RequestError
        Codes one letter off are named, and the place that has the by-name.
    """
    written = _AS_CODE.fullmatch(text)
    if written is None or written[1] not in countries or not found:
        return
    lead = found[0].representative
    if lead.tier < ALTERNATE or lead.country == written[1] or lead.weight >= GREAT:
        return
    near = [
        (code, place_of(numbers[0]))
        for k in (2, 3, 4)
        for letter in LETTERS
        if (code := text[:k] + letter + text[k + 1 :]) != text and (numbers := numbers_of(code))
    ]
    near.sort(key=lambda pair: (pair[1].kind != "terminal", pair[0]))
    place = place_of(lead.place)
    codes = [f"{code} ({named.name})" for code, named in near[:MOST_NAMED]]
    raise RequestError(
        f"no UN/LOCODE '{text}'",
        where=where,
        hint=f"did you mean {', '.join([*codes, f'or the town {place.name}, {place.country}'])}?",
    )
