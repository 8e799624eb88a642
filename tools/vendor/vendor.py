"""Fetch what the page carries of other people's work, at the versions that package.json pins.

`python tools/vendor/vendor.py` packs each package with npm, unpacks it aside and copies the files
named here into `src/landbridge/web/vendor/` (and axe-core, for tests only, to `tests/browser/`).
Nothing else is changed; `git diff --stat` says what a new version brought.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
VENDOR = ROOT / "src" / "landbridge" / "web" / "vendor"
WEIGHTS = (400, 600)
SUBSETS = {
    "@fontsource/noto-sans": ("noto-sans", ("latin", "latin-ext", "cyrillic", "vietnamese")),
    "@fontsource/noto-sans-arabic": ("noto-sans-arabic", ("arabic",)),
    "@fontsource/noto-sans-devanagari": ("noto-sans-devanagari", ("devanagari",)),
}
FILES = {
    "maplibre-gl": {
        "dist/maplibre-gl.mjs": VENDOR / "maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs": VENDOR / "maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css": VENDOR / "maplibre-gl.css",
        "LICENSE.txt": VENDOR / "maplibre-gl.LICENSE.txt",
    },
    "axe-core": {
        "axe.min.js": ROOT / "tests" / "browser" / "axe.min.js",
        "LICENSE": ROOT / "tests" / "browser" / "axe.LICENSE",
    },
    **{
        package: {
            f"files/{stem}-{subset}-{weight}-normal.woff2": VENDOR
            / "fonts"
            / f"{stem}-{subset}-{weight}.woff2"
            for subset in subsets
            for weight in WEIGHTS
        }
        | ({"LICENSE": VENDOR / "fonts" / "OFL.txt"} if package.endswith("noto-sans") else {})
        for package, (stem, subsets) in SUBSETS.items()
    },
}


def main() -> None:
    """Fetch all packages and copy the files named above."""
    pinned = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    versions = {**pinned["dependencies"], **pinned["devDependencies"]}
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("vendor: npm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        for package, version in versions.items():
            _copy(npm, f"{package}@{version}", FILES[package], Path(folder))


def _copy(npm: str, wanted: str, files: dict[str, Path], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 - npm, with a pinned name
        [npm, "pack", "--json", "--pack-destination", str(folder), wanted],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    first = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    name = first["filename"].replace("@", "").replace("/", "-")
    with tarfile.open(folder / name) as packed:
        for inside, target in files.items():
            content = packed.extractfile(f"package/{inside}")
            if content is None:
                raise SystemExit(f"vendor: {wanted} holds no {inside}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


if __name__ == "__main__":
    main()
