"""Fixtures that all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landbridge.dataset.gazetteer import Gazetteer

if TYPE_CHECKING:
    from landbridge.planning.plan import Planner
    from landbridge.scenarios.case import Case


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """Names of the embedded dataset; skipped where the package holds none."""
    from landbridge.dataset.storage import PACKED, embedded_folder

    if not PACKED.exists():
        pytest.skip("the package holds no dataset")
    return Gazetteer.open(embedded_folder() / "gazetteer")


@pytest.fixture(scope="session")
def case() -> Case:
    """The case of the embedded dataset; skipped where the package holds none."""
    from landbridge.dataset.storage import PACKED
    from landbridge.scenarios.case import Case

    if not PACKED.exists():
        pytest.skip("the package holds no dataset")
    return Case.load()


@pytest.fixture(scope="session")
def planner(case: Case) -> Planner:
    """A planner on the embedded dataset, compiled once for the whole run."""
    from landbridge.planning.plan import Planner

    return Planner(case)
