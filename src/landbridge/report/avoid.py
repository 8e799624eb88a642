"""What `--avoid` names: a passage, a country, a crossing or a terminal."""

from __future__ import annotations

from landbridge.compliance.countries import country_names
from landbridge.domain.network import PlaceKind
from landbridge.errors import RequestError
from landbridge.report.nearest import nearest
from landbridge.scenarios.case import Case

WHERE = "--avoid"
KINDS = (PlaceKind.PASSAGE, PlaceKind.CROSSING, PlaceKind.TERMINAL)
"""Kinds of place that can be left out of a journey; a town cannot, its terminals can."""


def checked_avoid(case: Case, what: str) -> str:
    """Return the id of a passage, crossing or terminal, or the code of a country, not to be used.

    An id or a country's code first; else a name or UN/LOCODE, read as for other places.

    Raises
    ------
    RequestError
        If it is none of these, with the nearest id, or a name of several, with all of them.
    """
    dataset = case.dataset
    ids = {passage.id for passage in dataset.passages}
    ids |= {crossing.id for crossing in dataset.crossings}
    ids |= {terminal.id for terminal in dataset.terminals}
    text = what.strip()
    for key, known in (
        (text, ids),
        (text.upper(), _countries(case)),
        (text.lower(), ids),
        (text.upper(), ids),
    ):
        if key in known:
            return key
    if not text:
        raise _none(what, "")
    for code, name in country_names().items():
        if name.casefold() == text.casefold() and code in _countries(case):
            raise _none(what, f"write {code} for the country")
    try:
        place = case.gazetteer.resolve(text, where=WHERE, kinds=KINDS)
    except RequestError as error:
        if "several places" in error.message:
            raise
        near = error.message.partition(": did you mean ")[2]
        alike = nearest(text, ids) or (f"did you mean {near}" if near else "")
        raise _none(what, alike) from None
    if place.id not in ids:
        raise _none(what, nearest(text, ids))
    return place.id


def _countries(case: Case) -> set[str]:
    """Return the countries that have a terminal or a crossing."""
    countries = {terminal.country for terminal in case.dataset.terminals}
    for crossing in case.dataset.crossings:
        countries |= {crossing.country_a, crossing.country_b}
    return countries - {""}


def _none(what: str, hint: str) -> RequestError:
    return RequestError(
        f"no passage, country code, crossing or terminal '{what}'", where=WHERE, hint=hint
    )
