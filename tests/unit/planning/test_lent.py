"""What is lent is nobody else's until the last array of it is gone."""

from __future__ import annotations

import numpy as np

from landbridge.planning.lent import Lent


def test_memory_comes_back_with_the_last_array_that_shares_it() -> None:
    lent = Lent(np.arange(6.0))
    first = lent.lend(2)
    first[6:] = (7.0, 8.0)
    at = first.__array_interface__["data"][0]
    part = first[3:].reshape(1, -1)
    part.flags.writeable = False
    del first
    second = lent.lend(2)
    assert second.__array_interface__["data"][0] != at
    second[6:] = 9.0
    assert part.tolist() == [[3.0, 4.0, 5.0, 7.0, 8.0]]
    del part
    third = lent.lend(1)
    assert third.__array_interface__["data"][0] == at
    assert third[:6].tolist() == second[:6].tolist() == lent.row.tolist()


def test_more_than_there_is_room_for_is_copied() -> None:
    lent = Lent(np.arange(3, dtype=np.float32))
    assert lent.lend(40)[:3].tolist() == [0.0, 1.0, 2.0]
    assert len(lent.lend(40)) == 43
