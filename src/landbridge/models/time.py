"""Hours of each arc: running, waiting, dwell, border, lateness (model.md section 2)."""

from __future__ import annotations

from landbridge.domain.arcs import Arc, BorderArc, DrayageArc, HaulArc, PassageArc, TransferArc
from landbridge.models.context import (
    CASPIAN_VEHICLES,
    KM_PER_NM,
    LAND_MODES,
    LORRY_FERRY,
    OCEAN_VEHICLES,
    WATER_MODES,
    Context,
    place_key,
)
from landbridge.models.dues import delay_terms
from landbridge.models.terms import Factor, Term, factor, triple
from landbridge.parameters.tree import Parameter, pair_key

DRAYAGE_DAY_KM = 150.0
"""Longer drayage runs at the pace of long-distance trucks beyond this."""
FULL_TRAIN = "express_block"
"""A train of one shipper or service, from end to end: it waits for no other cargo."""
GAUGE_TOLERANCE_MM = 5
"""1520 and 1524 mm run through."""
REFERENCE_HEADWAY_H = {"rail": 84.0, "road": 0.0, "iww": 84.0, "sea": 168.0, "ferry": 96.0}
"""Headway that a total dwell row already contains, by onward mode."""


def time_terms(arc: Arc, context: Context) -> tuple[Term, ...]:
    """Return the terms whose sum is the arc's elapsed time, h (a haul: of its whole length)."""
    if isinstance(arc, HaulArc):
        return tuple(term.scaled(arc.distance_km) for term in haul_terms_per_km(arc, context))
    if isinstance(arc, PassageArc):
        return (*_passage_terms(arc, context), *delay_terms(arc, context))
    if isinstance(arc, BorderArc):
        return (*_border_terms(arc, context), *delay_terms(arc, context))
    if isinstance(arc, TransferArc):
        return (*_transfer_terms(arc, context), *delay_terms(arc, context))
    return _drayage_terms(arc, context)


def is_gauge_break(arc: BorderArc | TransferArc) -> bool:
    """Tell whether a train cannot run through."""
    known = arc.gauge_from_mm > 0 and arc.gauge_to_mm > 0
    return known and abs(arc.gauge_from_mm - arc.gauge_to_mm) > GAUGE_TOLERANCE_MM


def haul_terms_per_km(arc: HaulArc, context: Context) -> tuple[Term, ...]:
    """Return running (and calling) time per kilometre; strictly linear in distance."""
    if arc.link_speed_km_per_d > 0.0:
        return (_at_own_speed(arc, context),)
    if arc.mode == "rail":
        row = _rail_speed(arc.vehicle or "block", arc.country, context)
        return (_run(row, 24.0, arc.country, context.at_country(arc.country)),)
    if arc.mode == "road":
        row = context.row("road.speed.single_driver_km_per_d", arc.country)
        return (_run(row, 24.0, arc.country, context.at_country(arc.country)),)
    if arc.mode == "iww":
        return _iww_terms(arc.country, context)
    return _sea_terms(arc.vehicle, context, winter_ice=arc.winter_ice)


def _at_own_speed(arc: HaulArc, context: Context) -> Term:
    """Return running at the speed of a link of its own, with the spread of its mode's speed."""
    name = (
        "rail.speed.block_km_per_d" if arc.mode == "rail" else "road.speed.single_driver_km_per_d"
    )
    row = context.row(name, arc.country)
    scale = row.central / arc.link_speed_km_per_d
    return _run(row, 24.0, arc.country, context.at_country(arc.country), scale)


def _rail_speed(vehicle: str, country: str, context: Context) -> Parameter:
    """Return the speed of a class; full trains run as block trains where no row is faster."""
    if vehicle == FULL_TRAIN:
        exact = context.parameters.exactly(f"rail.speed.{vehicle}_km_per_d", country)
        return exact or context.row("rail.speed.block_km_per_d", country)
    return context.row(f"rail.speed.{vehicle}_km_per_d", country)


def _run(
    row: Parameter,
    hours: float,
    stream: str,
    loadings: tuple[tuple[str, float], ...],
    scale: float = 1.0,
    also: tuple[Parameter, ...] = (),
    shift_z: float = 0.0,
    powers: tuple[float, ...] = (),
) -> Term:
    pace = factor(
        row, stream=f"{row.name}/{stream}", loadings=loadings, inverse_of=hours, shift_z=shift_z
    )
    return Term("running", scale, (pace,), also=also, powers=powers)


