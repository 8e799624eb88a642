"""Put a calibration into the shipped parameters, in the open: value, prior, note, record.

Works on the source tree: every moved row of `parameters/defaults/*.yaml` gets its new values and a
note of the factor; `calibrated.csv` keeps the prior, so that the next calibration starts from it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from landbridge.errors import InvariantError
from landbridge.parameters import Parameter, Parameters, load
from landbridge.validation.multipliers import MULTIPLIERS, read_calibrated, rows_of

SMALLEST = 0.05
"""A factor nearer to 1 than this confirms the prior; the rows stay as they are."""
DIGITS = 3
RECORD = Path(__file__).parent / "calibrated.csv"
FIELDS = ("name", "key", "low", "central", "high", "multiplier", "group")
NOTE = re.compile(r"(; )?calibrated x[0-9.]+, prior [^ ]+, see docs/reference/calibration\.md")


def write(factors: Mapping[str, float], prior: Parameters) -> tuple[dict[str, str], ...]:
    """Write the factors (multiplier id -> factor) on top of the priors; return the record.

    Raises
    ------
    InvariantError
        If a row is not found in the files.
    """
    texts = {path: path.read_text("utf-8") for path in (load.ROOM / "defaults").glob("*.yaml")}
    record: list[dict[str, str]] = []
    moved = {(was["name"], was["key"]) for was in read_calibrated()}
    for multiplier in MULTIPLIERS:
        factor = round(factors.get(multiplier.id, 1.0), DIGITS)
        is_moved = abs(factor - 1.0) >= SMALLEST
        for row in rows_of(multiplier, prior):
            if is_moved:
                record.append(
                    {
                        "name": row.name, "key": row.key, "low": f"{row.low:g}",
                        "central": f"{row.central:g}", "high": f"{row.high:g}",
                        "multiplier": f"{factor:g}", "group": multiplier.id,
                    }
                )  # fmt: skip
            if is_moved or (row.name, row.key) in moved:
                _put(texts, row, factor if is_moved else 1.0)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    table = io.StringIO()
    writer = csv.DictWriter(table, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(record)
    RECORD.write_text(table.getvalue(), encoding="utf-8")
    load.write_twin()
    return tuple(record)


def calibrated(value: float, factor: float) -> float:
    """Return a calibrated value, to three significant digits."""
    return float(f"{value * factor:.{DIGITS}g}") if factor != 1.0 else value


def _put(texts: dict[Path, str], row: Parameter, factor: float) -> None:
    start = re.compile(rf"^{re.escape(row.name)}:$", re.MULTILINE)
    line = re.compile(rf"^  '{re.escape(row.key)}': \{{.*\}}$", re.MULTILINE)
    for path, text in texts.items():
        block = start.search(text)
        if block is None:
            continue
        found = line.search(text, block.end())
        if found is None:
            break
        texts[path] = text[: found.start()] + _line(found[0], row, factor) + text[found.end() :]
        return
    raise InvariantError(f"no line for {row.label}", where="parameters/defaults")


def _line(line: str, row: Parameter, factor: float) -> str:
    for field in ("low", "central", "high"):
        value = calibrated(getattr(row, field), factor)
        line = re.sub(rf"{field}: [-0-9.e]+", f"{field}: {value:g}", line, count=1)
    line = NOTE.sub("", line)
    if factor == 1.0:
        return line
    note = f"calibrated x{factor:g}, prior {row.central:g}, see docs/reference/calibration.md"
    if "note: ''" in line:
        return line.replace("note: ''", f"note: '{note}'")
    return line.removesuffix("'}") + f"; {note}'}}"
