from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.models.shuffle import shuffled_scores
from landbridge.randomness import normal_quantile, normal_scores, normal_upper_tail, strata

NORMAL = NormalDist()


@given(st.integers(1, 3000), st.integers(0, 2**40), st.text(max_size=8))
@settings(max_examples=60)
def test_a_stream_is_a_permutation(n: int, seed: int, name: str) -> None:
    assert sorted(strata(seed, name, n).tolist()) == list(range(n))


def test_streams_are_the_same_on_every_machine() -> None:
    # the bijection written out once more, with Python's own integers
    import hashlib

    key = hashlib.blake2b(b"7/rail.speed/RU", digest_size=32).digest()
    words = [int.from_bytes(key[4 * i : 4 * i + 4], "little") for i in range(8)]
    expected = []
    for x in range(128):
        for factor, summand in zip(words[0::2], words[1::2], strict=True):
            x = (x * (factor | 1) + summand) & 127  # noqa: PLW2901
            x ^= x >> 4  # noqa: PLW2901
        if x < 100:
            expected.append(x)
    assert strata(7, "rail.speed/RU", 100).tolist() == expected
    assert strata(0, "ocean", 2000)[:6].tolist() == [1225, 1012, 132, 214, 996, 1394]


@pytest.mark.parametrize("n", [1, 2, 1000, 16_385, 100_000])
def test_the_kernel_shuffles_as_numpy_does(n: int) -> None:
    scores = np.arange(n, dtype=float)
    assert shuffled_scores(5, "a", scores).tolist() == strata(5, "a", n).tolist()


def test_streams_are_as_independent_as_they_look() -> None:
    n, count = 2000, 150
    rows = np.array([normal_scores(n)[strata(0, f"s{i}", n)] for i in range(count)])
    pairs = np.triu_indices(count, 1)
    plain = np.corrcoef(rows)[pairs]
    squares = np.corrcoef(rows**2)[pairs]
    assert plain.std() * math.sqrt(n) == pytest.approx(1.0, abs=0.05)
    assert squares.std() * math.sqrt(n) == pytest.approx(1.0, abs=0.1)
    assert np.abs(plain).max() < 5.5 / math.sqrt(n)
    neighbours = [np.corrcoef(row[:-1], row[1:])[0, 1] for row in rows]
    assert np.std(neighbours) * math.sqrt(n) == pytest.approx(1.0, abs=0.25)


def test_scores_are_exact_quantiles_with_variance_one() -> None:
    scores = normal_scores(2000)
    assert scores.mean() == pytest.approx(0, abs=1e-15)
    assert scores.var() == pytest.approx(1, abs=1e-12)
    assert scores[1:-1] == pytest.approx([NORMAL.inv_cdf((i + 0.5) / 2000) for i in range(1, 1999)])
    assert normal_scores(1).tolist() == [0.0]
    assert normal_scores(2)[1] == pytest.approx(0.67449, abs=1e-5)


def test_quantiles_and_tails_undo_each_other() -> None:
    shares = np.concatenate([np.linspace(0.001, 0.999, 999), 10.0 ** -np.arange(3.0, 15.0)])
    z = normal_quantile(shares)
    assert z == pytest.approx([NORMAL.inv_cdf(p) for p in shares], rel=1e-12, abs=1e-15)
    assert normal_upper_tail(-z) == pytest.approx(shares, rel=1e-12)
    points = np.array([-9.0, -3.0, -0.4, 0.0, 0.3, 1.0, 2.5, 5.0, 6.0, 12.0])
    exact = [0.5 * math.erfc(x / math.sqrt(2)) for x in points]
    assert normal_upper_tail(points) == pytest.approx(exact, rel=1e-12)
