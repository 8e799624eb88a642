"""US dollars of each arc for the whole consignment (model.md section 3).

Fixed parts are paid where a vehicle is loaded or a railway entered, so a haul is linear in its
length. Land, handling and fees follow the price level, ocean rates the freight index.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from landbridge.domain.arcs import Arc, BorderArc, DrayageArc, HaulArc, PassageArc, TransferArc
from landbridge.errors import ParameterError
from landbridge.models.context import (
    CASPIAN_VEHICLES,
    KM_PER_NM,
    LAND_MODES,
    LORRY_FERRY,
    OCEAN_VEHICLES,
    WATER_MODES,
    Context,
)
from landbridge.models.dues import shoal_factors, surcharge_terms
from landbridge.models.terms import Term, factor, triple
from landbridge.models.time import dwell_factor, is_gauge_break, pays_lateness
from landbridge.parameters import Parameter

MARKET_FACTORS = ("sea.rate.ru_premium_1", "sea.rate.backhaul_ratio_1")
"""Names whose rows, keyed by market, multiply the synthetic ocean rate."""
LANE_RATES = ("sea.rate_usd_per_teu", "sea.rate.baltic_feeder_usd_per_teu")
"""Names whose rows, keyed by market, replace the synthetic ocean rate per TEU."""
INVENTORY = "inventory"
EMPTY_RETURN = "empty return"


def cost_terms(arc: Arc, context: Context, *, mean_h: float) -> tuple[Term, ...]:
    """Return the terms whose sum is the arc's cost, USD.

    Parameters
    ----------
    mean_h
        The arc's expected time, h: container hire, inventory and reefer power are linear in it.
    """
    if isinstance(arc, HaulArc):
        terms = [term.scaled(arc.distance_km) for term in haul_terms_per_km(arc, context)]
    elif isinstance(arc, PassageArc):
        terms = (
            []
            if arc.is_quoted
            else [
                _in_shoal(term.scaled(arc.distance_km), arc, context)
                for term in water_terms_per_km(arc.vehicle, arc.market, context)
            ]
        )
    elif isinstance(arc, BorderArc):
        terms = _border_terms(arc, context)
    elif isinstance(arc, TransferArc):
        terms = _transfer_terms(arc, context)
    else:
        terms = _drayage_terms(arc, context)
    terms.extend(surcharge_terms(arc, context))
    terms.extend(time_cost_terms(arc, context, mean_h=mean_h))
    return tuple(terms)


def time_cost_terms(arc: Arc, context: Context, *, mean_h: float) -> tuple[Term, ...]:
    """Return what time itself costs: hire of the box, capital in the cargo, reefer power."""
    if mean_h <= 0.0:
        return ()
    hire = context.row("container.hire_usd_per_teud")
    terms = [
        Term(
            "container hire",
            mean_h / 24.0 * context.size_teu * context.price_factor,
            (factor(hire),),
        )
    ]
    value_usd = context.consignment.value_usd
    if value_usd:
        capital = context.row("gc.capital_percent_per_d")
        terms.append(Term(INVENTORY, value_usd / 100.0 * mean_h / 24.0, (factor(capital),)))
    if context.goods.is_reefer:
        at_sea = isinstance(arc, PassageArc) or (
            isinstance(arc, HaulArc) and arc.mode in WATER_MODES
        )
        if at_sea:
            row, hours = context.row("reefer.power_usd_per_d"), mean_h / 24.0
        else:
            row, hours = context.row("reefer.power_usd_per_h", "rail"), mean_h
        terms.append(Term("reefer power", context.units * hours, (factor(row),)))
    return tuple(terms)


def haul_terms_per_km(arc: HaulArc, context: Context) -> tuple[Term, ...]:
    """Return the tariff per kilometre."""
    if arc.quoted_usd_per_km is not None:
        quote = triple("quote", arc.quoted_usd_per_km, stream="quote", unit="USD/km")
        return (Term("quoted price", float(context.units), (quote,)),)
    if arc.mode == "rail":
        row = context.row("rail.tariff_per_teukm_usd", arc.country)
        scale = context.rail_units * context.price_factor
        also: tuple[Parameter, ...] = ()
        if arc.vehicle == "wagonload":
            also = (context.row("rail.wagonload_tariff_factor_1"),)
            scale *= also[0].central
        return (_land_tariff("rail tariff", scale, row, arc.country, context, also),)
    if arc.mode == "road":
        row = context.row("road.tariff_per_km_usd", arc.country)
        scale = context.trucks * context.price_factor
        return (_land_tariff("truck tariff", scale, row, arc.country, context),)
    if arc.mode == "iww":
        row = context.row("iww.rate.per_km_usd_per_teu", arc.country)
        scale = context.size_teu * context.price_factor
        return (_land_tariff("waterway rate", scale, row, arc.country, context),)
    return tuple(
        _in_shoal(term, arc, context)
        for term in water_terms_per_km(arc.vehicle, arc.market, context)
    )


def _in_shoal(term: Term, arc: HaulArc | PassageArc | TransferArc, context: Context) -> Term:
    """Return a ship's rate as it is where the ship must sail with less in it."""
    more = shoal_factors(arc, context)
    return replace(term, factors=(*term.factors, *more)) if more else term


