"""Hierarchies of blocks against walks, and orders of contraction that are stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from landbridge.dataset import storage
from landbridge.dataset.network import Net, StoredOrder
from landbridge.planning import geography as rooms
from landbridge.planning import reached
from landbridge.planning.doors import open_door, open_doors
from landbridge.planning.geography import Geography
from landbridge.planning.walks import BlockHierarchy, order_of, ranks_of
from landbridge.sources.assembly import with_orders
from worlds import strait

if TYPE_CHECKING:
    from landbridge.scenarios.case import Case


@pytest.mark.parametrize("net", [Net.ROAD, Net.RAIL])
@pytest.mark.parametrize("country", ["CZ", "MM"])
def test_a_hierarchy_answers_what_walks_answer_to_the_bit(
    case: Case, net: Net, country: str
) -> None:
    dataset = case.dataset
    network, geography = dataset.networks[net], Geography(dataset)
    sizes = np.bincount(np.asarray(network.block_idx), minlength=len(dataset.blocks))
    mine = [k for k, b in enumerate(dataset.blocks) if b.net == int(net) and b.country == country]
    block = max(mine, key=sizes.__getitem__)
    rng = np.random.default_rng(7)
    nodes = np.flatnonzero(np.asarray(network.block_idx) == block)
    sources, targets = rng.choice(nodes, 12), rng.choice(nodes, 90)
    walked = geography.km_between(net, sources, targets)
    made = BlockHierarchy(network, geography.topology(net), block, ranks_of(network))
    assert np.array_equal(made.km_between(sources, targets), walked)
    other = BlockHierarchy(network, geography.topology(net), block, None)
    assert np.array_equal(other.km_between(sources, targets), walked)
    assert np.isfinite(walked).sum() > 100


@pytest.mark.parametrize("net", [Net.ROAD, Net.RAIL])
@pytest.mark.parametrize("country", ["CZ", "MM"])
def test_a_contracted_block_answers_what_walks_answer_to_the_bit(
    case: Case, net: Net, country: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = case.dataset
    network, table = dataset.networks[net], dataset.attachments
    mine = [k for k, b in enumerate(dataset.blocks) if b.net == int(net) and b.country == country]
    sizes = np.bincount(np.asarray(network.block_idx), minlength=len(dataset.blocks))
    block = max(mine, key=sizes.__getitem__)
    nodes = np.flatnonzero(np.asarray(network.block_idx) == block)
    touches = np.asarray(table.node_idx)[(table.net == net) & (table.block_idx == block)]
    rng = np.random.default_rng(11)
    doors = rng.choice(nodes, 9)
    sources, targets = np.append(doors, touches[:5]), np.append(touches, doors[:4])
    walking, contracting = Geography(dataset), Geography(dataset)
    monkeypatch.setattr(reached, "FEW_WALKS", 10**9)
    walked = walking.km_between(net, sources, targets)
    monkeypatch.setattr(reached, "FEW_WALKS", 0)
    assert np.array_equal(contracting.km_between(net, sources, targets), walked)
    assert len(contracting.kept.contracted) == 1
    assert not len(walking.kept.contracted)
    assert np.isfinite(walked).any()


def test_a_block_is_contracted_once_walked_in_often_enough(case: Case) -> None:
    geography = Geography(case.dataset)
    first = int(np.flatnonzero(case.dataset.attachments.terminal_idx >= 0)[0])
    node = int(case.dataset.attachments.node_idx[first])
    net = Net(int(case.dataset.attachments.net[first]))
    block = np.asarray(case.dataset.networks[net].block_idx)
    doors = np.flatnonzero(block == block[node])[: reached.FEW_WALKS + 1]
    for door in doors[:-1]:
        geography.km_between(net, np.array([door]), np.array([node]))
        geography.km_between(net, np.array([door]), np.array([node]))
        assert not len(geography.kept.contracted)
    geography.km_between(net, doors[-1:], np.array([node]))
    assert len(geography.kept.contracted) == 1


def test_doors_opened_together_are_those_opened_alone(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("Prague", "Brno", "Ostrava", "Berlin", "48.75,14.5")
    alone = Geography(case.dataset)
    places = [case.gazetteer.resolve(name, where="", country_at=alone.country_at) for name in names]
    monkeypatch.setattr(rooms, "MANY", 2)
    monkeypatch.setattr(rooms, "MANY_UNORDERED", 2)
    together = Geography(case.dataset)
    expected = [open_door(alone, place, ()) for place in places]
    with together.for_many():
        assert open_doors(together, places, ()) == expected
        assert together._hierarchies
    assert not together._hierarchies
    assert open_doors(together, places, ()) == expected
    assert not together._hierarchies


def test_orders_are_stored_and_hold_for_their_shape_only(tmp_path: Path) -> None:
    world = with_orders(strait.dataset(), order_of)
    storage.write(world, tmp_path / "one")
    storage.write(with_orders(strait.dataset(), order_of), tmp_path / "two")
    assert storage.pack(tmp_path / "one", tmp_path / "one.xz") > 0
    storage.pack(tmp_path / "two", tmp_path / "two.xz")
    assert (tmp_path / "one.xz").read_bytes() == (tmp_path / "two.xz").read_bytes()
    back = storage.read(tmp_path / "one")
    for net, network in back.networks.items():
        order = network.own_order()
        assert order is not None
        assert np.array_equal(order, order_of(world.networks[net]))
        assert sorted(order.tolist()) == list(range(len(network.lon)))
    road = back.networks[Net.ROAD]
    tails = np.asarray(road.tail_idx).copy()
    tails[0] = tails[1]
    assert ranks_of(replace(road, tail_idx=tails)) is None
    cut = StoredOrder(node=np.asarray(road.order.node)[:-1], made_for=road.order.made_for)  # type: ignore[union-attr]
    assert replace(road, order=cut).own_order() is None
    assert replace(road, status=np.ones_like(road.status)).own_order() is not None


def test_a_dataset_without_orders_is_read(tmp_path: Path) -> None:
    storage.write(strait.dataset(), tmp_path)
    assert all(network.order is None for network in storage.read(tmp_path).networks.values())
    assert not list(tmp_path.glob("*.order.npy"))
