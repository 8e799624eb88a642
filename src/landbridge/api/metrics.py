"""Counts and times of requests, in the text form that Prometheus reads."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Requests by route and status, and how long they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._counts[method, route, status] += 1
            buckets = self._buckets.setdefault(route, [0] * (len(BOUNDS_S) + 1))
            buckets[bisect_left(BOUNDS_S, seconds)] += 1
            self._sums[route] = self._sums.get(route, 0.0) + seconds

    def text(self, waiting: int) -> str:
        """Return all figures; `waiting` is how many questions are waiting now."""
        with self._lock:
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
