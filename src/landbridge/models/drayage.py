"""Expected hours, dollars and CO2e of drayage, without making its terms.

A request prices a dozen drayages at each door, each of another length: making and adding up their
terms costs more than all else at the doors. What does not depend on the length is looked up once
per country and role; the sums are those of `time`, `cost` and `emissions`, in their order.
"""

from __future__ import annotations

from dataclasses import replace

from landbridge.domain.arcs import DrayageArc
from landbridge.models import cost as costs
from landbridge.models import emissions
from landbridge.models import time as times
from landbridge.models.context import Context
from landbridge.models.terms import Term


class DrayageRates:
    """What drayage in one country takes, by its length; to the last bit what its terms say."""

    def __init__(self, context: Context, country: str, role: str) -> None:
        arc = DrayageArc(country=country, distance_km=times.DRAYAGE_DAY_KM + 1.0, role=role)
        near, far, stuffing = times.time_terms(arc, context)
        self._near, self._far = _mean_1(near), _mean_1(far)
        self._stuffing = stuffing.mean
        self._near_spread, self._far_spread = _spread_1(near), _spread_1(far)
        self._stuffing_spread = stuffing.spread
        fixed, tariff, *per_time = costs.cost_terms(arc, context, mean_h=1.0)
        self._fixed, self._tariff = fixed.central, _central_1(tariff)
        self._rates = {term.name: _central_1(term) for term in per_time}
        self._trucks = context.trucks * context.price_factor
        self._context = context
        (truck,) = emissions.emission_terms(replace(arc, distance_km=1.0), context)
        self._truck_kg, self._gas = truck.scale, _central_1(truck)

    def expected(self, km: float) -> tuple[float, float, float, float]:
        """Return hours, USD, kg CO2e and the spread of the hours over `km` > 0 (see `Expected`)."""
        context, rates = self._context, self._rates
        day_km = times.DRAYAGE_DAY_KM
        time = [min(km, day_km) * self._near, self._stuffing]
        spread_h = [min(km, day_km) * self._near_spread, self._stuffing_spread]
        if km > day_km:
            time.insert(1, (km - day_km) * self._far)
            spread_h.insert(1, (km - day_km) * self._far_spread)
        hours = sum(time)
        usd = [
            self._fixed,
            self._trucks * km * self._tariff,
            hours / 24.0 * context.size_teu * context.price_factor * rates["container hire"],
        ]
        value_usd = context.consignment.value_usd
        if value_usd:
            usd.append(value_usd / 100.0 * hours / 24.0 * rates[costs.INVENTORY])
        if context.goods.is_reefer:
            usd.append(context.units * hours * rates["reefer power"])
        return hours, sum(usd), self._truck_kg * km * self._gas, sum(spread_h)


def _mean_1(term: Term) -> float:
    (own,) = term.factors
    return own.margin.mean()


def _spread_1(term: Term) -> float:
    (own,) = term.factors
    return own.high - own.central


def _central_1(term: Term) -> float:
    (own,) = term.factors
    return own.central
