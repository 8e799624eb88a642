"""Landbridge: compare freight corridors, door to door.

::

                                scenario
                                   | apply
 raw sources --assemble--> NetworkDataset +
                           Parameters     +-> Case --compile--> NetworkGraph --plan--> Plan
                                                                                        |
                                                                             Comparison <+ compare

>>> import landbridge
>>> answer = landbridge.compare("Mumbai", "Moscow")          # doctest: +SKIP
>>> [(o.corridor, o.lead_time_h.p50) for o in answer.options]  # doctest: +SKIP

Everything is loaded when first used: importing this package reads no data and no NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landbridge.domain.itinerary import Itinerary, Leg, Plan
    from landbridge.domain.network import Corridor, Place
    from landbridge.domain.request import Request
    from landbridge.errors import LandbridgeError, RequestError
    from landbridge.report.ask import compare, plan
    from landbridge.report.compare import Comparison
    from landbridge.report.matrix import matrix
    from landbridge.scenarios.case import Case

__version__ = "0.1.0"

__all__ = [
    "Case",
    "Comparison",
    "Corridor",
    "Itinerary",
    "LandbridgeError",
    "Leg",
    "Place",
    "Plan",
    "Request",
    "RequestError",
    "__version__",
    "compare",
    "matrix",
    "plan",
]

_HOMES = {
    "Case": "landbridge.scenarios.case",
    "Comparison": "landbridge.report.compare",
    "Corridor": "landbridge.domain.network",
    "Itinerary": "landbridge.domain.itinerary",
    "LandbridgeError": "landbridge.errors",
    "Leg": "landbridge.domain.itinerary",
    "Place": "landbridge.domain.network",
    "Plan": "landbridge.domain.itinerary",
    "Request": "landbridge.domain.request",
    "RequestError": "landbridge.errors",
    "compare": "landbridge.report.ask",
    "matrix": "landbridge.report.matrix",
    "plan": "landbridge.report.ask",
}


def __getattr__(name: str) -> object:
    """Return a public name, loading its room at first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'landbridge' has no attribute '{name}'")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