def water_terms_per_km(vehicle: str, market: str, context: Context) -> tuple[Term, ...]:
    """Return the rate per kilometre at sea, passages included; a lane row has none."""
    if vehicle == "motor":
        row = context.row("iww.rate.per_km_usd_per_teu")
        scale = context.size_teu * context.price_factor
        return (Term("waterway rate", scale, (factor(row, loadings=context.fuel_load),)),)
    if vehicle == LORRY_FERRY:
        return (_lorry_fare("per_km_usd_per_truck", "ferry fare per km", context),)
    if vehicle in OCEAN_VEHICLES:
        if _lane_row(market, context) is not None:
            return ()
        row = context.row("sea.rate.per_nm_usd_per_teu")
        return (_ocean_rate("ocean rate per mile", 1.0 / KM_PER_NM, row, vehicle, market, context),)
    prefix = "caspian" if vehicle in CASPIAN_VEHICLES else "ferry"
    row = context.row(f"{prefix}.rate.per_km_usd_per_teu")
    return (
        Term(
            f"{prefix} rate per km",
            _short_sea_units(prefix, context) * context.price_factor,
            (factor(row, loadings=context.market_load),),
        ),
    )


def _lorry_fare(row: str, name: str, context: Context) -> Term:
    """Return what a lorry pays to drive aboard, or for its way over the water."""
    fare = factor(context.row(f"ferry.lorry.{row}"), loadings=context.market_load)
    return Term(name, context.trucks * context.price_factor, (fare,))


def _land_tariff(
    name: str,
    scale: float,
    row: Parameter,
    country: str,
    context: Context,
    also: tuple[Parameter, ...] = (),
) -> Term:
    rate = factor(row, loadings=context.fuel_load, widen=context.widening(country, row))
    return Term(name, scale, (rate,), also=also)


def _lane_row(market: str, context: Context) -> Parameter | None:
    """Return the all-in lane rate per TEU that a market names, or None."""
    if not market:
        return None
    for name in LANE_RATES:
        found = context.parameters.exactly(name, market)
        if found is not None:
            return found
    return None


def _market_row(market: str, context: Context) -> Parameter | None:
    if not market:
        return None
    for name in MARKET_FACTORS:
        found = context.parameters.exactly(name, market)
        if found is not None:
            return found
    known = sorted(
        key for name in (*MARKET_FACTORS, *LANE_RATES) for key in context.parameters.keys(name)
    )
    raise ParameterError(
        f"no rate row for sea market '{market}'", where="sea.rate", hint=f"one of {known}"
    )


def _ocean_rate(
    name: str, scale: float, row: Parameter, vehicle: str, market: str, context: Context
) -> Term:
    factors = [factor(row, loadings=context.market_load)]
    also = [*context.index.rows, context.elasticity_row]
    powers = [*_index_powers(context), 1.0]
    by_class = context.row("sea.rate.class_factor_1", vehicle)
    if by_class.central != 1.0:
        scale *= by_class.central
        also.append(by_class)
    premium = _market_row(market, context)
    if premium is not None:
        factors.append(factor(premium))
    scale *= context.ocean_units_teu * context.index_factor
    return Term(name, scale, tuple(factors), also=tuple(also), powers=tuple(powers[: len(also)]))


def _index_powers(context: Context) -> tuple[float, ...]:
    """Return to which powers of index and elasticity `(I / I_base)^eta` goes, near its value."""
    eta = context.elasticity_row.central
    return (*(eta * weight for weight in context.index.weights), math.log(context.index_factor))


def _short_sea_units(prefix: str, context: Context) -> float:
    return context.caspian_units_teu if prefix == "caspian" else context.size_teu


