"""Draws of margins: the same luck for every option, every time, on every machine.

Each named stream is a permutation of the same `n` normal scores (one per stratum), keyed by seed
and name, so that a term has its exact quantiles and adding another term shifts nobody's draws.
Factors are streams too; a term's score is `sum l_k F_k + sqrt(1 - sum l_k^2) eps`.
"""

from __future__ import annotations

import math

import numpy as np

from landbridge.domain.request import DEFAULT_SAMPLES
from landbridge.models.distribution import Margin
from landbridge.randomness import normal_quantile, normal_scores, normal_upper_tail, strata
from landbridge.units import FloatArray

Loadings = tuple[tuple[str, float], ...]
KERNEL_FROM = 20_000
"""From so many draws on, machine code shuffles faster than NumPy, its loading included."""
KERNEL_AFTER = 200
"""After so many draws kept, a process goes on: machine code is worth its loading."""
MOST_KEPT_BYTES = 256_000_000
"""Values of terms beyond this are drawn again each time they are asked for."""
OCEAN_IN_FREIGHT = 0.2
"""Loading of the ocean time factor in the freight market (assumed, model.md 2.6)."""
MOST_COMMON_SHARE = 0.95
"""No more of a score's variance than this is shared, however much loadings are scaled."""


class Draws:
    """Scores of named streams and draws of margins, shape (samples,) each.

    Parameters
    ----------
    seed
        Key of all streams.
    samples
        How many draws, at least 1.
    loading_scale
        Multiplies every loading on a common factor: 1, or 0.5 and 2 in a sensitivity run.
    """

    def __init__(
        self, *, seed: int = 0, samples: int = DEFAULT_SAMPLES, loading_scale: float = 1.0
    ) -> None:
        self.seed = seed
        self.samples = samples
        self.loading_scale = loading_scale
        self.lent = 0
        """How many sums of these draws others keep."""
        self._kept_bytes = 0
        self._streams: dict[str, FloatArray] = {}
        self._values: dict[tuple[Margin, str, Loadings], FloatArray] = {}

    @property
    def kept(self) -> int:
        """How many streams, draws and sums of draws are kept."""
        return len(self._streams) + len(self._values) + self.lent

    def stream(self, name: str) -> FloatArray:
        """Return the independent standard normal scores of one stream."""
        found = self._streams.get(name)
        if found is None:
            found = self._shuffled(normal_scores(self.samples), name)
            if name == "factor/freight_market":
                ocean = OCEAN_IN_FREIGHT * self.loading_scale
                found = ocean * self.stream("factor/ocean") + math.sqrt(1 - ocean**2) * found
            if name.startswith("factor/"):  # others make one quantity each, whose values are kept
                self._streams[name] = found
        return found

    def _shuffled(self, rising: FloatArray, name: str) -> FloatArray:
        """Return one value per stratum in the order of a stream."""
        if self.samples < KERNEL_FROM and len(self._values) < KERNEL_AFTER:
            return rising[strata(self.seed, name, self.samples)]
        from landbridge.models.shuffle import shuffled_scores

        return shuffled_scores(self.seed, name, rising)

    def scores(self, name: str, loadings: Loadings) -> FloatArray:
        """Return the correlated scores of one stream."""
        own = self.stream(name)
        if not loadings:
            return own
        scale = self.loading_scale
        common = sum(loading**2 for _, loading in loadings) * scale**2
        if common > MOST_COMMON_SHARE:
            scale *= math.sqrt(MOST_COMMON_SHARE / common)
            common = MOST_COMMON_SHARE
        total = own * math.sqrt(1.0 - common)
        for factor, loading in loadings:
            total += scale * loading * self.stream(f"factor/{factor}")
        return total

    def values(self, margin: Margin, name: str, loadings: Loadings) -> FloatArray:
        """Return draws of a margin, shape (samples,), not to be written to."""
        key = (margin, name, loadings)
        found = self._values.get(key)
        if found is None:
            found = margin.of_scores(self.scores(name, loadings))
            self._keep(key, found)
        return found

    def late_days(self, share: float, mean_d: float, name: str, loadings: Loadings) -> FloatArray:
        """Return lateness: with probability `share` one day plus an exponential, else 0."""
        key = (Margin(share, mean_d, -1.0, 0, 0.0, 0.0), name, loadings)
        found = self._values.get(key)
        if found is None:
            found = np.zeros(self.samples)
            if share > 0.0:
                z = self.scores(name, loadings)
                late = np.flatnonzero(z > quantile_at(1.0 - share))
                upper = np.minimum(normal_upper_tail(z[late]), share)
                found[late] = 1.0 - (mean_d - 1.0) * np.log(upper / share)
            self._keep(key, found)
        return found

    def uniform(self, name: str) -> FloatArray:
        """Return uniform draws of one stream, one in the middle of each stratum."""
        key = (Margin(0.0, 1.0, -2.0, 0, 0.0, 1.0), name, ())
        found = self._values.get(key)
        if found is None:
            middles = (np.arange(self.samples) + 0.5) / self.samples
            found = self._shuffled(middles, name)
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[Margin, str, Loadings], values: FloatArray) -> None:
        if self._has_room(values):
            values.flags.writeable = False
            self._values[key] = values

    def _has_room(self, values: FloatArray) -> bool:
        """Return whether a further array may be kept, and count it."""
        if self._kept_bytes + values.nbytes > MOST_KEPT_BYTES:
            return False
        self._kept_bytes += values.nbytes
        return True


def quantile_at(share: float) -> float:
    """Return the standard normal quantile of one share, infinite at 0 and 1."""
    if not 0.0 < share < 1.0:
        return math.copysign(math.inf, share - 0.5)
    return float(normal_quantile(np.array([share]))[0])


def percentile(sorted_draws: FloatArray, share: float) -> FloatArray:
    """Return one percentile along the last axis of sorted draws.

    Draw i of n stands for the share `(i + 1/2) / n` (Hazen); between them it is linear. Of
    stratified draws this is exact.
    """
    last = sorted_draws.shape[-1] - 1
    position = min(max(share * (last + 1) - 0.5, 0.0), float(last))
    below = int(position)
    rest = position - below
    above = min(below + 1, last)
    result: FloatArray = (1 - rest) * sorted_draws[..., below] + rest * sorted_draws[..., above]
    return result
