from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from golden import worked_example as example
from landbridge.domain.arcs import Arc, BorderArc, DrayageArc, HaulArc, PassageArc, TransferArc
from landbridge.domain.cargo import Consignment
from landbridge.domain.request import Scope
from landbridge.errors import ParameterError
from landbridge.models import cost as costs
from landbridge.models.context import place_key
from landbridge.models.pricing import NOTHING, Pricing
from landbridge.models.required import REQUIRED_NAMES
from landbridge.parameters import Parameters, load_defaults
from unit.models.arcs_of_the_world import arcs_in

DEFAULTS = load_defaults()


def _pricing(
    *,
    unit: str = "20ft",
    units: int = 1,
    tonnes: float = 10.0,
    goods: str = "general",
    value_usd: float | None = None,
    depart: date = date(2023, 6, 1),
    scope: Scope = Scope.DOOR,
    parameters: Parameters = DEFAULTS,
    seed: int = 0,
) -> Pricing:
    cargo = Consignment(
        unit=unit, units=units, cargo_mass_t=tonnes, goods=goods, value_usd=value_usd
    )
    return Pricing(
        parameters, consignment=cargo, depart=depart, scope=scope, origin_country="IN", seed=seed
    )


def _rail(km: float, country: str = "RU") -> HaulArc:
    return HaulArc(mode="rail", country=country, vehicle="block", distance_km=km)


HAULS = [arc for country in ("RU", "ZZ") for arc in arcs_in(country) if isinstance(arc, HaulArc)]


@pytest.mark.parametrize("arc", HAULS, ids=lambda arc: f"{arc.mode}-{arc.vehicle}-{arc.country}")
def test_hauls_are_linear_in_distance(arc: HaulArc) -> None:
    pricing = _pricing()
    whole = pricing.expected(arc)
    first, second = (
        pricing.expected(replace(arc, distance_km=arc.distance_km * share)) for share in (0.3, 0.7)
    )
    both = first + second
    assert both.hours == pytest.approx(whole.hours, rel=1e-9)
    assert both.cost_usd == pytest.approx(whole.cost_usd, rel=1e-9)
    assert both.kgco2e == pytest.approx(whole.kgco2e, rel=1e-9)
    assert min(whole.hours, whole.cost_usd, whole.kgco2e) > 0


@pytest.mark.parametrize("country", ["IR", "RU", "DE", "US", "ZZ"])
def test_every_arc_can_be_priced_in_any_country(country: str) -> None:
    pricing = _pricing(goods="reefer", value_usd=40_000)
    for arc in arcs_in(country):
        expected = pricing.expected(arc)
        assert 0 <= expected.hours < 5_000, arc
        assert 0 <= expected.cost_usd < 20_000, arc
        assert 0 <= expected.kgco2e < 20_000, arc
    outcome = pricing.outcome(list(arcs_in(country)))
    assert outcome.lead_time_h.p10 < outcome.lead_time_h.p50 < outcome.lead_time_h.p90


def test_a_missing_parameter_is_an_error_at_once() -> None:
    left = Parameters(
        (row for row in DEFAULTS if row.name != "rail.tariff_per_teukm_usd"),
        groups=DEFAULTS.groups,
    )
    with pytest.raises(ParameterError, match=r"rail\.tariff_per_teukm_usd"):
        _pricing(parameters=left)
    assert "rail.tariff_per_teukm_usd" in REQUIRED_NAMES


def test_expected_adds_up_to_the_outcome_but_for_the_empty_return() -> None:
    pricing = _pricing(value_usd=50_000)
    for chain in (example.western_branch(), example.suez_with_hub(), example.niche_direct()):
        total = NOTHING
        for arc in chain:
            total = total + pricing.expected(arc)
        outcome = pricing.outcome(chain)
        empty = sum(
            part.central
            for arc in outcome.per_arc
            for part in arc.cost_parts
            if part.name == costs.EMPTY_RETURN
        )
        assert total.hours == pytest.approx(outcome.mean_h)
        assert total.cost_usd + empty == pytest.approx(outcome.cost_usd.central)
        assert total.kgco2e == pytest.approx(outcome.emissions_wtw_kgco2e.central)


def test_the_quick_ranking_is_the_generalized_cost_of_the_outcome() -> None:
    pricing = _pricing(value_usd=50_000)
    for chain in (example.western_branch(), example.niche_direct()):
        assert pricing.ranking_usd(chain) == pytest.approx(
            pricing.outcome(chain).generalized_cost_usd
        )


