"""What requests of a day share must never show: each answer is that of a planner of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from landbridge.dataset.network import Net
from landbridge.domain.cargo import Consignment
from landbridge.domain.network import Corridor, Place
from landbridge.domain.request import Objective, Request, Scope
from landbridge.graph.carrying import Attachment
from landbridge.graph.virtual import extended, virtual_of_day
from landbridge.parameters.load import load_defaults
from landbridge.planning.frame import inland_passages
from landbridge.planning.plan import MOST_FRAMES, Planner
from landbridge.planning.rule import Additions, Ban, Index, compile_rule, extended_rule
from landbridge.scenarios.case import Case
from worlds import strait

DAY = date(2025, 5, 1)


def planner() -> Planner:
    dataset = strait.dataset(service_markets={})
    return Planner(
        Case(dataset=dataset, parameters=load_defaults(), gazetteer=None, digest="made up")  # type: ignore[arg-type]
    )


def question(start: float, end: float, **given: Any) -> Request:
    ends = [
        Place(id=f"T{lon}", name="Town", country="AA" if lon <= 1.0 else "BB", lat=0.0, lon=lon,
              kind="town")
        for lon in (start, end)
    ]  # fmt: skip
    cargo = Consignment(unit="40ft", units=1, cargo_mass_t=20.0, goods="general")
    columns = {"consignment": cargo, "depart": DAY, **given}
    return Request(origin=ends[0], destination=ends[1], **columns)


HEAVY = Consignment(unit="20ft", units=3, cargo_mass_t=60.0, goods="general", value_usd=1e6)
QUESTIONS = (
    question(0.2, 1.6),
    question(1.6, 0.2),
    question(0.4, 2.0, avoid=("strait",)),
    question(0.2, 1.6, objective=Objective.TIME),
    question(0.2, 1.6, scope=Scope.TERMINAL),
    question(0.2, 1.6, consignment=HEAVY),
    question(0.2, 1.6, depart=date(2025, 8, 1), is_depart_given=True),
    question(0.2, 1.6, depart=date(2025, 1, 1), is_depart_given=True),
    question(0.2, 1.6, seed=7),
    question(0.2, 1.6, avoid=("T1", "BB")),
    question(0.2, 1.6),
)


def test_one_planner_answers_like_many() -> None:
    shared = planner()
    corridors = shared.case.dataset.corridors
    for request in QUESTIONS:
        ours = [plan.to_dict() for plan in shared.compare(request, corridors)]
        alone = [plan.to_dict() for plan in planner().compare(request, corridors)]
        assert ours == alone


def test_questions_that_differ_in_place_only_share_prices() -> None:
    shared = planner()
    one, two = (shared.field(question(0.2, end)) for end in (1.6, 2.0))
    assert one.pricing is two.pricing
    assert one.frame is two.frame
    other = shared.field(question(0.2, 1.6, seed=1))
    assert other.pricing is not one.pricing
    for day in range(1, 2 * MOST_FRAMES):
        shared.field(question(0.2, 1.6, depart=date(2025, 6, day)))
    assert shared.field(question(0.2, 1.6)).frame is not one.frame, "few days are kept"


def test_a_passage_at_sea_is_none_inland() -> None:
    assert inland_passages(strait.dataset()) == frozenset()


@pytest.mark.parametrize("required", [(), (("strait",),), (("PORT-A",), ("T1", "strait"))])
@pytest.mark.parametrize("avoided", [(), ("PORT-B",), ("T2",)])
@pytest.mark.parametrize("countries", [(), ("AA",)])
@pytest.mark.parametrize("modes", [("sea", "rail", "road", "iww", "ferry"), ("rail", "road")])
def test_an_extended_rule_is_the_rule_of_the_extended_network(
    required: tuple[tuple[str, ...], ...], avoided: tuple[str, ...], countries: tuple[str, ...],
    modes: tuple[str, ...],
) -> None:  # fmt: skip
    dataset = strait.dataset()
    day = virtual_of_day(dataset, DAY)
    touches = [
        Attachment(net=int(Net.RAIL), node_idx=1, block_idx=0, off_km=0.0, terminal_idx=0),
        Attachment(net=int(Net.ROAD), node_idx=1, block_idx=2, off_km=0.5),
        Attachment(net=int(Net.IWW), node_idx=0, block_idx=6, off_km=0.0, terminal_idx=1),
    ]
    whole, _ = extended(day, dataset, touches)
    known = Index(day, dataset)
    corridor = Corridor(
        id="c", title="C", required=required, forbidden=("PORT-C1",), note="",
        modes=(("sea", "road"), *[()] * len(required)),
    )  # fmt: skip
    given: dict[str, Any] = {
        "corridor": corridor, "ban": Ban(ids=frozenset(avoided), countries=frozenset(countries)),
        "modes": frozenset(modes), "shut": frozenset({"T1"}),
    }  # fmt: skip
    short = compile_rule(day, dataset, known, n_arcs=len(day.arcs), vias=(), **given)
    n, n_blocks = len(day.node_attachment), len(day.blocks)
    own = np.arange(len(whole.node_attachment) - n)
    more = Additions(
        Index(whole, dataset, known), n_nodes=len(own), n_arcs=len(whole.arcs) - len(day.arcs),
        n_passed=0, origin=own[::2].tolist(), destination=own[1::2].tolist(),
        block_modes=tuple(whole.carriages[b.carriage].mode for b in whole.blocks[n_blocks:]),
        block_countries=tuple(dataset.blocks[b.block_idx].country for b in whole.blocks[n_blocks:]),
    )  # fmt: skip
    given.pop("modes")
    ours = extended_rule(short, more, **given)
    full = compile_rule(
        whole, dataset, Index(whole, dataset), n_arcs=len(whole.arcs), vias=(),
        modes=frozenset(modes), **given,
    )  # fmt: skip
    last = len(required)
    for name in ("arc_next", "ride_next", "block_next"):
        mine, theirs = (getattr(rule, name)[:, : last + 1] for rule in (ours, full))
        assert np.array_equal(mine, theirs), name
    assert np.array_equal(ours.node_next[:n], full.node_next[:n])
    for node, (mine, whole_network) in enumerate(
        zip(ours.node_next[n:], full.node_next[n:], strict=True)
    ):
        is_named = ((whole_network >= 0) & (whole_network != np.arange(last + 1))).any()
        stretch = 0 if node % 2 == 0 else last
        for step in range(last + 1):
            is_own = is_named or not last or step == stretch
            assert mine[step] == (whole_network[step] if is_own else -1)
