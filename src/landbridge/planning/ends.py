"""Where a way may begin and end, and what that takes: drayage, and loading at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landbridge.domain.arcs import Arc, DrayageArc, TransferArc
from landbridge.domain.request import Scope
from landbridge.graph.virtual import headway_of, node_gauge, priced_market
from landbridge.planning.doors import Door, Touch

if TYPE_CHECKING:
    from landbridge.planning.candidates import Field

Ends = dict[int, tuple[float, tuple[Arc, ...]]]
"""Per node where a way may begin (or end): the weight of that, and its arcs."""


def ends_at(field: Field, door: Door, positions: Sequence[int], role: str) -> Ends:
    """Return per node at a door: the weight of starting (ending) there and its arcs."""
    ends: Ends = {}
    for touch, position in zip(door.touches, positions, strict=True):
        for node in field.nodes_of_attachment[position]:
            mode = field.mode(node)
            if touch.mode and mode != touch.mode:
                continue
            if mode not in field.request.modes:
                continue
            facts = _end_facts(field, door, touch, node, role)
            weight = field.prices.weight(facts)
            if node not in ends or weight < ends[node][0]:
                ends[node] = (weight, facts)
    return ends


def _end_facts(field: Field, door: Door, touch: Touch, node: int, role: str) -> tuple[Arc, ...]:
    virtual, dataset = field.virtual, field.geography.dataset
    carriage = virtual.carriages[virtual.node_carriage[node]]
    k = touch.attachment.terminal_idx
    terminal = dataset.terminals[k] if k >= 0 else None
    is_origin = role == "origin"
    market = priced_market(dataset, carriage)
    gauge = node_gauge(virtual, dataset, node)
    transfer = TransferArc(
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
    if touch.drayage_km is None or field.request.scope is Scope.TERMINAL:
        return (transfer,)
    km = touch.drayage_km * field.length_factor("road", door.country)
    drayage = DrayageArc(country=door.country, distance_km=km, role=role)
    return (drayage, transfer) if is_origin else (transfer, drayage)
