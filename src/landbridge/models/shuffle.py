"""Scores of a long stream, shuffled by machine code: the same numbers as `randomness.strata`.

For a few thousand draws NumPy is quicker than loading a kernel; for a hundred thousand the kernel
takes a fifth of NumPy's time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from landbridge.randomness import BLOCK, key_of
from landbridge.routing.native import kernel
from landbridge.units import FloatArray

Array = Any
"""An array inside a kernel."""


@kernel("uint32[:], int, int, float64[:], uint32[:], float64[:]")
def _shuffle(words: Array, bits: int, n: int, scores: Array, block: Array, shuffled: Array) -> int:
    """Write `scores[strata]` to `shuffled`; `words` are factors and summands in turn."""
    mask = np.uint32((1 << bits) - 1)
    shift = np.uint32((bits + 1) // 2)
    size = 1 << bits
    at = 0
    start = 0
    while start < size:
        count = min(len(block), size - start)
        for k in range(count):
            block[k] = np.uint32(start + k)
        for r in range(len(words) // 2):
            factor = words[2 * r] | np.uint32(1)
            summand = words[2 * r + 1]
            for k in range(count):
                x = np.uint32(np.uint32(block[k] * factor) + summand) & mask
                block[k] = np.uint32(x ^ (x >> shift))
        for k in range(count):
            x = block[k]
            if x < n:
                shuffled[at] = scores[x]
                at += 1
        start += count
    return at


def shuffled_scores(seed: int, name: str, scores: FloatArray) -> FloatArray:
    """Return `scores[strata(seed, name, n)]`, shape (n,)."""
    n = len(scores)
    bits = max(1, (n - 1).bit_length())
    shuffled = np.empty(n)
    _shuffle(key_of(seed, name), bits, n, scores, np.empty(BLOCK, np.uint32), shuffled)
    return shuffled
