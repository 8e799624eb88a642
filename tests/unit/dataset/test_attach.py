"""Terminals at a break of gauge touch both tracks."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="building a dataset needs the extra `build`")

from landbridge.dataset.attach import snap
from landbridge.dataset.contribution import Origin
from landbridge.dataset.lines import Lines, merge
from landbridge.domain.network import Terminal
from worlds.frontier import contribution


def broad_line_with_a_standard_stub(*, is_open: bool = True) -> Lines:
    """A long 1520 mm line and, beside its middle, a two-node 1435 mm link by hand."""
    nodes = [(float(x), 0.0) for x in np.linspace(0.0, 3.0, 61)]
    lines = merge("rail", [contribution(nodes, [(k, k + 1) for k in range(60)])])
    lines.country = np.full(lines.n_nodes, "AA")
    lines.gauge_mm = np.full(lines.n_nodes, 1520, np.int32)
    stub = lines.add_nodes([1.5, 1.5], [0.05, 0.2], "AA", 1435)
    lines.add_links(stub[:1], stub[1:], 17.0, Origin.SUPPLEMENT, 0 if is_open else 1)
    lines.forced_gauge_mm.update({int(node): 1435 for node in stub})
    return lines


def station(gauges: tuple[int, ...]) -> Terminal:
    return Terminal(
        id="DRY-X",
        name="X",
        aliases=(),
        country="AA",
        lat=0.04,
        lon=1.5,
        kind="gauge_break",
        modes=("rail",),
        unlocode="",
        gauges_mm=gauges,
        status="operational",
        max_draught_m=float("nan"),
        restriction="",
        port_class="",
        quality="published",
        evidence="",
    )


def gauges_touched(lines: Lines, gauges: tuple[int, ...]) -> list[int]:
    touches = snap(lines, [station(gauges)], reach_km={}, default_km=30.0)
    return sorted(int(lines.gauge_mm[node]) for _, node, _ in touches)


def test_a_gauge_break_touches_the_short_foreign_track_too() -> None:
    assert gauges_touched(broad_line_with_a_standard_stub(), (1520, 1435)) == [1435, 1520]


def test_a_terminal_of_one_gauge_does_not() -> None:
    assert gauges_touched(broad_line_with_a_standard_stub(), (1520,)) == [1520]


def test_a_link_that_is_not_open_gives_no_touch() -> None:
    lines = broad_line_with_a_standard_stub(is_open=False)
    assert gauges_touched(lines, (1520, 1435)) == [1520]
