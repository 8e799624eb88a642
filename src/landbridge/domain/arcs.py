"""Facts of one arc of the virtual network: what planning knows and models price.

An itinerary is a sequence of arcs (model.md section 1). Facts hold no opinions: no hours,
dollars or kilograms, only what moves where.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HaulArc:
    """A loaded run on(mode) -> on(mode), in one country and mode or one sea basin.

    `vehicle` is the class of model.md 2.1: rail `block`, `express_block`, `wagonload`; road
    `truck`; sea `mainline`, `regional`, `feeder`, `caspian_feeder`, `roro`, `river_sea`, `ice`;
    `lorry_ferry`, which lorries board; iww `motor`.
    `country` is ISO alpha-2 on land and rivers, '' at sea. `market` names a row of the sea
    market table ('' elsewhere). Scenarios may set the rest: a `link_speed_km_per_d` of its own (0
    for none), the id of the `shoal` that limits its draught, and a quoted tariff per unit and km.
    """

    mode: str
    country: str
    vehicle: str
    distance_km: float
    electrified_share: float = 0.0
    market: str = ""
    winter_ice: bool = False
    link_speed_km_per_d: float = 0.0
    shoal: str = ""
    quoted_usd_per_km: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageArc:
    """A run through a named strait or canal; its km leave the steaming distance.

    `is_due_only` marks one whose running is in a haul: only what is due there counts.
    """

    passage: str
    vehicle: str
    distance_km: float
    market: str = ""
    winter_ice: bool = False
    shoal: str = ""
    is_due_only: bool = False
    is_quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderArc:
    """A whole border crossing, side a to side b, staying on the vehicle.

    `is_inner` marks a frontier inside one customs territory. `gauge_from_mm` and `gauge_to_mm`
    differ where gauge changes on the crossing itself (0 where not rail); `change` says how
    (`transshipment`, `bogie exchange`, ...). `truck_change` marks a road frontier where cargo
    changes truck. `vehicle` names the class of train where it is known ('' for any).
    """

    crossing: str
    mode: str
    country_from: str
    country_to: str
    is_inner: bool = False
    customs_territory: str = ""
    gauge_from_mm: int = 0
    gauge_to_mm: int = 0
    change: str = ""
    truck_change: bool = False
    vehicle: str = ""

    def __hash__(self) -> int:
        """Return the hash of what mostly tells borders apart: they are looked up all the time."""
        return hash((self.crossing, self.country_from, self.mode, self.vehicle))


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferArc:
    """A change of vehicle at one terminal, or the first loading or last unloading there.

    `role` is `transfer` in the middle of a chain, `origin` where the chain begins and
    `destination` where it ends. `mode_from` is '' at the origin (door) and `mode_to` '' at the
    destination. `headway_h` is (low, central, high) of the onward service, None where it goes on
    demand. `vehicle_*` as in `HaulArc`. `gauge_*_mm` differ at a break of gauge. `is_quoted`
    marks an onward tariff whose fixed part is in a quote, `shoal` a ship short of water.
    """

    terminal: str
    country: str
    role: str
    mode_from: str
    mode_to: str
    vehicle_from: str = ""
    vehicle_to: str = ""
    gauge_from_mm: int = 0
    gauge_to_mm: int = 0
    headway_h: tuple[float, float, float] | None = None
    market_from: str = ""
    market_to: str = ""
    is_hub: bool = False
    shoal: str = ""
    is_quoted: bool = False

    def __hash__(self) -> int:
        """Return the hash of what mostly tells transfers apart: they are looked up all the time."""
        return hash((self.terminal, self.role, self.vehicle_from, self.vehicle_to, self.market_to))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrayageArc:
    """The first or last run by road between door and terminal; `role` is origin or destination.

    A zero distance means that the place is the terminal itself.
    """

    country: str
    distance_km: float
    role: str


Arc = HaulArc | PassageArc | BorderArc | TransferArc | DrayageArc
