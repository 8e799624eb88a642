"""What scenarios set for single links, shoals and legs, put into a way that was found.

Like winter ice, it does not steer the search, which weighs the way without it; what is built and
priced has it. (Tolls, premiums and delays at passages of the ocean, crossings and terminals are
arcs of their own and do steer it.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from landbridge.dataset.network import Net, NetworkDataset
from landbridge.domain.arcs import Arc, HaulArc, PassageArc, TransferArc
from landbridge.domain.conditions import Quote
from landbridge.parameters.dues import DUE_NAMES, PAYLOAD
from landbridge.parameters.tree import Parameters
from landbridge.planning.candidates import Candidate, Field, Move
from landbridge.planning.shapes import walked_links

INLAND = (Net.CASPIAN, Net.IWW)
OWN_SPEED_NETS = (Net.RAIL, Net.ROAD)


def adjusted(field: Field, candidate: Candidate) -> Candidate:
    """Return the candidate with what scenarios set for its links, shoals and legs."""
    parameters = field.pricing.context.parameters
    geography = field.geography
    if not geography.adjusts.made(
        parameters.digest, lambda: may_adjust(geography.dataset, parameters)
    ):
        return candidate
    due = frozenset(key for name in DUE_NAMES for key in parameters.keys(name))
    return _Adjuster(field, due).candidate(candidate)


def may_adjust(dataset: NetworkDataset, parameters: Parameters) -> bool:
    """Return whether scenarios set anything that the search does not weigh."""
    conditions = dataset.conditions
    due = frozenset(key for name in DUE_NAMES for key in parameters.keys(name))
    return (
        bool(conditions.link_speed_km_per_d or conditions.quotes)
        or bool(parameters.keys(PAYLOAD))
        or any(passage.id in due for passage in dataset.passages)
    )


class _Adjuster:
    def __init__(self, field: Field, due: frozenset[str]) -> None:
        self._field, self._due = field, due
        self._conditions = field.geography.dataset.conditions
        self._parameters = field.pricing.context.parameters

    def candidate(self, candidate: Candidate) -> Candidate:
        moves = [self._on_water(self._at_speed(move)) for move in candidate.moves]
        for first, last in _legs(moves):
            shoal = _shoal_of(moves[first].facts)
            quote = self._quote(moves[first], moves[last])
            if quote is not None:
                moves[first : last + 1] = _quoted(moves[first : last + 1], quote)
            if (shoal or quote is not None) and first > 0:
                moves[first - 1] = _boarded(moves[first - 1], shoal, is_quoted=quote is not None)
        return replace(candidate, moves=tuple(moves))

    def _at_speed(self, move: Move) -> Move:
        """Return a run split where it goes over links that have a speed of their own."""
        speeds = self._conditions.link_speed_km_per_d
        net = self._net(move)
        if not speeds or move.kind != "run" or net not in OWN_SPEED_NETS:
            return move
        network = self._field.geography.dataset.networks[net]
        km: dict[str, float] = {}
        for link in self._links(move, net):
            name = int(network.name_idx[link])
            id_ = network.named[name].id if name >= 0 else ""
            if id_ in speeds:
                km[id_] = km.get(id_, 0.0) + float(network.length_km[link])
        if not km:
            return move
        arc = move.facts[0]
        if not isinstance(arc, HaulArc):
            return move
        own = [
            replace(arc, distance_km=min(run, arc.distance_km), link_speed_km_per_d=speeds[id_])
            for id_, run in sorted(km.items())
        ]
        rest = arc.distance_km - sum(part.distance_km for part in own)
        parts = [replace(arc, distance_km=rest), *own] if rest > 1e-9 else own
        return replace(move, facts=tuple(parts))

    def _on_water(self, move: Move) -> Move:
        """Return a voyage on the Caspian or a river with its shoals, and what its passages owe."""
        net = self._net(move)
        if not self._due or move.kind not in ("run", "ride") or net not in INLAND:
            return move
        network = self._field.geography.dataset.networks[net]
        ids = [passage.id for passage in self._field.geography.dataset.passages]
        passages = dict.fromkeys(
            ids[int(network.passage_idx[link])]
            for link in self._links(move, net)
            if network.passage_idx[link] >= 0
        )
        facts = move.facts
        shoal = self._tightest((*passages, *self._terminals(move)))
        if shoal:
            facts = tuple(
                replace(arc, shoal=shoal) if isinstance(arc, HaulArc | PassageArc) else arc
                for arc in facts
            )
        if move.kind == "run":
            first = facts[0]
            vehicle = first.vehicle if isinstance(first, HaulArc) else ""
            facts = (
                *facts,
                *(
                    PassageArc(passage=id_, vehicle=vehicle, distance_km=0.0, is_due_only=True)
                    for id_ in passages
                    if self._owes(id_)
                ),
            )
        return replace(move, facts=facts)

    def _owes(self, id_: str) -> bool:
        return any(
            self._parameters.exactly(name, id_) is not None for name in DUE_NAMES if name != PAYLOAD
        )

    def _tightest(self, ids: tuple[str, ...]) -> str:
        """Return the id of the place that leaves a ship the least payload, '' if none does."""
        rows = {id_: self._parameters.exactly(PAYLOAD, id_) for id_ in ids}
        shares = {id_: row.central for id_, row in rows.items() if row is not None}
        return min(shares, key=lambda id_: (shares[id_], id_)) if shares else ""

    def _quote(self, first: Move, last: Move) -> Quote | None:
        """Return the last quote for the leg of these moves, None if there is none."""
        arc = next((arc for arc in first.facts if isinstance(arc, HaulArc)), None)
        if arc is None or not self._conditions.quotes:
            return None
        from landbridge.planning.build import place_of

        ends = tuple(place_of(self._field, node).id for node in (first.tail, last.head))
        for quote in reversed(self._conditions.quotes):
            if quote.mode == arc.mode and (quote.origin, quote.destination) == ends:
                return quote
        return None

    def _net(self, move: Move) -> Net | None:
        if move.tail < 0 or move.head < 0:
            return None
        virtual = self._field.virtual
        return Net(virtual.attachments[virtual.node_attachment[move.tail]].net)

    def _terminals(self, move: Move) -> tuple[str, ...]:
        virtual, dataset = self._field.virtual, self._field.geography.dataset
        touches = [
            virtual.attachments[virtual.node_attachment[node]] for node in (move.tail, move.head)
        ]
        return tuple(dataset.terminals[t.terminal_idx].id for t in touches if t.terminal_idx >= 0)

    def _links(self, move: Move, net: Net) -> list[int]:
        virtual, geography = self._field.virtual, self._field.geography
        start, end = (
            virtual.attachments[virtual.node_attachment[node]].node_idx
            for node in (move.tail, move.head)
        )
        walked = walked_links(geography, net, start, end, self._field.topology(net))
        return [link for link, _ in walked]


def _shoal_of(facts: tuple[Arc, ...]) -> str:
    return next((arc.shoal for arc in facts if isinstance(arc, HaulArc | PassageArc)), "")


def _legs(moves: Sequence[Move]) -> Iterator[tuple[int, int]]:
    """Yield first and last move of each leg: a voyage through passages is one."""
    k = 0
    while k < len(moves):
        first = k
        if moves[k].kind in ("run", "ride"):
            while k + 1 < len(moves) and "passage" in (moves[k].kind, moves[k + 1].kind):
                k += 1
            yield first, k
        k += 1


def _quoted(moves: Sequence[Move], quote: Quote) -> list[Move]:
    """Return the moves of a leg with the quote spread over its hauls."""
    km = sum(arc.distance_km for move in moves for arc in move.facts if isinstance(arc, HaulArc))
    low, central, high = quote.usd_per_unit
    per_km = (low / km, central / km, high / km) if km else (0.0, 0.0, 0.0)

    def priced(arc: Arc) -> Arc:
        if isinstance(arc, HaulArc):
            return replace(arc, quoted_usd_per_km=per_km)
        return replace(arc, is_quoted=True) if isinstance(arc, PassageArc) else arc

    return [replace(move, facts=tuple(priced(arc) for arc in move.facts)) for move in moves]


def _boarded(move: Move, shoal: str, *, is_quoted: bool) -> Move:
    """Return the move before a voyage or a quoted leg, with the loading priced accordingly."""
    facts = tuple(
        replace(arc, shoal=shoal or arc.shoal, is_quoted=is_quoted or arc.is_quoted)
        if isinstance(arc, TransferArc)
        else arc
        for arc in move.facts
    )
    return replace(move, facts=facts)
