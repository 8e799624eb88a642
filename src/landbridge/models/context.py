"""What every formula needs to know of one request: parameters, cargo, date and scope."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.models.draws import Loadings
from landbridge.models.prices import BASE_PRICE_YEAR, INDEX, freight_index, price_factor
from landbridge.models.required import REQUIRED_NAMES, REQUIRED_ROWS
from landbridge.parameters import GoodsClass, Parameter, Parameters, goods_class
from landbridge.parameters.seasons import seasons

KM_PER_NM = 1.852
LORRY_FERRY = "lorry_ferry"
"""A ship that lorries drive aboard: nothing is lifted, and the same lorry drives off."""
OCEAN_VEHICLES = ("mainline", "regional", "feeder", "ice")
CASPIAN_VEHICLES = ("caspian_feeder", "river_sea")
LAND_MODES = ("rail", "road", "iww")
WATER_MODES = ("sea", "ferry")
LOCAL_CURRENCY = ("IR", "RU")
AGE_WIDENING = 0.10
"""Share by which a local-currency tariff's range grows per year of age (model.md 3.4)."""


@lru_cache(maxsize=16384)
def place_key(terminal: str, country: str) -> str:
    """Return the parameter key of a terminal: `PORT-BANDARABBAS` in IR is `IR:BANDARABBAS`."""
    parts = terminal.upper().split("-")
    if len(parts) > 1:
        parts = parts[1:]
    if len(parts) > 1 and parts[-1] == country:
        parts = parts[:-1]
    return f"{country}:{_NOT_LETTERS.sub('', ''.join(parts))}"


_NOT_LETTERS = re.compile(r"[\W_]+")


def loading_row(parameters: Parameters, country: str) -> Parameter:
    """Return all that prices ask of the country of loading: equal rows, equal prices."""
    return parameters.lookup("sea.rate.feu_ratio_1", country)


class Context:
    """Parameters with the consignment, the date and the scope of one request."""

    def __init__(
        self,
        parameters: Parameters,
        *,
        consignment: Consignment,
        depart: date,
        scope: Scope,
        origin_country: str = "",
    ) -> None:
        parameters.require(REQUIRED_NAMES, REQUIRED_ROWS)
        self.parameters = parameters
        self.consignment = consignment
        self.depart = depart
        self.scope = scope
        self.origin_country = origin_country
        self.goods: GoodsClass = goods_class(consignment.goods)
        self.is_door = scope is Scope.DOOR
        self.size_teu = consignment.size_teu
        self.unit_teu = consignment.unit_teu
        self.units = consignment.units
        row = parameters.lookup
        self.mass_t = (
            consignment.cargo_mass_t + row("cargo.tare_t_per_teu").central * consignment.size_teu
        )
        self.unit_cargo_t = consignment.cargo_mass_t / consignment.units
        self.unit_gross_t = self.mass_t / consignment.units
        self.rail_units = consignment.units * self._rail_unit_factor()
        self.trucks = self._trucks()
        self.ocean_units_teu = consignment.units * loading_row(
            parameters, origin_country
        ).central ** (self.unit_teu - 1.0)
        self.caspian_units_teu = consignment.units * row("caspian.rate.feu_ratio_1").central ** (
            self.unit_teu - 1.0
        )
        self.price_factor = price_factor(parameters, depart.year)
        self.index = freight_index(parameters, depart)
        base = row(INDEX, str(BASE_PRICE_YEAR))
        self.elasticity_row = row("sea.rate.index_elasticity_1")
        self.index_factor = (self.index.value / base.central) ** self.elasticity_row.central
        self.ocean_load = row("dependence.ocean_loading_1").central
        self.border_load = row("dependence.border_loading_1").central
        self.country_load = row("dependence.country_loading_1").central
        self.caspian_load = row("dependence.caspian_loading_1").central
        self.land_load: Loadings = (("land", row("dependence.land_loading_1").central),)
        self.market_load: Loadings = (
            ("freight_market", row("dependence.freight_market_loading_1").central),
        )
        self.fuel_load: Loadings = (("fuel_fx", row("dependence.fuel_fx_loading_1").central),)

    def row(self, name: str, *keys: str) -> Parameter:
        """Return one parameter row; see `Parameters.lookup`."""
        return self.parameters.lookup(name, *keys)

    def exactly_then(self, name: str, key: str) -> Parameter | None:
        """Return the row of exactly this key, that of the year of departure (`KEY@2022`) first."""
        of_year = self.parameters.exactly(name, f"{key}@{self.depart.year}")
        return of_year or self.parameters.exactly(name, key)

    def at_country(self, country: str) -> Loadings:
        """Return the loadings of a time on land in a country."""
        return ((f"country:{country}", self.country_load), *self.land_load)

    def at_sea(self, vehicle: str) -> Loadings:
        """Return the loadings of a time at sea."""
        if vehicle in OCEAN_VEHICLES:
            return (("ocean", self.ocean_load),)
        return (("basin:caspian", self.caspian_load),)

    def at_border(self) -> Loadings:
        """Return the loadings of a time at a frontier."""
        return (("border", self.border_load), *self.land_load)

    def season_z(self, subject: str) -> float:
        """Return the shift of the score for a terminal, crossing or basin in the depart month."""
        for season in seasons():
            if season.subject == subject and self.depart.month in season.months:
                found = self.parameters.exactly("season.shift_z_1", season.key)
                return found.central if found else 0.0
        return 0.0

    def widening(self, country: str, row: Parameter) -> float:
        """Return the share by which a local-currency tariff's range grows with its age."""
        if country not in LOCAL_CURRENCY or row.year is None:
            return 0.0
        return AGE_WIDENING * abs(self.depart.year - row.year)

    def _rail_unit_factor(self) -> float:
        row = self.parameters.lookup
        if self.unit_teu >= 2.0:
            return row("rail.feu_ratio_1").central * self.unit_teu / 2.0
        heavy = row("rail.heavy_factor_1").central if self.unit_gross_t > 24.0 else 1.0
        return self.unit_teu * heavy

    def _trucks(self) -> float:
        """Return truck loads paid: a box over 1 TEU, or a pair of light ones, pays one truck.

        A lone 20-foot box pays `road.teu_share_1`, or its share of the payload if that is more.
        """
        if self.unit_teu > 1.0:
            return float(self.units)
        payload_t = self.parameters.lookup("road.truck_payload_t").central
        lone = max(
            self.parameters.lookup("road.teu_share_1").central,
            min(1.0, self.unit_cargo_t / payload_t),
        )
        if 2 * self.unit_cargo_t <= payload_t:
            return self.units // 2 + (self.units % 2) * lone
        return self.units * lone
