"""What a server holds: places and comparisons over HTTP, at full speed and at a steady rate.

A server of two workers is started (or one asked that runs, `--url`), and asked by one client on the
same machine, which takes its share of the two cores. At full speed, each connection asks again as
soon as it is answered. At a steady rate, questions are due whether or not earlier ones have been
answered, and each is counted from when it was due. *Repeated* questions come from a list of twenty
that has been asked before; *new* pairs of large cities have never been asked.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import cycle, repeat
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.pareto import pairs_of
from landbridge.errors import RequestError
from landbridge.report import ask
from landbridge.scenarios.case import Case

PROGRAM = (sys.executable, "-c", "import sys; from landbridge.cli import main; sys.exit(main())")
WORKERS = 2
CONNECTIONS = 8
RATE_PER_S = 20.0
LONGEST_S = 40.0
"""Whoever is not answered after this is counted as hung."""
CROWD = 100
SEEN = 20
"""Questions that are asked again and again."""
NAMES = (
    "Mumbai", "Moscow", "Мумбаи", "Москва", "बंबई", "مسکو", "上海", "Bandar Abas", "Sankt Peterburg",
    "INNSA", "Nhava Sheva", "Kolkatta", "Tashkent", "Алматы", "Rotterdam", "Suez", "19.07,72.87",
    "Astrakhan", "Hamburgo", "Xqzzwv",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of question at one pace; times in ms.

    `cpu_ms` is the server's processor time per answer, which other work on the machine does not
    change; None of a server that runs elsewhere, or where there is no `/proc`.
    """

    what: str
    pace: str
    seconds: float
    answers: int
    per_s: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    sent_away: int
    failed: int
    cpu_ms: float | None = None
    goal_p99_ms: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether P99 keeps to the goal; None where there is none."""
        if self.goal_p99_ms is None:
            return None
        return self.p99_ms < self.goal_p99_ms and not self.sent_away and not self.failed


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as bytes."""

    method: str
    path: str
    body: bytes = b""

    def to_bytes(self, host: str) -> bytes:
        """Return what goes over the wire."""
        kind = "Content-Type: application/json\r\n" if self.body else ""
        head = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n{kind}"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


