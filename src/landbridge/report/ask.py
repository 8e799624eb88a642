"""The newcomer's functions: names in, an answer out, from the embedded dataset.

`plan` and `compare` load the case, resolve the places, check the question and run the planner.
Whoever asks many questions loads a `Case` once and passes it in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from landbridge.compliance.countries import checked_flag
from landbridge.compliance.rulebook import checked_codes
from landbridge.compliance.vessel import checked_vessel
from landbridge.dataset.gazetteer import DOORS
from landbridge.domain.arcs import Arc
from landbridge.domain.cargo import UNIT_SIZE_TEU, Consignment
from landbridge.domain.itinerary import Itinerary, Plan
from landbridge.domain.network import BorderCrossing, Corridor, Mode, Passage, Place, Terminal
from landbridge.domain.request import (
    DEFAULT_SAMPLES,
    REFERENCE_DATE,
    Objective,
    Request,
    Scope,
    agreed,
)
from landbridge.errors import RequestError
from landbridge.models.pricing import Pricing, pricing_of
from landbridge.montecarlo.run import checked_samples
from landbridge.montecarlo.sensitivity import assumed_first
from landbridge.parameters import Parameters, goods_class, goods_classes
from landbridge.planning.plan import Planner
from landbridge.report.avoid import checked_avoid
from landbridge.report.basis import Basis, basis_of, qualities_of
from landbridge.report.chances import checked_deadline, draws_of, plan_with_draws, with_chances
from landbridge.report.compare import FAR_OFF_RATIO, FREE, STATUS_RANK, Comparison
from landbridge.report.compare import compare as set_side_by_side
from landbridge.report.nearest import nearest
from landbridge.scenarios.case import Case
from landbridge.units import great_circle_km

if TYPE_CHECKING:
    from landbridge.scenarios.scenario import Scenario

TONNES_PER_TEU = 10.0
"""Cargo mass where none is given, t/TEU: the convention of the contract."""
DATE_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = (2000, 2040)
"""Years of departure that the data can speak of at all."""
SAME_PLACE_KM = 1.0
"""Two places nearer than this are one place."""
GOODS_ALIASES = {"military": "arms", "weapons": "arms", "nuclear": "nuclear-missile"}

Choice = TypeVar("Choice", Mode, Scope, Objective)
Row = TypeVar("Row", BorderCrossing, Corridor, Passage, Terminal)


def plan(
    origin: str | Place,
    destination: str | Place,
    *,
    unit: str = "40ft",
    units: int = 1,
    tonnes: float | None = None,
    value_usd: float | None = None,
    goods: str = "general",
    depart: date | str | None = None,
    modes: Sequence[str] = (),
    via: Sequence[str | Place] = (),
    avoid: Sequence[str] = (),
    scope: str = "door",
    objective: str = "generalized",
    corridors: Sequence[str] = (),
    jurisdictions: Sequence[str] = (),
    operator: str = "",
    flag: str = "",
    vessel: str = "",
    asked_on: date | None = None,
    scenarios: Sequence[str | Scenario] = (),
    samples: int = DEFAULT_SAMPLES,
    seed: int = 0,
    deadline: date | str | None = None,
    pareto: bool = False,
    epsilon: float | None = None,
    alternatives: int | None = None,
    with_shapes: bool = False,
    dataset: Path | None = None,
    parameters: Path | Parameters | None = None,
    case: Case | None = None,
    planner: Planner | None = None,
) -> Plan:
    """Return the best itinerary between two places, or the reasons why there is none.

    With `pareto` or `alternatives`, several itineraries: the first is the best of them.

    Parameters
    ----------
    origin, destination
        A name in any script (`"Mumbai"`, `"Astara, IR"`), a UN/LOCODE, the id of a terminal or
        crossing, `"lat,lon"`, or a `Place`.
    unit, units
        Unit load (20ft, 40ft, 40hc, 45ft), and how many.
    tonnes
        Cargo mass in all, without tare, t; 10 t per TEU if None.
    value_usd
        Cargo value, USD; None takes the value of time of the goods class.
    goods
        Goods class, as in `landbridge.parameters.goods_classes()`.
    depart
        Readiness of the cargo; the dataset's reference date if None.
    modes
        Allowed modes (sea, rail, road, iww, ferry); all if empty.
    via
        Places, terminals, crossings or passages to be used, in this order.
    avoid
        Passages, crossings or terminals (id, name or UN/LOCODE) and country codes not to be used.
    scope
        `door`, or `terminal` (first terminal to last terminal).
    objective
        What the search minimises: time, cost, emissions, distance or generalized.
    corridors
        Corridors to keep to, the best of them; `free` (no rule) if empty.
    jurisdictions
        Whose measures decide the status (us, us_secondary, eu, uk, un, ...); with none of them all
        measures show as warnings, and change neither status nor rank.
    operator, flag, vessel
        Who carries, under which flag (ISO country code), on which vessel (name or IMO number): for
        the screen. Without water on the way the flag is that of the trucks.
    asked_on
        The day of asking, by which imported lists are called old; None leaves their age untold.
    scenarios
        Names of bundled scenarios, or `Scenario` objects (`landbridge.scenarios.load.load` reads a
        file), applied in order.
    samples, seed
        Draws behind percentiles and chances, 1 to 1,000,000, and the key of their luck.
    deadline
        Day by which the cargo should be there; fills in `probability_by_deadline`.
    pareto
        Return every itinerary that no other beats in time, cost and emissions.
    epsilon
        How much worse in time and cost, as a share, an itinerary of the Pareto set may be than
        one it stands for (twice that in emissions); 0.01 if None, 0 for the exact set.
    alternatives
        Return up to so many itineraries that differ in passages, crossings, terminals, modes or
        services, 1 to 20.
    with_shapes
        Fill in the shapes of the legs, for maps.
    dataset
        Folder of a built dataset; the embedded one if None.
    parameters
        A file of your own parameters, laid over those of the package, or `Parameters` to be used
        in their place.
    case
        A loaded case, in place of `dataset` and `parameters`.
    planner
        One of a case, in place of the case, that keeps what it has compiled for the next question.

    Raises
    ------
    RequestError
        If the question is malformed or a name is unknown or ambiguous.
    """
    choose = None
    if pareto or epsilon is not None or alternatives is not None:
        from landbridge.report.choices import chooser_of

        choose = chooser_of(
            pareto=pareto, epsilon=epsilon, alternatives=alternatives, objective=objective,
            corridors=corridors,
        )  # fmt: skip
    planner = _planner(planner, case, scenarios, dataset, parameters)
    case = planner.case
    request = make_request(
        case, planner, origin, destination, unit=unit, units=units, tonnes=tonnes,
        value_usd=value_usd, goods=goods, depart=depart, modes=modes, via=via, avoid=avoid,
        scope=scope, objective=objective, jurisdictions=jurisdictions, operator=operator,
        flag=flag, vessel=vessel, asked_on=asked_on, samples=samples, seed=seed,
        deadline=deadline,
    )  # fmt: skip
    asked = chosen_corridors(case, corridors)
    plans = [
        planner.plan(request, rule, with_shapes=with_shapes, choose=choose)
        for rule in asked or (None,)
    ]
    if pareto:
        from landbridge.report.choices import one_answer

        plans = [one_answer(plans) or plans[0]]
    pricing = planner.pricing(request)
    draws = draws_of(request, pricing)
    return min((plan_with_draws(plan, pricing, draws) for plan in plans), key=_rank_of_best)


def compare(
    origin: str | Place,
    destination: str | Place,
    *,
    unit: str = "40ft",
    units: int = 1,
    tonnes: float | None = None,
    value_usd: float | None = None,
    goods: str = "general",
    depart: date | str | None = None,
    modes: Sequence[str] = (),
    via: Sequence[str | Place] = (),
    avoid: Sequence[str] = (),
    scope: str = "door",
    objective: str = "generalized",
    corridors: Sequence[str] = (),
    jurisdictions: Sequence[str] = (),
    operator: str = "",
    flag: str = "",
    vessel: str = "",
    asked_on: date | None = None,
    scenarios: Sequence[str | Scenario] = (),
    samples: int = DEFAULT_SAMPLES,
    seed: int = 0,
    deadline: date | str | None = None,
    show_all: bool = False,
    with_shapes: bool = False,
    dataset: Path | None = None,
    parameters: Path | Parameters | None = None,
    case: Case | None = None,
    planner: Planner | None = None,
) -> Comparison:
    """Return the best itinerary of each corridor between two places, side by side.

    Parameters are those of `plan`, and `show_all`: give a row also to corridors that have no
    itinerary or are far dearer than the best. `free` is always among the options.
    """
    planner = _planner(planner, case, scenarios, dataset, parameters)
    case = planner.case
    request = make_request(
        case, planner, origin, destination, unit=unit, units=units, tonnes=tonnes,
        value_usd=value_usd, goods=goods, depart=depart, modes=modes, via=via, avoid=avoid,
        scope=scope, objective=objective, jurisdictions=jurisdictions, operator=operator,
        flag=flag, vessel=vessel, asked_on=asked_on, samples=samples, seed=seed,
        deadline=deadline,
    )  # fmt: skip
    known = by_id(case.dataset.corridors)
    asked = chosen_corridors(case, corridors) or tuple(known[name] for name in sorted(known))
    rules = [rule for rule in asked if rule is not None]
    pricing = planner.pricing(request)
    draws = draws_of(request, pricing)
    # other draws may take a way over the limit, or under it: then all are built
    ratio = math.inf if show_all or draws is not pricing.draws else FAR_OFF_RATIO
    plans = planner.compare(request, rules, with_shapes=with_shapes, far_off_ratio=ratio)
    plans = tuple(plan_with_draws(plan, pricing, draws) for plan in plans)
    best = [plan.best for plan in plans if plan.best is not None]
    beyond = [plan.beyond.arcs for plan in plans if plan.beyond is not None]
    basis = basis_for(case, best, pricing=pricing, beyond=beyond)
    comparison = set_side_by_side(plans, basis=basis, show_all=show_all)
    return with_chances(comparison, pricing, draws)


def _planner(
    planner: Planner | None,
    case: Case | None,
    scenarios: Sequence[str | Scenario],
    dataset: Path | None,
    parameters: Path | Parameters | None,
) -> Planner:
    """Return the planner given, or that of the case asked for."""
    if planner is None:
        case = case or Case.load(dataset, parameters=parameters)
        return Planner(case_with(case, scenarios))
    if scenarios:
        raise RequestError("scenarios go with a case; a planner has its own", where="planner")
    return planner


def case_with(case: Case, scenarios: Sequence[str | Scenario]) -> Case:
    """Return the case with scenarios applied in order: by name, bundled ones only, or as objects.

    Raises
    ------
    ScenarioError
        If there is no bundled scenario of a name, or one does not fit the case.
    """
    if not scenarios:
        return case
    from landbridge.scenarios.load import applied_to

    return applied_to(case, scenarios, allow_files=False)


def basis_for(
    case: Case,
    itineraries: Collection[Itinerary],
    *,
    request: Request | None = None,
    pricing: Pricing | None = None,
    beyond: Sequence[Sequence[Arc]] = (),
) -> Basis:
    """Return how many parameters of which quality the itineraries rest on in this case.

    With what prices them, or their request, also which of the assumed weigh most. `beyond` are
    the arcs of ways that were priced and not built.
    """
    heaviest: tuple[str, ...] = ()
    if any(leg.arcs for itinerary in itineraries for leg in itinerary.legs):
        if pricing is None and request is not None:
            pricing = pricing_of(case.parameters, request, request.origin.country)
        if pricing is not None:
            heaviest = assumed_first(pricing, itineraries, beyond)
    names = [pricing.labels(arcs) for arcs in beyond] if pricing is not None else []
    return basis_of(
        itineraries,
        qualities_of(case.parameters),
        heaviest=heaviest,
        also=frozenset().union(*names),
    )


def make_request(
    case: Case,
    planner: Planner,
    origin: str | Place,
    destination: str | Place,
    *,
    unit: str,
    units: int,
    tonnes: float | None,
    value_usd: float | None,
    goods: str,
    depart: date | str | None,
    modes: Sequence[str],
    via: Sequence[str | Place],
    avoid: Sequence[str],
    scope: str,
    objective: str,
    jurisdictions: Sequence[str] = (),
    operator: str = "",
    flag: str = "",
    vessel: str = "",
    asked_on: date | None = None,
    samples: int = DEFAULT_SAMPLES,
    seed: int = 0,
    deadline: date | str | None = None,
) -> Request:
    """Return the checked question; cheap checks come before the places are looked up."""
    consignment = Consignment(
        unit=unit,
        units=units,
        cargo_mass_t=_default_mass_t(unit, units) if tonnes is None else tonnes,
        goods=checked_goods(goods),
        value_usd=value_usd,
    )
    when = checked_date(depart)
    by = checked_deadline(checked_date(deadline, where="--deadline"), when or REFERENCE_DATE)
    checked_samples(samples)
    allowed = tuple(one_of(Mode, mode, where="--mode") for mode in modes)
    scope_asked = one_of(Scope, scope, where="--scope")
    objective_asked = one_of(Objective, objective, where="--objective")
    codes = checked_codes(jurisdictions, case.rulebook)
    registered = checked_flag(flag)
    start = _resolve(case, planner, origin, where="ORIGIN", kinds=DOORS)
    end = _resolve(case, planner, destination, where="DESTINATION", kinds=DOORS)
    if start.id == end.id or _apart_km(start, end) < SAME_PLACE_KM:
        raise RequestError(
            f"origin and destination are the same place, {start.name}",
            where="DESTINATION",
            hint="name two places at least 1 km apart",
        )
    asked = Request(
        origin=start,
        destination=end,
        consignment=consignment,
        depart=when or REFERENCE_DATE,
        is_depart_given=when is not None,
        modes=tuple(mode for mode in Mode if mode in allowed) or tuple(Mode),
        via=tuple(
            planner.via_place(_resolve(case, planner, query, where="--via", kinds=()))
            for query in via
        ),
        avoid=tuple(sorted({checked_avoid(case, what) for what in avoid})),
        scope=scope_asked,
        objective=objective_asked,
        jurisdictions=codes,
        operator=" ".join(operator.split()),
        flag=registered,
        vessel=checked_vessel(vessel),
        asked_on=asked_on,
        samples=samples,
        seed=seed,
        deadline=by,
    )
    return agreed(asked)


def chosen_corridors(case: Case, ids: Sequence[str]) -> tuple[Corridor | None, ...]:
    """Return the corridors of these ids, each once, None for `free`; refuse unknown ones."""
    known = by_id(case.dataset.corridors)
    for name in ids:
        if name != FREE and name not in known:
            raise RequestError(
                f"no corridor '{name}'", where="--corridor",
                hint=nearest(name, [*known, FREE]) or "'landbridge corridors' lists them",
            )  # fmt: skip
    return tuple(None if name == FREE else known[name] for name in dict.fromkeys(ids))


def checked_goods(name: str) -> str:
    """Return the name of the goods class; refuse unknown classes, and those never carried."""
    key = name.strip().lower().replace("_", "-")
    key = GOODS_ALIASES.get(key, key)
    names = [row.name for row in goods_classes()]
    if key not in names:
        raise RequestError(f"no goods class '{name}'", where="--goods", hint=nearest(key, names))
    if goods_class(key).behaviour == "refuse":
        raise RequestError(f"goods of class '{name}' are not planned for", where="--goods")
    return key


def checked_date(depart: date | str | None, *, where: str = "--depart") -> date | None:
    """Return the day asked; refuse what is no date or lies outside the data's years."""
    if depart is None:
        return None
    day = depart
    if isinstance(day, str):
        no_date = RequestError(f"'{depart}' is not a date", where=where, hint="write YYYY-MM-DD")
        if not DATE_FORM.fullmatch(day):
            raise no_date
        try:
            day = date.fromisoformat(day)
        except ValueError:
            raise no_date from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise RequestError(f"the year of {day} is outside {YEARS[0]} to {YEARS[1]}", where=where)
    return day


