"""Margins: the distribution that a low, central and high stand for.

Three points are P10, P50 and P90. With `a = high - central`, `b = central - low`, `r = a / b` and
`z = 1.28155`: a normal if r is about 1, a shifted lognormal `X = theta + k exp(sigma Z)` with
`sigma = ln r / z`, `k = a b / (a - b)`, `theta = central - k` if r > 1, its mirror image if r < 1.
It meets the three points exactly. Values are held between a floor and `central + 6 a`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landbridge.parameters import Parameter
from landbridge.units import FloatArray

Z90 = 1.2815515655446004
"""The standard normal's P90."""
SYMMETRIC_LOG_RATIO = 0.02
CAP_SPREADS = 6.0
HALF_SIDED = 0.25
"""Spread of the missing side over the given one, where low or high equals central."""


def _cdf(z: float) -> float:
    """Return `P(Z <= z)` of the standard normal."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def _pdf(z: float) -> float:
    """Return the density of the standard normal at z."""
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


@dataclass(frozen=True, slots=True)
class Margin:
    """`X = theta + sign * k * exp(sigma * sign * Z)`, or normal if sigma is 0.

    `sign` is +1 for a long right tail and -1 for its mirror. For the normal, `theta` is the mean
    and `k` the standard deviation. `floor` and `cap` hold every value.
    """

    theta: float
    k: float
    sigma: float
    sign: int
    floor: float
    cap: float

    def at(self, z: float) -> float:
        """Return the value at the standard normal score z."""
        if self.sigma == 0.0:
            value = self.theta + self.k * z
        else:
            value = self.theta + self.sign * self.k * math.exp(self.sigma * self.sign * z)
        return min(max(value, self.floor), self.cap)

    def of_scores(self, scores: FloatArray) -> FloatArray:
        """Return the values at standard normal scores, same shape, a new array."""
        if self.k == 0.0:
            return np.full(scores.shape, self.at(0.0))
        if self.sigma == 0.0:
            values = self.k * scores
        else:
            values = (self.sigma * self.sign) * scores
            np.exp(values, out=values)
            values *= self.sign * self.k
        values += self.theta
        return np.clip(values, self.floor, self.cap, out=values)

    def mean(self) -> float:
        """Return the expected value, floor and cap included."""
        return _mean(self)

    def excess(self, level: float) -> float:
        """Return `E[max(X - level, 0)]` for a level at or above the floor."""
        if level >= self.cap:
            return 0.0
        if self.k == 0.0:
            return max(0.0, self.mean() - level)
        if level <= self.floor:
            return self.mean() - level
        # what is kept below the cap, less what is kept below the level
        return (self.cap - self._stop_gain(self.cap)) - (level - self._stop_gain(level))

    def shifted(self, z: float) -> Margin:
        """Return the margin of a season that moves the score by z; its shape is kept."""
        if z == 0.0 or self.k == 0.0:
            return self
        if self.sigma == 0.0:
            return Margin(self.theta + self.k * z, self.k, 0.0, 1, self.floor, self.cap)
        k = self.k * math.exp(self.sigma * self.sign * z)
        return Margin(self.theta, k, self.sigma, self.sign, self.floor, self.cap)

    def _stop_gain(self, level: float) -> float:
        """Return `E[max(level - X, 0)]` of the margin without floor and cap."""
        if self.sigma == 0.0:
            d = (level - self.theta) / self.k
            return (level - self.theta) * _cdf(d) + self.k * _pdf(d)
        if self.sign > 0:
            if level <= self.theta:
                return 0.0
            d = math.log((level - self.theta) / self.k) / self.sigma
            growth = math.exp(self.sigma**2 / 2)
            return (level - self.theta) * _cdf(d) - self.k * growth * _cdf(d - self.sigma)
        # mirror: X = theta - Y, Y lognormal; E[max(level - theta + Y, 0)]
        growth = math.exp(self.sigma**2 / 2)
        strike = self.theta - level
        if strike <= 0:
            return self.k * growth - strike
        d = (math.log(self.k / strike) + self.sigma**2) / self.sigma
        return self.k * growth * _cdf(d) - strike * _cdf(d - self.sigma)

    def _stop_gain_below(self, floor: float) -> float:
        return self._stop_gain(floor) if floor > -math.inf else 0.0


@lru_cache(maxsize=8192)
def _mean(margin: Margin) -> float:
    """Return the expected value of a margin; few margins are asked for thousands of times."""
    if margin.k == 0.0:
        return min(max(margin.theta, margin.floor), margin.cap)
    gain = margin._stop_gain(margin.cap)  # noqa: SLF001 - one module
    return margin.cap - gain + margin._stop_gain_below(margin.floor)  # noqa: SLF001


@lru_cache(maxsize=8192)
def fit(low: float, central: float, high: float, *, floor: float = 0.0) -> Margin:
    """Return the margin through P10, P50 and P90; equal points have no spread.

    If only one side has a spread, the other gets a quarter of it.
    """
    a, b = high - central, central - low
    tiny = 1e-12 * max(abs(central), 1e-300)
    if a <= tiny and b <= tiny:
        return Margin(central, 0.0, 0.0, 1, min(floor, central), max(central, floor))
    if b <= tiny:
        b = HALF_SIDED * a
    elif a <= tiny:
        a = HALF_SIDED * b
    cap = central + CAP_SPREADS * a
    ratio = math.log(a / b)
    if abs(ratio) < SYMMETRIC_LOG_RATIO:
        return Margin(central, (a + b) / 2 / Z90, 0.0, 1, floor, cap)
    sigma = abs(ratio) / Z90
    k = a * b / abs(a - b)
    if ratio > 0:
        return Margin(central - k, k, sigma, 1, floor, cap)
    return Margin(central + k, k, sigma, -1, floor, cap)


def fit_parameter(parameter: Parameter, *, inverse_of: float = 0.0, widen: float = 0.0) -> Margin:
    """Return the margin of a parameter.

    Parameters
    ----------
    parameter
        Low, central, high; if all three are equal and the row is no agreed constant they stay so.
    inverse_of
        If over 0, the margin of `inverse_of / value`: speeds become hours, low becomes high.
    widen
        Share by which low is divided and high multiplied (age of a local-currency tariff).
    """
    low, central, high = parameter.low, parameter.central, parameter.high
    if widen > 0.0:
        low, high = low / (1.0 + widen), high * (1.0 + widen)
    if inverse_of > 0.0:
        low, central, high = inverse_of / high, inverse_of / central, inverse_of / low
    return fit(low, central, high)
