"""Where clients play: a fake on loopback, a folder that may be written full, and a clock that somebody moves."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol
from urllib.request import ProxyHandler

from screenplay_mock.demo import disk, wording
from screenplay_mock.demo.chronicle import Chronicle, Curtain
from screenplay_mock.demo.machine import Machine
from screenplay_mock.demo.outcome import CRASHED, STOPPED, Outcome
from screenplay_mock.demo.receiver import Receiver
from screenplay_mock.demo.scenes import JOB
from screenplay_mock.testing import Screenplay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from screenplay_mock.demo.scenes import Scene
    from screenplay_mock.demo.timeline import Event
    from screenplay_mock.testing import RunningServer

PATIENCE = 2 * 3600  # seconds of virtual time that a job may take
DEPTH = "a/b/c"  # of a client's folder below the temporary one, so that names that climb stay inside of that

Json = dict[str, Any]


class Client(Protocol):
    def run(self, job: Json) -> str:
        """Do *job*; how it ended."""
        ...

    def on_webhook(self, payload: Json) -> None: ...


@dataclass(frozen=True, slots=True)
class Run:
    """What one client went through in one scene: its events, and what came of each job."""

    events: Sequence[Event]
    outcomes: Sequence[Outcome]


def play(scene: Scene, client: Callable[[Machine], Client], server: RunningServer, *, seed: int = 0) -> Run:
    """Let *client* do the jobs of *scene*, in a sandbox that is made for it."""
    # the same key for both clients: so they get the same ids, and meet the same draws
    key = f"sk-mai-{sha256(f'demo {seed} {scene.scenario}'.encode()).hexdigest()[:32]}"
    sandbox = Screenplay(server, key)
    sandbox.begin(scenario=_scenario(scene), seed=seed)
    try:
        with TemporaryDirectory(prefix="screenplay-mock-") as root:
            return _Stage(scene, sandbox, Path(root)).run(client)
    finally:
        sandbox.close()


class _Stage:
    def __init__(self, scene: Scene, sandbox: Screenplay, root: Path) -> None:
        self._scene, self._sandbox, self._root = scene, sandbox, root
        self._folder = disk.cleared(root, root / DEPTH)
        self._chronicle = Chronicle(sandbox)
        self._began = _milliseconds(sandbox.now)
        self._until = 0  # milliseconds since then

    def run(self, make: Callable[[Machine], Client]) -> Run:
        client = make(self._machine())
        with ExitStack() as opened:
            if self._scene.webhook:
                receiver = opened.enter_context(Receiver(partial(self._take, client)))
                self._sandbox.set_account(webhook_url=receiver.url)
            outcomes = [self._outcome(client) for _ in range(self._scene.jobs)]
        return Run(self._chronicle.events, outcomes)

    def _machine(self) -> Machine:
        return Machine(
            self._sandbox.base_url,
            self._sandbox.key,
            self._folder,
            sleep=self._sleep,
            now=lambda: self._chronicle.at / 1000,
            say=self._chronicle.said,
            handlers=(self._chronicle, ProxyHandler({})),
            has_webhook=self._scene.webhook,
        )

    def _sleep(self, seconds: float) -> None:
        """A client's wait is an advance."""
        self._chronicle.waits(seconds)
        self._chronicle.at = _milliseconds(self._sandbox.advance(seconds)["now"]) - self._began
        if self._chronicle.at >= self._until:
            raise Curtain

    def _take(self, client: Client, payload: Json) -> int:
        """Hand a webhook to *client*; the HTTP status for the vendor."""
        try:
            self._chronicle.called(_milliseconds(self._sandbox.now) - self._began, payload)
            client.on_webhook(payload)
        except (Exception, Curtain) as error:  # noqa: BLE001 - as in any web framework
            self._chronicle.said(f"{type(error).__name__}: {error}")
            return 500
        return 200

    def _outcome(self, client: Client) -> Outcome:
        """What comes of one more job."""
        began = self._chronicle.begin_job()
        self._until = began + PATIENCE * 1000
        charged, asked = len(self._sandbox.account["charges"]), len(self._sandbox.requests)
        said, error = self._end(client)
        charges, requests = self._sandbox.account["charges"][charged:], self._sandbox.requests[asked:]
        submissions = [one["micro_dollars"] for one in charges if one["kind"] == "submit"]
        escaped = disk.outside(self._root, self._folder / "result")
        for name in escaped:
            self._chronicle.noted(f"has written {name}, which is outside of the folder of its results")
        outcome = Outcome(
            said,
            error,
            price=max(submissions, default=0),
            submissions=len(submissions),
            downloads=sum(one["kind"] == "download" for one in charges),
            paid=sum(one["micro_dollars"] for one in charges),
            requests=len(requests),
            elapsed=self._chronicle.at - began,
            has_result=disk.has_result(self._folder / "result", JOB["episodes"]),
            no_archives=disk.no_archives(self._folder),
            escaped=escaped,
            leaks=sum(map(wording.leaked, requests)),
            troubles=(*(one["fault"] for one in requests if one["fault"]), *self._misfortunes(charges)),
        )
        disk.cleared(self._root, self._folder)
        return outcome

    def _misfortunes(self, charges: Sequence[Json]) -> Iterator[str]:
        """What went wrong with the tasks that were paid for, and with their webhooks."""
        paid = {one["task_id"] for one in charges if one["kind"] == "submit"}
        told = {one["task_id"] for one in self._sandbox.deliveries}
        for task in self._sandbox.tasks:
            if task["task_id"] in paid:
                if task["status"] == "failed":
                    yield "task fails"
                if self._scene.webhook and task["task_id"] not in told:
                    yield "no webhook"

    def _end(self, client: Client) -> tuple[str, str]:
        """How the job ends, and the error with which it crashes."""
        try:
            said, error = client.run(JOB), ""
            self._chronicle.settle()
        except Curtain:
            self._chronicle.noted("the tour stops it here")
            said, error = STOPPED, ""
        except Exception as trouble:  # noqa: BLE001 - a program would end with a traceback
            said, error = CRASHED, f"{type(trouble).__name__}: {trouble}"
            self._chronicle.noted(f"crashes with {error}")
        return said, error


def _milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def _scenario(scene: Scene) -> str | dict[str, Any]:
    if scene.running_for is None:
        return scene.scenario
    return {"extends": scene.scenario, "tasks": {"running_for": scene.running_for}}
