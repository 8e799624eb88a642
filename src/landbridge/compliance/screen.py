"""The screen: what each jurisdiction's measures say of a journey, after it was found.

The verdict of a jurisdiction is the gravest severity among its measures that are in force on the
day of departure, touch the journey, and ask for nothing that the user did not state.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from landbridge.compliance.condition import Stated, is_about, severity, statement, touches
from landbridge.compliance.journey import Journey
from landbridge.compliance.measure import RANK, SECONDARY, Measure, Severity
from landbridge.compliance.operators import operator_codes
from landbridge.compliance.rulebook import Rulebook, goods_and_parents
from landbridge.compliance.settlement import settlement_flags
from landbridge.compliance.verdict import REFUSED, Finding, State, Verdict
from landbridge.domain.itinerary import Flag, Itinerary
from landbridge.kept import Kept
from landbridge.parameters.goods import goods_class

STATUS_ORDER = ("open", "restricted", "prohibited", "closed", "infeasible")
STATE_ORDER = (State.FIRED, State.STARTS, State.LATER, State.QUESTION)
VERDICTS = {RANK[level]: level.value for level in reversed(Severity)}
"""The verdict by the gravest rank; nothing grave is no verdict."""
_VERDICTS: Kept[tuple[Hashable, ...], tuple[Rulebook, Verdict]] = Kept(4000)
ListFlags = Sequence[tuple[str, Flag]]
"""Matches on imported lists: the jurisdiction of the list, and the flag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """One journey under one rulebook: verdicts by code, and all flags.

    `status` is what the verdicts of the asked jurisdictions make of an open itinerary.
    """

    journey: Journey
    verdicts: tuple[Verdict, ...]
    flags: tuple[Flag, ...]
    status: str
    is_asked: bool

    @property
    def verdict(self) -> str:
        """The gravest verdict; a warning at most where no jurisdiction was asked for."""
        if any(verdict.verdict == REFUSED for verdict in self.verdicts):
            return REFUSED
        levels = [Severity(verdict.verdict) for verdict in self.verdicts]
        gravest = max(levels, key=lambda level: level.rank, default=Severity.NONE)
        most = Severity.PROHIBITED if self.is_asked else Severity.WARNING
        return min(gravest, most, key=lambda level: level.rank).value

    def to_dict(self) -> dict[str, Any]:
        """Return the row of `landbridge/screen/1`; `measures` are the ids of those that fired."""
        return {
            "id": self.journey.id,
            "verdict": self.verdict,
            "measures": sorted({id_ for verdict in self.verdicts for id_ in verdict.fired}),
            "questions": sorted({id_ for verdict in self.verdicts for id_ in verdict.questions}),
            "jurisdictions": {verdict.code: verdict.verdict for verdict in self.verdicts},
            "depart": self.journey.depart.isoformat(),
            "flags": [flag.to_dict() for flag in self.flags],
        }


def judge(journey: Journey, rulebook: Rulebook, code: str) -> Verdict:
    """Return the verdict of one screening code on a journey, with its findings."""
    return _judged(journey, rulebook, (code,))[0]


def _judged(journey: Journey, rulebook: Rulebook, codes: Sequence[str]) -> list[Verdict]:
    """Return the verdict of each code on a journey, with its findings."""
    if goods_class(journey.goods).behaviour == "refuse":
        return [Verdict(code=code, verdict=REFUSED, findings=()) for code in codes]
    places, goods = journey.places, goods_and_parents(journey.goods)
    stated = journey.stated.get("operator", frozenset())
    operators = operator_codes(stated, rulebook) if stated else frozenset[str]()
    concerned = rulebook.codes_near(places, journey.stated)
    said = tuple(sorted((key, values) for key, values in journey.stated.items()))
    facts = (id(rulebook), journey.origin, journey.destination, journey.modes, journey.goods,
             journey.depart, journey.is_depart_given, bool(journey.terminals), said)  # fmt: skip
    sets = (journey.countries, journey.terminals, journey.regions, journey.passages)
    ports = frozenset(port.lower() for port in journey.ports)
    verdicts = []
    for code in codes:
        if code not in concerned:
            verdicts.append(_nothing_of(code))
            continue
        # a measure tells apart only what it names, and arrivals by the days on which it changes
        scope, by = rulebook.scopes[code], journey.arrive_by
        arrival = by and (bisect_left(scope.days, by), bisect_right(scope.days, by))
        named = [own & scope.places for own in sets]
        key = (code, *facts, *named, ports & scope.ports, arrival)
        judged = partial(_verdict, journey, rulebook, code, places, goods, operators)
        verdicts.append(_VERDICTS.made(key, judged)[1])
    return verdicts


def _verdict(
    journey: Journey,
    rulebook: Rulebook,
    code: str,
    places: frozenset[str],
    goods: frozenset[str],
    operators: frozenset[str],
) -> tuple[Rulebook, Verdict]:
    """Return a verdict, and what it is kept with: the rulebook, whose id is then no other's."""
    found = (
        _finding(measure, journey, code, goods, operators)
        for measure in rulebook.near(code, places, journey.stated)
    )
    findings = sorted((item for item in found if item is not None), key=_order)
    gravest = max((item.weight.rank for item in findings), default=0)
    return rulebook, Verdict(code=code, verdict=VERDICTS[gravest], findings=tuple(findings))


