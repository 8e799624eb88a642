"""A scenario: a named, ordered list of changes with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from landbridge.errors import ScenarioError
from landbridge.scenarios.case import Case
from landbridge.scenarios.change import Change, thing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Changes that make one case of another.

    `sources` say where title and changes come from, `note` what the reader should know of them;
    `origin` is the file, '' if there is none.
    """

    name: str
    title: str
    changes: tuple[Change, ...]
    sources: tuple[str, ...] = ()
    note: str = ""
    origin: str = ""

    @property
    def in_order(self) -> tuple[Change, ...]:
        """The changes as they are applied: by `order`, then as they stand."""
        return tuple(sorted(self.changes, key=lambda change: change.order or 0))

    @property
    def digest(self) -> str:
        """Hash over what the changes do; where they stand in a file does not count."""
        content = repr((self.name, [replace(change, line=0) for change in self.in_order]))
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()

    def problems(self, case: Case) -> tuple[str, ...]:
        """Return all that is wrong with the changes for this case, with file and line."""
        from landbridge.scenarios.apply import problems

        found = [*self._clashes(), *problems(self.in_order, case)]
        return tuple(f"{self._at(line)}: {what}" for line, what in sorted(found))

    def apply(self, case: Case) -> Case:
        """Return the case with the changes made; the one given stays as it is.

        Raises
        ------
        ScenarioError
            If a target is unknown or changes clash; `problems` lists all of it.
        """
        found = self.problems(case)
        if found:
            noun = "problem" if len(found) == 1 else "problems"
            raise ScenarioError(
                f"{len(found)} {noun}, nothing is applied",
                where=self.origin or self.name,
                problems=found,
            )
        from landbridge.scenarios.apply import applied

        return applied(self.name, self.digest, self.in_order, case)

    def _at(self, line: int) -> str:
        return f"{self.origin}:{line}" if self.origin and line else self.origin or self.name

    def _clashes(self) -> list[tuple[int, str]]:
        """Return where two changes of one thing have no order between them."""
        found: list[tuple[int, str]] = []
        seen: dict[tuple[str, ...], list[Change]] = {}
        for change in self.changes:
            mine = seen.setdefault(thing_of(change), [])
            rivals = [one for one in mine if one.order == change.order or None in (one.order, change.order)]  # fmt: skip  # noqa: E501
            if rivals:
                found.append(
                    (
                        change.line,
                        f"a second change of {' '.join(thing_of(change)[1:])}"
                        + (f" (the first is on line {rivals[0].line})" if rivals[0].line else "")
                        + ": give both an 'order', or leave one out",
                    )
                )
            mine.append(change)
        return found


def apply_all(scenarios: Sequence[Scenario], case: Case) -> Case:
    """Return the case with the scenarios applied, one on top of the other."""
    for scenario in scenarios:
        case = scenario.apply(case)
    return case