def _iww_terms(country: str, context: Context) -> tuple[Term, ...]:
    loadings = context.at_country(country)
    speed = context.row("iww.speed.laden_km_per_h", country)
    lock = context.row("iww.lock_h", country)
    locks = context.row("iww.locks_per_100km_1", country)
    wait = factor(lock, stream=f"{lock.name}/{country}", loadings=loadings)
    return (
        _run(speed, 1.0, country, loadings),
        Term("locks", locks.central / 100.0, (wait,), also=(locks,)),
    )


def _sea_terms(vehicle: str, context: Context, *, winter_ice: bool) -> tuple[Term, ...]:
    loadings = context.at_sea(vehicle)
    row = context.row(f"sea.speed.{vehicle}_kn")
    detour = context.row("sea.distance_factor_1")
    scale, shift_z = detour.central / KM_PER_NM, 0.0
    also: tuple[Parameter, ...] = (detour,)
    powers: tuple[float, ...] = ()
    if winter_ice:
        ice = context.row("sea.ice_speed_factor_1")
        scale, also, powers = scale / ice.central, (detour, ice), (1.0, -1.0)
        shift_z = context.season_z("caspian-north")
    terms = [_run(row, 1.0, vehicle, loadings, scale, also, shift_z, powers)]
    if vehicle in OCEAN_VEHICLES:
        calls = context.row(f"sea.calls.{vehicle}_per_1000nm")
        call = context.row("sea.call_time_h")
        stay = factor(call, stream=f"{call.name}/{vehicle}", loadings=loadings)
        terms.append(
            Term("intermediate calls", calls.central / 1000.0 / KM_PER_NM, (stay,), also=(calls,))
        )
    return tuple(terms)


def _passage_terms(arc: PassageArc, context: Context) -> tuple[Term, ...]:
    if arc.is_due_only:
        return ()
    row = context.parameters.find(f"canal.elapsed.{arc.passage}_h")
    if row is not None:
        return (
            Term(
                "canal wait and passage", 1.0, (factor(row, loadings=context.at_sea(arc.vehicle)),)
            ),
        )
    if arc.vehicle == "motor":
        terms = _iww_terms("", context)[:1]
    else:
        terms = _sea_terms(arc.vehicle, context, winter_ice=arc.winter_ice)[:1]
    return tuple(term.scaled(arc.distance_km) for term in terms)


def _border_terms(arc: BorderArc, context: Context) -> tuple[Term, ...]:
    pair = pair_key(arc.country_from, arc.country_to)
    if arc.mode == "rail":
        row = _rail_border_row(arc, pair, context)
        name = "gauge change and border" if is_gauge_break(arc) else "border"
        return (_at_border(name, 1.0, row, arc, context),)
    if arc.mode == "iww":
        if arc.is_inner:
            return ()
        row = context.row("border.time.iww_crossing_h", arc.crossing, pair)
        return (_at_border("border", 1.0, row, arc, context),)
    terms: list[Term] = []
    whole = context.parameters.find("border.time.road_crossing_h", arc.crossing, pair)
    if whole is not None:
        return (_at_border("border", 1.0, whole, arc, context),)
    if arc.is_inner:
        row = context.row("border.time.road_inner_h", arc.crossing, pair, arc.customs_territory)
        terms.append(_at_border("frontier without customs", 1.0, row, arc, context))
    else:
        side_a = context.row("border.time.road_per_side_h", arc.country_from)
        side_b = context.row("border.time.road_per_side_h", arc.country_to)
        if side_a is side_b:
            terms.append(_at_border("border, both sides", 2.0, side_a, arc, context))
        else:
            terms.append(_at_border(f"border, {arc.country_from}", 1.0, side_a, arc, context))
            terms.append(_at_border(f"border, {arc.country_to}", 1.0, side_b, arc, context))
    if arc.truck_change:
        row = context.row("border.time.truck_change_h", arc.crossing, pair)
        terms.append(_at_border("change of truck", 1.0, row, arc, context))
    return tuple(terms)


def _rail_border_row(arc: BorderArc, pair: str, context: Context) -> Parameter:
    territory = arc.customs_territory
    if is_gauge_break(arc):
        if arc.is_inner:
            return context.row("border.time.rail_gauge_change_inner_h", arc.crossing, territory)
        return context.row("border.time.rail_gauge_change_h", arc.crossing, pair)
    exact = context.parameters.exactly("border.time.rail_same_gauge_h", arc.crossing)
    exact = exact or context.parameters.exactly("border.time.rail_same_gauge_h", pair)
    if exact is not None:
        return exact
    if arc.is_inner:
        return context.row("border.time.rail_inner_h", pair, territory)
    out = f"{arc.country_from}:out"
    return context.row("border.time.rail_same_gauge_h", out, arc.country_from, arc.country_to)


