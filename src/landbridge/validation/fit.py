"""Maximum a posteriori fit of log multipliers: Huber loss, normal priors, no other library.

Minimises `sum w_i rho(r_i) + sum (beta_k / tau_k)^2` with `r_i = (ln y_i - ln m_i(beta)) / s_i`
and `rho` quadratic up to 1.5, linear beyond. The model enters as `ln m` and its derivatives, so
the caller linearises it anew after each solution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
HUBER = 1.5
ROUNDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """Observations linearised at `beta0`: `ln m = log_model + slope @ (beta - beta0)`.

    Shapes: n rows, k multipliers; `log_published`, `log_model`, `weight`, `sd` (n,), `slope`
    (n, k), `beta0`, `tau` (k,).
    """

    log_published: FloatArray
    log_model: FloatArray
    slope: FloatArray
    weight: FloatArray
    sd: FloatArray
    beta0: FloatArray
    tau: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Multipliers' logs and how much the data say: posterior over prior deviation, each (k,)."""

    beta: FloatArray
    learned: FloatArray


def solve(data: Linear, *, free: NDArray[np.bool_] | None = None) -> Solution:
    """Return the solution of the linearised problem; multipliers that are not free stay at 0."""
    k = len(data.tau)
    use = np.ones(k, bool) if free is None else free
    beta = np.where(use, data.beta0, 0.0)
    precision = np.diag(1.0 / data.tau[use] ** 2)
    slope = data.slope[:, use]
    ratio = np.ones(k)
    fixed = data.log_published - data.log_model + data.slope @ data.beta0
    for _ in range(ROUNDS):
        residual = (fixed - data.slope @ beta) / data.sd
        size = np.abs(residual)
        robust = data.weight * np.where(size <= HUBER, 1.0, HUBER / np.maximum(size, 1e-12))
        w = robust / data.sd**2
        hessian = slope.T @ (slope * w[:, None]) + precision
        step = np.linalg.solve(hessian, slope.T @ (w * fixed))
        moved = np.max(np.abs(step - beta[use]), initial=0.0)
        beta[use] = step
        ratio[use] = np.sqrt(np.diag(np.linalg.inv(hessian))) / data.tau[use]
        if moved < 1e-9:
            break
    return Solution(beta=beta, learned=ratio)