def test_parts_add_up_to_their_arc_and_arcs_to_the_whole() -> None:
    outcome = _pricing().outcome(example.western_branch())
    for arc in outcome.per_arc:
        assert sum(p.central for p in arc.cost_parts) == pytest.approx(arc.cost_usd.central)
    assert sum(arc.cost_usd.central for arc in outcome.per_arc) == pytest.approx(
        outcome.cost_usd.central
    )
    assert sum(arc.emissions_wtw_kgco2e.central for arc in outcome.per_arc) == pytest.approx(
        outcome.emissions_wtw_kgco2e.central
    )
    assert sum(arc.mean_h for arc in outcome.per_arc) == pytest.approx(outcome.mean_h)


def test_every_part_names_its_parameters() -> None:
    outcome = _pricing(goods="reefer", value_usd=9_000).outcome(list(arcs_in("IR")))
    labels = {row.label for row in outcome.parameters}
    for arc in outcome.per_arc:
        for part in (*arc.time_parts, *arc.cost_parts, *arc.emission_parts):
            assert part.parameters, part
            assert set(part.parameters) <= labels
            assert part.low <= part.central <= part.high, part


def test_same_seed_same_numbers_other_seed_other_percentiles() -> None:
    chain = example.western_branch()
    assert _pricing().outcome(chain) == _pricing().outcome(chain)
    other = _pricing(seed=1).outcome(chain)
    assert other.lead_time_h != _pricing().outcome(chain).lead_time_h
    assert other.cost_usd.central == _pricing().outcome(chain).cost_usd.central


def test_what_an_option_costs_does_not_depend_on_what_was_priced_before() -> None:
    fresh = _pricing().outcome(example.niche_direct())
    busy = _pricing()
    busy.outcome(example.western_branch())
    assert busy.outcome(example.niche_direct()) == fresh


@pytest.mark.parametrize("unit", ["40ft", "45ft"])
def test_n_units_pay_n_times_but_documents_once(unit: str) -> None:
    chain = example.western_branch()
    one = _pricing(unit=unit, tonnes=12).outcome(chain)
    three = _pricing(unit=unit, tonnes=36, units=3).outcome(chain)
    agents = sum(
        part.central
        for arc in one.per_arc
        for part in arc.cost_parts
        if part.name == "agent and documents"
    )
    assert agents == 225
    assert three.cost_usd.central - agents == pytest.approx(3 * (one.cost_usd.central - agents))
    assert three.emissions_wtw_kgco2e.central == pytest.approx(3 * one.emissions_wtw_kgco2e.central)
    assert three.lead_time_h == one.lead_time_h


def test_two_light_boxes_share_a_truck_and_two_heavy_ones_do_not() -> None:
    truck = HaulArc(mode="road", country="IR", vehicle="truck", distance_km=1000)

    def tariff(units: int, tonnes: float) -> float:
        parts = _pricing(units=units, tonnes=tonnes).outcome([truck]).per_arc[0].cost_parts
        return next(part.central for part in parts if part.name == "truck tariff")

    assert tariff(1, 10) == pytest.approx(0.7 * 800)
    assert tariff(2, 20) == pytest.approx(800)
    assert tariff(3, 30) == pytest.approx(1.7 * 800)
    assert tariff(2, 48) == pytest.approx(2 * 800)


def test_heavy_boxes_pay_more_by_rail() -> None:
    light = _pricing(tonnes=20).expected(_rail(1000))
    heavy = _pricing(tonnes=25).expected(_rail(1000))
    hire = light.cost_usd - 330
    assert heavy.cost_usd - hire == pytest.approx(1.2 * 330)


def _border(**facts: object) -> BorderArc:
    base = BorderArc(crossing="X", mode="rail", country_from="KZ", country_to="CN")
    return replace(base, **facts)  # type: ignore[arg-type]


def test_a_gauge_break_costs_one_total_not_two() -> None:
    pricing = _pricing()
    same = pricing.outcome([_border(gauge_from_mm=1520, gauge_to_mm=1524)]).per_arc[0]
    other = pricing.outcome([_border(gauge_from_mm=1520, gauge_to_mm=1435)]).per_arc[0]
    assert [part.name for part in other.time_parts] == ["gauge change and border"]
    assert other.time_h.p50 == pytest.approx(62, abs=0.5)
    assert same.time_h.p50 < 15
    assert other.cost_usd.central - same.cost_usd.central == pytest.approx(40, abs=8)


def test_an_inner_frontier_is_no_border() -> None:
    pricing = _pricing()
    inner = _border(
        mode="road", country_from="PL", country_to="DE", is_inner=True, customs_territory="EU"
    )
    outer = _border(mode="road", country_from="BY", country_to="PL")
    assert pricing.expected(inner).hours < 2
    assert pricing.expected(inner).cost_usd < 1
    assert pricing.expected(outer).hours > 15
    assert pricing.expected(outer).cost_usd > 300


