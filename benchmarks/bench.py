"""
Speed of the fake, side by side with a bare aiohttp handler in the same run.

Rounds are interleaved, the servers are pinned to one core and the load to another; ratios are of medians.
Usage: python benchmarks/bench.py [--rounds N] [--plain]   (--plain: asyncio and json instead of uvloop and orjson)
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from load import http, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
TASKS = "/serve/api/v2/screenplay/tasks"
POLLS, SUBMITS, MANY = 6_000, 2_000, 100_000
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def body(episodes: int) -> bytes:
    """The vendor's example of a submission, with so many episodes."""
    config = {
        "language": "zh-CN",
        "use_face_recognition": True,
        "use_subtitle": False,
        "require_json": True,
        "require_xlsx": False,
        "require_merge_xlsx": False,
        "concurrency": 100,
    }
    assets = {str(number): f"re_65773929522051{number:04d}" for number in range(1, episodes + 1)}
    return json.dumps({"mode": "short_drama", "episodes": assets, "config": config}).encode()


SHORT = body(3)
SUBMISSIONS = (3, 20, 87)  # episodes; the vendor's status example has 87


def pin(core: int) -> None:
    """Keep to one core: 0 is the servers', 1 the load's."""
    if CORES:
        os.sched_setaffinity(0, {CORES[core % len(CORES)]})


SERVERS = partial(pin, 0)


@contextmanager
def server(*command: str) -> Iterator[tuple[int, int, float]]:
    """(port, process id, seconds from start to `ready`) of a running server."""
    started = perf_counter()
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, preexec_fn=SERVERS) as process:  # noqa: PLW1509 - no threads here
        assert process.stdout is not None
        ready = process.stdout.readline()
        seconds = perf_counter() - started
        try:
            yield int(ready.split(":")[2].split("/")[0]), process.pid, seconds
        finally:
            process.terminate()


def memory(pid: int) -> float:
    """Resident megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def submitted(port: int, count: int) -> list[str]:
    """The ids of *count* new tasks."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port)
    ids = []
    for _ in range(count):
        headers = {"Authorization": "sk-mai-bench", "Content-Type": "application/json"}
        connection.request("POST", TASKS, SHORT, headers)
        ids.append(json.loads(connection.getresponse().read())["data"]["task_id"])
    connection.close()
    return ids


def side_by_side(rounds: int, plain: list[str]) -> None:
    fake_command = ["-m", "screenplay_mock", "serve", "--port", "0", "--quiet", "--clock", "manual"]
    with server(str(HERE / "bare.py"), *plain) as (bare, _, _), server(*fake_command) as (fake, _, _):
        polls = [http("GET", f"{TASKS}/{task_id}") for task_id in submitted(fake, 500)]
        loads = [("poll", polls, POLLS)]
        loads += [(f"submit {size}", [http("POST", TASKS, body(size))], SUBMITS) for size in SUBMISSIONS]
        results: dict[str, list[float]] = {}
        for number in range(rounds):
            for what, requests, count in loads:
                for who, port in (("bare", bare), ("fake", fake)):
                    results.setdefault(f"{what} {who}", []).append(rate(port, requests, count))
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
    median = {name: statistics.median(rates) for name, rates in results.items()}
    for what, _, _ in loads:
        bare_rate, fake_rate = median[f"{what} bare"], median[f"{what} fake"]
        aim = 0.6 if what == "poll" else 1.5
        ratio = f"{fake_rate / bare_rate:.2f} (aim {aim})"
        print(f"{what:10} bare {bare_rate:7,.0f}/s   fake {fake_rate:7,.0f}/s   ratio {ratio}")


def start_up(rounds: int) -> None:
    command = ["-m", "screenplay_mock", "serve", "--port", "0", "--quiet"]
    seconds = []
    for _ in range(rounds):
        with server(*command) as (_, pid, elapsed):
            seconds.append(elapsed)
            empty = memory(pid)
    print(f"start   {statistics.median(seconds):.2f} s to ready (aim 0.5)   memory empty {empty:.0f} MB (aim 60)")


def many_tasks() -> None:
    command = ["-m", "screenplay_mock", "serve", "--port", "0", "--quiet", "--clock", "manual", "--journal-max", "10"]
    with server(*command) as (port, pid, _):
        rate(port, [http("POST", TASKS, SHORT)], 100)
        before = memory(pid)
        rate(port, [http("POST", TASKS, SHORT)], MANY)
        rate(port, [http("POST", "/__admin/clock/advance", b'{"to":"idle"}')], 1)
        after = memory(pid)
    each = (after - before) * 2**20 / MANY
    print(f"memory  {after:.0f} MB with {MANY:,} finished tasks of 3 episodes: {each:,.0f} bytes a task")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    pin(1)
    with tempfile.TemporaryDirectory() as empty:
        os.chdir(empty)  # no screenplay-mock.toml of the reader's
        start_up(options.rounds)
        side_by_side(options.rounds, ["--plain"] if options.plain else [])
        many_tasks()


if __name__ == "__main__":
    main()
