"""Supply on one date: which services run, which markets call where, which passages fit."""

from __future__ import annotations

import math
from datetime import date

from landbridge.dataset.network import NetworkDataset, SeaMarket
from landbridge.domain.dated import holds
from landbridge.domain.network import Service

CANAL_CLEARANCE_M = 0.3
"""A ship draws this much less than a canal allows (model.md 2.5)."""
REGULAR_TRAIN_H = 84.0


def in_season(day: date, opens: str, closes: str) -> bool:
    """Return whether a day lies in a season given as MM-DD, which may span the new year."""
    if not opens or not closes:
        return True
    text = day.strftime("%m-%d")
    return opens <= text <= closes if opens <= closes else text >= opens or text <= closes


def service_runs(service: Service, day: date) -> bool:
    """Return whether a service is offered on a day."""
    if service.status == "planned":
        return False
    if service.status == "suspended" and not service.date_to:
        return False
    return holds(day, service.date_from, service.date_to)


def market_members(dataset: NetworkDataset, market: SeaMarket) -> set[int]:
    """Return the terminals (positions) where a sea market calls.

    Who they are is read by `SeaMarket.rule`.
    """
    base, only, left_out = market.rule()
    chosen = set()
    for k, terminal in enumerate(dataset.terminals):
        if not terminal.port_class or terminal.country in left_out:
            continue
        if only and terminal.country not in only:
            continue
        if base == "all":
            is_member = True
        elif base.startswith("class:"):
            is_member = terminal.port_class in base[6:].split("|")
        else:
            is_member = terminal.country in base.split("|")
        if is_member:
            chosen.add(k)
    return chosen


ANY_SEA = SeaMarket(
    id="any",
    vehicle="mainline",
    members="all",
    range_km=float("inf"),
    draught_m=0.0,
    passages="",
    headway_h=(168.0, 168.0, 168.0),
    date_from="",
    date_to="",
    rate="",
    note="every port, every passage: for distances, not for supply",
)


def closed_passages(dataset: NetworkDataset) -> frozenset[str]:
    """Return the passages that no freight service uses at all."""
    return frozenset(p.id for p in dataset.passages if p.status == "closed")


def passage_fits(dataset: NetworkDataset, market: SeaMarket, passage_id: str) -> bool:
    """Return whether the ships of a market can use a passage at all (physics, not season).

    A passage with a season needs ice class: only a market whose row names it may use it. Ships of
    such a market take no other canal (a passage with a draught limit) outside regional straits:
    they are there for the passage they are named after.
    """
    passage = next(p for p in dataset.passages if p.id == passage_id)
    if passage.status == "closed":
        return False
    if market is ANY_SEA:
        return True
    named = market.passages.split("|")
    if passage.season_open and passage_id not in named:
        return False
    is_far_canal = math.isfinite(passage.max_draught_m) and not passage.feeder
    if is_far_canal and market.passages not in ("", "feeder") and passage_id not in named:
        return False
    if market.passages == "feeder" and not passage.feeder:
        return False
    return not market.draught_m > passage.max_draught_m - CANAL_CLEARANCE_M


def market_key(market: SeaMarket) -> str:
    """Return the market id that models price: only markets with a rate of their own have one."""
    return market.id if market.rate else ""


def rail_headways(dataset: NetworkDataset, day: date) -> dict[int, tuple[float, float, float]]:
    """Return the shortest headway of the block trains that call at each terminal.

    Only trains at least twice a week count: where a rarer one calls, wagons can be hired, and
    the models' default holds.
    """
    at = {terminal.id: k for k, terminal in enumerate(dataset.terminals)}
    best: dict[int, tuple[float, float, float]] = {}
    for service in dataset.services:
        if service.kind != "block_train" or not service_runs(service, day):
            continue
        if service.headway_h[1] > REGULAR_TRAIN_H:
            continue
        for stop in service.terminals:
            k = at.get(stop, -1)
            if k >= 0 and (k not in best or service.headway_h[1] < best[k][1]):
                best[k] = service.headway_h
    return best