class Connections:
    """Connections that are kept open, taken in turn."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, asked: Asked) -> int:
        """Return the status of the answer, once the whole of it has come; 0 if none does."""
        try:
            return await asyncio.wait_for(self._ask(asked), LONGEST_S)
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            return 0

    async def _ask(self, asked: Asked) -> int:
        if self._free:
            reader, writer = self._free.pop()
        else:
            host, _, port = self._host.partition(":")
            reader, writer = await asyncio.open_connection(host, int(port or 80), limit=2**22)
        writer.write(asked.to_bytes(self._host))
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", head)
        if length is None:
            while (size := int((await reader.readline()).strip(), 16)) > 0:
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
        else:
            await reader.readexactly(int(length[1]))
        if "connection: close" in head:
            writer.close()
        else:
            self._free.append((reader, writer))
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        """Close them all."""
        for _, writer in self._free:
            writer.close()


async def at_full_speed(
    url: str, questions: Iterator[Asked], seconds: float, connections: int
) -> tuple[list[tuple[int, float]], float]:
    """Return status and time (s) of each answer, and how long it took in all, s."""
    line = Connections(url)
    found: list[tuple[int, float]] = []
    start = time.perf_counter()

    async def one() -> None:
        while time.perf_counter() - start < seconds:
            began = time.perf_counter()
            status = await line.ask(next(questions))
            found.append((status, time.perf_counter() - began))

    await asyncio.gather(*(one() for _ in range(connections)))
    taken = time.perf_counter() - start
    line.close()
    return found, taken


async def at_a_rate(
    url: str, questions: Iterator[Asked], seconds: float, per_s: float
) -> tuple[list[tuple[int, float]], float]:
    """Return the same of questions that are due at a steady rate, counted from then."""
    line = Connections(url)
    start = time.perf_counter()

    async def one(due: float, asked: Asked) -> tuple[int, float]:
        return await line.ask(asked), time.perf_counter() - due

    tasks = []
    for number in range(int(seconds * per_s)):
        due = start + number / per_s
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due, next(questions))))
    found = list(await asyncio.gather(*tasks))
    taken = time.perf_counter() - start
    line.close()
    return found, taken


async def at_once(
    url: str, questions: Iterator[Asked], count: int
) -> tuple[list[tuple[int, float]], float]:
    """Return the same of so many questions at the same time."""
    line = Connections(url)
    start = time.perf_counter()

    async def one(asked: Asked) -> tuple[int, float]:
        return await line.ask(asked), time.perf_counter() - start

    found = list(await asyncio.gather(*(one(next(questions)) for _ in range(count))))
    line.close()
    return found, time.perf_counter() - start


def row(
    what: str,
    pace: str,
    found: tuple[list[tuple[int, float]], float],
    *,
    goal_p99_ms: float | None = None,
    cpu_s: float | None = None,
) -> Row:
    """Return the figures of one run; answers are those of status 200."""
    answers, taken = found
    statuses = Counter(status for status, _ in answers)
    times = sorted(1e3 * seconds for status, seconds in answers if status == 200) or [float("nan")]
    return Row(
        what=what,
        pace=pace,
        seconds=round(taken, 1),
        answers=statuses[200],
        per_s=round(statuses[200] / taken, 1),
        p50_ms=round(statistics.median(times), 1),
        p99_ms=round(times[min(len(times) - 1, int(0.99 * len(times)))], 1),
        worst_ms=round(max(1e3 * seconds for _, seconds in answers), 1),
        sent_away=statuses[503],
        failed=sum(count for status, count in statuses.items() if status not in (200, 503)),
        goal_p99_ms=goal_p99_ms,
        cpu_ms=None
        if cpu_s is None or not statuses[200]
        else round(1e3 * cpu_s / statuses[200], 2),
    )


def processor_s(root: int | None) -> float | None:
    """Return the processor time that a process and those it started have taken, s."""
    if root is None or not Path("/proc/self/stat").exists():
        return None
    parents, taken = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            pid = int(path.parent.name)
            parents[pid], taken[pid] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(taken.get(pid, 0) for pid in family) / os.sysconf("SC_CLK_TCK")


def new_pairs(case: Case) -> Iterator[Asked]:
    """Yield comparisons between random large cities, hardly one twice."""
    for request in pairs_of(case):
        ends = [f"{place.lat},{place.lon}" for place in (request.origin, request.destination)]
        yield comparison(*ends)


def comparison(origin: str, destination: str) -> Asked:
    """Return a question for a comparison."""
    body = json.dumps({"origin": origin, "destination": destination}).encode()
    return Asked("POST", "/v1/comparisons", body)


def place_names() -> Iterator[Asked]:
    """Yield searches for names, whole and as they are typed."""
    names = [*NAMES, *(name[:3] for name in NAMES)]
    random.Random(1).shuffle(names)  # noqa: S311 - a fixed order
    begun = [f"/v1/places?begun=true&q={quote(name)}" for name in names]
    whole = [f"/v1/places?q={quote(name)}" for name in names]
    return cycle([Asked("GET", path) for path in [*begun, *whole]])


async def measured(
    url: str, server: int | None, case: Case, seconds: float, say: Callable[[Row], None]
) -> list[Row]:
    """Ask a server (of a process, if it is ours), kind by kind, and return the figures."""
    fresh = new_pairs(case)
    seen = [comparison("Mumbai", "Moscow"), *(next(fresh) for _ in range(SEEN - 1))]
    rows: list[Row] = []

    before_s = 0.0

    def done(what: str, pace: str, found: tuple[list[tuple[int, float]], float],
             goal: float | None = None) -> None:  # fmt: skip
        nonlocal before_s
        now_s = processor_s(server)
        cpu_s = None if now_s is None else now_s - before_s
        rows.append(row(what, pace, found, goal_p99_ms=goal, cpu_s=cpu_s))
        before_s = now_s or 0.0
        say(rows[-1])

    for question in seen:  # so that their answers are kept
        await at_once(url, repeat(question), 1)
    await at_full_speed(url, place_names(), 1.0, CONNECTIONS)

    before_s = processor_s(server) or 0.0
    full, steady = f"{CONNECTIONS} connections", f"{RATE_PER_S:g} a second"
    done("places", full, await at_full_speed(url, place_names(), seconds, CONNECTIONS))
    done("places", steady, await at_a_rate(url, place_names(), seconds, RATE_PER_S))
    done("compare, repeated", full,
         await at_full_speed(url, cycle(seen), seconds, CONNECTIONS))  # fmt: skip
    done("compare, repeated", steady,
         await at_a_rate(url, cycle(seen), seconds, RATE_PER_S), 150.0)  # fmt: skip
    done("compare, new pairs", f"{WORKERS} connections",
         await at_full_speed(url, fresh, seconds, WORKERS))  # fmt: skip
    done("compare, new pairs", steady,
         await at_a_rate(url, fresh, seconds, RATE_PER_S), 150.0)  # fmt: skip
    done("compare, nine in ten repeated", steady,
         await at_a_rate(url, _mixed(seen, fresh), seconds, RATE_PER_S), 150.0)  # fmt: skip
    done("compare, new pairs", f"{CROWD} at once", await at_once(url, fresh, CROWD))
    return rows


def _mixed(seen: list[Asked], fresh: Iterator[Asked]) -> Iterator[Asked]:
    again = cycle(seen)
    while True:
        for _ in range(9):
            yield next(again)
        yield next(fresh)


@contextmanager
def serving(url: str | None) -> Iterator[tuple[str, int | None]]:
    """Yield the address of a server (the one given, or one started for the while), its process."""
    if url is not None:
        yield url.rstrip("/"), None
        return
    server = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", "--workers", str(WORKERS)],
        stderr=subprocess.PIPE, text=True, env={**os.environ, "LANDBRIDGE_TOKEN": ""},
    )  # fmt: skip
    try:
        for line in server.stderr or ():
            found = re.search(r"http://[^ ]+:[0-9]+", line)
            if found:
                yield found[0], server.pid
                return
        raise RequestError("the server did not start", where="load")
    finally:
        server.terminate()
        server.wait()
        if server.stderr is not None:
            server.stderr.close()


def run(*, seconds: float, url: str | None, json_path: Path | None) -> int:
    """Measure, print, and write JSON if asked; 1 if a goal is missed."""
    print(f"{'what':<30} {'pace':<15} {'answers':>7} {'per s':>7} {'P50 ms':>8} {'P99 ms':>8} "
          f"{'worst':>8} {'CPU ms':>7} {'503':>4} {'failed':>6} goal")  # fmt: skip

    def say(row: Row) -> None:
        goal = "" if row.goal_p99_ms is None else f"< {row.goal_p99_ms:g}"
        missed = "  MISSED" if row.is_met is False else ""
        print(f"{row.what:<30} {row.pace:<15} {row.answers:>7} {row.per_s:>7.1f} "
              f"{row.p50_ms:>8.1f} {row.p99_ms:>8.1f} {row.worst_ms:>8.1f} "
              f"{'' if row.cpu_ms is None else row.cpu_ms:>7} {row.sent_away:>4} {row.failed:>6} "
              f"{goal}{missed}", flush=True)  # fmt: skip

    case = Case.load()
    ask.compare("Mumbai", "Moscow", case=case)  # dataset and kernels are there for the server
    with serving(url) as (address, server):
        rows = asyncio.run(measured(address, server, case, seconds, say))
    if json_path is not None:
        report = {"rows": [{**asdict(row), "is_met": row.is_met} for row in rows]}
        json_path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0
