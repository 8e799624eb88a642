"""What stands on a day: which dated facts take what out of the search, and which of them speaks.

Crossings, passages and ship classes in a passage are judged at the expected arrival; links,
terminals, services and sea markets, which shape the network before the search, at readiness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from landbridge.dataset.contribution import Origin
from landbridge.dataset.dated import dated_facts
from landbridge.dataset.network import Net, NetworkDataset, PhysicalNetwork
from landbridge.domain.dated import Effect, Fact
from landbridge.graph.supply import in_season
from landbridge.kept import Kept
from landbridge.units import great_circle_km_many

HORIZON_D = 60
"""What is shut on the day of readiness may be reached when open within this many days."""
STEP_D = 5
NEAR_KM = 10.0
"""A cut `rail@lat,lon` takes the links with a point this near."""
CUT = "@"
INTO = ">"
BUT = "!"
_UNSHOWN = (Effect.NONE, Effect.OPENS, Effect.BARS, Effect.NO_TRANSIT)
MOST_BARRED = 256
FIRST_YEAR_KNOWN = 2014
"""Before it the table of events tells little of what was not there yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """Why a thing is shut: out of season, or by a fact."""

    kind: str
    why: str
    fact: Fact | None = None


class Standing:
    """The facts of one dataset on any day, indexed by what they concern.

    Parameters
    ----------
    facts
        The dated facts; those of the dataset and the package if None.
    """

    def __init__(self, dataset: NetworkDataset, facts: Iterable[Fact] | None = None) -> None:
        self._dataset = dataset
        self.facts = tuple(dated_facts(dataset) if facts is None else facts)
        self._known: dict[tuple[date, bool], dict[str, Shut]] = {}
        self._opens: dict[str, list[Fact]] = {}
        self._closes: dict[str, list[Fact]] = {}
        self.shown: dict[str, list[Fact]] = {}
        self._barring: Kept[date, tuple[tuple[str, str, Fact], ...]] = Kept(8)
        self._barred: Kept[tuple[str, str, date], dict[str, Fact]] = Kept(MOST_BARRED)
        self._bars = tuple(fact for fact in self.facts if fact.effect is Effect.BARS)
        self._no_transit = tuple(fact for fact in self.facts if fact.effect is Effect.NO_TRANSIT)
        for fact in self.facts:
            for subject in fact.subjects:
                if fact.effect is Effect.OPENS:
                    self._opens.setdefault(subject, []).append(fact)
                elif fact.effect is Effect.CLOSES:
                    self._closes.setdefault(subject, []).append(fact)
                elif fact.effect is Effect.DIVERTS:
                    for vehicle in fact.applies_to:
                        self._closes.setdefault(f"{subject}{CUT}{vehicle}", []).append(fact)
                if fact.effect not in _UNSHOWN and (
                    fact.effect is not Effect.CLOSES or fact.is_disruption
                ):
                    self.shown.setdefault(subject, []).append(fact)
        passages = {row.id: row for row in dataset.passages}
        self._seasons = {
            id_: (row.name, row.season_open, row.season_close)
            for id_, row in passages.items()
            if row.season_open and row.season_close
        }
        crossings = {row.id: k for k, row in enumerate(dataset.crossings)}
        self.crossings = {
            id_: crossings[id_] for id_ in (*self._opens, *self._closes) if id_ in crossings
        }
        self._passing = tuple(
            id_
            for id_ in dict.fromkeys((*self._opens, *self._closes, *self._seasons))
            if id_ in crossings or id_.partition(CUT)[0] in passages
        )
        fixed = {row.id for row in dataset.terminals}
        fixed |= {row.id for row in dataset.services} | {row.id for row in dataset.sea_markets}
        self._fixed = tuple(
            id_ for id_ in dict.fromkeys((*self._opens, *self._closes)) if id_ in fixed
        )

    @cached_property
    def dated_ids(self) -> frozenset[str]:
        """Return all ids that may be shut on some day."""
        return frozenset((*self._opens, *self._closes, *self._seasons))

    def shut(self, id_: str, day: date, *, is_given: bool) -> Shut | None:
        """Return why a crossing, passage, `passage@vehicle`, ... is shut on a day, None if not.

        Disruptions count only where the user has given a date.
        """
        season = self._seasons.get(id_)
        if season is not None and not in_season(day, season[1], season[2]):
            name, opens, closes = season
            return Shut(kind="season", why=f"{name} is open {opens} to {closes}")
        fact = self.masked_by(id_, day, is_given=is_given)
        if fact is None:
            return None
        kind = "event" if fact.is_disruption else "status"
        return Shut(kind=kind, why=reason(fact, day), fact=fact)

    def masked_by(self, id_: str, day: date, *, is_given: bool) -> Fact | None:
        """Return the fact by which a thing cannot be used on a day, None if it can."""
        for fact in self._closes.get(id_, ()):
            if fact.holds(day) and (is_given or not fact.is_disruption):
                return fact
        opens = [fact for fact in self._opens.get(id_, ()) if is_given or not fact.is_disruption]
        if not opens or any(fact.holds(day) for fact in opens):
            return None
        later = [fact for fact in opens if fact.date_from > day.isoformat()]
        return min(later, key=lambda fact: fact.date_from) if later else opens[-1]

    def barred_between(self, one: str, other: str, day: date) -> Mapping[str, Fact]:
        """Return the countries through which goods between two do not go on a day, and why.

        Those of the last few questions are kept: not to be written to.
        """
        return self._barred.made((one, other, day), lambda: self._found_barred(one, other, day))

    def _found_barred(self, one: str, other: str, day: date) -> dict[str, Fact]:
        found = {
            country: fact
            for end in dict.fromkeys((one, other))
            for country, fact in self.barred(end, day).items()
        }
        return found | self.no_transit(one, other, day) | self.no_transit(other, one, day)

    def barred(self, country: str, day: date) -> dict[str, Fact]:
        """Return the countries through which goods of a country do not go on a day, and why."""
        return {other: fact for mine, other, fact in self._bars_on(day) if mine == country}

    def _bars_on(self, day: date) -> tuple[tuple[str, str, Fact], ...]:
        """Return who bars whom on a day, and why; kept for the last few days."""
        return self._barring.made(
            day,
            lambda: tuple(
                (mine, other, fact)
                for fact in self._bars
                if fact.holds(day)
                for subject in fact.subjects
                for mine, _, other in (subject.partition(INTO),)
            ),
        )

    def no_transit(self, country: str, other: str, day: date) -> dict[str, Fact]:
        """Return the countries that goods between two countries do not cross for the first's sake.

        Either of the two may be the origin; the countries at the ends are never among them.
        """
        found: dict[str, Fact] = {}
        spared: set[str] = set()
        for fact in self._no_transit:
            for subject in fact.subjects if fact.holds(day) else ():
                mine, _, rest = subject.partition(INTO)
                through, _, but = rest.partition(BUT)
                if mine == country and through not in (country, other):
                    found[through] = fact
                    if but and but == other:
                        spared.add(through)
        return {through: fact for through, fact in found.items() if through not in spared}

    def closures(self, day: date, *, is_given: bool) -> dict[str, Shut]:
        """Return all that is shut from a day of readiness on, with the reason.

        Crossings and passages that open within the horizon are not among them: whether they are
        open when the cargo comes is for the planner to see.
        """
        known = self._known.get((day, is_given))
        if known is not None:
            return dict(known)
        found: dict[str, Shut] = {}
        for id_ in self._passing:
            first = self.shut(id_, day, is_given=is_given)
            if first is None:
                continue
            if _is_lasting(first) or all(
                self.shut(id_, day + timedelta(days=d), is_given=is_given)
                for d in range(STEP_D, HORIZON_D + 1, STEP_D)
            ):
                found[id_] = first
        for id_ in self._fixed:
            shut = self.shut(id_, day, is_given=is_given)
            if shut is not None:
                found[id_] = shut
        self._known[day, is_given] = found
        return dict(found)

    def carried(self, day: date) -> tuple[str, ...]:
        """Return in words whether the state of the network is that of another date."""
        last = max((fact.date_from for fact in self.facts), default="")
        if last and day.isoformat() > last:
            return (f"the network as last known, by events to {last}",)
        if day.year < FIRST_YEAR_KNOWN:
            return ("the network of today, less what the events name as opened later",)
        return ()

    def links_off(self, day: date, *, is_given: bool) -> Mapping[Net, npt.NDArray[np.bool_]]:
        """Return which links of each network are not there on a day, shape (n_links,).

        Networks that lack nothing are left out.
        """
        masks: dict[Net, npt.NDArray[np.bool_]] = {}
        for net, network in self._dataset.networks.items():
            ids = {link.id: k for k, link in enumerate(network.named)}
            mode = net.name.lower()
            off = [
                id_
                for id_ in dict.fromkeys((*self._opens, *self._closes))
                if (id_ in ids or id_.startswith(f"{mode}{CUT}"))
                and self.masked_by(id_, day, is_given=is_given) is not None
            ]
            if not off:
                continue
            mask = np.isin(np.asarray(network.name_idx), [ids[id_] for id_ in off if id_ in ids])
            # short joins stay: a terminal may hang on the end of a line that is not there yet
            mask &= np.asarray(network.origin) != Origin.JOIN
            for id_ in off:
                if id_ not in ids:
                    mask |= links_near(network, *_lonlat(id_))
            if mask.any():
                masks[net] = mask
        return masks

    def ids_of_link(self, net: Net, link: int) -> tuple[str, ...]:
        """Return the ids under which facts speak of a link: its own, and cuts through it."""
        network = self._dataset.networks[net]
        name = int(network.name_idx[link])
        own = (network.named[name].id,) if name >= 0 else ()
        cuts = [
            id_
            for id_ in dict.fromkeys((*self._opens, *self._closes))
            if id_.startswith(f"{net.name.lower()}{CUT}")
        ]
        return (*own, *(id_ for id_ in cuts if links_near(network, *_lonlat(id_))[link]))


