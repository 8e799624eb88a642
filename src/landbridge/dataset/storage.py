"""The dataset on disk: a folder of arrays and tables with a manifest, and one packed file.

A folder holds `arrays.npz`-like plain `.npy` files (memory-mapped when read), `tables.json` and
`manifest.json` with a checksum per file. The packed file is the same folder in one xz archive;
it is unpacked once per digest into the user's cache, written aside and renamed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import lzma
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from landbridge.cache import cache_folder
from landbridge.dataset.gazetteer_build import complete_gazetteer
from landbridge.dataset.network import (
    Attachments,
    Block,
    DatedFact,
    HaulTables,
    NamedLink,
    Net,
    NetworkDataset,
    PhysicalNetwork,
    RideLeg,
    SeaMarket,
    StoredOrder,
)
from landbridge.domain.network import BorderCrossing, Corridor, Passage, Service, Terminal
from landbridge.errors import DatasetError

SCHEMA = 1
PACKED = Path(__file__).parent / "embedded" / "dataset.tar.xz"
MANIFEST = "manifest.json"
TABLES = "tables.json"

Row = TypeVar("Row")


def write(dataset: NetworkDataset, folder: Path) -> str:
    """Write the dataset into `folder` (its gazetteer is there already) and return its digest."""
    folder.mkdir(parents=True, exist_ok=True)
    for net, network in dataset.networks.items():
        for field in dataclasses.fields(network):
            value = getattr(network, field.name)
            if isinstance(value, np.ndarray):
                _save(folder / f"{net.name.lower()}.{field.name}.npy", _stored(field.name, value))
        if network.order is not None:
            _save(folder / _order_file(net), network.order.node)
    for name in ("attachments", "haul_tables"):
        part = getattr(dataset, name)
        for field in dataclasses.fields(part):
            _save(folder / f"{name}.{field.name}.npy", getattr(part, field.name))
    tables: dict[str, Any] = {
        name: _rows(getattr(dataset, name))
        for name in (
            "blocks",
            "terminals",
            "crossings",
            "passages",
            "services",
            "corridors",
            "sea_markets",
            "ride_legs",
            "facts",
        )
    }
    tables["named"] = {net.name: _rows(n.named) for net, n in dataset.networks.items()}
    tables["orders"] = {
        net.name: n.order.made_for for net, n in dataset.networks.items() if n.order is not None
    }
    tables["service_markets"] = dict(sorted(dataset.service_markets.items()))
    tables["territories"] = dict(sorted(dataset.territories.items()))
    tables["no_through_truck"] = sorted(map(list, dataset.no_through_truck))
    text = json.dumps(tables, ensure_ascii=False, separators=(",", ":"))
    (folder / TABLES).write_text(text, encoding="utf-8")
    return seal(folder)


def seal(folder: Path) -> str:
    """Write the manifest of a dataset folder and return the dataset's digest."""
    files = {}
    whole = hashlib.blake2b(digest_size=16)
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST):
        data = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        files[name] = {"bytes": len(data), "crc32": zlib.crc32(data)}
        whole.update(name.encode() + b"\0" + hashlib.blake2b(data, digest_size=16).digest())
    digest = whole.hexdigest()
    manifest = {"schema": SCHEMA, "digest": digest, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return digest


def pack(folder: Path, target: Path) -> int:
    """Write the folder as one archive, the same bytes for the same content; return its size.

    Only what the manifest names is packed: lookup indexes are made anew where it is unpacked.
    """
    names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted([*names, MANIFEST]):
            path = folder / name
            info = tarfile.TarInfo(name)
            info.size = path.stat().st_size
            with path.open("rb") as stream:
                archive.addfile(info, stream)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]
    packed = lzma.compress(buffer.getvalue(), format=lzma.FORMAT_XZ, filters=filters)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(".part")
    aside.write_bytes(packed)
    aside.replace(target)
    return len(packed)


