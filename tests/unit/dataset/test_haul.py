from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="building a dataset needs the extra `build`")

from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.dataset.haul import build_haul_tables
from landbridge.dataset.network import Net
from worlds import strait


def test_the_tables_of_the_strait_are_those_of_brute_force() -> None:
    world = strait.dataset()
    built = build_haul_tables(world.networks, world.attachments, len(world.blocks))
    for name in ("start", "member", "offset", "km"):
        np.testing.assert_array_equal(getattr(built, name), getattr(world.haul_tables, name))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_random_tables_are_those_of_brute_force(data: st.DataObject) -> None:
    n = data.draw(st.integers(3, 10))
    node = st.integers(0, n - 1)
    links = data.draw(
        st.lists(st.tuples(node, node).filter(lambda p: p[0] != p[1]), min_size=2, max_size=16,
                 unique_by=lambda p: (min(p), max(p)))
    )  # fmt: skip
    blocks = [data.draw(st.integers(0, 1)) for _ in range(n)]
    status = [data.draw(st.sampled_from([0, 0, 0, 2])) for _ in links]
    passages = [data.draw(st.sampled_from([-1, -1, 0])) for _ in links]
    networks = {
        Net.RAIL: strait.physical(
            Net.RAIL, [(0.3 * k, 0.1 * (k % 3), b) for k, b in enumerate(blocks)], links,
            status=np.array(status, np.uint8), passage_idx=np.array(passages, np.int32),
        )
    }  # fmt: skip
    table = strait.attachments(
        [
            (0, blocks[k], k, -1, -1, k, data.draw(st.sampled_from([0.0, 1.5])),
             data.draw(st.booleans()))
            for k in range(n)
        ] + [(0, blocks[0], n, -1, -1, 0, 2.0, True)]
    )  # fmt: skip
    built = build_haul_tables(networks, table, 2)
    brute = strait.brute_hauls(networks, table, 2)
    np.testing.assert_array_equal(built.member, brute.member)
    np.testing.assert_array_equal(built.offset, brute.offset)
    np.testing.assert_allclose(built.km, brute.km, atol=0.051)


def test_a_way_over_a_passage_or_a_planned_link_is_no_haul() -> None:
    world = strait.dataset()
    tables = world.haul_tables
    ocean = 4
    km = tables.km[tables.offset[ocean] : tables.offset[ocean + 1]].reshape(4, 4)
    rows = tables.member[tables.start[ocean] : tables.start[ocean + 1]]
    gates = world.attachments.terminal_idx[rows] < 0
    assert not np.isfinite(km[np.ix_(gates, gates)][0, 1])
    assert np.isfinite(km[gates].min(axis=1)).all()