def _border_terms(arc: BorderArc, context: Context) -> list[Term]:
    price = context.price_factor
    terms: list[Term] = []
    if arc.mode == "rail":
        if not arc.is_inner:
            fee = context.row("border.fee.rail_per_side_usd", arc.crossing)
            terms.append(
                Term("border fees, both sides", 2.0 * context.units * price, (factor(fee),))
            )
        fixed = context.row("rail.tariff_fixed_usd", arc.country_to)
        terms.append(
            Term(
                "railway entered, fixed part",
                context.units * price,
                (factor(fixed, loadings=context.fuel_load),),
            )
        )
        if is_gauge_break(arc):
            terms.append(_lift("gauge change", context))
    elif arc.mode == "road":
        if not arc.is_inner:
            fee = context.row("border.fee.road_per_side_usd", arc.crossing)
            terms.append(
                Term("border fees, both sides", 2.0 * context.trucks * price, (factor(fee),))
            )
        if arc.truck_change:
            terms.append(_truck_fixed(context))
            terms.append(_lift("change of truck", context))
    if not arc.is_inner:
        terms.extend(_entry_terms(arc.country_to, context))
    return terms


def _entry_terms(country: str, context: Context) -> list[Term]:
    """Return what a consignment pays once per country entered on land."""
    agent = context.row("agent.fee_usd", country)
    terms = [Term("agent and documents", context.price_factor, (factor(agent),))]
    guarantee = context.parameters.exactly("insurance.transit_percent", country)
    if guarantee is not None and context.consignment.value_usd:
        terms.append(
            Term("transit guarantee", context.consignment.value_usd / 100.0, (factor(guarantee),))
        )
    return terms


def _lift(name: str, context: Context) -> Term:
    return Term(name, context.units * context.price_factor, (factor(context.row("lift_usd")),))


def _truck_fixed(context: Context) -> Term:
    fixed = context.row("road.tariff_fixed_usd")
    return Term(
        "truck, fixed part",
        context.trucks * context.price_factor,
        (factor(fixed, loadings=context.fuel_load),),
    )


def _transfer_terms(arc: TransferArc, context: Context) -> list[Term]:
    terms = _handling_terms(arc, context)
    price = context.price_factor
    if arc.is_quoted:
        pass
    elif arc.mode_to == "rail":
        fixed = context.row("rail.tariff_fixed_usd", arc.country)
        terms.append(
            Term(
                "railway entered, fixed part",
                context.units * price,
                (factor(fixed, loadings=context.fuel_load),),
            )
        )
    elif arc.mode_to == "road":
        if arc.vehicle_from != LORRY_FERRY:
            terms.append(_truck_fixed(context))
    elif arc.mode_to == "iww":
        base = context.row("iww.rate.base_usd_per_teu", arc.country)
        terms.append(
            Term(
                "waterway rate, fixed part",
                context.size_teu * price,
                (factor(base, loadings=context.fuel_load),),
            )
        )
    elif arc.mode_to in WATER_MODES:
        terms.append(_in_shoal(_boarding(arc, context), arc, context))
    if arc.vehicle_from == LORRY_FERRY:
        terms.extend(_landing_terms(arc, context))
    from_ship = arc.mode_from in WATER_MODES and arc.vehicle_from != LORRY_FERRY
    lands = arc.role == "transfer" and arc.mode_to in LAND_MODES
    if from_ship and (lands or (arc.role == "destination" and context.is_door)):
        terms.extend(_entry_terms(arc.country, context))
    if arc.role == "origin" and context.consignment.value_usd:
        cargo = context.row("insurance.cargo_percent")
        terms.append(
            Term("cargo insurance", context.consignment.value_usd / 100.0, (factor(cargo),))
        )
    if pays_lateness(arc):
        terms.append(_return_days(arc, context))
    dwell = dwell_factor(arc, context)
    if dwell is not None:
        free = context.row("storage.free_d")
        excess_d = dwell[0].margin.excess(free.central * 24.0) / 24.0
        if excess_d > 0.01:
            terms.append(
                Term(
                    "storage",
                    context.size_teu * excess_d * price,
                    (factor(context.row("storage.rate_usd_per_teud")),),
                    also=(free, dwell[0].parameter),
                    powers=(0.0, 0.0),
                )
            )
    return terms


def _landing_terms(arc: TransferArc, context: Context) -> list[Term]:
    """Return what a lorry pays where it drives off; nothing within one customs territory."""
    fee = context.parameters.exactly("border.fee.lorry_ferry_usd", arc.market_from)
    if fee is None:
        return []
    scale = context.trucks * context.price_factor
    return [
        Term("border fees, both sides", scale, (factor(fee),)),
        *_entry_terms(arc.country, context),
    ]


