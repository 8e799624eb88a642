"""The user's cache folder, and writing into it so that nobody reads a half-written file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from landbridge.errors import DatasetError


def cache_folder() -> Path:
    """Return the folder for what can be made again: LANDBRIDGE_CACHE, else the user's.

    Where neither can be written (a read-only home), a temporary folder of the user's own.

    Raises
    ------
    DatasetError
        If no folder can be written.
    """
    named = os.environ.get("LANDBRIDGE_CACHE")
    if named:
        candidates = [Path(named)]
    else:
        base = os.environ.get("XDG_CACHE_HOME")
        home = Path(base) if base else Path("~").expanduser() / ".cache"
        candidates = [home / "landbridge"]
    uid = os.getuid() if hasattr(os, "getuid") else 0
    candidates.append(Path(tempfile.gettempdir()) / f"landbridge-{uid}")
    for folder in candidates:
        if _can_be_written(folder):
            return folder
    raise DatasetError(
        "no folder can be written to unpack the dataset",
        where=str(candidates[0]),
        hint="set LANDBRIDGE_CACHE to a folder you may write",
    )


def unusable_cache() -> str:
    """Return the folder that LANDBRIDGE_CACHE names if it cannot be used, else nothing."""
    named = os.environ.get("LANDBRIDGE_CACHE", "")
    return named if named and not _can_be_written(Path(named)) else ""


def _can_be_written(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def write_aside(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then renamed into it.

    Raises
    ------
    OSError
        If the folder cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
