"""What the loss of a place costs: each passage, crossing and terminal of the best way in turn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from landbridge.domain.applied import scenario_dict
from landbridge.domain.itinerary import Itinerary
from landbridge.domain.network import Place
from landbridge.domain.request import Request
from landbridge.planning.plan import Planner
from landbridge.report import ask
from landbridge.report.compare import nan_to_none
from landbridge.report.csvtable import rows_csv
from landbridge.report.figures import days, tens, whole
from landbridge.report.page import Column, Paper, Table, Text
from landbridge.report.tables import heading

SCHEMA = "landbridge/critical/1"
KINDS = ("passage", "crossing", "terminal")
COLUMNS = (
    "id", "name", "kind", "pairs", "lost_pairs", "added_h", "added_p90_h", "added_usd",
    "added_kgco2e", "added_generalized_usd", "instead",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What is added, per pair and in the mean of all pairs (by weight), where a place is lost.

    `pairs` have it on their best way; `lost_pairs` have no other way: they are in no sum. A pair
    that does not use it loses nothing. `instead` is the way of the first pair then.
    """

    id: str
    name: str
    kind: str
    pairs: int
    lost_pairs: int
    added_h: float
    added_p90_h: float
    added_usd: float
    added_kgco2e: float
    added_generalized_usd: float
    instead: str

    def to_dict(self) -> dict[str, Any]:
        """Return the row as data."""
        return {name: nan_to_none(getattr(self, name)) for name in COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Critical:
    """The places on the best ways of some pairs, the dearest loss first."""

    requests: tuple[Request, ...]
    best: tuple[Itinerary | None, ...]
    losses: tuple[Loss, ...]
    provenance: dict[str, object]
    changes: dict[str, object]

    def to_dict(self) -> dict[str, Any]:
        """Return the `landbridge/critical/1` object."""
        return {
            "schema": SCHEMA,
            "provenance": self.provenance,
            "requests": [request.to_dict() for request in self.requests],
            **self.changes,
            "losses": [loss.to_dict() for loss in self.losses],
        }

    def to_csv(self) -> str:
        """Return one line per place."""
        return rows_csv((loss.to_dict() for loss in self.losses), COLUMNS)


def critical(
    planner: Planner,
    pairs: Sequence[tuple[str | Place, str | Place, float]],
    *,
    progress: Callable[[str], None] | None = None,
    counted: Callable[[int, int], None] | None = None,
    **asked: Any,  # noqa: ANN401 - cargo and limits, as `ask.make_request` takes them
) -> Critical:
    """Return what the loss of each place on the best way (no corridor rule) of each pair costs.

    Parameters
    ----------
    pairs
        Origin, destination and weight of each.
    """
    requests = tuple(
        ask.make_request(planner.case, planner, origin, destination, **asked)
        for origin, destination, _ in pairs
    )
    best: list[Itinerary | None] = []
    found: dict[str, list[tuple[int, Itinerary, Itinerary | None]]] = {}
    kinds: dict[str, tuple[str, str]] = {}
    for k, request in enumerate(requests):
        if progress is not None:
            progress(f"pair {k + 1} of {len(requests)}")
        if counted is not None:
            counted(k, len(requests))
        way = planner.plan(request).best
        best.append(way)
        if way is None:
            continue
        for id_, (name, kind) in _places(way, planner).items():
            kinds[id_] = (name, kind)
            without = replace(request, avoid=tuple(sorted({*request.avoid, id_})))
            found.setdefault(id_, []).append((k, way, planner.plan(without).best))
    total = sum(weight for _, _, weight in pairs) or 1.0
    weights = [weight / total for _, _, weight in pairs]
    losses = [_loss(id_, *kinds[id_], rows, weights) for id_, rows in found.items()]
    provenance = planner.plan(requests[0]).provenance
    return Critical(
        requests=requests,
        best=tuple(best),
        losses=tuple(sorted(losses, key=_rank)),
        provenance=provenance.to_dict(),
        changes=scenario_dict(provenance.changes),
    )


def _places(way: Itinerary, planner: Planner) -> dict[str, tuple[str, str]]:
    """Return name and kind of the passages, crossings and terminals of a way, by id."""
    geography = planner.geography
    names = {row.id: row.name for row in planner.case.dataset.passages}
    places: dict[str, tuple[str, str]] = {id_: (names[id_], "passage") for id_ in way.passages}
    for leg in way.legs:
        for place in (leg.origin, leg.destination):
            if place.id in geography.crossing_of_id:
                places[place.id] = (geography.crossing_of_id[place.id].name, "crossing")
            elif place.id in geography.terminal_of_id:
                places[place.id] = (place.name, "terminal")
    return places


def _loss(
    id_: str,
    name: str,
    kind: str,
    rows: Sequence[tuple[int, Itinerary, Itinerary | None]],
    weights: Sequence[float],
) -> Loss:
    sums = dict.fromkeys(("h", "p90", "usd", "kg", "g"), 0.0)
    lost = 0
    instead = ""
    for k, way, other in rows:
        if other is None:
            lost += 1
            continue
        instead = instead or _in_words(other)
        weight = weights[k]
        sums["h"] += weight * (other.lead_time_h.p50 - way.lead_time_h.p50)
        sums["p90"] += weight * (other.lead_time_h.p90 - way.lead_time_h.p90)
        sums["usd"] += weight * (other.cost_usd.central - way.cost_usd.central)
        sums["kg"] += weight * (
            other.emissions_wtw_kgco2e.central - way.emissions_wtw_kgco2e.central
        )
        sums["g"] += weight * (other.generalized_cost_usd - way.generalized_cost_usd)
    if lost == len(rows):
        sums = dict.fromkeys(sums, math.nan)
    return Loss(
        id=id_, name=name, kind=kind, pairs=len(rows), lost_pairs=lost, added_h=sums["h"],
        added_p90_h=sums["p90"], added_usd=sums["usd"], added_kgco2e=sums["kg"],
        added_generalized_usd=sums["g"], instead=instead,
    )  # fmt: skip


def _rank(loss: Loss) -> tuple[int, float, str]:
    dear = loss.added_generalized_usd
    return (-loss.lost_pairs, -math.inf if math.isnan(dear) else -dear, loss.id)


def _in_words(way: Itinerary) -> str:
    modes = [leg.mode for leg in way.legs if leg.kind == "haul"]
    chain = " - ".join(mode for k, mode in enumerate(modes) if k == 0 or modes[k - 1] != mode)
    through = [leg.destination.name for leg in way.legs if leg.kind == "haul"][:-1]
    by = list(dict.fromkeys((*way.passages, *through)))
    return f"{chain} by {', '.join(by)}" if by else chain


def critical_table(found: Critical, paper: Paper) -> str:
    """Return the losses for a terminal."""
    many = len(found.requests) > 1
    columns = [
        Column(key="loss of"), Column(key="kind"),
        *([Column(key="pairs", is_figure=True)] if many else []),
        Column(key="days P50", is_figure=True), Column(key="days P90", is_figure=True),
        Column(key="USD", is_figure=True), Column(key="kg CO2e", is_figure=True),
        Column(key="with time, carbon", is_figure=True),
    ]  # fmt: skip
    head = (
        f"{len(found.requests)} pairs, mean of all by weight"
        if many
        else heading(found.requests[0])
    )
    rows = [
        [
            (Text(text),)
            for text in (
                loss.name,
                loss.kind,
                *([f"{loss.pairs}"] if many else []),
                *_figures(loss),
            )
        ]
        for loss in found.losses
    ]
    if not rows:
        return paper.draw(head, "No way, or nothing on it that could be lost.")
    notes = [
        [f"{loss.lost_pairs} pair(s) have no other way"] if loss.lost_pairs and many
        else ["no other way"] if loss.lost_pairs
        else [f"then {loss.instead}"] if not many
        else []
        for loss in found.losses
    ]  # fmt: skip
    table = Table(columns=columns, rows=rows, notes=notes)
    return paper.draw(
        head, table, "",
        "What is added where the place cannot be used and the next best way is taken; one at a "
        "time. Ranked by generalized cost (with time, carbon).",
    )  # fmt: skip


def _figures(loss: Loss) -> tuple[str, ...]:
    if math.isnan(loss.added_h):
        return ("-",) * 5
    return (
        days(loss.added_h), days(loss.added_p90_h), tens(loss.added_usd), tens(loss.added_kgco2e),
        whole(loss.added_generalized_usd),
    )  # fmt: skip
