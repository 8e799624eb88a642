"""What the figures of an answer rest on: its parameters, counted by quality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from landbridge.domain.itinerary import Itinerary
from landbridge.kept import Kept
from landbridge.parameters.tree import Parameters

QUALITIES = ("published", "estimated", "assumed")
_QUALITIES: Kept[str, dict[str, str]] = Kept(4)
NAMED = 4
"""How many of the assumed parameters the last line names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """How many parameters of each quality a set of figures rests on."""

    published: int = 0
    estimated: int = 0
    assumed: int = 0
    heaviest: tuple[str, ...] = ()
    """Names of assumed parameters, that which moves the figures most first."""

    @property
    def total(self) -> int:
        """All parameters."""
        return self.published + self.estimated + self.assumed

    def line(self) -> str:
        """Return the line that ends a table, the assumed first."""
        if not self.total:
            return "The figures rest on no parameters."
        noun = "parameter" if self.total == 1 else "parameters"
        counts = (
            f"The figures rest on {self.total} {noun}: {self.assumed} assumed, "
            f"{self.estimated} estimated, {self.published} published."
        )
        if not self.heaviest:
            return counts
        return f"{counts} Of the assumed, these weigh most: {', '.join(self.heaviest)}."


def qualities_of(parameters: Parameters) -> dict[str, str]:
    """Return the quality of each parameter by its name; kept for the last few sets."""
    return _QUALITIES.made(
        parameters.digest, lambda: {row.label: row.quality for row in parameters}
    )


def parameters_of(itineraries: Iterable[Itinerary]) -> tuple[str, ...]:
    """Return the names of all parameters that made the itineraries' figures, sorted."""
    used = {
        part.parameters
        for itinerary in itineraries
        for leg in itinerary.legs
        for part in (*leg.time_parts, *leg.cost_parts, *leg.emission_parts)
    }
    return tuple(sorted({name for names in used for name in names}))


def basis_of(
    itineraries: Iterable[Itinerary],
    quality_by_name: Mapping[str, str],
    *,
    heaviest: Sequence[str] = (),
    also: frozenset[str] = frozenset(),
) -> Basis:
    """Return how many parameters of each quality made the itineraries' figures.

    A parameter of unknown quality counts as assumed: no number without a source. `heaviest` are
    names of assumed ones by weight, of which the first few are kept; `also` are names that count
    too.
    """
    counts = dict.fromkeys(QUALITIES, 0)
    for name in also.union(parameters_of(itineraries)):
        quality = quality_by_name.get(name, "assumed")
        counts[quality if quality in counts else "assumed"] += 1
    return Basis(
        published=counts["published"],
        estimated=counts["estimated"],
        assumed=counts["assumed"],
        heaviest=tuple(heaviest[:NAMED]),
    )