def _is_lasting(shut: Shut) -> bool:
    """Return whether a thing is closed with no end in sight."""
    fact = shut.fact
    return fact is not None and fact.effect is not Effect.OPENS and not fact.date_to


def _lonlat(cut: str) -> tuple[float, float]:
    lat, lon = cut.partition(CUT)[2].split(",")
    return float(lon), float(lat)


def links_near(network: PhysicalNetwork, lon: float, lat: float) -> npt.NDArray[np.bool_]:
    """Return which links have an end or a shape point near a point, shape (n_links,)."""
    mask = np.zeros(len(network.tail_idx), bool)
    points = np.asarray(network.shape_lonlat)
    if len(points):
        km = great_circle_km_many(points[:, 0], points[:, 1], lon, lat)
        rows = np.flatnonzero(km <= NEAR_KM)
        mask[np.searchsorted(np.asarray(network.shape_start), rows, side="right") - 1] = True
    km = great_circle_km_many(np.asarray(network.lon), np.asarray(network.lat), lon, lat)
    near = km <= NEAR_KM
    return mask | near[np.asarray(network.tail_idx)] | near[np.asarray(network.head_idx)]


def reason(fact: Fact, day: date) -> str:
    """Return in words why a fact takes something away on a day, with its source."""
    notes = "; ".join(part for part in (fact.span if fact.date_from else "", fact.cited) if part)
    text = f"{fact.text} ({notes})" if notes else fact.text
    if fact.effect is not Effect.OPENS:
        return text
    is_early = fact.date_from > day.isoformat()
    return f"{text}: {'not yet' if is_early else 'no longer'} on {day}"
