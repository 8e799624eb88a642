"""Ships as a request states them: a name, an IMO number, or both."""

from __future__ import annotations

import re

from landbridge.compliance.lists.entry import is_imo
from landbridge.errors import RequestError

MARKED = re.compile(r"(?i)(?<![^\W\d_])imo[\W_]*(?:(?:no|nr|number)[\W_]*)?(\d\w*)")
"""Digits after `IMO`, with `no.` or the like between or without."""
SEVEN = re.compile(r"(?<!\w)\d{7}(?!\w)")
UNMARKED = re.compile(r"[\d\s.-]*\d[\d\s.-]*")
"""Nothing but digits: no ship's name."""


def checked_vessel(vessel: str, *, where: str = "--vessel", is_number: bool = False) -> str:
    """Return the name or number of a ship with blanks squeezed, '' for none stated.

    A number that no ship has would match no list, and look like a clean screen.

    Parameters
    ----------
    vessel
        What is stated.
    where
        What asks: begins the error message.
    is_number
        Whether it is stated to be an IMO number, with or without `IMO` before it.

    Raises
    ------
    RequestError
        If an IMO number has another length than seven digits, or another check digit.
    """
    text = " ".join(vessel.split())
    numbers = [*MARKED.findall(text), *SEVEN.findall(text)]
    if not numbers and text and (is_number or UNMARKED.fullmatch(text)):
        numbers = [text]
    for number in numbers:
        if not is_imo(number):
            has_length = re.fullmatch(r"[0-9]{7}", number)
            raise RequestError(
                f"'{number[:64]}' is no IMO number: "
                + ("its check digit is wrong" if has_length else "these have seven digits"),
                where=where,
                hint="as IMO 9074729",
            )
    return text
