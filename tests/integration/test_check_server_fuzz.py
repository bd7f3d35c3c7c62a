"""Schemathesis against the fake, which keeps its document, and against a server that breaks it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from tests.broken_servers.edits import broken, drop, header, ok, put, says, sent_else
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory, Proxy

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.server.budget import Budget
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.fuzz import fuzz
from screenplay_contracts.server.fuzzing.configuration import NOT_ELSEWHERE, configuration
from screenplay_contracts.server.fuzzing.promises import CHECKS, PREFIX
from screenplay_contracts.server.operations import ADMIN, BASE_PATH
from screenplay_contracts.server.receiver import Receiver
from screenplay_contracts.server.recording import recording
from screenplay_contracts.server.session import Session
from screenplay_contracts.server.target import Target
from screenplay_contracts.verdict import BREACHES, Verdict
from screenplay_mock.testing.admin import Admin

if TYPE_CHECKING:
    from pathlib import Path

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.verdict import Result
    from screenplay_mock.testing import RunningServer

KEY = f"sk-mai-{crc32(b'schemathesis'):08x}"


class Fuzzed:
    def __init__(self, results: list[Result], exchanges: tuple[Exchange, ...]) -> None:
        self.by = {one.check.name.removeprefix(PREFIX): one for one in results}
        self.exchanges = exchanges
        self.calls = recording(exchanges, fake=True).calls

    @property
    def caught(self) -> set[str]:
        return {name for name, one in self.by.items() if one.verdict in BREACHES}


def fuzzed(target: Target, *, dialect: str = "documented", seed: int = 0, max_examples: int = 3) -> Fuzzed:
    recorder = Recorder()
    with Receiver(recorder) as receiver:
        session = Session(target, DIALECTS[dialect], recorder, receiver)
        results = fuzz(session, seed=seed, max_examples=max_examples)
        session.clean()
    return Fuzzed(results, recorder.exchanges)


def fake(origin: str, **members: Any) -> Target:
    return Target(origin + BASE_PATH, KEY, **{"admin_url": origin + ADMIN, **members})


@pytest.fixture(scope="module")
def once(screenplay_server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Fuzzed, Path]:
    """What came of one run against the fake, and the folder in which it ran."""
    folder = tmp_path_factory.mktemp("working")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        return fuzzed(fake(screenplay_server.origin), seed=5), folder


def test_the_fake_keeps_its_document(once: tuple[Fuzzed, Path]) -> None:
    come, _ = once
    assert {name: one.findings[0].message for name, one in come.by.items() if one.findings} == {}
    assert {name for name, one in come.by.items() if one.verdict is not Verdict.PASSED} <= {"use_after_free"}
    assert {PREFIX + name for name in come.by} == {check.name for check in CHECKS}


def test_nothing_is_written_into_the_working_folder(once: tuple[Fuzzed, Path]) -> None:
    _, folder = once
    assert list(folder.iterdir()) == []


def test_all_operations_are_asked_and_tasks_go_all_their_way(once: tuple[Fuzzed, Path]) -> None:
    come, _ = once
    answered = {(call.operation, call.status) for call in come.calls}
    assert {operation for operation, _ in answered} >= {
        "submitTask",
        "getTask",
        "cancelTask",
        "downloadTask",
        "uploadAsset",
        "createSignedUrl",
        "storeAsset",
        "getAssetMetadata",
        "deleteAsset",
        "downloadAsset",
    }
    assert {("submitTask", 200), ("getTask", 200), ("downloadTask", 200), ("deleteAsset", 200)} <= answered


def test_what_was_sent_is_recorded_without_the_key(once: tuple[Fuzzed, Path]) -> None:
    come, _ = once
    assert {call.account for call in come.calls} == {"check-1", "check-1-invalid"}
    assert not [one for one in come.exchanges if KEY in repr(one)]
    with_a_wrong_key = [call.status for call in come.calls if call.account == "check-1-invalid"]
    assert with_a_wrong_key
    assert set(with_a_wrong_key) == {401}


def test_no_sandbox_of_a_key_of_its_own_making_is_left(
    once: tuple[Fuzzed, Path], screenplay_server: RunningServer
) -> None:
    come, _ = once
    assert [one for one in come.exchanges if one.account == "check-1-invalid"]
    left = {one["key"] for one in Admin(screenplay_server).call("GET", "/sandboxes")["sandboxes"]}
    assert not [key for key in left if key.startswith("SCHEMA")]


def _sent(exchange: Exchange) -> tuple[object, ...]:
    return exchange.method, exchange.path, exchange.request_headers, exchange.request_body, exchange.status


def test_the_same_seed_sends_the_same_requests_twice(
    once: tuple[Fuzzed, Path], screenplay_server: RunningServer
) -> None:
    first, _ = once
    again = fuzzed(fake(screenplay_server.origin), seed=5)
    assert [_sent(call.exchange) for call in again.calls] == [_sent(call.exchange) for call in first.calls]


@pytest.mark.parametrize("dialect", ["legacy", "live"])
def test_the_fake_keeps_its_document_in_other_dialects(dialect: str) -> None:
    from screenplay_mock.core.dialect import DIALECTS as SPOKEN
    from screenplay_mock.sandbox import Defaults
    from screenplay_mock.serving import ServerThread
    from screenplay_mock.settings import Settings

    with ServerThread(Settings(port=0, defaults=Defaults(dialect=SPOKEN[dialect]))) as thread:
        come = fuzzed(fake(thread.server.origin), dialect=dialect, max_examples=1)
    assert come.caught == set()


def _all(*faults: Fault) -> Fault:
    """Several faults at once: a run takes seconds."""

    def request(ask: Ask, memory: Memory) -> None:
        for fault in faults:
            if fault.request is not None:
                fault.request(ask, memory)

    def answer(ask: Ask, given: Answer, memory: Memory) -> None:
        for fault in faults:
            if fault.answer is not None:
                fault.answer(ask, given, memory)

    return Fault(request, answer)


def _some_key(ask: Ask) -> None:
    ask.headers["Authorization"] = "sk-mai-some"


def _status_is_the_key(ask: Ask, answer: Answer, memory: Memory) -> None:
    put("data.status", ask.key)(ask, answer, memory)
    header("X-Echo", ask.key)(ask, answer, memory)


BROKEN = _all(
    broken(ok("getTask"), _status_is_the_key),
    broken(ok("createSignedUrl"), drop("data.expires_in")),
    broken(lambda ask, _: ask.operation == "cancelTask", says(500, "Internal server error")),
    broken(ok("downloadTask"), lambda _, answer, __: setattr(answer, "status", 203)),
    broken(ok("deleteAsset"), put("msg", "deleted")),
    broken(ok("downloadAsset"), header("Content-Disposition", None)),
    broken(lambda ask, answer: answer.status == 405 and ask.path == "/upload", header("Allow", None)),
    broken(lambda ask, answer: answer.status == 405 and ask.path != "/upload", header("Allow", "TRACE")),
    sent_else(lambda ask: ask.operation == "getAssetMetadata" and not ask.key, _some_key),
)
#: Which check catches it, at which operation.
CAUGHT = (
    ("response_schema_conformance", "GET /screenplay/tasks/{task_id}"),
    ("response_schema_conformance", "POST /upload/signed-url"),
    ("not_a_server_error", "DELETE /screenplay/tasks/{task_id}"),
    ("status_code_conformance", "GET /screenplay/tasks/{task_id}/download"),
    ("contract", "DELETE /{asset_id}"),
    ("response_headers_conformance", "GET /{asset_id}/download"),
    ("unsupported_method", "/upload"),
    ("allow_header_conformance", "/screenplay/tasks"),
    ("ignored_auth", "GET /{asset_id}/metadata"),
)


@pytest.fixture(scope="module")
def of_broken(screenplay_server: RunningServer) -> Fuzzed:
    with Proxy(screenplay_server.origin, BROKEN) as proxy:
        return fuzzed(fake(proxy.url), max_examples=5)


@pytest.mark.parametrize(("check", "operation"), CAUGHT)
def test_a_broken_server_is_caught(of_broken: Fuzzed, check: str, operation: str) -> None:
    found = [finding for finding in of_broken.by[check].findings if operation in finding.expected]
    assert found
    assert all(finding.evidence for finding in found)


def test_a_key_that_the_server_repeats_is_neither_in_findings_nor_in_what_was_recorded(of_broken: Fuzzed) -> None:
    told = KEY in repr((of_broken.by, of_broken.exchanges))  # too long a text to be shown by an assertion
    assert not told
    messages = [finding.message for finding in of_broken.by["response_schema_conformance"].findings]
    assert any("[redacted]" in message for message in messages)


def test_a_failure_shows_its_request_and_how_it_was_answered(of_broken: Fuzzed) -> None:
    (finding, *_) = of_broken.by["not_a_server_error"].findings
    failing = finding.evidence[0]
    assert (failing.method, failing.status) == ("DELETE", 500)  # type: ignore[union-attr]


def test_somebody_else_is_asked_only_for_what_is_free_and_changes_nothing() -> None:
    foreign = fake("https://api.example", admin_url=None, foreign=True, budget=Budget(5_000_000))
    settings = configuration(foreign, KEY, seed=0, max_examples=100)
    (first, *_) = settings["operations"]
    assert first == {"include-operation-id": sorted(NOT_ELSEWHERE), "enabled": False}
    assert {"submitTask", "downloadTask", "uploadAsset", "storeAsset", "deleteAsset"} <= NOT_ELSEWHERE
    assert settings["rate-limit"] == "1/s"
    assert not settings["phases"]["coverage"]["enabled"]
    assert settings["generation"]["max-examples"] <= 3


def test_somebody_else_is_charged_nothing(screenplay_server: RunningServer) -> None:
    foreign = fake(screenplay_server.origin, admin_url=None, foreign=True, budget=Budget(0), paced=0)
    come = fuzzed(foreign)
    assert {call.operation for call in come.calls} <= {"getTask", "cancelTask", "getAssetMetadata"}
    assert come.calls
    assert come.caught == set()
    assert not {Verdict.ERROR, Verdict.INCONCLUSIVE} & {one.verdict for one in come.by.values()}


def test_where_schemathesis_cannot_go_on_nothing_is_judged() -> None:
    nowhere = Target("not a url", KEY)
    come = fuzzed(nowhere)
    assert {one.verdict for one in come.by.values()} == {Verdict.ERROR}
    assert "Schemathesis could not go on" in come.by["contract"].reason


def test_every_switched_off_check_has_its_reason_in_the_file() -> None:
    from importlib.resources import files

    text = files("screenplay_contracts.server").joinpath("schemathesis.toml").read_text("utf-8")
    for block in text.split("\n\n"):
        if "enabled = false" in block:
            assert "#" in block, block
    assert json.dumps(configuration(fake("http://127.0.0.1:1"), KEY, seed=3, max_examples=7))
