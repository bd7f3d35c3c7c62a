"""Uploads by a signed URL (get-upload-signed-url page; docs silent on the storage step behind it)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from screenplay_contracts.exchange import NOT_JSON
from screenplay_contracts.server import answers
from screenplay_contracts.server.assets import READY
from screenplay_contracts.server.checks.looking import MUST, SHOULD, ordinary, refused, turned_down
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.checks.schema import problem_with
from screenplay_contracts.server.checks.times import moment
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

PAGE = "get-upload-signed-url page"
STORAGE = "docs silent: the storage step"
EXPIRES_IN = 93_600  # seconds; of the page's example


def _signed(recorded: Recording) -> Iterator[Call]:
    yield from (call for call in recorded.of("createSignedUrl") if call.succeeded)


def answer(recorded: Recording) -> Iterator[Outcome]:
    for call in _signed(recorded):
        url, expires_in = call.data.get("signed_url"), call.data.get("expires_in")
        is_so = isinstance(url, str) and "://" in url and type(expires_in) is int and expires_in > 0
        yield kept(is_so, "a whole signed_url, and expires_in, a whole number", shown(call.data), call)


def expires_in(recorded: Recording) -> Iterator[Outcome]:
    for call in _signed(recorded):
        given = call.data.get("expires_in")
        yield kept(given == EXPIRES_IN, f"expires_in {EXPIRES_IN}", f"expires_in {shown(given)}", call)


def _nameless(recorded: Recording) -> Iterator[Call]:
    """Calls in JSON that name no file."""
    for call in ordinary(recorded, "createSignedUrl"):
        sent = call.sent
        is_json = (call.exchange.sent_header("Content-Type") or "").startswith("application/json")
        name: Any = sent.get("original_filename") if isinstance(sent, dict) else None
        if (
            is_json
            and sent is not NOT_JSON
            and call.status != answers.TOO_LARGE.status
            and not (isinstance(name, str) and name)
        ):
            yield call


def needs_filename(recorded: Recording) -> Iterator[Outcome]:
    yield from (turned_down(call, "it has no original_filename") for call in _nameless(recorded))


def nameless_answer(recorded: Recording) -> Iterator[Outcome]:
    yield from (refused(call, answers.INVALID) for call in _nameless(recorded) if not call.succeeded)


def storage_answers(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("storeAsset"):
        if call.status is not None:
            name = "upload-response" if call.succeeded else "error"
            problem = problem_with(name, call.exchange.response_body)
            yield kept(problem is None, f"an answer of the shape {name}", f"{problem}, in {shown(call.answer)}", call)


def _stores(recorded: Recording) -> Iterator[tuple[Call, Call, list[Call]]]:
    """(signed URL, call to it, successful calls to it before) of each call to a signed URL whose asset is there."""
    given = {str(call.data.get("signed_url")).rpartition("/")[2]: call for call in _signed(recorded)}
    gone = {(call.account, call.subject): call for call in reversed(recorded.of("deleteAsset")) if call.succeeded}
    stored: dict[str, list[Call]] = {}
    for call in recorded.of("storeAsset"):
        signed = given.get(call.subject or "")
        deletion = None if signed is None else gone.get((signed.account, signed.data.get("asset_id")))
        is_gone = deletion is not None and deletion.number < call.number
        if signed is not None and call.status is not None and not is_gone:
            before = stored.setdefault(call.subject or "", [])
            yield signed, call, list(before)
            if call.succeeded:
                before.append(call)


def _has_expired(signed: Call, call: Call) -> bool | None:
    """Whether the URL has expired by the time of the sandbox; None where that is not known."""
    begin, now, seconds = (
        moment(signed.exchange.virtual_at),
        moment(call.exchange.virtual_at),
        signed.data.get("expires_in"),
    )
    if begin is None or now is None or not isinstance(seconds, int):
        return None
    return now - begin >= timedelta(seconds=seconds)


def needs_no_key(recorded: Recording) -> Iterator[Outcome]:
    for signed, call, before in _stores(recorded):
        if not before and not _has_expired(signed, call) and not call.exchange.sent_header("Authorization"):
            yield kept(call.succeeded, "a file that is stored without a key", answered(call), signed, call)


def only_once(recorded: Recording) -> Iterator[Outcome]:
    for signed, call, before in _stores(recorded):
        if before and not _has_expired(signed, call):
            yield refused(call, answers.ALREADY_STORED)


def expires(recorded: Recording) -> Iterator[Outcome]:
    for signed, call, _ in _stores(recorded):
        if _has_expired(signed, call):
            yield refused(call, answers.URL_EXPIRED)


def unknown(recorded: Recording) -> Iterator[Outcome]:
    given = {str(call.data.get("signed_url")).rpartition("/")[2] for call in _signed(recorded)}
    for call in recorded.of("storeAsset"):
        if call.status is not None and call.subject not in given and "/storage/nobodys" in call.path:
            yield refused(call, answers.URL_UNKNOWN)


def waits(recorded: Recording) -> Iterator[Outcome]:
    """Until its content is stored the asset waits; when it is, it is ready."""
    stores = [(signed, call) for signed, call, _ in _stores(recorded) if call.succeeded]
    for signed in _signed(recorded):
        asset_id = signed.data.get("asset_id")
        stored = [call for one, call in stores if one is signed]
        for call in recorded.of("getAssetMetadata"):
            resource = call.data.get("resource")
            if call.subject != asset_id or call.account != signed.account or not isinstance(resource, list):
                continue
            statuses = [row.get("upload_status") for row in resource if isinstance(row, dict)]
            if not stored or call.number < stored[0].number:
                yield kept(statuses == ["WAITING"], "upload_status WAITING, until it is stored", shown(statuses), call)
            elif call.exchange.virtual_at is not None:  # else it may still be processed
                is_so = statuses in ([READY], ["UPLOADING"])  # the latter while it is processed
                yield kept(is_so, "upload_status SUCCESS or UPLOADING, since it is stored", shown(statuses), call)


RULES = (
    rule("signed-url/answer", MUST, PAGE, "The answer has an id, a whole URL and expires_in.", answer, Need.MONEY),
    rule(
        "signed-url/needs-filename",
        MUST,
        f"{PAGE}: original_filename is required",
        "Without a file name it is refused.",
        needs_filename,
    ),
    rule(
        "signed-url/invalid-answer",
        SHOULD,
        "docs silent: the answer; 400 Invalid request parameters chosen (error-codes page)",
        f"That is answered with 400 {answers.INVALID.text}.",
        nameless_answer,
    ),
    rule(
        "signed-url/expires-in",
        SHOULD,
        f"{PAGE}: the example; docs silent: whether it is always so long",
        f"expires_in is {EXPIRES_IN}.",
        expires_in,
        Need.MAGIC,
    ),
    rule(
        "signed-url/storage-answers",
        SHOULD,
        f"{STORAGE}; that of an upload chosen",
        "What is stored is answered as an upload is, and what is not with an error in the envelope.",
        storage_answers,
        Need.MAGIC,
    ),
    rule(
        "signed-url/needs-no-key",
        MUST,
        f"{PAGE}: the example has none",
        "A file can be stored without a key.",
        needs_no_key,
        Need.MAGIC,
    ),
    rule(
        "signed-url/waits",
        MUST,
        "upload page: the four statuses",
        "The asset is WAITING until its file is stored.",
        waits,
        Need.MAGIC,
    ),
    rule("signed-url/once", SHOULD, STORAGE, "A signed URL takes one file: a second is 409.", only_once, Need.MAGIC),
    rule(
        "signed-url/expires",
        SHOULD,
        f"{PAGE}: expires_in; {STORAGE}",
        "After expires_in seconds it is 403.",
        expires,
        Need.ADMIN,
    ),
    rule("signed-url/unknown", SHOULD, STORAGE, "A URL that was never given is 404.", unknown, Need.MAGIC),
)
