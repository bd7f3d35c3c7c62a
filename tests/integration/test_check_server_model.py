"""The state machine against the fake, which keeps the contract, and against servers that break it in one way each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from tests.broken_servers.edits import admin, broken, err, ok, put, succeeds, where
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory, Proxy

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.server.budget import Budget
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.model.promises import PROMISES
from screenplay_contracts.server.operations import ADMIN, BASE_PATH
from screenplay_contracts.server.play import play
from screenplay_contracts.server.receiver import Receiver
from screenplay_contracts.server.rules import Need
from screenplay_contracts.server.session import Session
from screenplay_contracts.server.target import Target
from screenplay_contracts.verdict import BREACHES, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.verdict import Result
    from screenplay_mock.testing import RunningServer

COSTS = {"submitTask", "downloadTask", "uploadAsset", "storeAsset", "downloadAsset"}


class Played:
    """What came of a play; `by` its results by the names of their checks."""

    def __init__(self, results: list[Result], exchanges: tuple[Exchange, ...]) -> None:
        self.by = {one.check.name: one for one in results}
        self.exchanges = exchanges

    @property
    def verdicts(self) -> set[Verdict]:
        return {one.verdict for one in self.by.values()}

    @property
    def caught(self) -> set[str]:
        return {name for name, one in self.by.items() if one.verdict in BREACHES}


def played(
    target: Target, *, dialect: str = "documented", seed: int = 0, max_examples: int = 20, patience: int = 3
) -> Played:
    recorder = Recorder()
    with Receiver(recorder) as receiver:
        session = Session(target, DIALECTS[dialect], recorder, receiver)
        results = play(session, seed=seed, max_examples=max_examples, patience=patience)
        session.clean()
    return Played(results, recorder.exchanges)


def fake(origin: str, key: str, **members: Any) -> Target:
    return Target(origin + BASE_PATH, f"sk-mai-{crc32(key.encode()):08x}", **{"admin_url": origin + ADMIN, **members})


@pytest.fixture(params=["documented", "legacy", "live"])
def spoken(request: pytest.FixtureRequest) -> Any:
    """(origin, dialect) of a fake that speaks it."""
    from screenplay_mock.core.dialect import DIALECTS as SPOKEN
    from screenplay_mock.sandbox import Defaults
    from screenplay_mock.serving import ServerThread
    from screenplay_mock.settings import Settings

    with ServerThread(Settings(port=0, defaults=Defaults(dialect=SPOKEN[request.param]))) as thread:
        yield thread.server.origin, request.param


def test_the_fake_does_what_the_model_predicts_under_each_dialect(spoken: tuple[str, str]) -> None:
    origin, dialect = spoken
    come = played(fake(origin, "dialects"), dialect=dialect, max_examples=25)
    assert {name: [one.message for one in result.findings] for name, result in come.by.items() if result.findings} == {}
    assert come.verdicts == {Verdict.PASSED}
    assert come.by.keys() == {check.name for check in PROMISES}


def _sent(exchange: Exchange) -> tuple[object, ...]:
    body = exchange.request_body
    if body is not None and b"webhook_url" in body:  # the port of the receiver
        body = b"webhook" if json.loads(body)["webhook_url"] else b"none"
    return exchange.account, exchange.method, exchange.path, body, exchange.note, exchange.status


def test_the_same_seed_sends_the_same_requests_twice_and_another_seed_others(screenplay_server: RunningServer) -> None:
    first, second, other = (
        [_sent(one) for one in played(fake(screenplay_server.origin, "twice"), seed=seed, max_examples=8).exchanges]
        for seed in (7, 7, 8)
    )
    assert first == second
    assert first != other


def test_nothing_is_left_behind(
    screenplay_server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    come = played(fake(screenplay_server.origin, "behind"), max_examples=3)
    assert list(tmp_path.iterdir()) == []
    last = {one.account: one for one in come.exchanges}
    assert {(one.method, one.path) for one in last.values()} == {("DELETE", f"{ADMIN}/sandbox")}


def test_without_an_admin_api_it_polls_and_uses_magic_assets(screenplay_server: RunningServer) -> None:
    target = fake(screenplay_server.origin, "no-admin", admin_url=None, other_key="sk-mai-somebody-else", paced=0)
    come = played(target, max_examples=60)
    assert come.caught == set()
    lacking = {name for name, one in come.by.items() if one.reason == Need.ADMIN}
    assert lacking == {"model/charges", "model/webhook", "model/clock"}
    assert {"model/submit", "model/status"} <= {name for name, one in come.by.items() if one.verdict is Verdict.PASSED}
    assert [one for one in come.exchanges if ADMIN in one.url] == []


def test_nothing_that_costs_is_sent_to_somebody_else_without_a_budget(screenplay_server: RunningServer) -> None:
    from screenplay_contracts.server.operations import below, found

    target = fake(screenplay_server.origin, "foreign", admin_url=None, foreign=True, budget=Budget(0), paced=0)
    come = played(target, max_examples=100)
    asked = {found(one.method, below(one.path, BASE_PATH) or "") for one in come.exchanges}
    accepted = {
        operation.id
        for one in come.exchanges
        if one.status == 200
        for operation, _ in [found(one.method, below(one.path, BASE_PATH) or "") or (None, None)]
        if operation is not None
    }
    assert asked
    assert not accepted & COSTS
    assert come.caught == set()
    assert Verdict.INCONCLUSIVE not in come.verdicts


# Broken servers


def _runs_again(ask: Ask, answer: Answer, memory: Memory) -> None:
    """Whoever asks again how a completed task is, is told that it runs."""
    is_completed = ask.operation == "getTask" and answer.ok and answer.json["data"]["status"] == "completed"
    if is_completed and memory.count(ask.subject) > 1:
        progress = {"total_episodes": 1, "completed_episodes": 0}
        succeeds({"task_id": ask.subject, "status": "running", "progress": progress})(ask, answer, memory)


def _goes_back(ask: Ask, answer: Answer, memory: Memory) -> None:
    """Asked twice at one moment, one episode fewer is done."""
    progress = answer.json["data"].get("progress") if ask.operation == "getTask" and answer.ok else None
    if progress is not None:
        done = progress["completed_episodes"]
        if done > 0 and memory.get(ask.subject) == done:
            put("data.progress.completed_episodes", done - 1)(ask, answer, memory)
        memory[ask.subject] = done


def _twice(charges: Any) -> list[Any]:
    return [one for charge in charges for one in [charge] * (2 if charge["kind"] == "submit" else 1)]


def _lives_on(ask: Ask, answer: Answer, memory: Memory) -> None:
    """A cancelled task is said to be completed."""
    if ask.operation == "cancelTask" and answer.ok:
        memory[ask.subject] = True
    if ask.operation == "getTask" and answer.ok and ask.subject in memory:
        put("data.status", "completed")(ask, answer, memory)


def _remember_deleted(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.operation == "deleteAsset" and answer.ok:
        memory[ask.subject] = True


def _use_another(ask: Ask, memory: Memory) -> None:
    """A deleted asset is as good as any."""
    body = ask.json if ask.operation == "submitTask" else None
    if isinstance(body, dict) and isinstance(body.get("episodes"), dict):
        episodes = {name: "re_z" if one in memory else one for name, one in body["episodes"].items()}
        ask.json = body | {"episodes": episodes}


def _remember_owner(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.operation == "submitTask" and answer.ok:
        memory[answer.json["data"]["task_id"]] = ask.key


def _as_owner(ask: Ask, memory: Memory) -> None:
    if ask.operation in {"getTask", "cancelTask", "downloadTask"} and ask.subject in memory:
        ask.headers["Authorization"] = memory[ask.subject]


def _a_zip(_: Ask, answer: Answer, __: Memory) -> None:
    answer.status, answer.body = 200, b"PK\5\6" + bytes(18)
    answer.headers["Content-Type"] = "application/zip"


NOT_YET = "Task is not completed yet, current status: running"
ROWS: dict[str, tuple[str, Fault]] = {
    "a completed task runs again": ("model/status", Fault(answer=_runs_again)),
    "progress goes back": ("model/status", Fault(answer=_goes_back)),
    "a task is charged twice": ("model/charges", broken(admin("GET", "/account"), put("charges", _twice))),
    "a cancelled task completes": ("model/status", Fault(answer=_lives_on)),
    "a deleted asset can be used": ("model/submit", Fault(_use_another, _remember_deleted)),
    "a foreign task is visible": ("model/isolation", Fault(_as_owner, _remember_owner)),
    "a running task can be downloaded": ("model/download", broken(err("downloadTask", msg=NOT_YET), _a_zip)),
    "a cancel is not told": ("model/cancel", broken(ok("cancelTask"), put("data.status", "running"))),
    "the webhook is told of another end": (
        "model/webhook",
        Fault(webhook=lambda hook, _: hook.payload["data"].update(status="failed")),
    ),
    "an upload has another size": (
        "model/assets",
        broken(ok("getAssetMetadata"), put("data.resource", lambda rows: [one | {"file_size": "1"} for one in rows])),
    ),
    "a clock goes fast": ("model/clock", broken(admin("POST", "/clock/advance"), put("now", "2030-01-01T00:00:00Z"))),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_broken_server_is_caught_by_its_check(screenplay_server: RunningServer, what: str) -> None:
    check, fault = ROWS[what]
    with Proxy(screenplay_server.origin, fault) as proxy:
        come = played(fake(proxy.url, what), max_examples=150)
    assert check in come.caught
    assert Verdict.ERROR not in come.verdicts


def test_every_promise_of_the_model_has_a_broken_server() -> None:
    assert {check for check, _ in ROWS.values()} == {check.name for check in PROMISES}


def test_a_failure_is_made_small_and_told_step_by_step(screenplay_server: RunningServer) -> None:
    fault = broken(where(ok("getTask"), status="running"), put("data.status", "processing"))
    with Proxy(screenplay_server.origin, fault) as proxy:
        come = played(fake(proxy.url, "small"), max_examples=50, patience=80)
    (finding,) = come.by["model/status"].findings
    steps = finding.observed.partition("after: ")[2].split("; ")
    assert len(steps) <= 5
    assert steps[0].startswith("1. submit re_a1")
    assert steps[-1].partition(". ")[2].startswith("ask how ros-sd-")
    failing, *before = finding.evidence
    assert '"processing"' in finding.observed
    assert b'"processing"' in (failing.response_body or b"")  # type: ignore[union-attr]
    assert len(before) == len(steps) - 1
