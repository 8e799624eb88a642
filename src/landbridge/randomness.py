"""Named random streams that are the same on any machine, and standard normal scores.

A stream is a permutation of `n` strata, made by a keyed bijection of the integers (a few rounds of
multiply, add and shift, modulo a power of two) whose key is a digest of seed and name. It depends
on no library's generator, on no order of calls, and on nothing but 32-bit integer arithmetic.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from landbridge.units import FloatArray

ROUNDS = 4
"""With four rounds, streams are as little correlated as independent permutations (tested)."""
BLOCK = 16_384
"""Indices mixed at a time: they stay in the processor's nearest memory."""
Strata = npt.NDArray[np.uint32]


def strata(seed: int, name: str, n: int) -> Strata:
    """Return a permutation of `0..n-1`, shape (n,), fixed by seed and name.

    `x <- (a x + c) mod 2^k; x <- x xor (x >> (k + 1) / 2)`, a odd, is a bijection on `0..2^k-1`;
    images of n and more are left out.
    """
    bits = max(1, (n - 1).bit_length())
    mask, shift = np.uint32((1 << bits) - 1), np.uint32((bits + 1) // 2)
    words = key_of(seed, name)
    factors, summands = words[0::2] | np.uint32(1), words[1::2]
    size = 1 << bits
    whole = np.empty(size, np.uint32)
    first = np.arange(min(BLOCK, size), dtype=np.uint32)
    x, shifted = np.empty_like(first), np.empty_like(first)
    end = 0
    for start in range(0, size, BLOCK):
        np.add(first, np.uint32(start), out=x)
        for factor, summand in zip(factors, summands, strict=True):
            np.multiply(x, factor, out=x)
            np.add(x, summand, out=x)
            np.bitwise_and(x, mask, out=x)
            np.right_shift(x, shift, out=shifted)
            np.bitwise_xor(x, shifted, out=x)
        kept = x[x < n]
        whole[end : end + len(kept)] = kept
        end += len(kept)
    return whole[:n]


def key_of(seed: int, name: str) -> Strata:
    """Return the words that make a stream's bijection: a factor and a summand per round."""
    key = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8 * ROUNDS).digest()
    return np.frombuffer(key, dtype="<u4").astype(np.uint32)


@lru_cache(maxsize=8)
def normal_scores(n: int) -> FloatArray:
    """Return one standard normal score per stratum, shape (n,), rising, variance 1.

    The score of stratum i is the quantile at `(i + 1/2) / n`; the two outermost carry what the
    middles of strata lack of the variance.
    """
    scores = normal_quantile((np.arange(n) + 0.5) / n)
    if n > 2:
        lacking = n - float(np.sum(scores[1:-1] ** 2))
        scores[0], scores[-1] = -math.sqrt(lacking / 2), math.sqrt(lacking / 2)
    scores.flags.writeable = False
    return scores


_CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3),
)  # fmt: skip
_SIDES = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9),
)  # fmt: skip
_TAILS = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15),
)  # fmt: skip


def normal_quantile(shares: FloatArray) -> FloatArray:
    """Return the standard normal quantiles of shares in (0, 1), same shape.

    Algorithm AS 241 (PPND16) of Wichura, Applied Statistics 37 (1988): relative error 1e-16.
    """
    q = shares - 0.5
    result = np.empty_like(q)
    inner = np.abs(q) <= 0.425
    r = 0.180625 - q[inner] ** 2
    result[inner] = q[inner] * _ratio(_CENTRE, r)
    outer = ~inner
    far = np.sqrt(-np.log(np.minimum(shares[outer], 1.0 - shares[outer])))
    value = np.where(far <= 5.0, _ratio(_SIDES, far - 1.6), _ratio(_TAILS, far - 5.0))
    result[outer] = np.where(q[outer] < 0.0, -value, value)
    return result


_ERFC_NEAR = (
    (1.23033935479799725272e3, 2.05107837782607146532e3, 1.71204761263407058314e3,
     8.81952221241769090411e2, 2.98635138197400131132e2, 6.61191906371416294775e1,
     8.88314979438837594118e0, 5.64188496988670089180e-1, 2.15311535474403846343e-8),
    (1.23033935480374942043e3, 3.43936767414372163696e3, 4.36261909014324715820e3,
     3.29079923573345962678e3, 1.62138957456669018874e3, 5.37181101862009857509e2,
     1.17693950891312499305e2, 1.57449261107098347253e1, 1.0),
)  # fmt: skip
_ERFC_FAR = (
    (6.58749161529837803157e-4, 1.60837851487422766278e-2, 1.25781726111229246204e-1,
     3.60344899949804439429e-1, 3.05326634961232344035e-1, 1.63153871373020978498e-2),
    (2.33520497626869185443e-3, 6.05183413124413191178e-2, 5.27905102951428412248e-1,
     1.87295284992346047209e0, 2.56852019228982242072e0, 1.0),
)  # fmt: skip
_ERF_CENTRE = (
    (3.20937758913846947e3, 3.77485237685302021e2, 1.13864154151050156e2,
     3.16112374387056560e0, 1.85777706184603153e-1),
    (2.84423683343917062e3, 1.28261652607737228e3, 2.44024637934444173e2,
     2.36012909523441209e1, 1.0),
)  # fmt: skip


def normal_upper_tail(z: FloatArray) -> FloatArray:
    """Return `P(Z > z)` of the standard normal, same shape.

    `erfc(z / sqrt 2) / 2` by the rational approximations of Cody, Mathematics of Computation 23
    (1969): relative error 1e-15.
    """
    x = np.abs(z) / math.sqrt(2.0)
    square = x * x
    centre = 1.0 - x * _ratio(_ERF_CENTRE, np.minimum(square, 1.0))
    fall = np.exp(-square)
    near = fall * _ratio(_ERFC_NEAR, x)
    inverse = 1.0 / np.maximum(square, 1.0)
    tail = 1.0 / math.sqrt(math.pi) - inverse * _ratio(_ERFC_FAR, inverse)
    far = fall / np.maximum(x, 1.0) * tail
    erfc = np.where(x <= 0.46875, centre, np.where(x <= 4.0, near, far))
    result: FloatArray = 0.5 * np.where(z < 0.0, 2.0 - erfc, erfc)
    return result


def _ratio(polynomials: tuple[tuple[float, ...], tuple[float, ...]], x: FloatArray) -> FloatArray:
    """Return the quotient of two polynomials, coefficients from the constant up."""
    above = np.full_like(x, polynomials[0][-1])
    for coefficient in reversed(polynomials[0][:-1]):
        above = above * x + coefficient
    below = np.full_like(x, polynomials[1][-1])
    for coefficient in reversed(polynomials[1][:-1]):
        below = below * x + coefficient
    return above / below
