"""The screen of a planner: one rulebook and the imported lists, for every plan it makes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from landbridge.cache import cache_folder
from landbridge.compliance.journey import Journey, journey_of
from landbridge.compliance.rulebook import Rulebook
from landbridge.compliance.screen import Screening, screen, with_screening
from landbridge.domain.itinerary import Plan
from landbridge.errors import DatasetError

if TYPE_CHECKING:
    from landbridge.compliance.lists.match import Lists

LISTS = "lists"
"""Folder of the imported lists in the user's cache folder."""


def lists_folder() -> Path | None:
    """Return where imported lists lie; None where no folder can be written."""
    try:
        return cache_folder() / LISTS
    except DatasetError:
        return None


class Screener:
    """Screens finished plans; imported lists are opened when first needed."""

    def __init__(self, rulebook: Rulebook, folder: Path | None = None) -> None:
        self.rulebook = rulebook
        self._folder = folder if folder is not None else lists_folder()

    @cached_property
    def lists(self) -> Lists | None:
        """The imported lists, None where there are none."""
        if self._folder is None or not self._folder.is_dir():
            return None
        from landbridge.compliance.lists.match import Lists

        return Lists.open(self._folder)

    @property
    def digest(self) -> str:
        """Digest of the rulebook and of all imported lists."""
        if self.lists is None:
            return self.rulebook.digest
        text = "/".join((self.rulebook.digest, *(kept.digest for kept in self.lists.kept)))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def screened(self, plan: Plan) -> Plan:
        """Return the plan with every itinerary's flags, and its status if jurisdictions are asked.

        Which itineraries there are, and what they take and cost, is left as it is.
        """
        request = plan.request
        itineraries = []
        for itinerary in plan.itineraries:
            journey = journey_of(itinerary, request)
            screening = self.screening(journey, request.jurisdictions, request.asked_on)
            itineraries.append(with_screening(itinerary, screening))
        return replace(plan, itineraries=tuple(itineraries))

    def screening(
        self, journey: Journey, codes: Sequence[str], asked_on: date | None = None
    ) -> Screening:
        """Return what rulebook and imported lists say of a journey.

        Parameters
        ----------
        journey
            The facts.
        codes
            Jurisdictions whose verdict decides; none: all show, as warnings at most.
        asked_on
            The day of asking, by which imported lists are called old.
        """
        listed = self.lists.flags(journey, asked_on) if self.lists is not None else ()
        return screen(journey, self.rulebook, codes, listed=listed)
