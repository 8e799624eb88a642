"""Ways that a stranger found and no forwarder would take; each was the best answer once."""

from __future__ import annotations

import numpy as np
import pytest

import landbridge
from landbridge.scenarios.case import Case


@pytest.mark.parametrize(
    ("origin", "destination", "asked", "never"),
    [
        # lorries over the Himalaya and through Tibet
        ("Mumbai", "Moscow", {"goods": "reefer"}, {"NP"}),
        ("Mumbai", "Moscow", {"goods": "dual_use"}, {"NP"}),
        # lorries through Attari while only Afghan goods passed, one way
        ("Mumbai", "Moscow", {"depart": "2022-06-15"}, {"PK", "AF"}),
        # lorries through Kachin and over the Pangsau Pass
        ("Kunming", "Kolkata", {}, {"MM"}),
    ],
)
def test_the_best_way_keeps_out_of(
    case: Case, origin: str, destination: str, asked: dict[str, str], never: set[str]
) -> None:
    best = landbridge.plan(origin, destination, case=case, **asked).itineraries[0]  # type: ignore[arg-type]
    assert not never & set(best.countries)


def test_lorries_still_run_from_india_to_pakistan_in_2018_and_from_nepal_to_tibet(
    case: Case,
) -> None:
    assert landbridge.plan("Delhi", "Lahore", depart="2018-01-05", case=case).itineraries[
        0
    ].countries == ("IN", "PK")
    lhasa = landbridge.plan("Kathmandu", "Lhasa", case=case).itineraries[0]
    assert lhasa.countries == ("NP", "CN")
    assert lhasa.lead_time_h.p50 > 7 * 24


@pytest.mark.parametrize(
    ("origin", "destination", "depart", "never"),
    [
        ("Odesa", "Helsinki", "2025-07-01", "RU"),
        ("Yerevan", "Moscow", "2025-07-01", "AZ"),
        ("Delhi", "Kabul", "2025-07-01", "PK"),
        ("Havana", "Novosibirsk", "2025-07-01", "US"),
    ],
)
def test_goods_keep_out_of_countries_that_bar_them(
    case: Case, origin: str, destination: str, depart: str, never: str
) -> None:
    answer = landbridge.plan(origin, destination, depart=depart, case=case)
    assert answer.best is not None
    assert never not in answer.best.countries


def test_a_country_that_bars_the_goods_ends_no_way_but_did_once(case: Case) -> None:
    now = landbridge.plan("Kyiv", "Moscow", case=case)
    assert now.best is None
    assert "do not go through Russia" in now.blockers[0].why
    assert landbridge.plan("Kyiv", "Moscow", depart="2019-05-01", case=case).best is not None


def test_a_matrix_knows_the_countries_that_bar_goods(case: Case) -> None:
    found = landbridge.matrix(["Kyiv", "Odesa"], ["Moscow", "Helsinki"], case=case, with_legs=True)
    assert np.isnan(found.lead_time_h[:, 0]).all()
    way = found.itinerary(1, 1)
    assert way is not None
    assert "RU" not in way.countries


@pytest.mark.parametrize(
    ("origin", "destination", "asked", "km", "never"),
    [
        # bridges, passes and main lines where the open graph breaks
        ("Copenhagen", "Hamburg", {"modes": ["road", "ferry"]}, (280, 480), set()),
        ("Manama", "Riyadh", {}, (440, 520), set()),
        ("Buenos Aires", "Santiago, CL", {"modes": ["road"]}, (1350, 1450), set()),
        ("La Paz, BO", "Arica", {"modes": ["road"]}, (420, 500), {"PE"}),
        ("Moscow", "Tashkent", {"modes": ["rail"]}, (3250, 3500), set()),
        ("Kuala Lumpur", "Bangkok", {"modes": ["rail"]}, (1400, 1650), set()),
        # straits that lorries sail
        ("Helsinki", "Tallinn", {}, (80, 120), {"RU"}),
        ("Madrid", "Casablanca", {"modes": ["road", "ferry"]}, (900, 1250), set()),
        ("Istanbul", "Milan", {"modes": ["road", "ferry"]}, (1700, 2700), set()),
        ("Port Sudan", "Jeddah", {"modes": ["road", "ferry"]}, (300, 340), set()),
        # Norway lies in no Russia
        ("Oslo", "Bodo", {"modes": ["road"]}, (1000, 1500), {"RU"}),
        # goods of Bangladesh do not cross India, those for Nepal do
        ("Dhaka", "Hamburg", {}, (13000, 18000), {"IN"}),
        ("Dhaka", "Kathmandu", {}, (700, 1100), set()),
        # rivers and ports
        ("Manaus", "Miami", {}, (5000, 9500), {"VE", "CO"}),
        ("Chongqing", "Shanghai", {"modes": ["iww"]}, (2300, 2600), set()),
    ],
)
def test_what_strangers_missed_is_there(
    case: Case,
    origin: str,
    destination: str,
    asked: dict[str, list[str]],
    km: tuple[int, int],
    never: set[str],
) -> None:
    best = landbridge.plan(origin, destination, case=case, samples=50, **asked).best  # type: ignore[arg-type]
    assert best is not None
    assert km[0] <= best.distance_km <= km[1]
    assert not never & set(best.countries)


def test_no_mainline_string_sails_from_asia_to_europe_by_panama(case: Case) -> None:
    def passages(end: str) -> tuple[str, ...]:
        best = landbridge.plan(
            "Shanghai", end, modes=["sea", "road"], avoid=["suez"], samples=50, case=case
        ).best
        assert best is not None
        return best.passages

    assert "panama" not in passages("Rotterdam")
    assert "panama" in passages("New York")


def test_a_train_runs_through_the_inland_terminals_that_its_corridor_names(case: Case) -> None:
    # it was unloaded at Yekaterinburg, and lorries took the load 371 km to the next train
    best = landbridge.plan("Vladivostok", "Moscow", corridors=["trans-siberian"], case=case).best
    assert best is not None
    hauls = [leg for leg in best.legs if leg.kind == "haul"]
    assert {leg.mode for leg in hauls} == {"rail"}
    assert any(leg.origin.id == "DRY-YEKATERINBURG" for leg in hauls)
    free = landbridge.plan("Vladivostok", "Moscow", case=case).best
    assert free is not None
    assert best.cost_usd.central == pytest.approx(free.cost_usd.central, rel=0.01)


def test_the_trans_siberian_is_a_way_for_ships_and_trains_alone(case: Case) -> None:
    answer = landbridge.plan(
        "Mumbai", "Moscow", corridors=["trans-siberian"], modes=["sea", "rail"], case=case
    )
    assert answer.best is not None
    ports = [leg for leg in answer.best.legs if leg.kind == "transfer"]
    assert any(leg.origin.id == "PORT-VLADIVOSTOK" for leg in ports)


def test_a_train_may_not_run_through_a_port_that_its_corridor_names(case: Case) -> None:
    # the load of the western INSTC branch comes ashore at Bandar Abbas
    answer = landbridge.plan("Mumbai", "Moscow", corridors=["instc-west"], case=case)
    assert answer.best is not None
    at_port = [leg.kind for leg in answer.best.legs if leg.origin.id == "PORT-BANDARABBAS"]
    assert "transfer" in at_port