def _handling_terms(arc: TransferArc, context: Context) -> list[Term]:
    """Terminal handling charges per ship side; lifts elsewhere; a hub is in the ocean rate."""
    came, goes = arc.mode_from, arc.mode_to
    ship_sides = (came in WATER_MODES) + (goes in WATER_MODES)
    if ship_sides == 2 or {came, goes} <= {"road", ""}:
        return []
    if LORRY_FERRY in (arc.vehicle_from, arc.vehicle_to):
        return []
    if ship_sides == 0:
        return [_lift("lift", context)]
    charge = context.row("thc_usd_per_teu", arc.country)
    terms = [Term("terminal handling", context.size_teu * context.price_factor, (factor(charge),))]
    if {"rail", "iww"} & {came, goes}:
        terms.append(_lift("lift", context))
    return terms


def _boarding(arc: TransferArc, context: Context) -> Term:
    """Return the part of a ship's rate that does not depend on distance."""
    if arc.vehicle_to in OCEAN_VEHICLES:
        lane = _lane_row(arc.market_to, context)
        if lane is not None:
            return Term(
                "ocean rate of the lane",
                context.ocean_units_teu * context.index_factor,
                (factor(lane, loadings=context.market_load),),
                also=(*context.index.rows, context.elasticity_row),
                powers=_index_powers(context),
            )
        base = context.row("sea.rate.base_usd_per_teu")
        return _ocean_rate(
            "ocean rate, fixed part", 1.0, base, arc.vehicle_to, arc.market_to, context
        )
    if arc.vehicle_to == LORRY_FERRY:
        return _lorry_fare("base_usd_per_truck", "ferry fare, fixed part", context)
    prefix = "caspian" if arc.vehicle_to in CASPIAN_VEHICLES else "ferry"
    base = context.row(f"{prefix}.rate.base_usd_per_teu")
    units = _short_sea_units(prefix, context) * context.price_factor
    return Term(f"{prefix} rate, fixed part", units, (factor(base, loadings=context.market_load),))


def _return_days(arc: TransferArc, context: Context) -> Term:
    """Hire of the box while it goes back, days by kind of chain."""
    is_bridge = arc.country == "IR" and arc.role == "transfer"
    days = context.row("container.return_d", "land" if is_bridge else "ocean")
    hire = context.row("container.hire_usd_per_teud")
    return Term(
        "container hire on return",
        days.central * context.size_teu * context.price_factor,
        (factor(hire),),
        also=(days,),
    )


def _drayage_terms(arc: DrayageArc, context: Context) -> list[Term]:
    if arc.distance_km <= 0.0 or not context.is_door:
        return []
    row = context.row("road.tariff_per_km_usd", arc.country)
    scale = context.trucks * context.price_factor * arc.distance_km
    return [
        _truck_fixed(context),
        _land_tariff("truck tariff", scale, row, arc.country, context),
    ]


def empty_return_share(arcs: Sequence[Arc], context: Context) -> tuple[Parameter | None, int]:
    """Return the share of boxes that go back empty and the first arc of the way they go back.

    After an ocean ship: the land part behind the last discharge, with the share of a land bridge
    if that is in Iran and the chain goes on. A chain over land through Iran counts whole. Other
    chains over land pay none.
    """
    name = "container.empty_return_share_1"
    for position in range(len(arcs) - 1, -1, -1):
        arc = arcs[position]
        if isinstance(arc, TransferArc) and pays_lateness(arc):
            is_bridge = arc.country == "IR" and arc.role == "transfer"
            return context.row(name, "IR-RU" if is_bridge else "ocean"), position
    countries = [arc.country for arc in arcs if isinstance(arc, HaulArc) and arc.country]
    if "IR" in countries[1:-1] and countries[0] != "IR" and countries[-1] != "IR":
        return context.row(name, "IR-RU"), 0
    return None, len(arcs)


def empty_return_terms(own: Sequence[Term], share: Parameter, context: Context) -> tuple[Term, ...]:
    """Return the empty box's tariff back over one land arc: rail and truck at empty ratios."""
    ratio = context.row("rail.empty_ratio_1")
    terms: list[Term] = []
    for term in own:
        if term.name in ("rail tariff", "railway entered, fixed part"):
            factors = (*term.factors, factor(ratio), factor(share))
        elif term.name in ("truck tariff", "truck, fixed part"):
            factors = (*term.factors, factor(context.row("road.empty_ratio_1")), factor(share))
        elif term.name == "waterway rate":
            factors = (*term.factors, factor(share))
        else:
            continue
        terms.append(Term(EMPTY_RETURN, term.scale, factors, also=term.also, powers=term.powers))
    return tuple(terms)
