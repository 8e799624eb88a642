"""Every kind of arc, in any country: what planning can hand over."""

from __future__ import annotations

from collections.abc import Iterator

from landbridge.domain.arcs import Arc, BorderArc, DrayageArc, HaulArc, PassageArc, TransferArc

VEHICLES = {
    "sea": ("mainline", "regional", "feeder", "ice", "caspian_feeder", "river_sea", "roro"),
    "ferry": ("roro",),
    "rail": ("block", "wagonload", "express_block"),
    "road": ("truck",),
    "iww": ("motor",),
}
PASSAGES = ("suez", "panama", "kiel", "bosporus", "dardanelles", "malacca", "volga_don", "cape")


def arcs_in(country: str, neighbour: str = "YY") -> Iterator[Arc]:
    """Yield every kind of arc in one country."""
    for mode, vehicles in VEHICLES.items():
        for vehicle in vehicles:
            at_sea = mode in ("sea", "ferry")
            yield HaulArc(
                mode=mode, country="" if at_sea else country, vehicle=vehicle, distance_km=800.0
            )
    for passage in PASSAGES:
        yield PassageArc(passage=passage, vehicle="mainline", distance_km=100.0)
    yield PassageArc(passage="volga_caspian_canal", vehicle="motor", distance_km=188.0)
    for gauge_to in (0, 1435, 1520, 1524):
        for is_inner in (False, True):
            yield BorderArc(
                crossing="X1",
                mode="rail",
                country_from=country,
                country_to=neighbour,
                is_inner=is_inner,
                customs_territory="EU" if is_inner else "",
                gauge_from_mm=1520,
                gauge_to_mm=gauge_to,
            )
    for mode in ("road", "iww"):
        for is_inner in (False, True):
            yield BorderArc(
                crossing="X2",
                mode=mode,
                country_from=country,
                country_to=neighbour,
                is_inner=is_inner,
                truck_change=mode == "road" and not is_inner,
            )
    for mode_from in ("", *VEHICLES):
        for mode_to in ("", *VEHICLES):
            if mode_from == mode_to == "":
                continue
            role = "origin" if not mode_from else "transfer" if mode_to else "destination"
            for headway_h in (None, (84.0, 168.0, 336.0)):
                yield TransferArc(
                    terminal="PORT-SOMEWHERE",
                    country=country,
                    role=role,
                    mode_from=mode_from,
                    mode_to=mode_to,
                    headway_h=headway_h if mode_to else None,
                    vehicle_from=VEHICLES[mode_from][0] if mode_from else "",
                    vehicle_to=VEHICLES[mode_to][0] if mode_to else "",
                    gauge_from_mm=1520,
                    gauge_to_mm=1435,
                )
    for role in ("origin", "destination"):
        for km in (0.0, 30.0, 400.0):
            yield DrayageArc(country=country, distance_km=km, role=role)
