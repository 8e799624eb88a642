"""The questions a caller may ask, as the fields of the command line's options."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PlaceText = Annotated[str, Field(min_length=1, max_length=200, examples=["Mumbai"])]
Id = Annotated[str, Field(min_length=1, max_length=100)]
MOST_IDS = 50


class Question(BaseModel):
    """One question; every field means what the option of the same name means."""

    model_config = ConfigDict(extra="forbid")

    origin: PlaceText = Field(
        description='name in any script, "Name, CC", UN/LOCODE, id or "lat,lon"',
        examples=["Mumbai"],
    )
    destination: PlaceText = Field(examples=["Moscow"])
    unit: Literal["20ft", "40ft", "40hc", "45ft"] = Field("40ft", description="unit load")
    units: int = Field(1, ge=1, le=10_000, description="how many")
    tonnes: float | None = Field(
        None, gt=0, le=1e6, allow_inf_nan=False, description="cargo mass in all, t"
    )
    value_usd: float | None = Field(
        None, ge=0, le=1e12, allow_inf_nan=False, description="cargo value, USD"
    )
    goods: str = Field("general", max_length=60, description="goods class")
    depart: date | None = Field(None, description="readiness; the reference date if null")
    modes: list[Literal["sea", "rail", "road", "iww", "ferry"]] = Field(
        default_factory=list, max_length=5, description="only these; all if empty"
    )
    via: list[PlaceText] = Field(default_factory=list, max_length=10)
    avoid: list[Id] = Field(default_factory=list, max_length=MOST_IDS)
    scope: Literal["door", "terminal"] = "door"
    objective: Literal["time", "cost", "emissions", "distance", "generalized"] = "generalized"
    corridors: list[Id] = Field(
        default_factory=list, max_length=MOST_IDS, description="only these; all if empty"
    )
    jurisdictions: list[Id] = Field(default_factory=list, max_length=20)
    operator: str = Field("", max_length=200)
    flag: str = Field("", max_length=60)
    vessel: str = Field("", max_length=200)
    scenarios: list[Id] = Field(
        default_factory=list, max_length=10, description="names of bundled scenarios, in order"
    )
    samples: int = Field(2000, ge=1, description="draws behind percentiles and chances")
    seed: int = Field(0, ge=0, le=2**63 - 1)
    deadline: date | None = None


class ComparisonQuestion(Question):
    """A question across corridors."""

    show_all: bool = Field(default=False, description="rows also for corridors that do not apply")


class PlanQuestion(Question):
    """A question for itineraries: the best, the Pareto set, or alternatives."""

    pareto: bool = False
    epsilon: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    alternatives: int | None = Field(None, ge=1, le=20)


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


class Job(BaseModel):
    """A long piece of work: where it stands and where its result will be."""

    id: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int = Field(description="cells finished")
    total: int = Field(description="cells in all")
    detail: str = ""
    result: str = Field("", description="path of the result, once done")
    events: str = Field(description="path of its progress as server-sent events")
