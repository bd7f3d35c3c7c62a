"""Who may come in, by which method, on which path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screenplay_contracts.server import answers
from screenplay_contracts.server.checks.looking import KEY_REFUSED, MUST, SHOULD, credential, refused, turned_down
from screenplay_contracts.server.checks.saying import answered, kept
from screenplay_contracts.server.operations import allowed
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

#: A path that can be nothing else than what it looks like: /nope has the form of /{asset_id}, and is no asset.
_PLAIN = re.compile(r"/screenplay/tasks(/.*)?|/upload(/signed-url)?|/storage/[^/]+|(/asset)?/re_[A-Za-z0-9]+(/.*)?")

BY_THEMSELVES = frozenset({"HEAD", "OPTIONS"})  # what frameworks name of their own accord; docs silent on both


def _with_key(recorded: Recording, *credentials: str) -> Iterator[Call]:
    """Calls of operations that need a key, and came with one of these *credentials*."""
    for call in recorded.calls:
        needs_key = call.operation not in {None, "storeAsset"} and _exists(recorded, call)
        if needs_key and call.status is not None and credential(recorded, call) in credentials:
            yield call


def _exists(recorded: Recording, call: Call) -> bool:
    return not call.legacy or recorded.dialect.asset_paths == "both"


def required(recorded: Recording) -> Iterator[Outcome]:
    yield from (refused(call, answers.UNAUTHORIZED) for call in _with_key(recorded, "missing"))


def invalid(recorded: Recording) -> Iterator[Outcome]:
    yield from (refused(call, answers.UNAUTHORIZED) for call in _with_key(recorded, "invalid"))


def disabled(recorded: Recording) -> Iterator[Outcome]:
    for call in _with_key(recorded, "disabled"):
        yield kept(call.status == answers.FORBIDDEN.status, "HTTP 403", answered(call), call)


def accepted(recorded: Recording) -> Iterator[Outcome]:
    for call in _with_key(recorded, "good"):
        yield kept(
            call.status not in KEY_REFUSED, "neither HTTP 401 nor 403, since the key is good", answered(call), call
        )


def bearer(recorded: Recording) -> Iterator[Outcome]:
    for call in _with_key(recorded, "bearer"):
        if recorded.dialect.bearer == "reject":
            yield refused(call, answers.UNAUTHORIZED)
        else:
            yield kept(call.status not in KEY_REFUSED, "a key after Bearer is accepted", answered(call), call)


def others_see_nothing(recorded: Recording) -> Iterator[Outcome]:
    tasks = {task.id: task.account for task in recorded.tasks if task.submission is not None}
    assets = {
        call.data.get("asset_id"): call.account
        for call in recorded.of("uploadAsset", "createSignedUrl")
        if call.succeeded and isinstance(call.data.get("asset_id"), str)
    }
    for call in _with_key(recorded, "good"):
        owner = (tasks if "/screenplay/" in call.path else assets).get(call.subject or "")
        if owner is not None and not _same_key(owner, call.account):
            yield turned_down(call, f"it is {owner}'s, and another account's does not exist")


def _same_key(one: str, other: str) -> bool:
    """Whether two labels are of one key: an account that is begun again has the label of before, with an ending."""
    return one.removesuffix("-again") == other.removesuffix("-again")


def _wrong_methods(recorded: Recording) -> Iterator[tuple[Call, frozenset[str]]]:
    """Calls with a method that their path does not have, and those that it has."""
    legacy = recorded.dialect.asset_paths == "both"
    for call in recorded.calls:
        methods = allowed(call.path, legacy=legacy)
        if call.status is not None and methods and call.exchange.method not in methods and _PLAIN.fullmatch(call.path):
            yield call, methods


def not_allowed(recorded: Recording) -> Iterator[Outcome]:
    for call, methods in _wrong_methods(recorded):
        if call.exchange.method == "HEAD":
            continue  # which is a choice, and has a check of its own
        is_so = call.status == answers.NO_METHOD.status
        yield kept(is_so, f"HTTP 405, since the path has {', '.join(sorted(methods))}", answered(call), call)


def _allowing(recorded: Recording) -> Iterator[tuple[Call, frozenset[str], frozenset[str], str]]:
    """(call, methods that its path has, those that Allow names, what was given) of each 405."""
    for call, methods in _wrong_methods(recorded):
        if call.status == answers.NO_METHOD.status:
            given = call.exchange.header("Allow")
            named = frozenset(one.strip() for one in (given or "").split(",") if one.strip())
            yield call, methods, named, f"Allow: {given}"


def allow(recorded: Recording) -> Iterator[Outcome]:
    for call, methods, named, given in _allowing(recorded):
        yield kept(methods <= named, f"Allow with {', '.join(sorted(methods))}", given, call)


def allow_is_true(recorded: Recording) -> Iterator[Outcome]:
    refused: dict[str, set[str]] = {}
    for call, *_ in _allowing(recorded):
        refused.setdefault(call.path, set()).add(call.exchange.method)
    for call, _, named, given in _allowing(recorded):
        wrong = sorted(named & refused[call.path] - BY_THEMSELVES)
        yield kept(not wrong, f"Allow without {', '.join(wrong)}, which the path answers with 405", given, call)


def allow_exactly(recorded: Recording) -> Iterator[Outcome]:
    for call, methods, named, given in _allowing(recorded):
        yield kept(named == methods, f"Allow: {', '.join(sorted(methods))}", given, call)


def not_allowed_text(recorded: Recording) -> Iterator[Outcome]:
    for call, _ in _wrong_methods(recorded):
        if call.exchange.method != "HEAD":  # which has no body
            yield refused(call, answers.NO_METHOD)


def head(recorded: Recording) -> Iterator[Outcome]:
    for call, _ in _wrong_methods(recorded):
        if call.exchange.method == "HEAD":
            yield kept(call.status == answers.NO_METHOD.status, "HTTP 405", answered(call), call)


def unknown_path(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.calls:
        if call.status is not None and not allowed(call.path, legacy=True) and call.exchange.method != "HEAD":
            yield refused(call, answers.NO_PATH)


def legacy_paths(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.calls:
        if not call.legacy or call.status is None or credential(recorded, call) != "good":
            continue
        if recorded.dialect.asset_paths == "both":
            expected = "an answer as of the path without /asset"
            yield kept(call.status != answers.NO_PATH.status, expected, answered(call), call)
        else:
            yield refused(call, answers.NO_PATH)


KEYS = "submit-task, get-task-status and cancel-task pages: Authorization is required; error-codes page"

RULES = (
    rule("auth/required", MUST, KEYS, "Without a key every operation answers 401 Unauthorized.", required),
    rule("auth/invalid-key", MUST, "error-codes page", "A wrong key is answered with 401 Unauthorized.", invalid),
    rule(
        "auth/disabled-account",
        MUST,
        "error-codes page: 403 for a disabled account",
        "The key of a disabled account is answered with 403.",
        disabled,
        Need.MAGIC,
    ),
    rule("auth/good-key", MUST, KEYS, "A good key is answered with neither 401 nor 403.", accepted),
    rule(
        "auth/bearer",
        SHOULD,
        "download page: no Bearer prefix; docs silent: whether one is tolerated; the switch bearer",
        "A key after Bearer is refused, or accepted, as the dialect says.",
        bearer,
    ),
    rule(
        "auth/other-key-sees-nothing",
        MUST,
        "error-codes page; docs silent: the text; a task or asset that others could read would be a leak",
        "What belongs to one account does not exist for another.",
        others_see_nothing,
        Need.OTHER_KEY,
        Need.MONEY,
    ),
    rule(
        "method/not-allowed", MUST, "error-codes page: 405", "A method that a path does not have is 405.", not_allowed
    ),
    rule("method/405-has-allow", MUST, "RFC 9110, 15.5.6", "A 405 names the methods of the path in Allow.", allow),
    rule(
        "method/405-allow-is-true",
        MUST,
        "RFC 9110, 15.5.6: the methods that the resource supports",
        "Allow names no method that the path refuses; docs silent: HEAD and OPTIONS.",
        allow_is_true,
    ),
    rule(
        "method/405-allow-exactly",
        SHOULD,
        "docs silent: HEAD and OPTIONS, which no page has",
        "Allow names the methods of the path and no others.",
        allow_exactly,
    ),
    rule(
        "method/405-text",
        SHOULD,
        "docs silent: the text; a public client logged it",
        'A 405 says "Request method not supported".',
        not_allowed_text,
    ),
    rule("method/head", SHOULD, "docs silent: HEAD; no page has it", "HEAD is answered with 405.", head),
    rule(
        "path/unknown",
        SHOULD,
        "docs silent: 404 chosen",
        'A path that does not exist is 404 "Not found".',
        unknown_path,
    ),
    rule(
        "path/legacy",
        SHOULD,
        "base pages have /{asset_id}, two public clients /asset/{asset_id}: the switch asset_paths",
        "The paths below /asset/ exist if the dialect says so.",
        legacy_paths,
    ),
)
