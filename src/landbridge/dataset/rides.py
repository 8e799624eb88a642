"""How each ship service sails: km of open water and passages between consecutive stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import Attachments, HaulTables, Net, PhysicalNetwork, RideLeg
from landbridge.domain.network import Passage, Service, Terminal


def build_rides(
    services: Sequence[Service],
    terminals: Sequence[Terminal],
    attachments: Attachments,
    tables: HaulTables,
    networks: dict[Net, PhysicalNetwork],
    passages: Sequence[Passage],
) -> tuple[RideLeg, ...]:
    """Return the legs of every service whose stops all lie on one sea, in stop order."""
    at = {t.id: k for k, t in enumerate(terminals)}
    legs: list[RideLeg] = []
    for net in (Net.SEA, Net.CASPIAN):
        touch = {
            int(attachments.terminal_idx[i]): int(i)
            for i in np.flatnonzero((attachments.net == net) & (attachments.terminal_idx >= 0))
        }
        seaway = _Seaway(net, attachments, tables, networks[net], passages)
        for service in services:
            stops = [touch.get(at.get(stop, -1), -1) for stop in service.terminals]
            if min(stops) < 0 or service.kind in ("truck", "block_train"):
                continue
            for a, b in zip(range(len(stops) - 1), range(1, len(stops)), strict=True):
                found = seaway.way(stops[a], stops[b], service.passages)
                if found is not None:
                    legs.append(
                        RideLeg(
                            service=service.id,
                            net=int(net),
                            stop=a,
                            open_km=found[0],
                            passages=found[1],
                            passage_km=found[2],
                        )
                    )
    return tuple(legs)


@dataclass(slots=True)
class _Way:
    km: npt.NDArray[np.float64]
    back: npt.NDArray[np.int32]


class _Seaway:
    """Shortest ways over hauls of open water and passage links, for one basin.

    A passage with a season, or a closed one, is used only by a string whose row names it. Where a
    row names a passage and the free way would use a tolled canal, the string sails the named way.
    """

    def __init__(
        self,
        net: Net,
        attachments: Attachments,
        tables: HaulTables,
        network: PhysicalNetwork,
        passages: Sequence[Passage],
    ) -> None:
        self.net, self.network = net, network
        self.passages = [passage.id for passage in passages]
        self.unnamed_shut = {p.id for p in passages if p.season_open or p.status == "closed"}
        self.tolled = {p.id for p in passages if p.toll == "yes"}
        self.attachments = attachments
        if net is Net.SEA:
            block = int(network.block_idx[0])
            self.members = tables.member[tables.start[block] : tables.start[block + 1]]
            n = len(self.members)
            first = tables.offset[block]
            self.km = tables.km[first : first + n * n].reshape(n, n).astype(float)
        else:
            self.members = np.flatnonzero(attachments.net == net).astype(np.int32)
            self.km = np.full((len(self.members),) * 2, np.inf)
        self.row = {int(m): k for k, m in enumerate(self.members)}
        self._ways: dict[tuple[int, tuple[str, ...]], tuple[_Way, _Way]] = {}

    def way(
        self, start: int, end: int, required: tuple[str, ...]
    ) -> tuple[float, tuple[str, ...], tuple[float, ...]] | None:
        """Return open km, passages in order and their km; None where there is no way."""
        if self.net is Net.CASPIAN:
            return self._by_links(start, end)
        free = self._between(self.row[start], self.row[end], ())
        if not required or free is None or not self.tolled & set(free[1]):
            return free
        best = None
        code = self.passages.index(required[0])
        for link in np.flatnonzero(self.network.passage_idx == code).tolist():
            for u, v in (
                (self.network.tail_idx[link], self.network.head_idx[link]),
                (self.network.head_idx[link], self.network.tail_idx[link]),
            ):
                into = self._between(self.row[start], self._gate_row(int(u)), required)
                out = self._between(self._gate_row(int(v)), self.row[end], required)
                if into is None or out is None:
                    continue
                km = float(self.network.length_km[link])
                total = into[0] + out[0] + km + sum(into[2]) + sum(out[2])
                if best is None or total < best[0]:
                    best = (
                        total,
                        (
                            into[0] + out[0],
                            (*into[1], required[0], *out[1]),
                            (*into[2], km, *out[2]),
                        ),
                    )
        return best[1] if best else None

    def _gate_row(self, node: int) -> int:
        for k, member in enumerate(self.members):
            if (
                self.attachments.node_idx[member] == node
                and self.attachments.terminal_idx[member] < 0
            ):
                return k
        raise AssertionError("a passage link without a gate")

    def _between(
        self, a: int, b: int, required: tuple[str, ...]
    ) -> tuple[float, tuple[str, ...], tuple[float, ...]] | None:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        n = len(self.members)
        key = (0, required)
        if key not in self._ways:
            shut = self.unnamed_shut - set(required)
            if required:
                shut |= self.tolled | set(required)
            links = np.full((n, n), np.inf)
            which = np.full((n, n), -1, np.int32)
            for link in np.flatnonzero(self.network.passage_idx >= 0).tolist():
                name = self.passages[int(self.network.passage_idx[link])]
                if name in shut:
                    continue
                i = self._gate_row(int(self.network.tail_idx[link]))
                j = self._gate_row(int(self.network.head_idx[link]))
                links[i, j] = links[j, i] = float(self.network.length_km[link])
                which[i, j] = which[j, i] = link
            both = np.minimum(self.km, links)
            both[~np.isfinite(both)] = 0.0
            np.fill_diagonal(both, 0.0)
            km, back = dijkstra(csr_array(both), directed=True, return_predecessors=True)
            use_link = links < self.km
            self._ways[key] = (
                _Way(km, back),
                _Way(np.where(use_link, which, -1).astype(float), back),
            )
        way, which_way = self._ways[key]
        if not np.isfinite(way.km[a, b]):
            return None
        names: list[str] = []
        lengths: list[float] = []
        at = b
        while at != a:
            before = int(way.back[a, at])
            link = int(which_way.km[before, at])
            if link >= 0:
                names.append(self.passages[int(self.network.passage_idx[link])])
                lengths.append(float(self.network.length_km[link]))
            at = before
        return float(way.km[a, b]) - sum(lengths), tuple(names[::-1]), tuple(lengths[::-1])

    def _by_links(
        self, start: int, end: int
    ) -> tuple[float, tuple[str, ...], tuple[float, ...]] | None:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import dijkstra

        network = self.network
        n = len(network.lon)
        graph = coo_array((network.length_km, (network.tail_idx, network.head_idx)), shape=(n, n))
        a, b = int(self.attachments.node_idx[start]), int(self.attachments.node_idx[end])
        km, back = dijkstra(graph.tocsr(), directed=False, indices=a, return_predecessors=True)
        if not np.isfinite(km[b]):
            return None
        link_of = {
            frozenset((int(t), int(h))): k
            for k, (t, h) in enumerate(zip(network.tail_idx, network.head_idx, strict=True))
        }
        passage_km: dict[str, float] = {}
        at = b
        while at != a:
            before = int(back[at])
            link = link_of[frozenset((before, at))]
            if network.passage_idx[link] >= 0:
                name = self.passages[int(network.passage_idx[link])]
                passage_km[name] = passage_km.get(name, 0.0) + float(network.length_km[link])
            at = before
        names = tuple(reversed(passage_km))
        lengths = tuple(passage_km[name] for name in names)
        return float(km[b]) - sum(lengths), names, lengths
