"""One corridor's ground for whoever wants more than the best itinerary: its unfolded graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from landbridge.domain.itinerary import Itinerary, Plan, Selection
from landbridge.domain.network import Corridor
from landbridge.planning.build import build_itinerary, shut_on_arrival
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.rule import Ban
from landbridge.routing.states import StateGraph

WITHIN_RATIO = 1.5
"""Paths that weigh more than this times the best are not looked for (model.md, section 6)."""
MOST_TRIES = 3
"""How often the ground is searched anew because something is shut when the cargo comes."""

Paths = Sequence[Sequence[int]]
Finder = Callable[[StateGraph], Paths]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """A corridor to be searched for many itineraries, with the best one, which is known.

    `ways` are the corridor and the corridor reversed; `shut_*` is what is closed all the way.
    """

    field: Field
    ways: tuple[Corridor | None, ...]
    ban: Ban
    shut_crossings: frozenset[int]
    shut_passages: frozenset[str]
    best: Candidate
    corridor: str
    title: str
    with_shapes: bool

    def gather(self, find: Finder) -> Iterator[Candidate]:
        """Yield the candidates of the paths that `find` picks from each graph of the corridor.

        Candidates that come to something shut are left out, and `find` is asked again of the
        graph without it: a way that such a one had beaten may then be found.
        """
        for way in self.ways:
            shut = self.shut_passages
            for _ in range(MOST_TRIES):
                states = self.field.unfolded(
                    way,
                    self.ban,
                    shut_crossings=self.shut_crossings,
                    shut_passages=shut,
                    limit=self.best.weight * WITHIN_RATIO,
                )
                late: set[str] = set()
                for path in () if states is None else find(states):
                    candidate = self._candidate(states, path)  # type: ignore[arg-type]
                    own = shut_on_arrival(self.field, candidate)
                    late |= own.keys()
                    if not own:
                        yield candidate
                if not late:
                    break
                shut = shut | late

    def _candidate(self, states: StateGraph, path: Sequence[int]) -> Candidate:
        source, steps = states.steps_of(list(path))
        weight = sum(states.weight[list(path)].tolist())
        return self.field.candidate(weight, source, steps)

    def build(self, candidate: Candidate) -> Itinerary:
        """Return the priced itinerary of a candidate."""
        return build_itinerary(
            self.field,
            candidate,
            corridor=self.corridor,
            title=self.title,
            with_shapes=self.with_shapes,
        )


class Chooser(Protocol):
    """What makes more than one itinerary of a corridor's ground."""

    def __call__(self, hunt: Hunt) -> tuple[tuple[Itinerary, ...], Selection]:
        """Return the itineraries, and what was asked."""
        ...

    def judged(self, plan: Plan) -> Plan:
        """Return the plan, once it is screened, in order and with what is said of each."""
        ...
