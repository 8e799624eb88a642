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
_SHORTEST_OTHER = 4
"""In bytes. Shorter alternate names are codes of airports, near to anything short."""


def near_places(
    files: GazetteerFiles,
    name: str,
    allowed: Callable[[NDArray[Any]], NDArray[np.bool_]],
    limit: int,
) -> list[tuple[int, float]]:
    """Return places with a similar name and the similarity 0..100, best first.

    Of like similarity, a place's own name goes before the alternate name of another.

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
    key_start, key_first = files.array("index_key_start"), files.array("index_key_first")
    n_own = files.array("n_own")
    best: dict[int, tuple[float, bool]] = {}
    for text in dict.fromkeys((key(name), ascii_key(name))):
        if not text:
            continue
        codes = trigrams(text)
        hits = np.concatenate([postings[starts[c] : starts[c + 1]] for c in codes])
        if not hits.size:
            continue
        counts = np.bincount(hits)
        numbers = np.flatnonzero(counts >= max(1, counts.max() // 2))
        lengths = np.diff(key_start)[numbers]  # in bytes, the end of line among them
        dice = 2.0 * counts[numbers] / (len(codes) + lengths)
        places = files.array("index_key_place")[numbers]
        is_own = numbers - key_first[places] < n_own[places]
        dice = np.where(allowed(places) & (is_own | (lengths > _SHORTEST_OTHER)), dice, -1.0)
        for index in np.argsort(-dice, kind="stable")[:_PREFILTER].tolist():
            if dice[index] <= 0.0:
                break
            other = files.line("keys", "index_key_start", int(numbers[index]))
            rank = (float(fuzz.ratio(text, other)), bool(is_own[index]))
            number = int(places[index])
            if rank[0] >= _WORTH_SHOWING and rank > best.get(number, (0.0, False)):
                best[number] = rank
    weight = files.array("weight")
    order = sorted(best, key=lambda n: (-best[n][0], not best[n][1], -int(weight[n]), n))
    return [(number, best[number][0]) for number in order[: max(limit, 1)]]
