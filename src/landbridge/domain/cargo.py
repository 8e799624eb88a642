"""What is carried: unit loads and consignments."""

from __future__ import annotations

from dataclasses import dataclass

from landbridge.errors import RequestError

UNIT_SIZE_TEU = {"20ft": 1.0, "40ft": 2.0, "40hc": 2.0, "45ft": 2.25}
UNIT_PAYLOAD_T = {"20ft": 28.2, "40ft": 28.8, "40hc": 28.6, "45ft": 27.7}
"""Greatest payload of one box, t (ISO 668 gross 30.48 t or 32.5 t less usual tare)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """Goods moved under one transport contract.

    `size_teu` counts all units together (a 40-foot box as 2); `cargo_mass_t` is without tare.
    """

    unit: str
    units: int
    cargo_mass_t: float
    goods: str
    value_usd: float | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNIT_SIZE_TEU:
            raise RequestError(
                f"no unit load '{self.unit}'",
                where="--unit",
                hint="one of " + ", ".join(UNIT_SIZE_TEU),
            )
        if not 1 <= self.units <= 10_000:
            raise RequestError(f"units must be 1 to 10000, got {self.units}", where="--units")
        if not self.cargo_mass_t > 0:
            raise RequestError(
                f"cargo mass must be over 0 t, got {self.cargo_mass_t:g}", where="--tonnes"
            )
        payload_t = UNIT_PAYLOAD_T[self.unit] * self.units
        if self.cargo_mass_t > payload_t:
            raise RequestError(
                f"{self.cargo_mass_t:g} t do not fit in {self.units} x {self.unit}",
                where="--tonnes",
                hint=f"at most {payload_t:g} t; use --units",
            )
        if self.value_usd is not None and not 0 <= self.value_usd < 1e12:
            raise RequestError(
                f"cargo value must be 0 to 1e12 USD, got {self.value_usd:g}", where="--value-usd"
            )

    @property
    def size_teu(self) -> float:
        """All units, in TEU."""
        return UNIT_SIZE_TEU[self.unit] * self.units

    @property
    def unit_teu(self) -> float:
        """One unit, in TEU."""
        return UNIT_SIZE_TEU[self.unit]