def by_id(rows: Iterable[Row]) -> dict[str, Row]:
    """Return rows of the dataset by id."""
    return {row.id: row for row in rows}


def one_of(kinds: type[Choice], name: str, *, where: str) -> Choice:
    """Return the member of this name; refuse others with the nearest one."""
    names = [kind.value for kind in kinds]
    if name not in names:
        raise RequestError(
            f"'{name}' is none of {', '.join(names)}", where=where, hint=nearest(name, names)
        )
    return kinds(name)


def _apart_km(start: Place, end: Place) -> float:
    return great_circle_km(start.lon, start.lat, end.lon, end.lat)


def _resolve(
    case: Case, planner: Planner, place: str | Place, *, where: str, kinds: Collection[str]
) -> Place:
    if isinstance(place, Place):
        return place
    return case.gazetteer.resolve(
        place, where=where, kinds=kinds, country_at=planner.geography.country_at
    )


def _default_mass_t(unit: str, units: int) -> float:
    # An unknown unit is refused by Consignment, whatever the mass.
    return TONNES_PER_TEU * UNIT_SIZE_TEU.get(unit, 1.0) * max(units, 1)


def _rank_of_best(plan: Plan) -> tuple[int, float]:
    """Return what is prohibited or restricted after what is open, then the dearer after."""
    if plan.best is None:
        return (max(STATUS_RANK.values()), math.inf)
    return (STATUS_RANK[plan.best.status], plan.best.generalized_cost_usd)
