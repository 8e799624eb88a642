"""Near misses: places whose name is spelt much like the one asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from landbridge.dataset.gazetteer_files import GazetteerFiles
from landbridge.dataset.gazetteer_keys import ascii_key, key, trigrams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PREFILTER = 200
_WORTH_SHOWING = 60.0


def near_places(
    files: GazetteerFiles,
    name: str,
    allowed: Callable[[NDArray[Any]], NDArray[np.bool_]],
    limit: int,
) -> list[tuple[int, float]]:
    """Return places with a similar name and the similarity 0..100, best first.

    Parameters
    ----------
    allowed
        Says of an array of place numbers which will do.
    limit
        How many to return at most (at least one).
    """
    import numpy as np
    from rapidfuzz import fuzz

    starts, postings = files.array("index_trigram_start"), files.array("index_trigram_key")
    key_start = files.array("index_key_start")
    best: dict[int, float] = {}
    for text in dict.fromkeys((key(name), ascii_key(name))):
        if not text:
            continue
        codes = trigrams(text)
        hits = np.concatenate([postings[starts[c] : starts[c + 1]] for c in codes])
        if not hits.size:
            continue
        counts = np.bincount(hits)
        numbers = np.flatnonzero(counts >= max(1, counts.max() // 2))
        dice = 2.0 * counts[numbers] / (len(codes) + np.diff(key_start)[numbers])
        places = files.array("index_key_place")[numbers]
        dice = np.where(allowed(places), dice, -1.0)
        for index in np.argsort(-dice, kind="stable")[:_PREFILTER].tolist():
            if dice[index] <= 0.0:
                break
            other = files.line("keys", "index_key_start", int(numbers[index]))
            score = float(fuzz.ratio(text, other))
            number = int(places[index])
            if score >= _WORTH_SHOWING and score > best.get(number, 0.0):
                best[number] = score
    weight = files.array("weight")
    order = sorted(best, key=lambda n: (-best[n], -int(weight[n]), n))
    return [(number, best[number]) for number in order[: max(limit, 1)]]
