"""The examples run, and print what stands beside them.

Figures depend on the dataset, so they may differ by a fifth; names and order of what is printed
must be the same. `LANDBRIDGE_REFRESH=1 pytest tests/integration/test_examples.py` writes the
expected output anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
LIKE_SHARE = 0.2
LIKE_AT_LEAST = 1.0


@pytest.mark.usefixtures("gazetteer")
def test_first_answers_prints_what_stands_beside_it() -> None:
    script = EXAMPLES / "first_answers.py"
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    expected = script.with_suffix(".txt")
    if os.environ.get("LANDBRIDGE_REFRESH"):
        expected.write_text(ran.stdout, encoding="utf-8")
    assert_alike(ran.stdout, expected.read_text(encoding="utf-8"))


def assert_alike(text: str, expected: str) -> None:
    """The corridors are the same, and so is each one's figure within a fifth.

    Corridors close to each other may change places, so they are compared by name.
    """
    found, known = by_first_word(text), by_first_word(expected)
    assert sorted(found) == sorted(known)
    for name, figures in known.items():
        for value, other in zip(found[name], figures, strict=True):
            assert abs(value - other) <= max(LIKE_SHARE * other, LIKE_AT_LEAST), (name, value)


def by_first_word(text: str) -> dict[str, list[float]]:
    """Return the figures of each line before the first empty one, by the line's first word."""
    rows = text.split("\n\n", maxsplit=1)[0].splitlines()
    return {
        row.split()[0]: [
            float(number.replace(",", "")) for number in NUMBER.findall(row.split(maxsplit=1)[1])
        ]
        for row in rows
    }


def test_a_changed_figure_is_noticed() -> None:
    with pytest.raises(AssertionError):
        assert_alike("suez 9,000 km 20.0 days\n", "suez 9,000 km 30.0 days\n")
    with pytest.raises(AssertionError):
        assert_alike("suez 9,000 km\n", "cape 9,000 km\n")
    assert_alike("suez 9,000 km\n", "suez 9,100 km\n")


def test_the_picture_script_cuts_and_unrolls_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("geopandas")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import map as picture

    feature = {
        "geometry": {
            "type": "MultiLineString",
            "coordinates": [[[170.0, 60.0], [180.0, 65.0]], [[-180.0, 65.0], [-170.0, 66.0]]],
        }
    }
    lines = picture.lines_of(feature)
    assert lines[1][0][0] == lines[0][-1][0] == 180.0
    assert picture.runs([(0.0, 0.0), (0.1, 0.0), (1.0, 0.0)]) == [
        (False, [(0.0, 0.0), (0.1, 0.0)]),
        (True, [(0.1, 0.0), (1.0, 0.0)]),
    ]
