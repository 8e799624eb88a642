"""Money plus weighted time, unreliability and carbon, USD (model.md section 5)."""

from __future__ import annotations

from dataclasses import dataclass

from landbridge.models.context import Context


def value_of_time_usd_per_teud(context: Context) -> float:
    """Return what a day is worth to one TEU of this cargo.

    With a stated value: `max(class floor, share of value per day x value per TEU)`, where the
    floor is the low end of the class; without one the class's central value.
    """
    goods = context.goods.value_of_time
    row = context.row("gc.value_of_time_usd_per_teud", goods)
    value_usd = context.consignment.value_usd
    if value_usd is None:
        return row.central
    share = context.row("gc.value_share_percent_per_d", goods).central / 100.0
    return max(row.low, share * value_usd / context.size_teu)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What an hour, an hour of unreliability and a tonne of CO2e of one consignment are worth."""

    usd_per_h: float
    reliability: float
    carbon_usd_per_t: float

    def total_usd(
        self,
        *,
        cost_without_inventory_usd: float,
        mean_h: float,
        kgco2e: float,
        unreliability_h: float = 0.0,
    ) -> float:
        """Return `cost + VOT (E[T] + w (P90 - P50)) TEU / 24 + p_c CO2e / 1000`.

        Inventory is inside the value of time and is not added again.
        """
        return (
            cost_without_inventory_usd
            + self.usd_per_h * (mean_h + self.reliability * unreliability_h)
            + self.carbon_usd_per_t * kgco2e / 1000.0
        )


def weights_of(context: Context) -> Weights:
    """Return the weights of a request's consignment."""
    return Weights(
        usd_per_h=value_of_time_usd_per_teud(context) / 24.0 * context.size_teu,
        reliability=context.row("gc.reliability_weight_1").central,
        carbon_usd_per_t=context.row("gc.carbon_price_usd_per_t").central,
    )
