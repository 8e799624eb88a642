"""What holds for single links, passages and legs beyond the network's own rows.

The base network has none of these: scenarios set them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from landbridge.domain.dated import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A forwarder's own price for a leg by one mode between two places, one way, USD per unit.

    It stands in place of the line-haul tariff and its fixed part; handling stays apart.
    """

    origin: str
    destination: str
    mode: str
    usd_per_unit: tuple[float, float, float]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What scenarios set beyond rows of tables.

    `facts` join the dated facts; what the facts of the network say of `reopened` ids is lifted.
    `link_speed_km_per_d` and `link_capacity_teu_per_d` are by id of a named link. Networks that
    differ from those of the dataset with `base_digest` are `changed_nets`, and in them the blocks
    whose haul tables do not hold any more `changed_blocks`.
    """

    facts: tuple[Fact, ...] = ()
    reopened: frozenset[str] = frozenset()
    link_speed_km_per_d: dict[str, float] = field(default_factory=dict)
    link_capacity_teu_per_d: dict[str, float] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    base_digest: str = ""
    changed_nets: frozenset[int] = frozenset()
    changed_blocks: frozenset[int] = frozenset()


NO_CONDITIONS = Conditions()
