"""One case played with a client under test: a fake of its own, the client's processes, and all that was seen of it."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screenplay_contracts.client import ports
from screenplay_contracts.client.command import Told
from screenplay_contracts.client.growth import seldom
from screenplay_contracts.client.job import of_client
from screenplay_contracts.client.joining import joined
from screenplay_contracts.client.memory import remembered
from screenplay_contracts.client.moment import Moment
from screenplay_contracts.client.observation import Observation
from screenplay_contracts.client.reporting import report
from screenplay_contracts.client.seat import Seat
from screenplay_contracts.client.wire import API, Wire
from screenplay_mock.tap import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_contracts.client.case import Case, Kill
    from screenplay_contracts.client.memory import Memory
    from screenplay_contracts.client.observation import Files
    from screenplay_contracts.client.process import Running
    from screenplay_contracts.client.wire import Event
    from screenplay_mock.core.scenario import Scenario
    from screenplay_mock.serving import Server
    from screenplay_mock.tap import Crossing

SIGNALS = {"KILL": getattr(signal, "SIGKILL", signal.SIGTERM), "INT": signal.SIGINT, "TERM": signal.SIGTERM}


@dataclass(frozen=True, slots=True)
class Setup:
    """
    What the cases of a run share. `argv` has absolute names, `root` is an empty folder, `timeout` caps limits. Who has
    sent more than `most_requests` is ended: by then it is clear what it is doing. `seat` makes the place where a client
    sits, and from which it is started.
    """

    argv: tuple[str, ...]
    root: Path
    path: str  # the variable PATH
    seed: int = 0
    timeout: float | None = None
    most_requests: int = 5_000
    seat: Callable[..., Seat] = Seat


@dataclass(frozen=True, slots=True)
class Played:
    """`events` are all that happened on the wire, in order; the client was started at `started_at`, since 1970."""

    observation: Observation
    events: tuple[Event, ...]
    started_at: float


def key_of(case: Case, seed: int) -> str:
    """The key in a run of *case*: a canary, since it is nobody else's."""
    return f"sk-mai-{sha256(f'{seed} {case.name}'.encode()).hexdigest()[:32]}"


async def play(case: Case, setup: Setup) -> Played:
    """
    Start a fake, and the client against it; watch until it has ended and has been quiet. All is cleared away.

    Raises CannotStart, UnknownScenario, ScenarioError, CertificateError.
    """
    async with AsyncExitStack() as opened:
        return await _Play(case, setup, opened).played()


