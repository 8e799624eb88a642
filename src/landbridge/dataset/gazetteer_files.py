"""The gazetteer's arrays on disk: mapped when first needed, the index checked before use."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.dataset.gazetteer_build import INDEX_CHECKS, index_arrays
from landbridge.errors import DatasetError

if TYPE_CHECKING:
    from numpy.typing import NDArray


class GazetteerFiles:
    """Arrays by name; an index that is missing or damaged is computed instead."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._arrays: dict[str, NDArray[Any]] = {}

    def array(self, name: str) -> NDArray[Any]:
        """Return the array `name`, mapped from disk.

        Raises
        ------
        DatasetError
            The file is missing or no array.
        """
        import numpy as np

        if name in self._arrays:
            return self._arrays[name]
        path = self._directory / f"{name}.npy"
        if name.startswith("index_"):
            whole = self._whole_index(name, path)
            if whole is None:
                self._arrays.update(index_arrays(self.array))
                return self._arrays[name]
            self._arrays[name] = whole
            return whole
        try:
            array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise DatasetError(f"gazetteer file unreadable: {error}", where=str(path)) from error
        self._arrays[name] = array
        return array

    def line(self, blob: str, starts: str, number: int) -> str:
        """Return line `number` of a blob of text whose offsets are in array `starts`."""
        offsets = self.array(starts)
        low, high = int(offsets[number]), int(offsets[number + 1]) - 1
        return bytes(self.array(blob)[low:high]).decode("utf-8")

    @cached_property
    def _index_checks(self) -> dict[str, int]:
        try:
            checks = json.loads((self._directory / INDEX_CHECKS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return checks if isinstance(checks, dict) else {}

    def _whole_index(self, name: str, path: Path) -> NDArray[Any] | None:
        """Return an index file, or None if it is missing or not as it was written."""
        import zlib

        import numpy as np

        try:
            array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError):
            return None
        check = zlib.crc32(array.tobytes())
        return array if check == self._index_checks.get(name) else None
