"""The calibration on chains made by hand, where the truth is known."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from landbridge.domain.arcs import Arc, BorderArc, HaulArc
from landbridge.domain.cargo import Consignment
from landbridge.parameters import load_defaults
from landbridge.validation.calibrate import Observation, calibrate
from landbridge.validation.comcec import decisive
from landbridge.validation.journeys import read_journeys
from landbridge.validation.multipliers import prior_parameters, scaled
from landbridge.validation.rerun import Chain, figures_of, point_of

PRIOR = prior_parameters(load_defaults())
TEMPLATE = next(journey for journey in read_journeys() if journey.id == "TT069")


def chain(*arcs: Arc, is_offered: bool = False) -> Chain:
    """Return a chain of one box in 2024."""
    return Chain(
        arcs=arcs,
        baseline=(),
        consignment=Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general"),
        depart=date(2024, 6, 1),
        origin_country="CN",
        is_offered=is_offered,
        mask="",
    )


def rail(country: str, km: float) -> HaulArc:
    return HaulArc(mode="rail", country=country, vehicle="block", distance_km=km)


def seen(way: Chain, *, group: str, times: float) -> Observation:
    """Return an observation that took `times` what the priors say."""
    hours = times * figures_of((way,), PRIOR, kind="time").p50
    journey = replace(TEMPLATE, central=hours, asked=replace(TEMPLATE.asked, group=group))
    return Observation(journey=journey, chains=(way,), weight=1.0, point=0.5)


def test_a_railway_that_is_quicker_than_believed_is_learned() -> None:
    data = [
        seen(chain(rail("CN", km)), group=f"corridor {k}", times=0.8)
        for k, km in enumerate((1500.0, 2500.0, 3500.0, 4500.0))
    ]
    found = calibrate(data, PRIOR)
    learned = {row.multiplier.id: row for row in found.learned}
    china = learned["rail-china"]
    # ln 1.25 = 0.223 against the prior: 4 / 0.2^2 = 100 to 1 / 0.35^2 = 8.2
    assert math.log(china.factor) == pytest.approx(0.223 * 100 / 108.2, rel=0.02)
    assert china.posterior_over_prior == pytest.approx((108.2**-0.5) / 0.35, rel=0.02)
    assert found.in_sample["times"] < 3.0 < found.before["times"]
    # the others never saw a train
    assert not learned["rail-iran-caucasus"].is_learned
    assert learned["rail-iran-caucasus"].factor == 1.0


def test_a_group_left_out_is_foretold_by_the_others() -> None:
    data = [
        seen(chain(rail("CN", 2000.0)), group="one", times=0.8),
        seen(chain(rail("CN", 3000.0)), group="one", times=0.8),
        seen(chain(rail("CN", 4000.0)), group="other", times=1.25),
    ]
    found = calibrate(data, PRIOR)
    assert found.left_out_by_group["other"] > found.in_sample["times"]
    assert set(found.left_out_by_group) == {"one", "other"}


def test_points_follow_the_parameters_and_the_kind() -> None:
    way = chain(rail("CN", 3000.0))
    quick = scaled(PRIOR, {"rail-china": 1.5})
    slow_h = point_of((way,), PRIOR, kind="time", point=0.5)
    assert point_of((way,), quick, kind="time", point=0.5) == pytest.approx(slow_h / 1.5, rel=1e-6)
    assert point_of((way,), PRIOR, kind="time", point=0.25) < slow_h
    assert point_of((way, way), PRIOR, kind="time", point=0.5) == pytest.approx(slow_h)


def test_the_decisive_parameter_is_the_one_that_moves_most() -> None:
    border = BorderArc(
        crossing="X", mode="rail", country_from="TM", country_to="IR",
        gauge_from_mm=1520, gauge_to_mm=1435,
    )  # fmt: skip
    slow, quick = (chain(rail("CN", 4000.0), border),), (chain(rail("CN", 4000.0)),)
    found = decisive(slow, quick, PRIOR, kind="time")
    assert found["parameter"] == "border.time.rail_gauge_change_h[default]"
    assert found["moves_to"] < found["difference"]
    assert not found["flips"], "a frontier takes no negative time"
