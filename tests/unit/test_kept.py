from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from landbridge.kept import Kept


def test_the_oldest_goes() -> None:
    kept: Kept[int, str] = Kept(2)
    for key in (1, 2, 3):
        kept.put(key, str(key))
    assert (kept.get(1), kept.get(2), kept.get(3), len(kept)) == (None, "2", "3", 2)


def test_a_value_is_made_once() -> None:
    kept: Kept[str, list[int]] = Kept(4)
    made = kept.made("a", lambda: [1])
    assert kept.made("a", lambda: [2]) is made == [1]


def test_threads_get_one_value() -> None:
    kept: Kept[int, object] = Kept(8)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda k: kept.made(k % 2, object), range(200)))
    assert len(set(map(id, found))) == 2