@cache
def _nothing_of(code: str) -> Verdict:
    return Verdict(code=code, verdict=Severity.NONE.value, findings=())


def screen(
    journey: Journey,
    rulebook: Rulebook,
    codes: Sequence[str] = (),
    *,
    listed: ListFlags = (),
) -> Screening:
    """Return what the rulebook says of a journey.

    Parameters
    ----------
    journey, rulebook
        The facts and the rules.
    codes
        Jurisdictions whose verdict decides; with none of them all measures are shown, as warnings
        at most, and the status stays open.
    listed
        Matches on imported lists.
    """
    asked = tuple(codes) or rulebook.codes
    verdicts = _judged(journey, rulebook, asked)
    most = Severity.PROHIBITED if codes else Severity.WARNING
    shown: set[str] = set()
    flags: list[Flag] = []
    for verdict in verdicts:
        for finding in verdict.findings:
            # a measure that reaches both shows once where nobody asked for either
            if not codes and verdict.code == SECONDARY and finding.measure.id in shown:
                continue
            shown.add(finding.measure.id)
            flags.append(finding.flag(most=most))
    for home, flag in listed:
        own = Severity(flag.severity)
        if codes and home not in {code.removesuffix("_secondary") for code in codes}:
            own = min(own, Severity.WARNING, key=lambda level: level.rank)
        elif codes and home not in codes:
            own = min(own, Severity.RESTRICTED, key=lambda level: level.rank)
        own = min(own, most, key=lambda level: level.rank)
        flags.append(replace(flag, severity=own.value))
        verdicts = [
            _graver(verdict, own) if verdict.code.removesuffix("_secondary") == home else verdict
            for verdict in verdicts
        ]
    flags += settlement_flags(journey, rulebook.channels, rulebook.blocs, codes)
    return Screening(
        journey=journey,
        verdicts=tuple(verdicts),
        flags=tuple(flags),
        status=_status(verdicts) if codes else "open",
        is_asked=bool(codes),
    )


def with_screening(itinerary: Itinerary, screening: Screening) -> Itinerary:
    """Return the itinerary with the screening's flags in place of earlier ones of their kinds."""
    others = tuple(flag for flag in itinerary.flags if flag.kind not in {"sanctions", "settlement"})
    return replace(
        itinerary,
        flags=screening.flags + others,
        status=graver_status(itinerary.status, screening.status),
    )


def graver_status(*statuses: str) -> str:
    """Return the gravest of some statuses of an itinerary."""
    return max(statuses, key=STATUS_ORDER.index)


def _finding(
    measure: Measure,
    journey: Journey,
    code: str,
    goods: frozenset[str],
    operators: frozenset[str],
) -> Finding | None:
    level = severity(measure, code, goods)
    if level is None:
        return None
    state = _state(measure, journey)
    if state is None:
        return None
    touched = touches(measure, journey, goods)
    if not touched:
        return None
    said = statement(measure, journey, operators)
    if said is Stated.FAILS:
        return None
    if said is Stated.UNKNOWN:
        if state is not State.FIRED or not is_about(measure, journey):
            return None
        state = State.QUESTION
    elif measure.requires in journey.stated:
        said_by = ", ".join(sorted(journey.stated[measure.requires]))
        touched = (f"{measure.requires.replace('_', ' ')} {said_by}", *touched)
    ends, arrive_by = measure.in_force_to, journey.arrive_by
    if state is not State.FIRED or arrive_by is None or (ends is not None and ends >= arrive_by):
        ends = None
    return Finding(
        measure=measure,
        code=code,
        state=state,
        severity=level,
        touches=touched,
        is_eased=bool(measure.severity_eased and measure.goods_eased & goods),
        ends_on_the_way=ends,
    )


def _state(measure: Measure, journey: Journey) -> State | None:
    """Return how the measure's dates stand to the journey's, None where it has no bearing."""
    if measure.is_in_force(journey.depart):
        return State.FIRED
    starts = measure.in_force_from
    if starts <= journey.depart:
        return None
    if journey.arrive_by is not None and starts <= journey.arrive_by:
        return State.STARTS
    if not journey.is_depart_given and measure.in_force_to is None:
        return State.LATER
    return None


def _order(finding: Finding) -> tuple[int, int, str]:
    return (-finding.weight.rank, STATE_ORDER.index(finding.state), finding.measure.id)


def _graver(verdict: Verdict, level: Severity) -> Verdict:
    own = Severity.NONE if verdict.verdict == REFUSED else Severity(verdict.verdict)
    if verdict.verdict == REFUSED or own.rank >= level.rank:
        return verdict
    return replace(verdict, verdict=level.value)


def _status(verdicts: Iterable[Verdict]) -> str:
    gravest = "open"
    for verdict in verdicts:
        own = {"restricted": "restricted", "prohibited": "prohibited", REFUSED: "prohibited"}
        gravest = graver_status(gravest, own.get(verdict.verdict, "open"))
    return gravest