def embedded_folder(progress: Callable[[str], None] | None = None) -> Path:
    """Return the unpacked embedded dataset, unpacking it first where it is not there.

    Raises
    ------
    DatasetError
        If the package holds no dataset.
    """
    if not PACKED.exists():
        raise DatasetError("the package holds no dataset", where=str(PACKED))
    key = f"{SCHEMA}-{PACKED.stat().st_size}-{_quick_key(PACKED)}"
    folder = cache_folder() / "dataset" / key
    if _is_whole(folder):
        return folder
    if progress:
        progress("unpack the dataset (once)")
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{key}.", dir=folder.parent))
    try:
        data = lzma.decompress(PACKED.read_bytes())
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(aside, filter="data")
        if not _is_whole(aside):
            raise DatasetError("the packed dataset is damaged", where=str(PACKED))
        complete_gazetteer(aside / "gazetteer")
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
        try:
            aside.rename(folder)
        except OSError:
            if not _is_whole(folder):
                raise
    except (lzma.LZMAError, tarfile.TarError, EOFError) as error:
        raise DatasetError(f"the packed dataset is damaged: {error}", where=str(PACKED)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def read(folder: Path, *, verify: bool = True) -> NetworkDataset:
    """Return the dataset in `folder`, arrays memory-mapped and read-only.

    `verify` may be False only where the files were checked a moment ago.

    Raises
    ------
    DatasetError
        If a file is missing, cut short or altered.
    """
    problems = damage(folder) if verify else []
    if problems:
        raise DatasetError(
            problems[0],
            where=str(folder),
            problems=tuple(problems),
            hint="build it again with `landbridge data build`",
        )
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    tables = json.loads((folder / TABLES).read_text(encoding="utf-8"))
    networks = {}
    for net in Net:
        arrays = {
            field.name: _load(folder / f"{net.name.lower()}.{field.name}.npy", field.name)
            for field in dataclasses.fields(PhysicalNetwork)
            if field.name not in ("net", "named", "order")
        }
        named = tuple(NamedLink(**row) for row in tables["named"][net.name])
        made_for = tables.get("orders", {}).get(net.name)
        order = (
            None if made_for is None
            else StoredOrder(node=_load(folder / _order_file(net)), made_for=made_for)
        )  # fmt: skip
        networks[net] = PhysicalNetwork(net=net, named=named, order=order, **arrays)
    return NetworkDataset(
        networks=networks,
        blocks=_objects(Block, tables["blocks"]),
        terminals=_objects(Terminal, tables["terminals"]),
        crossings=_objects(BorderCrossing, tables["crossings"]),
        passages=_objects(Passage, tables["passages"]),
        services=_objects(Service, tables["services"]),
        corridors=_objects(Corridor, tables["corridors"]),
        attachments=Attachments(
            **{
                f.name: _load(folder / f"attachments.{f.name}.npy")
                for f in dataclasses.fields(Attachments)
            }
        ),
        haul_tables=HaulTables(
            **{
                f.name: _load(folder / f"haul_tables.{f.name}.npy")
                for f in dataclasses.fields(HaulTables)
            }
        ),
        sea_markets=_objects(SeaMarket, tables["sea_markets"]),
        ride_legs=_objects(RideLeg, tables["ride_legs"]),
        service_markets=tables["service_markets"],
        territories=tables["territories"],
        no_through_truck=frozenset((a, b) for a, b in tables["no_through_truck"]),
        facts=_objects(DatedFact, tables["facts"]),
        digest=manifest["digest"],
    )


def damage(folder: Path) -> list[str]:
    """Return what is wrong with the files of a dataset folder; nothing where all is whole."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [f"no readable {MANIFEST}"]
    if manifest.get("schema") != SCHEMA:
        return [f"dataset schema {manifest.get('schema')}, not {SCHEMA}"]
    problems = []
    for name, facts in files:
        path = folder / name
        try:
            size = path.stat().st_size
        except OSError:
            problems.append(f"{name} is missing")
            continue
        if size != facts["bytes"]:
            problems.append(f"{name} is {size} bytes long, not {facts['bytes']}")
        elif _crc32(path) != facts["crc32"]:
            problems.append(f"{name} was altered")
    return problems


def _is_whole(folder: Path) -> bool:
    return folder.is_dir() and not damage(folder)


def _crc32(path: Path) -> int:
    with path.open("rb") as stream:
        value = 0
        while chunk := stream.read(1 << 22):
            value = zlib.crc32(chunk, value)
    return value


def _quick_key(path: Path) -> str:
    """Return a key of the packed file from its ends (xz stores its own checksums)."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
        stream.seek(-min(1 << 16, path.stat().st_size), os.SEEK_END)
        return hashlib.blake2b(head + stream.read(), digest_size=8).hexdigest()


def _rows(objects: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {field.name: _plain(getattr(row, field.name)) for field in dataclasses.fields(row)}
        for row in objects
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of a row
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _objects(kind: Callable[..., Row], rows: list[dict[str, Any]]) -> tuple[Row, ...]:
    objects = []
    for row in rows:
        for key, value in row.items():
            if value is None or value.__class__ is list:
                row[key] = _back(key, value)
        objects.append(kind(**row))
    return tuple(objects)


def _back(key: str, value: Any) -> Any:  # noqa: ANN401 - any field of a row
    if isinstance(value, list):
        if any(item.__class__ is list for item in value):
            return tuple(_back("", item) for item in value)
        return tuple(value)
    if value is None and key.endswith(("_m", "_km", "_h")):
        return float("nan")
    return value


_SCALE = {"lon": 1e4, "lat": 1e4, "shape_lonlat": 1e4, "length_km": 1e3, "chord_km": 1e2}
"""Stored as whole numbers: degrees in 1e-4 (11 m), lengths in metres, chords in 10 m."""


def _stored(name: str, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if name in _SCALE:
        scaled = value * _SCALE[name]
        whole = np.ceil(scaled - 1e-6) if name == "length_km" else np.rint(scaled)
        return whole.astype(np.int32)
    return value


def _order_file(net: Net) -> str:
    return f"{net.name.lower()}.order.npy"


def _save(path: Path, value: npt.NDArray[Any]) -> None:
    np.save(path, np.ascontiguousarray(value), allow_pickle=False)


def _load(path: Path, name: str = "") -> npt.NDArray[Any]:
    # the plain view of the mapped file: slices of np.memmap cost ten times as much
    array: npt.NDArray[Any] = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    if name in _SCALE:
        array = np.asarray(array) / _SCALE[name]
        array.flags.writeable = False
    return array
