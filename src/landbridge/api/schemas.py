"""The questions a caller may ask, as the fields of the command line's options."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from landbridge.api.problems import Problem

PlaceText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        description='name in any script, "Name, CC", UN/LOCODE, id or "lat,lon"',
        examples=["Mumbai"],
    ),
]
DAY_FORM = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def _written(day: object) -> object:
    """Return a day that is written as one: not the seconds that pydantic would take too."""
    if isinstance(day, date) or (isinstance(day, str) and re.match(DAY_FORM, day)):
        return day
    raise ValueError("is no date: write YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_written)]
Id = Annotated[str, Field(min_length=1, max_length=100)]
MOST_IDS = 50
MOST_PLACES = 5_000
"""Longer lists do not fit into a body anyway."""


class Asked(BaseModel):
    """A question; fields of other names are refused."""

    model_config = ConfigDict(extra="forbid")


class Cargo(Asked):
    """What is carried, when, and what the search may use and minimises."""

    unit: Literal["20ft", "40ft", "40hc", "45ft"] = Field(default="40ft", description="unit load")
    units: int = Field(default=1, strict=True, ge=1, le=10_000, description="how many")
    tonnes: float | None = Field(
        default=None,
        strict=True,
        gt=0,
        le=1e6,
        allow_inf_nan=False,
        description="cargo mass in all, t",
    )
    value_usd: float | None = Field(
        default=None,
        strict=True,
        ge=0,
        le=1e12,
        allow_inf_nan=False,
        description="cargo value, USD",
    )
    goods: str = Field(default="general", max_length=60, description="goods class")
    depart: Day | None = Field(default=None, description="readiness; the reference date if null")
    modes: list[Literal["sea", "rail", "road", "iww", "ferry"]] = Field(
        default_factory=list, max_length=5, description="only these; all if empty"
    )
    avoid: list[Id] = Field(default_factory=list, max_length=MOST_IDS)
    scope: Literal["door", "terminal"] = "door"
    objective: Literal["time", "cost", "emissions", "distance", "generalized"] = "generalized"


class Question(Cargo):
    """One question; every field means what the option of the same name means."""

    origin: PlaceText
    destination: PlaceText = Field(examples=["Moscow"])
    via: list[PlaceText] = Field(default_factory=list, max_length=10)
    corridors: list[Id] = Field(
        default_factory=list, max_length=MOST_IDS, description="only these; all if empty"
    )
    jurisdictions: list[Id] = Field(default_factory=list, max_length=20)
    operator: str = Field(default="", max_length=200)
    flag: str = Field(default="", max_length=60)
    vessel: str = Field(default="", max_length=200)
    scenarios: list[Id] = Field(
        default_factory=list, max_length=10, description="names of bundled scenarios, in order"
    )
    samples: int = Field(
        default=2000, strict=True, ge=1, description="draws behind percentiles and chances"
    )
    seed: int = Field(default=0, strict=True, ge=0, le=2**63 - 1)
    deadline: Day | None = None


class ComparisonQuestion(Question):
    """A question across corridors."""

    show_all: bool = Field(
        default=False, strict=True, description="rows also for corridors that do not apply"
    )


class PlanQuestion(Question):
    """A question for itineraries: the best, the Pareto set, or alternatives."""

    pareto: bool = Field(default=False, strict=True)
    epsilon: float | None = Field(default=None, strict=True, ge=0, le=1, allow_inf_nan=False)
    alternatives: int | None = Field(default=None, strict=True, ge=1, le=20)


class MatrixQuestion(Cargo):
    """Every origin to every destination, or to every other origin; expected values."""

    origins: list[PlaceText] = Field(min_length=1, max_length=MOST_PLACES)
    destinations: list[PlaceText] | None = Field(
        default=None, min_length=1, max_length=MOST_PLACES, description="the origins again if null"
    )
    via: list[PlaceText] = Field(default_factory=list, max_length=10)

    @property
    def cells(self) -> int:
        """How many pairs."""
        ends = self.origins if self.destinations is None else self.destinations
        return len(self.origins) * len(ends)


class PairRow(Asked):
    """Two places, and what the pair weighs in a mean."""

    origin: PlaceText
    destination: PlaceText = Field(examples=["Moscow"])
    weight: float = Field(default=1.0, strict=True, ge=0, le=1e12, allow_inf_nan=False)


class SweepQuestion(Cargo):
    """Many pairs under many scenarios, each by itself, and without any; expected values."""

    pairs: list[PairRow] = Field(min_length=1, max_length=MOST_PLACES)
    scenarios: list[Id] = Field(
        default_factory=list, max_length=20, description="bundled ones; all of them if empty"
    )


class LossesQuestion(Cargo):
    """What the loss of each passage, crossing and terminal on the best way of pairs costs."""

    pairs: list[PairRow] = Field(min_length=1, max_length=200)
    scenarios: list[Id] = Field(default_factory=list, max_length=10)


class ValidationQuestion(Asked):
    """Which published figures are run again."""

    what: list[Literal["distances", "times"]] = Field(
        default=["distances", "times"], min_length=1, max_length=2
    )


class PlaceRow(BaseModel):
    """A place that a text may mean."""

    id: str
    name: str
    country: str
    lat: float
    lon: float
    kind: str
    region: str = ""
    score: float
    reason: str = ""


class Places(BaseModel):
    """What a text means, best first."""

    query: str
    places: list[PlaceRow]


State = Literal["waiting", "running", "done", "failed", "cancelled"]
FINAL: frozenset[State] = frozenset({"done", "failed", "cancelled"})


class Job(BaseModel):
    """A long piece of work: where it stands and where its result will be."""

    id: str = Field(examples=["5f0c1e9a7d3b4826b1c09e55aa10f3d2"])
    kind: str = Field(description="what was asked for", examples=["matrix"])
    state: State = Field(examples=["running"])
    done: int = Field(default=0, description="steps finished", examples=[12])
    total: int = Field(default=0, description="steps in all, 0 while not known", examples=[40])
    step: str = Field(default="", description="what a step is", examples=["origins"])
    problem: Problem | None = Field(default=None, description="why it failed, or was cancelled")
    result: str = Field(default="", description="path of the result, once done")
    events: str = Field(default="", description="path of its progress as server-sent events")

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/v1/jobs/{self.id}"
