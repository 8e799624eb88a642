"""A server of its own, and a browser that may ask nobody else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

CHROMIUM = Path(os.environ.get("LANDBRIDGE_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
PROGRAM = "from landbridge.cli import main; main()"
LONGEST_MS = 60_000


class Server:
    """`landbridge serve` as a process; it can go away and come back on the same port."""

    def __init__(self, port: int = 0, token: str = "") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "serve", "--port", str(port)],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "LANDBRIDGE_TOKEN": token},
        )
        assert self.process.stderr is not None
        said = ""
        for line in self.process.stderr:
            said += line
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.port = int(found[1])
                self._wait()
                return
        pytest.fail(f"no server: {said}")

    def _wait(self) -> None:
        """Wait until it listens: it says where before it does."""
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=30):  # noqa: S310
                    return
            except OSError:
                time.sleep(0.1)
        pytest.fail("the server does not answer")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it; once ended it stays so."""
        self.process.terminate()
        self.process.wait(timeout=30)
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    from landbridge.dataset.storage import PACKED

    if not PACKED.exists():
        pytest.skip("the package holds no dataset")
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, server: Server) -> Iterator[Any]:
    """Return what opens a page; afterwards nothing may have left the machine or gone wrong."""
    contexts, asked, wrong = [], [], []

    def opened(path: str = "/", *, width: int = 1440, height: int = 900, **options: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-US", **options
        )
        context.set_default_timeout(LONGEST_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(server.address + path)
        drawn(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    elsewhere = [url for url in asked if not url.startswith((server.address, "blob:", "data:"))]
    assert asked
    assert elsewhere == []
    assert wrong == []


def drawn(page: Any) -> None:
    """Wait until the page has drawn what it was asked."""
    page.wait_for_function("() => window.ready")
