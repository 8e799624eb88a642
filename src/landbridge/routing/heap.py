"""A binary heap in two arrays: keys and the items they stand for.

Written for the compiler: kernels name these functions as helpers (see `native`).
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]


def push(heap_key: Array, heap_item: Array, size: int, key: float, item: int) -> int:
    """Add an entry to the heap and return its new size."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if heap_key[parent] <= key:
            break
        heap_key[i] = heap_key[parent]
        heap_item[i] = heap_item[parent]
        i = parent
    heap_key[i] = key
    heap_item[i] = item
    return size + 1


def pop(heap_key: Array, heap_item: Array, size: int) -> int:
    """Drop the first entry of the heap and return its new size."""
    size -= 1
    key = heap_key[size]
    item = heap_item[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and heap_key[child + 1] < heap_key[child]:
            child += 1
        if heap_key[child] >= key:
            break
        heap_key[i] = heap_key[child]
        heap_item[i] = heap_item[child]
        i = child
    heap_key[i] = key
    heap_item[i] = item
    return size
