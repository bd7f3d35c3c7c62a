"""The API's document: which statuses an operation answers with, and the shape of each answer."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from screenplay_contracts.exchange import decoded
from screenplay_contracts.server import magic
from screenplay_contracts.server.checks.looking import MUST, SERVER_ERROR, SHOULD
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

#: Error-codes page: the table of statuses, of whatever operation.
TABLE = frozenset({"400", "401", "402", "403", "405", "409", "415", "429", "500"})
#: The schema of each operation's success, where that is JSON; docs silent: the storage step, which has its own check.
SUCCESSES: Mapping[str, str] = {
    "submitTask": "submit-response",
    "getTask": "status-response",
    "cancelTask": "cancel-response",
    "uploadAsset": "upload-response",
    "createSignedUrl": "signed-url-response",
    "getAssetMetadata": "metadata-response",
    "deleteAsset": "delete-response",
}


@cache  # the document does not change while a run lasts
def documented() -> Mapping[str, frozenset[str]]:
    """The statuses of each operation in the OpenAPI document."""
    from screenplay_schemas import bundle

    paths: dict[str, dict[str, Any]] = bundle()["paths"]
    operations = [one for path in paths.values() for one in path.values() if isinstance(one, dict)]
    return {one["operationId"]: frozenset(one["responses"]) for one in operations if "operationId" in one}


def response(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.calls:
        name = SUCCESSES.get(call.operation or "") if call.succeeded else "error"
        if name is None or call.status is None or call.exchange.method == "HEAD" or call.operation == "storeAsset":
            continue
        problem = problem_with(name, call.exchange.response_body)
        yield kept(problem is None, f"an answer of the shape {name}", f"{problem}, in {shown(call.answer)}", call)


@lru_cache(maxsize=4096)  # most answers come more than once
def problem_with(schema: str, body: bytes | None) -> str | None:
    """What is wrong with a JSON body by its *schema*; None if nothing is."""
    from screenplay_schemas import validator

    first = min(validator(schema).iter_errors(decoded(body)), key=lambda one: one.json_path, default=None)
    return None if first is None else f"{first.json_path}: {first.message[:200]}"


def _of_operations(recorded: Recording) -> Iterator[tuple[Call, frozenset[str]]]:
    """(call, statuses of its operation in the document) of each that was answered."""
    for call in recorded.calls:
        is_path = not call.legacy or recorded.dialect.asset_paths == "both"
        if call.operation is not None and call.status is not None and is_path:
            yield call, documented()[call.operation]


def status(recorded: Recording) -> Iterator[Outcome]:
    for call, own in _of_operations(recorded):
        if call.operation != "storeAsset":
            yield _is_one(call, own | TABLE)


def own_status(recorded: Recording) -> Iterator[Outcome]:
    for call, own in _of_operations(recorded):
        yield _is_one(call, own)


def _is_one(call: Call, expected: frozenset[str]) -> Outcome:
    return kept(str(call.status) in expected, f"one of HTTP {', '.join(sorted(expected))}", answered(call), call)


def no_server_error(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.calls:
        if call.status is not None and not _asks_for(call, magic.ERROR):
            yield kept(call.status < SERVER_ERROR, "no error of the server's own", answered(call), call)


def always_answered(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.calls:
        if not _asks_for(call, magic.LOST):
            problem = call.exchange.error or ""
            yield kept(call.status is not None and not problem, "a whole answer", problem, call)


def _asks_for(call: Call, magic_id: str) -> bool:
    return call.operation == "submitTask" and magic_id.encode() in (call.exchange.request_body or b"")


DOCUMENT = "the OpenAPI document, made from the vendor's pages (x-source of each shape)"

RULES = (
    rule("schema/response", MUST, DOCUMENT, "Every answer in JSON has the shape that its schema describes.", response),
    rule(
        "schema/status",
        MUST,
        f"error-codes page: the table; {DOCUMENT}",
        "An operation succeeds with 200, and fails with a status of the vendor's table, or one that its document has.",
        status,
    ),
    rule(
        "schema/own-status",
        SHOULD,
        f"{DOCUMENT}; docs silent: which of the error-codes page's statuses an operation has",
        "An operation answers with a status that its document has.",
        own_status,
    ),
    rule(
        "answer/no-server-error",
        MUST,
        "error-codes page: 500 is an internal server error",
        "No request makes the server fail.",
        no_server_error,
    ),
    rule("answer/whole", MUST, "RFC 9112, 6.3", "Every request gets a whole answer.", always_answered),
)
