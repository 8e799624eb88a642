"""The compiled networks of one dataset: walks, nearest nodes, terminals by place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from landbridge.dataset.network import Net, NetworkDataset
from landbridge.domain.network import FERRY_PORT
from landbridge.graph.nearest import ByLatitude, nearest_nodes
from landbridge.graph.standing import Standing
from landbridge.graph.supply import in_season
from landbridge.graph.topology import Topology, cached_topology, compile_topology
from landbridge.kept import Kept
from landbridge.planning.reached import Reached, Touched, Walks
from landbridge.planning.walks import MANY, MANY_UNORDERED, BlockHierarchy, ranks_of
from landbridge.units import FloatArray, IntArray, great_circle_km_many

if TYPE_CHECKING:
    from landbridge.domain.itinerary import Flag
    from landbridge.graph.carrying import Attachment
    from landbridge.planning.doors import Drayed
    from landbridge.planning.trains import Programme
    from landbridge.routing.contracted import Contracted


MOST_REMARKS = 4000
BUCKET_KM = {Net.RAIL: 2.0, Net.ROAD: 2.0, Net.SEA: 25.0}
"""Width of a bucket of distances, about the length of some links; their nodes lie by block."""
NEAR_KM = 8.0
"""A town's nearest node is seldom farther: so near one is looked for first."""


