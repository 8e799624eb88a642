"""Take the pictures of the page anew: `python tools/pictures/page.py [FOLDER]`.

It starts a server of its own, opens the founding case in Chromium (Debian's, or what
LANDBRIDGE_CHROMIUM names) in light, dark, on a phone and in Persian, and writes
`docs/pictures/page-*.png`, each under 300 kB. Needs the extra `dev` (Playwright).
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from conftest import ARGUMENTS, CHROMIUM, Server, drawn  # noqa: E402 - the tests' own server

FOUNDING = "/?from=Mumbai&to=Moscow&way=instc-west"
PICTURES = {
    "page-light": (FOUNDING, 1440, 900, "light"),
    "page-dark": (FOUNDING + "&tab=tcd", 1440, 900, "dark"),
    "page-phone": (FOUNDING, 390, 1300, "light"),
    "page-persian": (FOUNDING + "&lang=fa", 1440, 900, "light"),
}
MOST_BYTES = 300_000
REST_MS = 700


def main() -> None:
    """Write all pictures into the folder named, or into the documentation."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    with Server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for name, (path, width, height, scheme) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-US"
            )
            page = context.new_page()
            page.goto(server.address + path)
            drawn(page)
            if "tab=" in path:
                page.wait_for_selector("#panel svg")
            page.wait_for_timeout(REST_MS)
            picture = _small(page.screenshot())
            (out / f"{name}.png").write_bytes(picture)
            if len(picture) > MOST_BYTES:
                raise SystemExit(f"{name}.png is {len(picture):,} bytes: at most {MOST_BYTES:,}")
            context.close()
        browser.close()


def _small(picture: bytes) -> bytes:
    """Return a PNG packed as well as it can be, in 256 colours where it is too large even so."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    packed = io.BytesIO()
    image.save(packed, "PNG", optimize=True)
    if packed.tell() > MOST_BYTES:
        packed = io.BytesIO()
        image.quantize(256, kmeans=3, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


if __name__ == "__main__":
    main()
