"""The page in Chromium under software rendering: from address to drawn, and from click to drawn.

The server is warm: it has answered the same question before. `first` opens a browser for each run,
`again` a new context (with an empty cache) in a browser that has drawn the page before. Processor
time is that of all processes of the browser; on a machine that others use it says more than the
clock does.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = os.environ.get("LANDBRIDGE_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
PROGRAM = [sys.executable, "-c", "from landbridge.cli import main; main()"]
FOUNDING = "/?from=Mumbai&to=Moscow"
LONGEST_MS = 60_000
READY_GOAL_S, CLICK_GOAL_S, BYTES_GOAL = 3.0, 1.0, 1_500_000
MARK = """
let is = false;
Object.defineProperty(window, "ready", {
  get: () => is,
  set: (now) => { if (now && !is) performance.mark("ready"); is = now; },
});
"""
CLICK = """async () => {
  const began = performance.now();
  document.getElementById("compare").click();
  while (window.ready) await new Promise((done) => setTimeout(done, 1));
  while (!window.ready) await new Promise((done) => setTimeout(done, 4));
  return performance.now() - began;
}"""


def run(*, runs: int, json_path: Path | None) -> int:
    """Measure `runs` times, print a table, and write JSON if asked; 1 where a goal is missed."""
    from playwright.sync_api import sync_playwright

    first: list[dict[str, float]] = []
    again: list[dict[str, float]] = []
    with _server() as address, sync_playwright() as playwright:
        for _ in range(runs + 1):
            with _browser(playwright) as browser:
                first.append(_opened(browser, address))
        with _browser(playwright) as browser:
            again += [_opened(browser, address) for _ in range(runs + 1)]
    rows = [
        _row("page ready, first in a browser, s", [r["ready_s"] for r in first[1:]], READY_GOAL_S),
        _row("page ready, again, s", [r["ready_s"] for r in again[1:]], READY_GOAL_S),
        _row("compare from click to drawn, s", [r["click_s"] for r in again[1:]], CLICK_GOAL_S),
        _row("processor time, first in a browser, s", [r["cpu_s"] for r in first[1:]], None),
        _row("processor time, again, s", [r["cpu_s"] for r in again[1:]], None),
        _row("transferred, bytes", [r["bytes"] for r in first[1:]], BYTES_GOAL),
    ]
    print(f"{'what':<40} {'runs':>4} {'least':>12} {'median':>12} {'worst':>12} {'goal':>12}")
    for row in rows:
        figures = " ".join(f"{row[name]:>12,.6g}" for name in ("least", "median", "worst"))
        goal = "" if row["goal"] is None else f"{row['goal']:,.6g}"
        missed = "" if row["is_met"] else "  MISSED"
        print(f"{row['what']:<40} {row['runs']:>4} {figures} {goal:>12}{missed}")
    print(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f}")
    if json_path is not None:
        report = {"subject": "page", "rows": rows, "load": os.getloadavg()[0]}
        json_path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0 if all(row["is_met"] for row in rows) else 1


def _row(what: str, figures: list[float], goal: float | None) -> dict[str, Any]:
    median = statistics.median(figures)
    return {
        "what": what, "runs": len(figures), "least": min(figures), "median": median,
        "worst": max(figures), "goal": goal, "is_met": goal is None or median <= goal,
    }  # fmt: skip


def _opened(browser: Any, address: str) -> dict[str, float]:  # noqa: ANN401 - Playwright's own
    """Open the page in a context of its own; return what it took."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    context.set_default_timeout(LONGEST_MS)
    page = context.new_page()
    page.add_init_script(MARK)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    before_s = _processor_s()
    page.goto(address + FOUNDING)
    page.wait_for_function("() => window.ready")
    cpu_s = _processor_s() - before_s
    ready_ms = page.evaluate("() => performance.getEntriesByName('ready')[0].startTime")
    click_ms = page.evaluate(CLICK)
    context.close()
    return {
        "ready_s": ready_ms / 1000, "click_s": click_ms / 1000, "cpu_s": cpu_s,
        "bytes": sum(sizes),
    }  # fmt: skip


def _processor_s() -> float:
    """Return the processor time of all that this process has started, s (Linux only)."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text(encoding="utf-8")
            told = (folder / "cmdline").read_text(encoding="utf-8")
        except OSError:
            continue
        fields = text.rpartition(")")[2].split()
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        ticks[pid] = (int(fields[11]) + int(fields[12])) if "chrom" in told else 0
    own = os.getpid()
    total = 0
    for pid, count in ticks.items():
        above = pid
        while above not in (0, own):
            above = parents.get(above, 0)
        total += count if above == own else 0
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def _browser(playwright: Any) -> Iterator[Any]:  # noqa: ANN401 - Playwright's own
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def _server() -> Iterator[str]:
    server = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "LANDBRIDGE_TOKEN": ""},
    )  # fmt: skip
    try:
        for line in server.stderr or ():
            found = re.search(r"http://[^ ]+:[0-9]+", line)
            if found:
                yield found[0]
                return
        raise SystemExit("the server did not start")
    finally:
        server.terminate()
        server.wait(timeout=30)