class _Play:
    def __init__(self, case: Case, setup: Setup, opened: AsyncExitStack) -> None:
        from screenplay_mock.scenarios import resolve

        self._case, self._setup, self._opened = case, setup, opened
        self._loop = asyncio.get_running_loop()
        self._scenario = resolve(case.plays)
        self._key = key_of(case, setup.seed) + case.key_suffix
        self._port = ports.free_port() if case.webhook else None
        self._wire = Wire(self._crossed)
        self._started = 0.0
        self._ready_at: float | None = None
        self._due = asyncio.Event()  # the moment of the kill has come
        self._when_killed: Files | None = None

    async def played(self) -> Played:
        seats = []
        for number in range(self._case.together):  # not in a thread, which would go on where this is broken off
            seats.append(self._seat(number))
            self._opened.push_async_callback(asyncio.to_thread, seats[-1].folders.remove)
        server = await self._fake()
        self._opened.push_async_callback(server.stop)
        for seat in seats:
            self._opened.push_async_callback(seat.close)
        told = self._told(server)
        self._started, wall = self._loop.time(), time.time()
        self._wire.begin(self._started)
        await asyncio.gather(*(self._run(seat, told) for seat in seats))
        await asyncio.sleep(self._case.quiet_seconds)
        self._wire.end()
        for seat in seats:
            await seat.close()
        known = await remembered(server.admin_url, self._key.strip(), wall)
        left = [await seat.survey(self._key.strip()) for seat in seats]
        return Played(self._seen(seats, known, left, told.base_url), tuple(self._wire.events), wall)

    def _seat(self, number: int) -> Seat:
        case = self._case
        root = Path(mkdtemp(prefix=f"{case.name.replace('/', '_')}-{number + 1}-", dir=self._setup.root))
        job, elsewhere = of_client(case.job, number), _elsewhere(self._scenario)
        return self._setup.seat(root, job, elsewhere=elsewhere, upload_bytes=case.upload_bytes)

    async def _fake(self) -> Server:
        from screenplay_mock.sandbox import Defaults
        from screenplay_mock.serving import start
        from screenplay_mock.settings import Settings

        url = None if self._port is None else f"http://{ports.HOST}:{self._port}/webhook"
        defaults = Defaults(seed=self._setup.seed, scenario=self._scenario, webhook_url=url)
        return await start(Settings(port=0, prefix=self._case.prefix, defaults=defaults), tap=self._wire.feed)

    def _told(self, server: Server) -> Told:
        base_url, parts = server.base_url, urlsplit(server.base_url)
        if self._case.host:
            base_url = parts._replace(netloc=f"{self._case.host}:{parts.port}").geturl()
        listen = None if self._port is None else f"{ports.HOST}:{self._port}"
        return Told(base_url, self._key, self._case.name, listen, server.ca_file)

    async def _run(self, seat: Seat, told: Told) -> None:
        """One client from its start to its end, and again where it is killed to be started again."""
        kill = self._case.kill
        first = seat.start(self._setup.argv, self._setup.path, told)
        if kill is None:
            await self._watch(seat, first)
            return
        killing = asyncio.create_task(self._kill(first, kill))
        try:
            await self._watch(seat, first)
        finally:
            killing.cancel()
        if kill.restart and first.signalled_at is not None:
            await first.close()
            self._when_killed = await seat.survey(self._key.strip())
            await self._watch(seat, seat.start(self._setup.argv, self._setup.path, told))

    async def _watch(self, seat: Seat, running: Running) -> None:
        limit = min(self._case.limit_seconds, self._setup.timeout or self._case.limit_seconds)
        written, grown = seat.too_much_written(self._case.disk_bytes), seldom(seat.growth.look)

        def excess() -> str | None:
            grown()
            count = self._wire.count
            return f"{count} requests" if count > self._setup.most_requests else written()

        await running.watched(limit, excess)

    async def _kill(self, running: Running, kill: Kill) -> None:
        await self._due.wait()
        await asyncio.sleep(Moment.read(kill.after).delay)
        running.signal(SIGNALS[kill.signal])

    def _crossed(self, crossing: Crossing) -> None:
        kill, port = self._case.kill, self._port
        if kill is not None and not self._due.is_set() and Moment.read(kill.after).has_come(self._wire):
            self._due.set()
        comes = crossing.listener == API and crossing.kind is Kind.RECEIVED
        if port is not None and comes and self._ready_at is None and ports.is_taken(port):
            self._ready_at = crossing.at - self._started

    def _seen(self, seats: list[Seat], known: Memory, left: list[Files], base_url: str) -> Observation:
        processes = [[each.observed(self._started) for each in seat.processes] for seat in seats]
        return Observation(
            case=self._case,
            key=self._key.strip(),
            base_url=base_url,
            requests=joined(self._wire.sightings(), known.entries, self._key.strip()),
            connections=self._wire.connections(),
            deliveries=known.deliveries,
            processes=tuple(each for several in processes for each in several),
            files=tuple(left),
            charges=known.charges,
            tasks=known.tasks,
            reports=tuple(report(several[-1].stdout) for several in processes),
            ready_at=self._ready_at,
            jobs=tuple(seat.job for seat in seats),
            files_when_killed=self._when_killed,
        )


def _elsewhere(scenario: Scenario) -> tuple[str, ...]:
    """Where outside of all folders an archive of *scenario* wants a file to be."""
    from screenplay_mock.core.fault_kinds import Zip
    from screenplay_mock.lies.escapes import ABSOLUTE

    lies = {kind.lie for fault in scenario.faults for kind in fault.kinds if isinstance(kind, Zip)}
    return (ABSOLUTE,) if "absolute_path" in lies else ()
