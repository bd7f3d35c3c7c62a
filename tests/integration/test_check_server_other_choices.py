"""A server that chooses otherwise where the documents are silent keeps every MUST; only SHOULDs tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from tests.broken_servers.edits import broken, err, ok, put, says, status
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory, Proxy

from screenplay_contracts.selection import Selection
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.operations import ADMIN, BASE_PATH
from screenplay_contracts.server.phases import Options
from screenplay_contracts.server.run import run
from screenplay_contracts.server.target import Target
from screenplay_contracts.verdict import Verdict

if TYPE_CHECKING:
    from screenplay_contracts.verdict import Result
    from screenplay_mock.testing import RunningServer

NOT_FOUND = "Task not found for id: "


def _frameworks_methods(ask: Ask, answer: Answer, _: Memory) -> None:
    """Allow names what a framework adds by itself."""
    del ask
    answer.headers["Allow"] += ",HEAD,OPTIONS"


def _reasons(_: Ask, answer: Answer, __: Memory) -> None:
    """The reasons against single assets stand in the data of the error."""
    answer.json = answer.json | {"msg": "Invalid assets", "data": {"reasons": ["?"]}}


def _etag(_: Ask, answer: Answer, __: Memory) -> None:
    answer.json = {"etag": "1"}


def _is(code: int) -> Any:
    return lambda _, answer: answer.status == code


#: What is chosen otherwise, and the SHOULDs that tell of it.
CHOICES: dict[str, tuple[Fault, set[str]]] = {
    "a task that has ended is a conflict": (
        broken(err("cancelTask", msg="Task cannot"), says(409, "Too late")),
        {"cancel/refusal"},
    ),
    "a media type has other words": (broken(_is(415), put("msg", "JSON only")), {"body/media-type-text"}),
    "an unknown task is 404": (
        broken(err(msg=NOT_FOUND), status(404)),
        {"status/unknown-task", "cancel/unknown-task", "download/refusal-status"},
    ),
    "an unknown task has other words where no page has any": (
        broken(err("getTask", "cancelTask", msg=NOT_FOUND), put("msg", "No such task")),
        {"status/unknown-task", "cancel/unknown-task"},
    ),
    "Allow has HEAD and OPTIONS": (broken(_is(405), _frameworks_methods), {"method/405-allow-exactly"}),
    "an asset that cannot be an episode has other words": (
        broken(err("submitTask", msg="Asset is not"), put("msg", "Unusable")),
        {"submit/reason-texts"},
    ),
    "reasons stand in the data": (
        broken(err("submitTask", msg="Episode"), _reasons),
        {"submit/reason-texts", "envelope/error-data"},
    ),
    "a wrong form has other words": (
        broken(err("submitTask", msg="Invalid request"), put("msg", "No")),
        {"submit/invalid-answer"},
    ),
    "no money has other words": (broken(err("submitTask", msg="Insufficient"), put("msg", "No money")), set()),
    "an unknown asset has other words": (
        broken(err("getAssetMetadata", "deleteAsset", msg="Asset not found"), put("msg", "No such asset")),
        {"asset/unknown-text"},
    ),
    "a result that is not ready is a conflict": (
        broken(err("downloadTask", msg="Task is not completed"), status(409)),
        {"download/refusal-status"},
    ),
    "created_at has no zone": (
        broken(ok("submitTask"), put("data.created_at", lambda text: text.rstrip("Z"))),
        {"time/created-at-zone"},
    ),
    "lengths are rounded": (
        broken(ok("submitTask"), put("data.total_duration_seconds", round)),
        {"submit/exact-duration"},
    ),
    "a signed URL lasts an hour": (
        broken(ok("createSignedUrl"), put("data.expires_in", 3_600)),
        {"signed-url/expires-in"},
    ),
    "what is stored has an etag": (broken(ok("storeAsset"), _etag), {"signed-url/storage-answers"}),
    "too fast has other words": (broken(_is(429), put("msg", "Slow down")), {"limit/answer"}),
    "webhook calls are text": (
        Fault(webhook=lambda hook, _: setattr(hook, "content_type", "text/plain")),
        {"webhook/media-type"},
    ),
}


def _answer(ask: Ask, given: Answer, memory: Memory) -> None:
    for fault, _ in CHOICES.values():
        if fault.answer is not None:
            fault.answer(ask, given, memory)


def judged(origin: str, fault: Fault, *, admin: bool) -> tuple[Result, ...]:
    with Proxy(origin, fault) as proxy:
        target = Target(
            proxy.url + BASE_PATH,
            f"sk-mai-{crc32(b'other choices'):08x}",
            admin_url=proxy.url + ADMIN if admin else None,
            other_key="sk-mai-of-somebody-else",
            paced=0,
        )
        return run(target, DIALECTS["documented"], Options(Selection(), max_examples=15)).results


@pytest.fixture(scope="module")
def results(screenplay_server: RunningServer) -> dict[str, Result]:
    """What all phases say of a server that makes all these choices."""
    fault = Fault(answer=_answer, webhook=CHOICES["webhook calls are text"][0].webhook)
    return {one.check.name: one for one in judged(screenplay_server.origin, fault, admin=True)}


def test_every_must_is_kept(results: dict[str, Result]) -> None:
    broken_musts = {
        name: one.findings[0].message if one.findings else one.reason
        for name, one in results.items()
        if one.verdict in {Verdict.FAILED, Verdict.ERROR}
    }
    assert broken_musts == {}


@pytest.mark.parametrize("choice", CHOICES)
def test_the_choice_is_told_by_a_check_that_does_not_bind(results: dict[str, Result], choice: str) -> None:
    _, told_by = CHOICES[choice]
    assert {name for name in told_by if results[name].verdict is not Verdict.WARNED} == set()
