"""Physical networks as adjacency arrays, cached on disk by dataset digest."""

from __future__ import annotations

import io
import json
import shutil
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landbridge.cache import cache_folder, write_aside
from landbridge.dataset.network import Net, PhysicalNetwork
from landbridge.units import Float32Array, IntArray

CACHE_SCHEMA = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """Both directions of the usable links of one network, by tail node.

    `first_arc` has shape (n_nodes + 1,); `head_idx`, `length_km`, `link_idx` have shape
    (n_arcs,). Links that are not open or change block are left out: a walk never leaves its
    block. On the ocean links through a named passage are left out too: passages are arcs of the
    virtual network.
    """

    net: Net
    first_arc: IntArray
    head_idx: IntArray
    length_km: Float32Array
    link_idx: IntArray


def compile_topology(
    network: PhysicalNetwork,
    *,
    shut_links: npt.NDArray[np.bool_] | None = None,
    with_passages: bool = False,
) -> Topology:
    """Return the topology of a network; `shut_links`, shape (n_links,), are left out too."""
    tail, head = np.asarray(network.tail_idx), np.asarray(network.head_idx)
    block = np.asarray(network.block_idx)
    use = (np.asarray(network.status) == 0) & (block[tail] == block[head])
    if network.net is Net.SEA and not with_passages:
        use &= np.asarray(network.passage_idx) < 0
    if shut_links is not None:
        use &= ~shut_links
    link = np.flatnonzero(use).astype(np.int32)
    n = len(network.lon)
    both_tail = np.concatenate([tail[link], head[link]])
    both_head = np.concatenate([head[link], tail[link]])
    both_link = np.concatenate([link, link])
    order = np.argsort(both_tail, kind="stable")
    first = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(both_tail, minlength=n), out=first[1:])
    length_km = np.asarray(network.length_km)[both_link[order]]
    return Topology(
        net=network.net,
        first_arc=_frozen(first),
        head_idx=_frozen(both_head[order].astype(np.int32)),
        length_km=_frozen(np.ceil(length_km * 1e3).astype(np.float64) / 1e3, np.float32),
        link_idx=_frozen(both_link[order].astype(np.int32)),
    )


_PARTS = ("first_arc", "head_idx", "length_km", "link_idx")


def cached_topology(network: PhysicalNetwork, digest: str) -> Topology:
    """Return the topology of `network` from the cache, compiled and kept there if absent.

    A cached array whose CRC-32 is not the one written beside it is compiled anew.
    """
    folder = cache_folder() / "compiled" / f"{CACHE_SCHEMA}-{digest}"
    name = network.net.name.lower()
    try:
        checks = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        parts = {
            part: np.asarray(
                np.load(folder / f"{name}.{part}.npy", mmap_mode="r", allow_pickle=False)
            )
            for part in _PARTS
        }
        if all(checks[part] == zlib.crc32(array.data) for part, array in parts.items()):
            return Topology(net=network.net, **parts)
    except (OSError, ValueError, EOFError, KeyError, TypeError):
        pass
    topology = compile_topology(network)
    checks = {part: zlib.crc32(getattr(topology, part).data) for part in _PARTS}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in _PARTS:
            stored = io.BytesIO()
            np.save(stored, getattr(topology, part), allow_pickle=False)
            write_aside(folder / f"{name}.{part}.npy", stored.getvalue())
        write_aside(folder / f"{name}.json", json.dumps(checks).encode())
    except OSError:
        return topology
    return topology


def clear_cache() -> None:
    """Remove all compiled topologies."""
    shutil.rmtree(cache_folder() / "compiled", ignore_errors=True)


def _frozen(array: npt.NDArray[Any], dtype: Any = None) -> Any:  # noqa: ANN401 - any dtype
    array = np.ascontiguousarray(array, dtype)
    array.flags.writeable = False
    return array
