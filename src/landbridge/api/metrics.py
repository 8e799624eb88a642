"""Counts and times of requests, in the text form that Prometheus reads.

The processes of a server count apart, and each writes its counts down every second: whichever is
asked tells those of all.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WRITTEN_EVERY_S = 1.0


class Metrics:
    """Requests by route and status, and how long they took."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        self._waiting = waiting
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}
        self._folder: Path | None = None
        self._is_written = False

    def share(self, folder: Path) -> None:
        """Share the counts with the other processes of a server in a folder."""
        folder.mkdir(exist_ok=True)
        self._folder = folder

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._is_written = False
            self._counts[method, route, status] += 1
            buckets = self._buckets.setdefault(route, [0] * (len(BOUNDS_S) + 1))
            buckets[bisect_left(BOUNDS_S, seconds)] += 1
            self._sums[route] = self._sums.get(route, 0.0) + seconds

    async def write_now_and_then(self) -> None:
        """Write the counts down for the other processes, until cancelled."""
        while True:
            self.write()
            await asyncio.sleep(WRITTEN_EVERY_S)

    def write(self) -> None:
        """Write the counts down if they have changed."""
        if self._folder is None or self._is_written:
            return
        self._is_written = True
        path = self._folder / f"{os.getpid()}.json"
        aside = path.with_suffix(".part")
        with suppress(OSError):
            aside.write_text(self._to_json(), encoding="utf-8")
            aside.rename(path)

    def text(self) -> str:
        """Return all figures of all processes of the server."""
        whole = Metrics(lambda: 0)
        waiting = self._waiting()
        whole._take(self._to_json())
        for path in self._others():
            with suppress(OSError, ValueError):
                waiting += whole._take(path.read_text("utf-8"))
        return whole._text(waiting)

    def _others(self) -> Iterable[Path]:
        if self._folder is None:
            return ()
        own = f"{os.getpid()}.json"
        return sorted(path for path in self._folder.glob("*.json") if path.name != own)

    def _to_json(self) -> str:
        with self._lock:
            return json.dumps(
                {
                    "counts": [[*key, count] for key, count in self._counts.items()],
                    "buckets": self._buckets,
                    "sums": self._sums,
                    "waiting": self._waiting(),
                }
            )

    def _take(self, text: str) -> int:
        """Add the counts of a process; return how many questions wait there."""
        content = json.loads(text)
        for method, route, status, count in content["counts"]:
            self._counts[method, route, status] += count
        for route, buckets in content["buckets"].items():
            known = self._buckets.get(route, [0] * len(buckets))
            self._buckets[route] = [a + b for a, b in zip(known, buckets, strict=True)]
        for route, seconds in content["sums"].items():
            self._sums[route] = self._sums.get(route, 0.0) + seconds
        return int(content["waiting"])

    def _text(self, waiting: int) -> str:
        lines = ["# TYPE landbridge_requests_total counter"]
        lines += [
            f'landbridge_requests_total{{method="{method}",route="{route}",status="{status}"}}'
            f" {count}"
            for (method, route, status), count in sorted(self._counts.items())
        ]
        lines.append("# TYPE landbridge_request_seconds histogram")
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), buckets, strict=True):
                total += count
                lines.append(
                    f'landbridge_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}'
                )
            lines.append(
                f'landbridge_request_seconds_sum{{route="{route}"}} {self._sums[route]:.6f}'
            )
            lines.append(f'landbridge_request_seconds_count{{route="{route}"}} {total}')
        lines += ["# TYPE landbridge_waiting gauge", f"landbridge_waiting {waiting}"]
        return "\n".join(lines) + "\n"