class Geography:
    """Lazily compiled physical networks, shared by all requests on one dataset.

    Parameters
    ----------
    base
        That of another dataset: what is compiled of networks that both have is shared.
    """

    def __init__(self, dataset: NetworkDataset, base: Geography | None = None) -> None:
        self.dataset = dataset
        self._base = base
        self.terminal_of_id = {t.id: t for t in dataset.terminals}
        self.position_of_terminal = {t.id: k for k, t in enumerate(dataset.terminals)}
        self.is_drayed = np.array([t.kind != FERRY_PORT for t in dataset.terminals] + [False])
        """Which terminals a door reaches by drayage only; False behind the last, for none.

        A lorry on its way to another country drives to a ferry port as it does to a frontier."""
        self.crossing_of_id = {c.id: c for c in dataset.crossings}
        self.standing = Standing(dataset)
        self._topologies: dict[Net, Topology] = {}
        self.remarks: Kept[tuple[str, int], tuple[Flag, ...]] = Kept(MOST_REMARKS)
        """What the table of terminals remarks of one in a month."""
        self.adjusts: Kept[str, bool] = Kept(8)
        """Whether scenarios set what the search does not weigh, by digest of the parameters."""
        self.programmes: Kept[tuple[date, bool, float], list[Programme]] = Kept(8)
        self.kept: Walks = Walks(
            base.kept if base else None,
            has_same_touches=base is not None and base.dataset.attachments is dataset.attachments,
        )
        self._terminal_lonlat: tuple[FloatArray, FloatArray] | None = None
        self._inland: dict[tuple[Net, bytes], Topology] = {}
        self._sea_through: dict[frozenset[str], Topology] = {}
        self._without: dict[tuple[Net, bytes], Topology] = {}
        self._ranks: dict[Net, IntArray | None] = {}
        self._hierarchies: dict[tuple[int, int], BlockHierarchy] = {}
        self._users = 0
        self.touches_of_terminal: dict[int, tuple[Attachment, ...]] = {}
        self.drayed_in_block: dict[int, Drayed] = {}

    def topology(self, net: Net) -> Topology:
        """Return the topology of a network, compiled at first use."""
        if net not in self._topologies:
            network, base = self.dataset.networks[net], self._base
            conditions = self.dataset.conditions
            digest = conditions.base_digest or self.dataset.digest
            large = net in (Net.ROAD, Net.RAIL, Net.SEA)
            if base is not None and base.dataset.networks[net] is network:
                self._topologies[net] = base.topology(net)
            elif large and digest and net not in conditions.changed_nets:
                self._topologies[net] = cached_topology(network, digest)
            else:
                self._topologies[net] = compile_topology(network)
        return self._topologies[net]

    def inland(
        self,
        net: Net,
        day: date,
        shut_passages: frozenset[str],
        off: npt.NDArray[np.bool_] | None = None,
    ) -> Topology:
        """Return the river or Caspian topology of a day, without what is shut or out of season.

        `off` marks links that are not there, shape (n_links,).
        """
        network = self.dataset.networks[net]
        ids = [p.id for p in self.dataset.passages]
        out_of_season = np.array(
            [not in_season(day, link.season_open, link.season_close) for link in network.named]
            or [False]
        )
        shut = np.zeros(len(network.tail_idx), bool)
        named = np.asarray(network.name_idx)
        shut[named >= 0] = out_of_season[named[named >= 0]]
        for passage in shut_passages:
            if passage in ids:
                shut |= np.asarray(network.passage_idx) == ids.index(passage)
        if off is not None:
            shut |= off
        key = (net, shut.tobytes())
        if key not in self._inland:
            self._inland[key] = compile_topology(network, shut_links=shut)
        return self._inland[key]

    def without(self, net: Net, off: npt.NDArray[np.bool_]) -> Topology:
        """Return the topology of a network without some links, shape (n_links,)."""
        key = (net, np.packbits(off).tobytes())
        if key not in self._without:
            self._without[key] = compile_topology(self.dataset.networks[net], shut_links=off)
        return self._without[key]

    def sea_through(self, passages: frozenset[str]) -> Topology:
        """Return the ocean with the links of these passages, and no others, added."""
        if passages not in self._sea_through:
            network = self.dataset.networks[Net.SEA]
            codes = [k for k, p in enumerate(self.dataset.passages) if p.id in passages]
            index = np.asarray(network.passage_idx)
            shut = (index >= 0) & ~np.isin(index, codes)
            self._sea_through[passages] = compile_topology(
                network, shut_links=shut, with_passages=True
            )
        return self._sea_through[passages]

    def walk(
        self,
        net: Net,
        source: int,
        *,
        target: int = -1,
        limit_km: float = np.inf,
        topology: Topology | None = None,
    ) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return km from a node to all of its block and the arcs that lead there, read-only.

        The last few whole walks are kept: a request walks from each of its doors twice.
        """
        from landbridge.routing.shortest import one_to_all

        topology = topology or self.topology(net)
        is_whole = target < 0 and limit_km == np.inf
        key = (id(topology), source)  # what is kept holds its topology: no other gets that id
        known = self.kept.whole.get(key) if is_whole else None
        if known is not None:
            return known[1], known[2]
        km, arcs = one_to_all(
            topology.first_arc, topology.head_idx, topology.length_km, source, target, limit_km
        )
        km.flags.writeable = arcs.flags.writeable = False
        if is_whole:
            self.kept.whole.put(key, (topology, km, arcs))
        return km, arcs

    def km_between(
        self,
        net: Net,
        sources: IntArray,
        targets: IntArray,
        *,
        topology: Topology | None = None,
    ) -> FloatArray:
        """Return km between nodes of one block, shape (n_sources, n_targets).

        Within `for_many` many sources are answered by a hierarchy of the block.
        """
        topology = topology or self.topology(net)
        if not len(sources):
            return np.empty((0, len(targets)))
        block = int(self.dataset.networks[net].block_idx[sources[0]])
        known = self._hierarchies.get((id(topology), block))
        if known is None and not (self._users and len(sources) >= MANY):
            return self._few_km(net, sources, targets, topology)
        each, row = np.unique(sources, return_inverse=True)
        if known is None and len(each) >= MANY:
            rank = self._rank(net)
            if rank is not None or len(each) >= MANY_UNORDERED:
                known = BlockHierarchy(self.dataset.networks[net], topology, block, rank)
                self._hierarchies[id(topology), block] = known
        if known is not None:
            return known.km_between(each, targets)[row]
        return self._few_km(net, each, targets, topology)[row]

    def _rank(self, net: Net) -> IntArray | None:
        if net not in self._ranks:
            self._ranks[net] = ranks_of(self.dataset.networks[net])
        return self._ranks[net]

    @contextmanager
    def for_many(self) -> Iterator[None]:
        """Make and keep hierarchies of blocks meanwhile (100 bytes per arc); forget them after."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._hierarchies.clear()

    def _few_km(
        self, net: Net, sources: IntArray, targets: IntArray, topology: Topology
    ) -> FloatArray:
        """Return what `km_between` does, by the rows from each source to the block's touches.

        These are kept for the next request from the same door or with the same terminal near one.
        """
        block = int(self.dataset.networks[net].block_idx[sources[0]])
        touched = self._touched(net, block)
        column = touched.column_of(targets)
        km = np.empty((len(sources), len(targets)))
        for k, source in enumerate(sources.tolist()):
            km[k] = (
                self._row(net, block, source, topology)[column] if len(touched.nodes) else np.inf
            )
        rest = np.flatnonzero(column < 0)
        if not len(rest):
            return km
        contracted = self.kept.contracted.get((id(topology), block))
        if contracted is not None:
            km[:, rest] = contracted[1].between(sources, targets[rest])
            return km
        for k, (source, at) in enumerate(
            zip(sources.tolist(), touched.column_of(sources).tolist(), strict=True)
        ):
            if at >= 0:  # a way is as long back
                for j in rest.tolist():
                    km[k, j] = self._row(net, block, int(targets[j]), topology)[at]
            else:
                km[k, rest] = self._block_km(net, source, topology)[targets[rest]]
        return km

    def _row(self, net: Net, block: int, source: int, topology: Topology) -> FloatArray:
        """Return km from a node to the touches of its block, (n_touched,), inf where unreached."""
        key = (id(topology), source)
        known = self.kept.rows.get(key)
        if known is None:
            contracted = None
            if net in BUCKET_KM and self._rank(net) is not None:
                contracted = self.kept.contracted_block(
                    (id(topology), block), topology, lambda: self._contracted(net, block, topology)
                )
            touched = self._touched(net, block)
            if contracted is not None:
                km: FloatArray = contracted.to_targets(source)
            elif touched.column_of(np.array([source]))[0] >= 0:
                km = self._measured(net, source, topology)[touched.nodes]
            else:  # a door may be asked about another door
                km = self._block_km(net, source, topology)[touched.nodes]
            known = self.kept.rows.put(key, (topology, km))
        return known[1]

    def _contracted(self, net: Net, block: int, topology: Topology) -> Contracted:
        from landbridge.routing.contracted import Contracted

        begin, end = self._stretch(net, block)
        rank = np.empty(end - begin, np.int32)
        order = np.argsort(self._rank(net)[begin:end])  # type: ignore[index]
        rank[order] = np.arange(end - begin, dtype=np.int32)
        return Contracted(
            topology.first_arc,
            topology.head_idx,
            topology.length_km,
            begin=begin,
            rank=rank,
            targets=self._touched(net, block).nodes,
        )

    def _stretch(self, net: Net, block: int) -> tuple[int, int]:
        """Return the first node of a block, and the first behind it; of all if they lie mixed."""
        block_of = self.dataset.networks[net].block_idx
        if net not in BUCKET_KM:
            return 0, len(block_of)
        begin, end = np.searchsorted(block_of, (block, block + 1)).tolist()
        return begin, end

    def _block_km(self, net: Net, source: int, topology: Topology) -> Reached:
        """Return km from a node to all of its block; those of the last few doors are kept."""
        key = (id(topology), source)
        known = self.kept.reached.get(key)
        if known is None:
            known = self.kept.reached.put(key, (topology, self._measured(net, source, topology)))
        return known[1]

    def _measured(self, net: Net, source: int, topology: Topology) -> Reached:
        width = BUCKET_KM.get(net)
        if width is not None:
            block = int(self.dataset.networks[net].block_idx[source])
            begin, end = self._stretch(net, block)
            from landbridge.routing.buckets import distances

            km = distances(
                topology.first_arc,
                topology.head_idx,
                topology.length_km,
                source,
                begin=begin,
                end=end,
                width=width,
            )
            if km is not None:
                return Reached(km, begin)
        return Reached(self.walk(net, source, topology=topology)[0], 0)

    def _touched(self, net: Net, block: int) -> Touched:
        """Return the nodes of a block at which anything touches the network."""
        found = self.kept.touched.get((net, block))
        if found is None:
            table = self.dataset.attachments
            own = table.node_idx[(table.net == net) & (table.block_idx == block)]
            found = Touched(
                np.array(sorted(set(own.tolist())), np.int64), *self._stretch(net, block)
            )
            self.kept.touched[net, block] = found
        return found

    def nearest(
        self,
        net: Net,
        lon: float,
        lat: float,
        *,
        reach_km: float,
        country: str = "",
    ) -> tuple[int, float] | None:
        """Return the nearest node (of a country, if given) with any usable link, and how far."""
        network = self.dataset.networks[net]
        by_latitude = self.kept.by_latitude.setdefault(id(network), ByLatitude(network))
        topology = self.topology(net)
        for near_km in (min(NEAR_KM, reach_km), reach_km):
            nodes, km = nearest_nodes(
                network, lon, lat, reach_km=near_km, most=400, by_latitude=by_latitude
            )
            for node, off in zip(nodes.tolist(), km.tolist(), strict=True):
                if topology.first_arc[node + 1] == topology.first_arc[node]:
                    continue
                if country and self.dataset.blocks[int(network.block_idx[node])].country != country:
                    continue
                return int(node), float(off)
        return None

    def country_at(self, lat: float, lon: float) -> str:
        """Return the country of the nearest road node within 300 km, '' at sea."""
        for reach in (30.0, 300.0):
            found = self.nearest(Net.ROAD, lon, lat, reach_km=reach)
            if found is not None:
                block = int(self.dataset.networks[Net.ROAD].block_idx[found[0]])
                return self.dataset.blocks[block].country
        return ""

    def terminals_near(self, lon: float, lat: float, reach_km: float) -> list[tuple[int, float]]:
        """Return (terminal position, km) within reach, nearest first."""
        if self._terminal_lonlat is None:
            self._terminal_lonlat = (
                np.array([t.lon for t in self.dataset.terminals]),
                np.array([t.lat for t in self.dataset.terminals]),
            )
        km = great_circle_km_many(*self._terminal_lonlat, lon, lat)
        near = np.flatnonzero(km <= reach_km)
        order = near[np.argsort(km[near], kind="stable")]
        return [(int(k), float(km[k])) for k in order]
