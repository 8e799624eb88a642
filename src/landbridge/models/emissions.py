"""Well-to-wheel greenhouse gases of each arc, kg CO2e (model.md section 4; ISO 14083 chain).

Ships are counted per slot of 10 t, land modes per tonne of cargo and tare, hubs per tonne. The
empty return is not in the headline figure.
"""

from __future__ import annotations

from dataclasses import replace

from landbridge.domain.arcs import Arc, BorderArc, DrayageArc, HaulArc, PassageArc, TransferArc
from landbridge.models.context import (
    CASPIAN_VEHICLES,
    LORRY_FERRY,
    OCEAN_VEHICLES,
    WATER_MODES,
    Context,
)
from landbridge.models.dues import shoal_factors
from landbridge.models.terms import Term, factor
from landbridge.parameters import Parameter

SLOT_MASS_T = 10.0
"""Cargo per TEU slot to which the lane intensities refer."""


def emission_terms(arc: Arc, context: Context) -> tuple[Term, ...]:
    """Return the terms whose sum is the arc's WTW emissions."""
    if isinstance(arc, HaulArc):
        return tuple(term.scaled(arc.distance_km) for term in haul_terms_per_km(arc, context))
    if isinstance(arc, PassageArc):
        return tuple(
            _in_shoal(term.scaled(arc.distance_km), arc, context)
            for term in _water_terms(arc.vehicle, context)
        )
    if isinstance(arc, BorderArc):
        return ()
    if isinstance(arc, TransferArc):
        return _hub_terms(arc, context)
    if isinstance(arc, DrayageArc) and context.is_door and arc.distance_km > 0.0:
        return tuple(term.scaled(arc.distance_km) for term in _road_terms(context))
    return ()


def haul_terms_per_km(arc: HaulArc, context: Context) -> tuple[Term, ...]:
    """Return emissions per kilometre; strictly linear in distance."""
    if arc.mode == "rail":
        return _rail_terms(arc, context)
    if arc.mode == "road":
        return _road_terms(context)
    if arc.mode == "iww":
        return _water_terms("motor", context, arc.country)
    return tuple(_in_shoal(term, arc, context) for term in _water_terms(arc.vehicle, context))


def _in_shoal(term: Term, arc: HaulArc | PassageArc, context: Context) -> Term:
    """Return a ship's emissions, shared by less cargo where it must sail with less in it."""
    more = shoal_factors(arc, context)
    return replace(term, factors=(*term.factors, *more)) if more else term


def _rail_terms(arc: HaulArc, context: Context) -> tuple[Term, ...]:
    """Diesel and electric part by the share under electric traction.

    The arc's own share counts if it is over 0, the country's row else.
    """
    share_row = context.row("rail.electrified_share_1", arc.country)
    share = arc.electrified_share if arc.electrified_share > 0.0 else share_row.central
    scale = context.mass_t / 1000.0 * _reefer("rail", context)
    terms: list[Term] = []
    if share < 1.0:
        diesel = context.row("emis.rail_diesel_g_per_tkm", arc.country)
        terms.append(
            Term(
                "diesel traction",
                scale * (1.0 - share),
                (factor(diesel),),
                also=(share_row,),
                powers=(-share / (1.0 - share),),
            )
        )
    if share > 0.0:
        energy = context.row("emis.rail_electric_kwh_per_tkm")
        grid = context.row("emis.grid_g_per_kwh", arc.country)
        uplift = context.row("emis.grid_uplift_1")
        terms.append(
            Term(
                "electric traction",
                scale * share,
                (
                    factor(energy),
                    factor(grid),
                    factor(uplift),
                ),
                also=(share_row,),
            )
        )
    return tuple(terms)


def _road_terms(context: Context) -> tuple[Term, ...]:
    row, detour = context.row("emis.road_g_per_tkm"), context.row("emis.daf.road_1")
    scale = context.mass_t / 1000.0 * detour.central * _reefer("road", context)
    return (Term("truck", scale, (factor(row),), also=(detour,)),)


def _water_terms(vehicle: str, context: Context, country: str = "") -> tuple[Term, ...]:
    reefer = _reefer("sea", context)
    also: tuple[Parameter, ...] = ()
    if vehicle in OCEAN_VEHICLES:
        name = "feeder" if vehicle == "ice" else vehicle
        row, detour = context.row(f"emis.sea.{name}_g_per_tkm"), context.row("emis.daf.sea_1")
        scale = SLOT_MASS_T * context.size_teu / 1000.0 * detour.central * reefer
        also = (detour,)
    else:
        scale = context.mass_t / 1000.0 * reefer
        if vehicle == "motor":
            row = context.row("emis.iww_g_per_tkm", country)
        elif vehicle in CASPIAN_VEHICLES:
            row = context.row("emis.sea.caspian_g_per_tkm")
        else:
            row = context.row("emis.sea.roro_g_per_tkm")
    return (Term("ship", scale, (factor(row),), also=also),)


def _hub_terms(arc: TransferArc, context: Context) -> tuple[Term, ...]:
    if {arc.mode_from, arc.mode_to} <= {"road", ""}:
        return ()
    if LORRY_FERRY in (arc.vehicle_from, arc.vehicle_to):
        return ()
    at_port = arc.mode_from in WATER_MODES or arc.mode_to in WATER_MODES
    row = context.row(
        "emis.hub.maritime_kg_per_t" if at_port else "emis.hub.transshipment_kg_per_t"
    )
    return (Term("terminal", context.mass_t, (factor(row),)),)


def _reefer(mode: str, context: Context) -> float:
    if not context.goods.is_reefer:
        return 1.0
    return context.row("emis.reefer_uplift_1", mode).central
