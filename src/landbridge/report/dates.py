"""Dates for readers: which facts to list, and from which year a figure was carried."""

from __future__ import annotations

import re

from landbridge.dataset.dated import dated_facts
from landbridge.dataset.network import NetworkDataset
from landbridge.domain.dated import Effect, Fact
from landbridge.errors import RequestError
from landbridge.report.ask import checked_date
from landbridge.report.nearest import nearest


def chosen_facts(
    dataset: NetworkDataset,
    *,
    kind: str | None = None,
    effect: str | None = None,
    about: str | None = None,
    on: str | None = None,
) -> tuple[Fact, ...]:
    """Return the dated facts that fit all that is asked, by date.

    Raises
    ------
    RequestError
        If a kind, an effect or an id stands in no fact at all, or the day is none.
    """
    facts = dated_facts(dataset)
    kinds = sorted({fact.kind for fact in facts})
    subjects = sorted({subject for fact in facts for subject in fact.subjects})
    effects = [item.value for item in Effect]
    for asked, known, where in (
        (kind, kinds, "--kind"),
        (effect, effects, "--effect"),
        (about, subjects, "--about"),
    ):
        if asked is not None and asked not in known:
            all_of_them = "one of " + ", ".join(known) if known is not subjects else ""
            raise RequestError(
                f"no event for '{asked}'", where=where, hint=nearest(asked, known) or all_of_them
            )
    day = checked_date(on, where="--on")
    return tuple(
        fact
        for fact in facts
        if (kind is None or fact.kind == kind)
        and (effect is None or fact.effect == effect)
        and (about is None or _is_about(fact, about))
        and (day is None or fact.holds(day))
    )


def _is_about(fact: Fact, about: str) -> bool:
    """Whether a fact is of this id, or its text names it (`transits of Suez`)."""
    if about in fact.subjects:
        return True
    # codes of countries are words too (`in`, `no`)
    is_word = len(about) > len("IR")
    return is_word and re.search(rf"(?i)\b{re.escape(about)}\b", fact.text) is not None