def test_a_customs_union_stop_is_technical() -> None:
    row = _border(country_from="KZ", country_to="RU", is_inner=True, customs_territory="EAEU")
    assert _pricing().outcome([row]).per_arc[0].parameters[0].endswith("[KZ-RU]")
    assert _pricing().expected(row).hours < 6


def _hub(**facts: object) -> TransferArc:
    base = TransferArc(
        terminal="PORT-HUB",
        country="AE",
        role="transfer",
        mode_from="sea",
        mode_to="sea",
        vehicle_from="mainline",
        vehicle_to="feeder",
        is_hub=True,
    )
    return replace(base, **facts)  # type: ignore[arg-type]


def test_lateness_counts_at_the_landing_not_at_hubs() -> None:
    pricing = _pricing()

    def names(arc: Arc) -> list[str]:
        return [part.name for part in pricing.outcome([arc]).per_arc[0].time_parts]

    assert "lateness of the ship" not in names(_hub())
    assert "lateness of the ship" in names(_hub(mode_to="rail", vehicle_to="block"))
    landing = _hub(role="destination", mode_to="", vehicle_to="")
    assert "lateness of the ship" in names(landing)
    caspian = _hub(mode_to="rail", vehicle_from="caspian_feeder", vehicle_to="block")
    assert "lateness of the ship" not in names(caspian)


def test_hub_handling_is_inside_the_ocean_rate() -> None:
    parts = _pricing().outcome([_hub()]).per_arc[0].cost_parts
    assert "terminal handling" not in [part.name for part in parts]


def test_a_rare_onward_departure_adds_half_the_excess() -> None:
    landing = _hub(
        terminal="PORT-BANDARABBAS",
        country="IR",
        mode_to="rail",
        vehicle_to="block",
        headway_h=(84.0, 84.0, 84.0),
    )
    usual = _pricing().expected(landing).hours
    rare = _pricing().expected(replace(landing, headway_h=(168.0, 168.0, 168.0))).hours
    frequent = _pricing().expected(replace(landing, headway_h=(24.0, 24.0, 24.0))).hours
    assert rare - usual == pytest.approx(42)
    assert frequent == usual


def test_scope_terminal_has_no_first_wait_drayage_or_last_dwell() -> None:
    door, terminal = _pricing(), _pricing(scope=Scope.TERMINAL)
    origin = TransferArc(
        terminal="PORT-NHAVASHEVA",
        country="IN",
        role="origin",
        mode_from="",
        mode_to="sea",
        vehicle_to="mainline",
        headway_h=(168.0, 168.0, 168.0),
    )
    assert terminal.expected(origin).hours == 0
    assert door.expected(origin).hours == pytest.approx(84 + 27, abs=3)
    last = TransferArc(
        terminal="DRY-VORSINO",
        country="RU",
        role="destination",
        mode_from="rail",
        mode_to="",
        vehicle_from="block",
    )
    assert terminal.expected(last).hours == 0
    assert door.expected(last).hours > 24
    drayage = DrayageArc(country="IN", distance_km=60, role="origin")
    assert terminal.expected(drayage) == NOTHING
    assert door.expected(drayage).hours == pytest.approx(6, abs=1.5)


def test_no_drayage_where_the_place_is_the_terminal() -> None:
    assert _pricing().expected(DrayageArc(country="IN", distance_km=0, role="origin")) == NOTHING


def test_the_russian_premium_multiplies_the_ocean_rate() -> None:
    chain = example.niche_direct()
    free = [
        replace(arc, market="")
        if isinstance(arc, HaulArc | PassageArc)
        else replace(arc, market_to="", market_from="")
        if isinstance(arc, TransferArc)
        else arc
        for arc in chain
    ]

    def ocean(arcs: tuple[Arc, ...] | list[Arc]) -> float:
        return sum(
            part.central
            for arc in _pricing().outcome(arcs).per_arc
            for part in arc.cost_parts
            if part.name.startswith("ocean rate")
        )

    assert ocean(chain) == pytest.approx(3 * ocean(free))


def test_an_unknown_market_is_an_error() -> None:
    arc = HaulArc(mode="sea", country="", vehicle="regional", distance_km=9, market="moon")
    with pytest.raises(ParameterError, match="no rate row for sea market 'moon'"):
        _pricing().expected(arc)


