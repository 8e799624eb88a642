"""The benchmark of growth: exponents as drawn, work as counted by hand."""

from __future__ import annotations

import pytest

pytest.importorskip("scipy")

from benchmarks.growth import Size, exponents, measure


def test_exponents_are_those_the_figures_were_made_with() -> None:
    rows = [
        Size(
            nodes=n, arcs=4 * n, edges=5 * n, triangles=int(n**1.5), levels=9,
            sweep_edges=7, customize_s=1e-9 * n**1.2, matrix_s=0.5,
        )
        for n in (10_000, 40_000, 160_000)
    ]  # fmt: skip
    assert exponents(rows) == {
        "edges": 1.0, "triangles": 1.5, "sweep_edges": 0.0, "customize_s": 1.2, "matrix_s": 0.0,
    }  # fmt: skip


def test_work_is_counted_and_timed(capsys: pytest.CaptureFixture[str]) -> None:
    small, large = measure(runs=1, sizes=(300, 1200))
    assert capsys.readouterr().out.count("ready") == 2
    assert small.arcs == 800
    assert small.edges >= small.arcs / 2
    # every triangle has a lower edge and one further on: fewer than edges times levels
    assert small.edges < small.triangles < small.edges * small.levels
    assert large.triangles > small.triangles
    assert 0.0 < small.customize_s < 10.0
    assert 0.0 < small.matrix_s < 10.0
