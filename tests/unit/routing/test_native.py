"""Kernels as machine code: right answers, and never a wrong object file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landbridge.routing import native

FACTOR = 3


def _twice(value: float) -> float:
    return 2.0 * value


def _weigh(values: Any, table: Any, by: float, out: Any) -> int:
    for i in range(len(values)):
        out[i] = _twice(values[i]) * by + table[i, table.shape[1] - 1]
    return len(values) * FACTOR


def _hoard(size: int, out: Any) -> int:
    held = np.empty(size)
    for i in range(size):
        held[i] = i
    for i in range(size):
        out[i] = held[size - 1 - i]
    return size


TYPES = "float64[:], int8[:,:], float, float64[:]"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    return tmp_path / "kernels"


@pytest.fixture(autouse=True)
def unregistered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "REGISTRY", [])


def run(kernel: native.Kernel) -> tuple[int, list[float]]:
    out = np.zeros(3)
    table = np.array([[9, 1], [9, 2], [9, 3]], np.int8)
    return kernel(np.array([1.0, 2.0, 3.0]), table, 10.0, out), out.tolist()


def fresh() -> native.Kernel:
    return native.kernel(TYPES, helpers=(_twice,))(_weigh)


def is_whole(stored: bytes) -> bool:
    check, _, rest = stored.partition(b"\n")
    return hashlib.blake2b(rest, digest_size=16).hexdigest().encode() == check


def test_kernel_answers_alike_compiled_loaded_and_damaged(cache: Path) -> None:
    expected = (9, [21.0, 42.0, 63.0])
    assert run(fresh()) == expected
    (path,) = cache.iterdir()
    whole = path.read_bytes()
    assert run(fresh()) == expected
    assert path.read_bytes() == whole
    for damaged in (whole[:-100], b"", whole[:40] + b"\0" + whole[41:], b"junk\n" + whole):
        path.write_bytes(damaged)
        assert run(fresh()) == expected
        assert is_whole(path.read_bytes())


def test_loading_imports_no_compiler(cache: Path) -> None:
    script = (
        "import sys, numpy as np\n"
        "from landbridge.routing.shortest import one_to_all\n"
        "first, head = np.array([0, 1, 1], np.int32), np.array([1], np.int32)\n"
        "print(one_to_all(first, head, np.array([2], np.float32), 0, -1, np.inf)[0])\n"
        "print('numba' in sys.modules)\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for _ in range(2)
    ]
    assert said[1] == ["[0. 2.]", "False"]
    assert said[0][0] == said[1][0]


def test_other_source_or_other_number_is_another_file(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(fresh())
    monkeypatch.setitem(_weigh.__globals__, "FACTOR", 5)
    assert run(fresh())[0] == 15
    assert len(list(cache.iterdir())) == 2


def test_wrong_arrays_are_refused(cache: Path) -> None:
    kernel = fresh()
    table, out = np.zeros((3, 2), np.int8), np.zeros(3)
    with pytest.raises(TypeError, match="float64 arrays of 1 dimensions, not float32"):
        kernel(np.zeros(3, np.float32), table, 1.0, out)
    with pytest.raises(TypeError, match="contiguous"):
        kernel(np.zeros(6)[::2], table, 1.0, out)
    with pytest.raises(TypeError, match="takes 4 values"):
        kernel(np.zeros(3))


def test_kernel_that_allocates_is_refused(cache: Path) -> None:
    with pytest.raises(TypeError, match="allocates"):
        native.kernel("int, float64[:]")(_hoard).load()


def test_parameter_types_are_checked() -> None:
    with pytest.raises(TypeError, match="no kernel parameter type"):
        native.kernel("complex")(lambda a: 0)
    with pytest.raises(TypeError, match="number of parameters"):
        native.kernel("int, int")(lambda a: 0)


def test_an_array_begins_where_it_says() -> None:
    whole = np.arange(24.0).reshape(4, 6)
    for array in (whole, whole[2:], whole[:0], np.zeros(0, np.int8), np.float32([1.0])):
        assert native._address(array) == array.__array_interface__["data"][0]
