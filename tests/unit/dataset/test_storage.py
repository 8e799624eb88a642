from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landbridge.dataset import storage
from landbridge.dataset.network import Net, PhysicalNetwork
from landbridge.errors import DatasetError
from worlds import strait


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    storage.write(strait.dataset(), tmp_path / "built")
    return tmp_path / "built"


def same(one: Any, two: Any) -> bool:
    """Return whether two rows are equal, nan being equal to itself."""
    return repr(one) == repr(two)


def test_what_was_written_is_read_back(folder: Path) -> None:
    world, back = strait.dataset(), storage.read(folder)
    for part in (
        "blocks", "terminals", "crossings", "passages", "services", "corridors", "sea_markets",
        "ride_legs", "facts", "service_markets", "territories", "no_through_truck",
    ):  # fmt: skip
        assert same(getattr(back, part), getattr(world, part)), part
    for net in Net:
        for field in fields(PhysicalNetwork):
            one, two = (getattr(w.networks[net], field.name) for w in (world, back))
            if isinstance(one, np.ndarray):
                np.testing.assert_allclose(two, one, atol=1e-4, err_msg=f"{net} {field.name}")
                assert not two.flags.writeable
            else:
                assert same(one, two)
    for name in ("attachments", "haul_tables"):
        for field in fields(getattr(world, name)):
            np.testing.assert_array_equal(
                getattr(getattr(back, name), field.name), getattr(getattr(world, name), field.name)
            )


def test_lengths_are_never_rounded_below_the_great_circle(tmp_path: Path) -> None:
    world = strait.dataset()
    road = world.networks[Net.ROAD]
    odd = strait.physical(
        Net.ROAD, list(zip(road.lon, road.lat, road.block_idx, strict=True)),
        list(zip(road.tail_idx, road.head_idx, strict=True)),
        length_km=np.full(4, 60.00001),
    )  # fmt: skip
    storage.write(strait.dataset(networks={**world.networks, Net.ROAD: odd}), tmp_path)
    back = storage.read(tmp_path).networks[Net.ROAD].length_km
    assert (back >= 60.00001).all()
    assert (back < 60.0011).all()


def test_the_same_world_gives_the_same_bytes(tmp_path: Path) -> None:
    digests = [storage.write(strait.dataset(), tmp_path / name) for name in ("one", "two")]
    assert digests[0] == digests[1]
    assert storage.read(tmp_path / "one").digest == digests[0]
    sizes = [storage.pack(tmp_path / name, tmp_path / f"{name}.xz") for name in ("one", "two")]
    assert sizes[0] == sizes[1] == (tmp_path / "one.xz").stat().st_size
    assert (tmp_path / "one.xz").read_bytes() == (tmp_path / "two.xz").read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_another_world_has_another_digest(tmp_path: Path) -> None:
    one = storage.write(strait.dataset(), tmp_path / "one")
    two = storage.write(strait.dataset(facts=()), tmp_path / "two")
    assert one != two


@pytest.mark.parametrize("name", ["rail.lon.npy", "haul_tables.km.npy", "tables.json"])
def test_a_file_altered_in_place_is_refused(folder: Path, name: str) -> None:
    path = folder / name
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(DatasetError, match=f"{name} was altered"):
        storage.read(folder)


def test_a_file_cut_short_or_missing_is_refused_and_all_are_named(folder: Path) -> None:
    path = folder / "road.lat.npy"
    path.write_bytes(path.read_bytes()[:-8])
    (folder / "sea.lon.npy").unlink()
    with pytest.raises(DatasetError) as caught:
        storage.read(folder)
    assert len(caught.value.problems) == 2
    assert "sea.lon.npy is missing" in caught.value.problems
    assert "data build" in caught.value.hint


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": 1}'])
def test_a_broken_manifest_is_refused(folder: Path, text: str) -> None:
    (folder / storage.MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError):
        storage.read(folder)


def test_another_schema_is_refused(folder: Path) -> None:
    path = folder / storage.MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "schema": 99}), encoding="utf-8")
    with pytest.raises(DatasetError, match="schema 99"):
        storage.read(folder)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="manifest"):
        storage.read(tmp_path / "nowhere")


# ---- the packed dataset ----------------------------------------------------------------------


@pytest.fixture
def packed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A packed dataset in place of the package's, and a cache of its own."""
    path = tmp_path / "dataset.tar.xz"
    storage.pack(folder, path)
    monkeypatch.setattr(storage, "PACKED", path)
    monkeypatch.setattr(storage, "complete_gazetteer", lambda _: None)
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "cache"))
    return path


def test_unpacked_once_and_found_again(packed: Path, tmp_path: Path) -> None:
    said: list[str] = []
    one = storage.embedded_folder(said.append)
    two = storage.embedded_folder(said.append)
    assert one == two
    assert len(said) == 1
    assert one.is_relative_to(tmp_path / "cache")
    assert storage.read(one).digest
    assert [path.name for path in one.parent.iterdir()] == [one.name], "nothing half-written"


def test_a_cache_altered_or_cut_short_is_made_anew(packed: Path) -> None:
    folder = storage.embedded_folder()
    for harm in (lambda p: p.write_bytes(b"x" * p.stat().st_size), lambda p: p.unlink()):
        harm(folder / "rail.lat.npy")
        again = storage.embedded_folder()
        assert storage.damage(again) == []


def test_a_damaged_package_is_refused_and_leaves_nothing(packed: Path, tmp_path: Path) -> None:
    data = bytearray(packed.read_bytes())
    data[len(data) // 2] ^= 0xFF
    packed.write_bytes(bytes(data))
    with pytest.raises(DatasetError, match="damaged"):
        storage.embedded_folder()
    left = tmp_path / "cache" / "dataset"
    assert not left.exists() or not list(left.iterdir())


def test_a_package_cut_short_is_refused(packed: Path) -> None:
    packed.write_bytes(packed.read_bytes()[:-100])
    with pytest.raises(DatasetError, match="damaged"):
        storage.embedded_folder()


def test_a_package_without_a_dataset_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(storage, "PACKED", tmp_path / "none")
    with pytest.raises(DatasetError, match="no dataset"):
        storage.embedded_folder()


def test_the_cache_falls_back_where_home_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    monkeypatch.delenv("LANDBRIDGE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr(storage.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    folder = storage.cache_folder()
    assert folder.parent == tmp_path / "temporary"
    assert folder.is_dir()
