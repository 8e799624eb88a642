"""Many questions on one case with and without scenarios: what is compiled is kept.

A planner is kept per stack of scenarios; networks that scenarios leave alone are shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landbridge.planning.plan import Planner
from landbridge.report import ask
from landbridge.report.compare import Comparison
from landbridge.scenarios.case import Case
from landbridge.scenarios.load import bundled
from landbridge.scenarios.scenario import Scenario, apply_all


class WhatIf:
    """A case, and what scenarios make of it.

    Parameters
    ----------
    case
        The base case; the embedded one if None.
    """

    def __init__(self, case: Case | None = None) -> None:
        self.base = Planner(case or Case.load())
        self._planners: dict[tuple[str, ...], Planner] = {(): self.base}

    def planner(self, scenarios: Sequence[str | Scenario] = ()) -> Planner:
        """Return the planner of the case with scenarios applied in order.

        Names are those of bundled scenarios.

        Raises
        ------
        ScenarioError
            If there is no scenario of a name, or one does not fit the case.
        """
        found = [name if isinstance(name, Scenario) else bundled(name) for name in scenarios]
        key = tuple(scenario.digest for scenario in found)
        if key not in self._planners:
            self._planners[key] = Planner(apply_all(found, self.base.case), base=self.base)
        return self._planners[key]

    def compare(
        self,
        origin: str,
        destination: str,
        *,
        scenarios: Sequence[str | Scenario] = (),
        **asked: Any,  # noqa: ANN401 - the options of `ask.compare`
    ) -> Comparison:
        """Return corridors side by side with scenarios applied; see `landbridge.compare`."""
        return ask.compare(origin, destination, planner=self.planner(scenarios), **asked)
