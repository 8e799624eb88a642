from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landbridge.dataset.network import Net
from landbridge.graph.nearest import nearest_nodes
from landbridge.graph.topology import cached_topology, clear_cache, compile_topology
from landbridge.scenarios.case import Case
from landbridge.units import great_circle_km_many
from worlds import strait


def arcs(topology: Any) -> set[tuple[int, int, int]]:
    """Return (tail, head, link) of every arc."""
    tail = np.repeat(np.arange(len(topology.first_arc) - 1), np.diff(topology.first_arc))
    columns = (tail.tolist(), topology.head_idx.tolist(), topology.link_idx.tolist())
    return set(zip(*columns, strict=True))


def test_every_open_link_runs_both_ways() -> None:
    topology = compile_topology(strait.dataset().networks[Net.RAIL])
    assert arcs(topology) == {
        (0, 1, 0), (1, 0, 0), (1, 2, 1), (2, 1, 1), (3, 4, 2), (4, 3, 2), (4, 5, 3), (5, 4, 3),
    }  # fmt: skip
    for name in ("first_arc", "head_idx", "length_km", "link_idx"):
        assert not getattr(topology, name).flags.writeable


def test_links_not_open_between_blocks_or_shut_are_left_out() -> None:
    nodes = [(0.0, 0.0, 0), (0.5, 0.0, 0), (1.0, 0.0, 1), (1.5, 0.0, 1)]
    network = strait.physical(
        Net.RAIL, nodes, [(0, 1), (1, 2), (2, 3), (0, 1)],
        status=np.array([0, 0, 0, 2], np.uint8),
    )  # fmt: skip
    assert {link for _, _, link in arcs(compile_topology(network))} == {0, 2}
    shut = np.array([True, False, False, False])
    assert {link for _, _, link in arcs(compile_topology(network, shut_links=shut))} == {2}


def test_passages_at_sea_are_left_out_unless_asked_for() -> None:
    sea = strait.dataset().networks[Net.SEA]
    assert {link for _, _, link in arcs(compile_topology(sea))} == {0, 2}
    whole = compile_topology(sea, with_passages=True)
    assert {link for _, _, link in arcs(whole)} == {0, 1, 2}


def test_lengths_are_never_rounded_down() -> None:
    network = strait.dataset().networks[Net.ROAD]
    topology = compile_topology(network)
    stated = np.asarray(network.length_km)[topology.link_idx]
    assert (topology.length_km >= stated - 1e-5).all()
    assert (topology.length_km <= stated + 1.1e-3).all()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    return tmp_path


def same(one: Any, two: Any) -> bool:
    names = ("first_arc", "head_idx", "length_km", "link_idx")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in names)


def test_the_cache_gives_what_compiling_gives(cache: Path) -> None:
    road = strait.dataset().networks[Net.ROAD]
    first = cached_topology(road, "d" * 8)
    assert list(cache.rglob("road.*.npy"))
    again = cached_topology(road, "d" * 8)
    assert same(first, again)
    assert same(again, compile_topology(road))
    assert not list(cache.rglob("*.part"))
    clear_cache()
    assert not list(cache.rglob("road.*.npy"))


@pytest.mark.parametrize("harm", ["cut", "empty", "missing", "noise"])
def test_a_damaged_cache_is_compiled_anew(cache: Path, harm: str) -> None:
    road = strait.dataset().networks[Net.ROAD]
    cached_topology(road, "d" * 8)
    (path,) = cache.rglob("road.head_idx.npy")
    if harm == "missing":
        path.unlink()
    else:
        data = path.read_bytes()
        path.write_bytes({"cut": data[:-4], "empty": b"", "noise": b"x" * len(data)}[harm])
    assert same(cached_topology(road, "d" * 8), compile_topology(road))


def test_a_cache_that_cannot_be_written_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landbridge.graph import topology

    def full(*_: Any) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    monkeypatch.setattr(topology, "write_aside", full)
    road = strait.dataset().networks[Net.ROAD]
    assert same(cached_topology(road, "e" * 8), compile_topology(road))


# ---- nearest nodes ---------------------------------------------------------------------------


def random_network(seed: int, n: int = 400) -> Any:
    choose = np.random.default_rng(seed)
    nodes = [(float(choose.uniform(-180, 180)), float(choose.uniform(-85, 85)), 0)
             for _ in range(n)]  # fmt: skip
    return strait.physical(Net.ROAD, nodes, [(0, 1)])


@pytest.mark.parametrize("at", [(0.0, 0.0), (179.9, 10.0), (-179.95, -40.0), (30.0, 84.0),
                                (100.0, -84.5)])  # fmt: skip
@pytest.mark.parametrize("reach_km", [300.0, 1500.0])
def test_nearest_is_what_looking_at_all_gives(at: tuple[float, float], reach_km: float) -> None:
    network = random_network(1)
    km = great_circle_km_many(network.lon, network.lat, *at)
    order = [int(k) for k in np.argsort(km, kind="stable") if km[k] <= reach_km][:5]
    nodes, off = nearest_nodes(network, *at, reach_km=reach_km, most=5)
    assert nodes.tolist() == order
    np.testing.assert_allclose(off, km[order])


def test_a_mask_hides_nodes() -> None:
    network = strait.dataset().networks[Net.ROAD]
    allowed = np.ones(6, bool)
    assert nearest_nodes(network, 0.1, 0.0, reach_km=50.0)[0].tolist() == [0]
    allowed[0] = False
    nodes, km = nearest_nodes(network, 0.1, 0.0, reach_km=50.0, allowed=allowed)
    assert nodes.tolist() == [1]
    assert km[0] == pytest.approx(0.4 * strait.DEGREE_KM, rel=1e-4)
    assert len(nearest_nodes(network, 0.1, 0.0, reach_km=5.0)[0]) == 0


@pytest.mark.parametrize("part", ["head_idx", "length_km"])
def test_an_altered_cached_topology_is_compiled_anew(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    network = case.dataset.networks[Net.SEA]
    good = cached_topology(network, "digest")
    (path,) = tmp_path.glob(f"compiled/*/sea.{part}.npy")
    data = bytearray(path.read_bytes())
    data[-40:] = bytes(40)
    path.write_bytes(bytes(data))
    again = cached_topology(network, "digest")
    assert np.array_equal(getattr(again, part), getattr(good, part))
    assert np.array_equal(getattr(again, part), getattr(compile_topology(network), part))
