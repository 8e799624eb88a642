"""Which arcs must cost the same: those whose facts find the same parameter rows.

A search prices some thousand transfers and borders; most lie in countries without a row of
their own. Arcs of one likeness share one expected value (a test prices all of them both ways).
"""

from __future__ import annotations

import re
from collections.abc import Hashable

from landbridge.domain.arcs import Arc, BorderArc, TransferArc
from landbridge.models.context import LOCAL_CURRENCY, place_key
from landbridge.parameters.seasons import seasons
from landbridge.parameters.tree import Parameters, pair_key

HAUL_ONLY = re.compile(
    r"rail\.(electrified|speed|tariff_per|length|running)|road\.(speed|tariff_per|length)"
    r"|emis\.(grid|rail|road|sea|iww)|sea\.|canal\."
)
"""Names that price runs per km, never a transfer or a border."""


class Likeness:
    """Keys under which transfers and borders find the same rows of one set of parameters."""

    def __init__(self, parameters: Parameters) -> None:
        keys = {row.key for row in parameters if not HAUL_ONLY.match(row.name)}
        keys |= {season.subject for season in seasons()}
        self._keys = keys
        self._named = {key[:2] for key in keys} | set(LOCAL_CURRENCY)
        self._groups: dict[str, tuple[str, ...]] = {}
        for group, members in parameters.groups.items():
            for country in members:
                self._groups[country] = (*self._groups.get(country, ()), group)
        self._places: dict[tuple[str, str], str] = {}

    def of(self, arc: Arc) -> Hashable:
        """Return the key of an arc; arcs with equal keys have equal expected values."""
        if isinstance(arc, TransferArc):
            return (
                self._country(arc.country),
                self._place(arc.terminal, arc.country),
                arc.terminal if arc.terminal in self._keys else "",
                arc.role,
                arc.mode_from,
                arc.mode_to,
                arc.vehicle_from,
                arc.vehicle_to,
                arc.gauge_from_mm != arc.gauge_to_mm,
                arc.headway_h,
                arc.market_from,
                arc.market_to,
                arc.is_hub,
                arc.shoal,
                arc.is_quoted,
            )
        if isinstance(arc, BorderArc):
            pair = pair_key(arc.country_from, arc.country_to)
            return (
                self._country(arc.country_from),
                self._country(arc.country_to),
                pair if pair in self._keys else "",
                arc.crossing if arc.crossing in self._keys else "",
                arc.mode,
                arc.is_inner,
                arc.customs_territory,
                arc.gauge_from_mm,
                arc.gauge_to_mm,
                arc.change,
                arc.truck_change,
                arc.vehicle,
            )
        return arc

    def _country(self, country: str) -> Hashable:
        return country if country in self._named else self._groups.get(country, ())

    def _place(self, terminal: str, country: str) -> str:
        found = self._places.get((terminal, country))
        if found is None:
            key = place_key(terminal, country)
            found = key if key in self._keys else ""
            self._places[terminal, country] = found
        return found
