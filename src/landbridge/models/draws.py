"""Fixed normal scores: the same luck for every option, every time.

Each named stream is a permutation of the same `n` normal scores (one per stratum), keyed by seed
and name, so that a term has its exact quantiles and adding another term shifts nobody's draws.
Factors are streams too; a term's score is `sum l_k F_k + sqrt(1 - sum l_k^2) eps`.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from landbridge.models.distribution import NORMAL, Margin

FloatArray = NDArray[np.float64]
Loadings = tuple[tuple[str, float], ...]
SAMPLES = 4000
OCEAN_IN_FREIGHT = 0.2
"""Loading of the ocean time factor in the freight market (assumed, model.md 2.6)."""


@lru_cache(maxsize=4)
def _scores(samples: int) -> FloatArray:
    scores = np.array([NORMAL.inv_cdf((i + 0.5) / samples) for i in range(samples // 2)])
    scores = np.concatenate((scores, -scores[::-1]))
    scores *= 1.0 / math.sqrt(float(np.mean(scores**2)))
    scores.flags.writeable = False
    return scores


class Draws:
    """Cached scores of named streams, shape (samples,) each."""

    def __init__(self, *, seed: int = 0, samples: int = SAMPLES) -> None:
        self.seed = seed
        self.samples = samples
        self._streams: dict[str, FloatArray] = {}
        self._values: dict[tuple[Margin, str, Loadings], FloatArray] = {}

    def stream(self, name: str) -> FloatArray:
        """Return the independent standard normal scores of one stream."""
        found = self._streams.get(name)
        if found is None:
            digest = hashlib.blake2b(f"{self.seed}/{name}".encode(), digest_size=16).digest()
            generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))
            found = generator.permutation(_scores(self.samples))
            if name == "factor/freight_market":
                found = (
                    OCEAN_IN_FREIGHT * self.stream("factor/ocean")
                    + math.sqrt(1 - OCEAN_IN_FREIGHT**2) * found
                )
            self._streams[name] = found
        return found

    def scores(self, name: str, loadings: Loadings) -> FloatArray:
        """Return the correlated scores of one stream."""
        own = self.stream(name)
        if not loadings:
            return own
        total = own * math.sqrt(max(0.0, 1.0 - sum(loading**2 for _, loading in loadings)))
        for factor, loading in loadings:
            total += loading * self.stream(f"factor/{factor}")
        return total

    def values(self, margin: Margin, name: str, loadings: Loadings) -> FloatArray:
        """Return draws of a margin, shape (samples,), cached."""
        key = (margin, name, loadings)
        found = self._values.get(key)
        if found is None:
            z = self.scores(name, loadings)
            if margin.sigma == 0.0:
                found = margin.theta + margin.k * z
            else:
                found = margin.theta + margin.sign * margin.k * np.exp(
                    margin.sigma * margin.sign * z
                )
            found = np.clip(found, margin.floor, margin.cap)
            found.flags.writeable = False
            self._values[key] = found
        return found

    def constant(self, value: float) -> FloatArray:
        """Return one value in every replication, shape (samples,)."""
        return np.full(self.samples, value)

    def late_days(self, share: float, mean_d: float, name: str, loadings: Loadings) -> FloatArray:
        """Return lateness: with probability `share` one day plus an exponential, else 0."""
        key = (Margin(share, mean_d, -1.0, 0, 0.0, 0.0), name, loadings)
        found = self._values.get(key)
        if found is None:
            upper = normal_upper_tail(self.scores(name, loadings))
            late = upper < share
            found = np.zeros(self.samples)
            found[late] = 1.0 - (mean_d - 1.0) * np.log(np.maximum(upper[late], 1e-12) / share)
            self._values[key] = found
        return found

    def uniform(self, name: str) -> FloatArray:
        """Return uniform draws of one stream, shape (samples,)."""
        key = (Margin(0.0, 1.0, -2.0, 0, 0.0, 1.0), name, ())
        found = self._values.get(key)
        if found is None:
            ranks = np.argsort(np.argsort(self.stream(name), kind="stable"), kind="stable")
            found = (ranks + 0.5) / self.samples
            self._values[key] = found
        return found


def normal_upper_tail(z: FloatArray) -> FloatArray:
    """Return `P(Z > z)`."""
    return np.array([0.5 * math.erfc(value / math.sqrt(2.0)) for value in z.tolist()])


def percentile(sorted_draws: FloatArray, share: float) -> FloatArray:
    """Return one percentile along the last axis of sorted draws, interpolated linearly."""
    position = share * (sorted_draws.shape[-1] - 1)
    below = int(position)
    rest = position - below
    above = min(below + 1, sorted_draws.shape[-1] - 1)
    result: FloatArray = (1 - rest) * sorted_draws[..., below] + rest * sorted_draws[..., above]
    return result
