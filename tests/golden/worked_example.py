"""The three chains of the worked example, Nhava Sheva - Moscow, with the page's own distances."""

from __future__ import annotations

from landbridge.domain.arcs import Arc, BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.parameters import Parameters
from landbridge.validation.multipliers import prior_parameters

NM = 1.852
SUEZ_KM = 193.0


def western_branch() -> tuple[Arc, ...]:
    """A: sea to Bandar Abbas, rail, the Rasht-Astara road gap, rail to Moscow."""
    return (
        TransferArc(
            terminal="PORT-NHAVASHEVA",
            country="IN",
            role="origin",
            mode_from="",
            mode_to="sea",
            vehicle_to="regional",
            market_to="IN-IR",
            headway_h=(168.0, 168.0, 168.0),
        ),
        HaulArc(mode="sea", country="", vehicle="regional", distance_km=1070 * NM, market="IN-IR"),
        TransferArc(
            terminal="PORT-BANDARABBAS",
            country="IR",
            role="transfer",
            mode_from="sea",
            mode_to="rail",
            vehicle_from="regional",
            vehicle_to="block",
            headway_h=(84.0, 84.0, 84.0),
        ),
        HaulArc(mode="rail", country="IR", vehicle="block", distance_km=1686),
        TransferArc(
            terminal="DRY-RASHT",
            country="IR",
            role="transfer",
            mode_from="rail",
            mode_to="road",
            vehicle_from="block",
            vehicle_to="truck",
        ),
        HaulArc(mode="road", country="IR", vehicle="truck", distance_km=180),
        BorderArc(crossing="B004", mode="road", country_from="IR", country_to="AZ"),
        TransferArc(
            terminal="DRY-ASTARA-AZ",
            country="AZ",
            role="transfer",
            mode_from="road",
            mode_to="rail",
            vehicle_from="truck",
            vehicle_to="block",
            headway_h=(84.0, 84.0, 84.0),
        ),
        HaulArc(mode="rail", country="AZ", vehicle="block", distance_km=511, electrified_share=1.0),
        BorderArc(
            crossing="B001",
            mode="rail",
            country_from="AZ",
            country_to="RU",
            gauge_from_mm=1520,
            gauge_to_mm=1520,
        ),
        HaulArc(
            mode="rail", country="RU", vehicle="block", distance_km=2193, electrified_share=1.0
        ),
        TransferArc(
            terminal="DRY-VORSINO",
            country="RU",
            role="destination",
            mode_from="rail",
            mode_to="",
            vehicle_from="block",
        ),
    )


def _rail_to_moscow() -> tuple[Arc, ...]:
    return (
        HaulArc(mode="rail", country="RU", vehicle="block", distance_km=650, electrified_share=1.0),
        TransferArc(
            terminal="DRY-VORSINO",
            country="RU",
            role="destination",
            mode_from="rail",
            mode_to="",
            vehicle_from="block",
        ),
    )


def suez_with_hub() -> tuple[Arc, ...]:
    """B: mainline to Rotterdam, feeder to St Petersburg, rail."""
    return (
        TransferArc(
            terminal="PORT-NHAVASHEVA",
            country="IN",
            role="origin",
            mode_from="",
            mode_to="sea",
            vehicle_to="mainline",
            headway_h=(168.0, 168.0, 168.0),
        ),
        HaulArc(mode="sea", country="", vehicle="mainline", distance_km=6233 * NM),
        PassageArc(passage="suez", vehicle="mainline", distance_km=SUEZ_KM),
        TransferArc(
            terminal="PORT-ROTTERDAM",
            country="NL",
            role="transfer",
            mode_from="sea",
            mode_to="sea",
            vehicle_from="mainline",
            vehicle_to="feeder",
            is_hub=True,
            headway_h=(168.0, 168.0, 168.0),
        ),
        HaulArc(mode="sea", country="", vehicle="feeder", distance_km=1330 * NM),
        TransferArc(
            terminal="PORT-STPETERSBURG",
            country="RU",
            role="transfer",
            mode_from="sea",
            mode_to="rail",
            vehicle_from="feeder",
            vehicle_to="block",
            headway_h=(84.0, 84.0, 84.0),
        ),
        *_rail_to_moscow(),
    )


def niche_direct() -> tuple[Arc, ...]:
    """C: direct string to St Petersburg, rail."""
    return (
        TransferArc(
            terminal="PORT-NHAVASHEVA",
            country="IN",
            role="origin",
            mode_from="",
            mode_to="sea",
            vehicle_to="regional",
            market_to="ru-niche",
            headway_h=(720.0, 720.0, 720.0),
        ),
        HaulArc(
            mode="sea",
            country="",
            vehicle="regional",
            distance_km=14_075 - SUEZ_KM,
            market="ru-niche",
        ),
        PassageArc(passage="suez", vehicle="regional", distance_km=SUEZ_KM, market="ru-niche"),
        TransferArc(
            terminal="PORT-STPETERSBURG",
            country="RU",
            role="transfer",
            mode_from="sea",
            mode_to="rail",
            vehicle_from="regional",
            vehicle_to="block",
            headway_h=(84.0, 84.0, 84.0),
            market_from="ru-niche",
        ),
        *_rail_to_moscow(),
    )


def page_parameters(defaults: Parameters, *, calls_per_1000nm: float | None) -> Parameters:
    """Return the page's parameters where they are not our defaults.

    Iran is all diesel on the page (ours: 3 % electric), and B and C take their calls from two
    service rows (3 and 1) where a synthetic lane has calls per mile. The page is older than
    calibration, than the present speeds of Russian and Iranian trains and than the luck that all of
    a way on land shares, and pays the whole truck tariff for an empty box on its way back.
    """
    changed = prior_parameters(defaults).with_value(
        "rail.electrified_share_1", "IR", 0.0, low=0.0, high=0.0
    )
    changed = changed.with_value("road.empty_ratio_1", "default", 1.0, low=1.0, high=1.0)
    changed = changed.with_value("dependence.land_loading_1", "default", 0.0, low=0.0, high=0.0)
    for country, low, central, high in (("RU", 521, 700, 935), ("IR", 350, 550, 700)):
        changed = changed.with_value(
            "rail.speed.block_km_per_d", country, central, low=low, high=high
        )
    if calls_per_1000nm is not None:
        for vehicle in ("mainline", "regional"):
            changed = changed.with_value(
                f"sea.calls.{vehicle}_per_1000nm", "default", calls_per_1000nm
            )
        changed = changed.with_value("sea.calls.feeder_per_1000nm", "default", 1000 / 1330)
    return changed
