"""The eighteen multipliers that calibration may move, and the values they start from.

One multiplier scales low, central and high of every row of its group alike. There is none for a
route, a pair, a corridor or a row of data. `calibrated.csv` keeps each moved row's prior.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from landbridge.parameters import Parameter, Parameters

PRIOR_SD = {"A": 0.10, "B": 0.10, "C": 0.20, "D": 0.20, "E": 0.35}
"""Prior standard deviation of a log multiplier by grade (assumed rows: 0.35)."""
LAND_PORTS = ("IR", "KZ", "AZ", "TM", "RU:ASTRAKHAN", "RU:OLYA", "RU:MAKHACHKALA")
DWELLS = (
    "dwell.transit_h", "dwell.import_h", "dwell.rail_terminal_h", "dwell.rail_reload_h",
    "dwell.rail_road_transfer_h", "dwell.road_rail_transfer_h", "dwell.road_road_transfer_h",
    "dwell.iww_h",
)  # fmt: skip
BLOCK = ("rail.speed.block_km_per_d", "rail.speed.express_block_km_per_d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplier:
    """Which rows one multiplier scales; no keys means every key, `but` takes some out.

    `held_by` names a sanity band that leaves the group no room: it is fitted once, to show what
    the data want, and then kept at its prior.
    """

    id: str
    title: str
    names: tuple[str, ...]
    keys: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    held_by: str = ""

    def holds(self, row: Parameter) -> bool:
        """Return whether a row belongs to the group; a place counts with its country."""
        if row.name not in self.names:
            return False
        own = {row.key, row.key.split(":")[0]}
        return (not self.keys or bool(own & set(self.keys))) and not own & set(self.but)


MULTIPLIERS = (
    Multiplier(id="sea-mainline", title="speed of main-line ships",
               names=("sea.speed.mainline_kn",)),
    Multiplier(id="sea-regional", title="speed of regional and feeder ships",
               names=("sea.speed.regional_kn", "sea.speed.feeder_kn")),
    Multiplier(id="calls-hubs", title="time of calls and hubs",
               names=("sea.call_time_h", "sea.hub_dwell_h")),
    Multiplier(id="rail-north", title="rail speed RU, BY", names=BLOCK, keys=("RU", "BY")),
    Multiplier(id="rail-iran-caucasus", title="rail speed IR, AZ, GE, TR", names=BLOCK,
               keys=("IR", "AZ", "GE", "TR")),
    Multiplier(id="rail-central-asia", title="rail speed TM, UZ, KZ", names=BLOCK,
               keys=("TM", "UZ", "KZ")),
    Multiplier(id="rail-china", title="rail speed CN", names=BLOCK, keys=("CN",)),
    Multiplier(id="gauge-change", title="border with change of gauge",
               names=("border.time.rail_gauge_change_h",)),
    Multiplier(id="same-gauge", title="rail border on one gauge",
               names=("border.time.rail_same_gauge_h", "border.time.rail_inner_h")),
    Multiplier(id="road-border", title="road border",
               names=("border.time.road_per_side_h", "border.time.road_crossing_h")),
    Multiplier(id="dwell-land-ports", title="dwell in Iran and on the Caspian", names=DWELLS,
               keys=LAND_PORTS, held_by="Bandar Abbas 3 to 14 days (BT108)"),
    Multiplier(id="dwell-others", title="dwell elsewhere", names=DWELLS, but=LAND_PORTS),
    Multiplier(id="rail-tariff-north", title="rail tariff RU, BY, KZ",
               names=("rail.tariff_per_teukm_usd",), keys=("RU", "BY", "KZ")),
    Multiplier(id="rail-tariff-south", title="rail tariff IR, TM, AZ, GE",
               names=("rail.tariff_per_teukm_usd",), keys=("IR", "TM", "AZ", "GE")),
    Multiplier(id="road-tariff", title="road tariff", names=("road.tariff_per_km_usd",)),
    Multiplier(id="ocean-base", title="ocean rate, fixed part",
               names=("sea.rate.base_usd_per_teu",)),
    Multiplier(id="ocean-per-mile", title="ocean rate per mile",
               names=("sea.rate.per_nm_usd_per_teu",)),
    Multiplier(id="russian-market", title="market factor of Russian ports",
               names=("sea.rate.ru_premium_1",)),
)  # fmt: skip


def rows_of(multiplier: Multiplier, parameters: Parameters) -> tuple[Parameter, ...]:
    """Return the rows that a multiplier scales."""
    return tuple(row for row in parameters if multiplier.holds(row))


def prior_sd(multiplier: Multiplier, parameters: Parameters, used: frozenset[str]) -> float:
    """Return the prior deviation: the mean over the group's rows that the journeys use."""
    rows = rows_of(multiplier, parameters)
    judged = [row for row in rows if row.label in used] or list(rows)
    sds = [0.35 if row.quality == "assumed" else PRIOR_SD[row.grade] for row in judged]
    return sum(sds) / len(sds)


def scaled(parameters: Parameters, factors: Mapping[str, float]) -> Parameters:
    """Return parameters whose groups are scaled by `factors` (multiplier id -> factor)."""
    moved = [
        replace(row, low=row.low * f, central=row.central * f, high=row.high * f)
        for multiplier in MULTIPLIERS
        if (f := factors.get(multiplier.id, 1.0)) != 1.0
        for row in rows_of(multiplier, parameters)
    ]
    return parameters.replace(*moved) if moved else parameters


def read_calibrated() -> tuple[dict[str, str], ...]:
    """Return the rows that calibration moved, with their priors, as text."""
    text = files("landbridge.validation").joinpath("calibrated.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def prior_parameters(
    parameters: Parameters, moved: Sequence[Mapping[str, str]] | None = None
) -> Parameters:
    """Return parameters with every calibrated row put back to its prior."""
    rows = []
    for was in read_calibrated() if moved is None else moved:
        row = parameters.exactly(was["name"], was["key"])
        if row is not None:
            low, central, high = (float(was[f]) for f in ("low", "central", "high"))
            rows.append(replace(row, low=low, central=central, high=high))
    return parameters.replace(*rows) if rows else parameters