def _train_z(vehicle: str, where: str, context: Context) -> float:
    """Return the shift of the score of a full train at a `border` or in `dwell`, else 0."""
    if vehicle == FULL_TRAIN:
        return context.row("service.full_train_shift_z_1", where).central
    return 0.0


def _waiting_z(arc: TransferArc, context: Context) -> float:
    """Return the shift of a dwell next to a full train; an ocean liner waits for no train."""
    if arc.vehicle_to in OCEAN_VEHICLES:
        return 0.0
    return _train_z(arc.vehicle_to, "dwell", context) or _train_z(
        arc.vehicle_from, "dwell", context
    )


def _at_border(name: str, scale: float, row: Parameter, arc: BorderArc, context: Context) -> Term:
    return Term(
        name,
        scale,
        (
            factor(
                row,
                stream=f"{row.stream}/{arc.crossing}",
                loadings=context.at_border(),
                shift_z=context.season_z(arc.crossing) + _train_z(arc.vehicle, "border", context),
            ),
        ),
    )


def dwell_factor(arc: TransferArc, context: Context) -> tuple[Factor, float] | None:
    """Return the total dwell at a terminal and the headway it contains, h; None if it is none.

    Origins have a first wait instead; destinations dwell in scope door only.
    """
    if arc.role == "origin" or (arc.role == "destination" and not context.is_door):
        return None
    found = _dwell_row(arc, context)
    if found is None:
        return None
    row, is_ocean = found
    on_wheels = LORRY_FERRY in (arc.vehicle_from, arc.vehicle_to)
    floor = 0.0 if on_wheels else context.row("terminal.handling_h").low
    key = place_key(arc.terminal, arc.country)
    if is_ocean:
        loadings = context.at_sea("mainline")
    elif arc.mode_from == arc.mode_to == "rail" and is_gauge_break(arc):
        loadings = context.at_border()  # a gauge change, wherever it stands
    else:
        loadings = context.at_country(arc.country)
    reference_h = REFERENCE_HEADWAY_H.get(arc.mode_to, 0.0)
    if arc.vehicle_to == LORRY_FERRY:
        reference_h = 0.0
    if row.key == "IR:ANZALI":
        reference_h = 168.0
    return factor(
        row,
        stream=f"{row.stream}/{arc.terminal}",
        loadings=loadings,
        floor=floor,
        shift_z=context.season_z(key) + _waiting_z(arc, context),
    ), reference_h


def _dwell_row(arc: TransferArc, context: Context) -> tuple[Parameter, bool] | None:
    find, exactly = context.parameters.find, context.exactly_then
    key = place_key(arc.terminal, arc.country)
    came, goes = arc.mode_from, arc.mode_to
    if LORRY_FERRY in (arc.vehicle_from, arc.vehicle_to):
        where = "boarding" if arc.vehicle_to == LORRY_FERRY else arc.market_from
        return context.row("dwell.lorry_ferry_h", where), False
    if came in WATER_MODES and goes in WATER_MODES:
        return context.row("sea.hub_dwell_h"), True
    if came in WATER_MODES:
        if arc.role == "destination":
            order = ("dwell.import_h", "dwell.transit_h")
        else:
            order = ("dwell.transit_h", "dwell.import_h")
        for scope in (key, arc.country):
            for name in order:
                exact = exactly(name, scope)
                if exact is not None:
                    return exact, False
        return context.row(order[0], key, arc.country), False
    if goes in WATER_MODES:
        exact = exactly("dwell.transit_h", key)
        return (exact or context.row("dwell.transit_h", "default:out")), False
    if "iww" in (came, goes):
        return context.row("dwell.iww_h", key, arc.country), False
    if arc.role == "destination":
        if came == "road":
            return None
        exact = exactly("dwell.import_h", key)
        return (exact or context.row("dwell.rail_terminal_h", key, arc.country)), False
    if came == "rail" and goes == "rail":
        name = "dwell.rail_reload_h" if is_gauge_break(arc) else "dwell.rail_terminal_h"
    else:
        name = f"dwell.{came}_{goes}_transfer_h"
    found = find(name, key, arc.country)
    return (found or context.row("dwell.rail_terminal_h")), False