def test_ocean_rates_follow_the_index_and_land_the_price_level() -> None:
    ship = HaulArc(mode="sea", country="", vehicle="mainline", distance_km=1000)

    def tariff(arc: Arc, year: int, name: str) -> float:
        parts = _pricing(depart=date(year, 7, 1)).outcome([arc]).per_arc[0].cost_parts
        return next(part.central for part in parts if part.name == name)

    ratio = tariff(ship, 2025, "ocean rate per mile") / tariff(ship, 2023, "ocean rate per mile")
    assert ratio == pytest.approx((2368 / 1680) ** 0.9)
    assert tariff(ship, 2031, "ocean rate per mile") == tariff(ship, 2025, "ocean rate per mile")
    land = tariff(_rail(1), 2017, "rail tariff") / tariff(_rail(1), 2023, "rail tariff")
    assert land == pytest.approx(1 / 1.243)
    assert tariff(_rail(1), 2031, "rail tariff") == tariff(_rail(1), 2023, "rail tariff")


def test_a_local_currency_tariff_widens_with_age() -> None:
    def spread(country: str, year: int) -> float:
        arc = _rail(1000, country)
        part = _pricing(depart=date(year, 7, 1)).outcome([arc]).per_arc[0].cost_parts[0]
        return part.high / part.low

    assert spread("RU", 2024) == pytest.approx(0.45 / 0.22)
    assert spread("RU", 2026) == pytest.approx(0.45 / 0.22 * 1.2**2)
    assert spread("KZ", 2026) == spread("KZ", 2024)


def test_seasons_lengthen_the_tail_in_their_months_only() -> None:
    port = TransferArc(
        terminal="PORT-ASTRAKHAN",
        country="RU",
        role="transfer",
        mode_from="sea",
        mode_to="rail",
        vehicle_from="caspian_feeder",
        vehicle_to="block",
    )
    autumn = _pricing(depart=date(2023, 10, 1)).expected(port).hours
    summer = _pricing(depart=date(2023, 6, 1)).expected(port).hours
    assert autumn > 1.3 * summer


def test_value_makes_inventory_and_the_generalized_cost_does_not_count_it_twice() -> None:
    arc = _rail(7000)
    plain, valued = _pricing(), _pricing(value_usd=24_000)
    assert valued.expected(arc).cost_usd - plain.expected(arc).cost_usd == pytest.approx(
        24_000 * 0.0006 * plain.expected(arc).hours / 24
    )
    # 0.25 % of 24,000 USD is 60 USD a day, the value of time without a stated value
    assert valued.generalized_usd(valued.expected(arc)) == pytest.approx(
        plain.generalized_usd(plain.expected(arc))
    )


def test_reefers_cost_more_and_emit_more() -> None:
    for arc in (_rail(1000), HaulArc(mode="sea", country="", vehicle="mainline", distance_km=99)):
        plain, cold = _pricing().expected(arc), _pricing(goods="reefer").expected(arc)
        assert cold.hours == plain.hours
        assert cold.cost_usd > plain.cost_usd
        assert cold.kgco2e > 1.2 * plain.kgco2e


def test_wagonload_is_slower_and_dearer() -> None:
    block = _pricing().expected(_rail(1000))
    single = _pricing().expected(replace(_rail(1000), vehicle="wagonload"))
    assert single.hours > 1.5 * block.hours
    assert single.cost_usd > 1.8 * block.cost_usd


def test_an_electric_line_emits_less_than_diesel() -> None:
    electric = _pricing().expected(replace(_rail(1000), electrified_share=1.0))
    diesel = _pricing().expected(_rail(1000, "TM"))
    assert electric.kgco2e < 0.6 * diesel.kgco2e
    assert diesel.kgco2e == pytest.approx(26 * 12.2)


def test_the_empty_box_goes_back_only_over_land_behind_the_ship() -> None:
    context = _pricing().context
    share, start = costs.empty_return_share(example.western_branch(), context)
    assert share is not None
    assert (share.key, start) == ("IR-RU", 2)
    share, start = costs.empty_return_share(example.suez_with_hub(), context)
    assert share is not None
    assert (share.key, start) == ("ocean", 5)
    assert costs.empty_return_share([_rail(100), _rail(100, "DE")], context)[0] is None
    bridge = [_rail(100, "TR"), _rail(900, "IR"), _rail(100, "TM")]
    share, start = costs.empty_return_share(bridge, context)
    assert share is not None
    assert (share.key, start) == ("IR-RU", 0)


def test_place_keys() -> None:
    assert place_key("PORT-BANDARABBAS", "IR") == "IR:BANDARABBAS"
    assert place_key("DRY-ASTARA-AZ", "AZ") == "AZ:ASTARA"
    assert place_key("ICD-TUGHLAKABAD", "IN") == "IN:TUGHLAKABAD"
    assert place_key("DRY-MOSCOW-BELY-RAST", "RU") == "RU:MOSCOWBELYRAST"
