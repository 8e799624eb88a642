"""Where a way may begin and end, and what that takes: drayage, and loading at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landbridge.domain.arcs import Arc, DrayageArc, TransferArc
from landbridge.domain.request import Scope
from landbridge.graph.virtual import headway_of, node_gauge, priced_market
from landbridge.kept import Kept
from landbridge.models.pricing import Pricing
from landbridge.planning.doors import Door, Touch

if TYPE_CHECKING:
    from landbridge.planning.candidates import Field

Ends = dict[int, tuple[float, tuple[Arc, ...]]]
"""Per node where a way may begin (or end): the weight of that, and its arcs."""
Loadings = Kept[tuple[str, int, int, int], tuple[TransferArc, float]]
"""Loading (or unloading) with its weight, by role, terminal, carriage and block of the network."""
MOST_LOADINGS = 8192
"""So many loadings are kept per pricing, half a kB each; the oldest goes."""


def ends_at(field: Field, door: Door, positions: Sequence[int], role: str) -> Ends:
    """Return per node at a door: the weight of starting (ending) there and its arcs."""
    virtual, prices, modes = field.virtual, field.prices, field.request.modes
    is_free = field.request.scope is Scope.TERMINAL
    factor = field.length_factor("road", door.country)
    loadings = field.frame.loadings(prices)
    drayages: dict[float, tuple[DrayageArc, float]] = {}
    ends: Ends = {}
    for touch, position in zip(door.touches, positions, strict=True):
        for node in field.nodes_of_attachment[position]:
            mode = virtual.carriages[virtual.node_carriage[node]].mode
            if (touch.mode and mode != touch.mode) or mode not in modes:
                continue
            transfer, weight = _loading(field, door, touch, node, role, loadings)
            facts: tuple[Arc, ...] = (transfer,)
            if touch.drayage_km is not None and not is_free:
                km = touch.drayage_km * factor
                if km not in drayages:
                    arc = DrayageArc(country=door.country, distance_km=km, role=role)
                    drayages[km] = arc, prices.weight((arc,))
                drayage, more = drayages[km]
                weight += more
                facts = (drayage, transfer) if role == "origin" else (transfer, drayage)
            if node not in ends or weight < ends[node][0]:
                ends[node] = (weight, facts)
    return ends


def ends_with_spread(both: Sequence[Ends], pricing: Pricing) -> list[Ends]:
    """Return ends whose weights have unreliability arc by arc in them."""
    usd_per_h, expected = pricing.usd_per_h_spread, pricing.expected
    return [
        {
            node: (weight + usd_per_h * sum(expected(arc).spread_h for arc in facts), facts)
            for node, (weight, facts) in ends.items()
        }
        for ends in both
    ]


def _loading(
    field: Field, door: Door, touch: Touch, node: int, role: str, known: Loadings
) -> tuple[TransferArc, float]:
    """Return what loading (or unloading) at a node is, and its weight."""
    virtual, k = field.virtual, touch.attachment.terminal_idx
    key = (role, k, virtual.node_carriage[node], touch.attachment.block_idx)
    found = known.get(key) if k >= 0 else None
    if found is None:
        transfer = _transfer(field, door, touch, node, role)
        found = transfer, field.prices.weight((transfer,))
        if k >= 0:
            known.put(key, found)
    return found


def _transfer(field: Field, door: Door, touch: Touch, node: int, role: str) -> TransferArc:
    virtual, dataset = field.virtual, field.geography.dataset
    carriage = virtual.carriages[virtual.node_carriage[node]]
    k = touch.attachment.terminal_idx
    terminal = dataset.terminals[k] if k >= 0 else None
    is_origin = role == "origin"
    market = priced_market(dataset, carriage)
    gauge = node_gauge(virtual, dataset, node)
    return TransferArc(
        terminal=terminal.id if terminal else door.place.id,
        country=terminal.country if terminal else door.country,
        role=role,
        mode_from="" if is_origin else carriage.mode,
        mode_to=carriage.mode if is_origin else "",
        vehicle_from="" if is_origin else carriage.vehicle,
        vehicle_to=carriage.vehicle if is_origin else "",
        gauge_from_mm=0 if is_origin else gauge,
        gauge_to_mm=gauge if is_origin else 0,
        headway_h=headway_of(virtual, k, carriage) if is_origin else None,
        market_from="" if is_origin else market,
        market_to=market if is_origin else "",
    )
