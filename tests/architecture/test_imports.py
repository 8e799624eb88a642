from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "numba", "scipy", "pandas", "matplotlib", "pydantic", "rich", "rapidfuzz")


def loaded_by(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after running the code."""
    script = f"{code}\nimport sys\nprint(*sorted(n for n in sys.modules if '.' not in n))"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60,
        env=os.environ,
    )  # fmt: skip
    return set(ran.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import landbridge",
        "from landbridge.cli import main; main(['--help'])",
        "from landbridge.cli import main; main(['compare', '--help'])",
        "from landbridge.cli import main; main(['--version'])",
    ],
)
def test_help_and_import_load_nothing_heavy(code: str) -> None:
    loaded = loaded_by(code)
    assert "landbridge" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_an_answer_loads_no_build_library() -> None:
    # no scipy in this list: numba itself imports it wherever it is installed
    loaded = loaded_by("import landbridge\nlandbridge.compare")
    assert loaded.isdisjoint({"pandas", "pyarrow", "geopandas", "shapely", "matplotlib"})


def test_rooms_import_downwards_only() -> None:
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
