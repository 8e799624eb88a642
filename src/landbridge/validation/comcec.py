"""The order of COMCEC's Table 58 (2017) beside the model's, and what decides where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landbridge.parameters import Parameters
from landbridge.validation.rerun import Chain, figures_of
from landbridge.validation.scores import Compared, concordant_pairs

OPTIONS = ("by road", "trans-Caspian", "sea and rail", "by Suez")
DAYS = ("TT001", "TT003", "TT005", "TT007")
USD = ("TT002", "TT004", "TT006", "TT008")


def table_58(
    compared: Mapping[str, Compared],
    chains: Mapping[str, Sequence[Chain]],
    parameters: Parameters,
) -> dict[str, Any]:
    """Return both orders, the share of pairs that agree, and what decides the others.

    Returns an empty object where a row of the table has not been run.
    """
    result: dict[str, Any] = {}
    for name, ids, kind in (("days", DAYS, "time"), ("usd_per_teu", USD, "cost")):
        if any(i not in compared for i in ids):
            return {}
        published = [compared[i].published for i in ids]
        model = [compared[i].p50 for i in ids]
        scale = 24.0 if kind == "time" else 1.0
        right, pairs = concordant_pairs(published, model)
        differing = [
            (a, b)
            for a in range(len(ids))
            for b in range(a)
            if (published[a] - published[b]) * (model[a] - model[b]) < 0
        ]
        result[name] = {
            "published": {o: round(v / scale, 1) for o, v in zip(OPTIONS, published, strict=True)},
            "model": {o: round(v / scale, 1) for o, v in zip(OPTIONS, model, strict=True)},
            "published_order": _order(published),
            "model_order": _order(model),
            "pairs_agreeing": right,
            "pairs": pairs,
            "decided_by": [
                {"pair": f"{OPTIONS[a]} less {OPTIONS[b]}", **decisive(
                    chains[ids[a]], chains[ids[b]], parameters, kind=kind)}
                for a, b in differing
            ],
        }  # fmt: skip
    return result


def decisive(
    one: Sequence[Chain], two: Sequence[Chain], parameters: Parameters, *, kind: str
) -> dict[str, Any]:
    """Return the parameter whose range moves the difference between two options most.

    `moves_to` is the difference (one less two; `unit`) with that parameter at the end of its
    range that works against the model's order; `flips` tells whether that reverses it.
    """
    base_one, base_two = (
        figures_of(one, parameters, kind=kind),
        figures_of(two, parameters, kind=kind),
    )
    gap = base_one.p50 - base_two.p50
    best, label = gap, ""
    rows = {row.label: row for row in parameters}
    for name in sorted(base_one.labels | base_two.labels):
        row = rows.get(name)
        if row is None or row.low == row.high:
            continue
        for value in (row.low, row.high):
            changed = parameters.with_value(row.name, row.key, value)
            moved = (
                figures_of(one, changed, kind=kind).p50 - figures_of(two, changed, kind=kind).p50
            )
            if (moved - best) * gap < 0:
                best, label = moved, name
    unit, scale = ("day", 24.0) if kind == "time" else ("USD", 1.0)
    return {
        "parameter": label,
        "unit": unit,
        "difference": round(gap / scale, 1),
        "moves_to": round(best / scale, 1),
        "flips": best * gap < 0,
    }


def _order(values: Sequence[float]) -> list[str]:
    return [OPTIONS[k] for k in sorted(range(len(values)), key=lambda k: values[k])]
