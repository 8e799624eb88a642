"""Fixtures that all tests share."""

from __future__ import annotations

import pytest

from landbridge.dataset.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """Names of the embedded dataset; skipped where the package holds none."""
    from landbridge.dataset.storage import PACKED, embedded_folder

    if not PACKED.exists():
        pytest.skip("the package holds no dataset")
    return Gazetteer.open(embedded_folder() / "gazetteer")