def _transfer_terms(arc: TransferArc, context: Context) -> tuple[Term, ...]:
    if arc.role == "origin":
        return _origin_terms(arc, context)
    terms: list[Term] = []
    roads = _roads_row(arc, context)
    if roads is not None:
        wait = factor(
            roads,
            stream=f"{roads.name}/{arc.terminal}",
            loadings=context.at_sea(arc.vehicle_from),
        )
        terms.append(Term("weather and wait for a berth", 1.0, (wait,)))
    dwell = dwell_factor(arc, context)
    if dwell is not None:
        stay, reference_h = dwell
        terms.append(Term("terminal dwell", 1.0, (stay,)))
        if arc.headway_h is not None and arc.mode_to:
            headway = triple("service.headway_h", arc.headway_h, stream=f"hw/{arc.terminal}")
            if headway.margin.excess(reference_h) > 1e-9:
                terms.append(
                    Term("wait for a rare departure", 1.0, (headway,), "wait", reference_h)
                )
    if arc.role == "destination" and arc.mode_from == "road" and context.is_door:
        terms.append(_stuffing("unloading", context))
    if pays_lateness(arc):
        terms.append(_lateness(arc, context))
    return tuple(terms)


def _roads_row(arc: TransferArc, context: Context) -> Parameter | None:
    """Return what a ship of the Caspian loses to weather and on the roads before it berths.

    Ferries are told from those of other seas by rows of their own: `AZ:roro`.
    """
    name = "sea.caspian_roads_h"
    if arc.vehicle_from in CASPIAN_VEHICLES:
        return context.row(name, place_key(arc.terminal, arc.country), arc.country)
    return context.parameters.exactly(name, f"{arc.country}:{arc.vehicle_from}")


def pays_lateness(arc: TransferArc) -> bool:
    """Tell whether cargo leaves an ocean ship here for the land: lateness counts once, there."""
    return (
        arc.mode_from == "sea"
        and arc.vehicle_from in OCEAN_VEHICLES
        and (arc.mode_to == "" or arc.mode_to in LAND_MODES)
    )


def _lateness(arc: TransferArc, context: Context) -> Term:
    share, mean = context.row("sea.late_share_1"), context.row("sea.late_mean_d")
    loadings = context.at_sea("mainline")
    return Term(
        "lateness of the ship",
        24.0,
        (
            factor(share, stream=f"{share.name}/{arc.terminal}", loadings=loadings),
            factor(mean),
        ),
        "late",
    )


def _stuffing(name: str, context: Context) -> Term:
    row = context.row("road.dray.load_unload_h")
    return Term(name, 1.0, (factor(row, stream=f"{row.stream}/{name}"),))


def _origin_terms(arc: TransferArc, context: Context) -> tuple[Term, ...]:
    if not context.is_door:
        return ()
    if arc.mode_to == "road":
        return (_stuffing("loading", context),)
    cutoff = context.row("service.cutoff_h", arc.mode_to)
    terms = [
        Term(
            "cut-off before departure",
            1.0,
            (factor(cutoff, stream=f"{cutoff.label}/{arc.terminal}"),),
        )
    ]
    if arc.headway_h is not None:
        headway = triple("service.headway_h", arc.headway_h, stream=f"hw/{arc.terminal}")
    else:
        vehicle = "caspian" if arc.vehicle_to in ("caspian_feeder", "river_sea") else ""
        row = context.row(
            "service.headway_h",
            arc.market_to,
            vehicle,
            "mainline" if arc.mode_to == "sea" else arc.mode_to,
        )
        headway = factor(row, stream=f"hw/{arc.terminal}")
    terms.append(Term("wait for the first departure", 1.0, (headway,), "wait"))
    return tuple(terms)


def _drayage_terms(arc: DrayageArc, context: Context) -> tuple[Term, ...]:
    if arc.distance_km <= 0.0 or not context.is_door:
        return ()
    near = context.row("road.speed.drayage_km_per_h", arc.country)
    stream = f"{near.name}/{arc.role}"
    loadings = context.at_country(arc.country)
    terms = [
        Term(
            "running",
            min(arc.distance_km, DRAYAGE_DAY_KM),
            (factor(near, stream=stream, loadings=loadings, inverse_of=1.0),),
        ),
        _stuffing("loading" if arc.role == "origin" else "unloading", context),
    ]
    if arc.distance_km > DRAYAGE_DAY_KM:
        far = context.row("road.speed.single_driver_km_per_d", arc.country)
        terms.insert(
            1,
            Term(
                "running, long distance",
                arc.distance_km - DRAYAGE_DAY_KM,
                (
                    factor(
                        far, stream=f"{far.name}/{arc.country}", loadings=loadings, inverse_of=24.0
                    ),
                ),
            ),
        )
    return tuple(terms)
