"""How checks look at a recording: with which key a call came, and which calls were simply answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.exchange import UNLABELLED
from screenplay_contracts.server import answers
from screenplay_contracts.server.checks.saying import answered, kept
from screenplay_contracts.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.answers import Refusal
    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

MUST, SHOULD = Severity.MUST, Severity.SHOULD
TOO_MANY, SERVER_ERROR = 429, 500
KEY_REFUSED = frozenset({401, 403})
ABOUT_ASSETS = frozenset({"submitTask", "getAssetMetadata", "deleteAsset", "downloadAsset"})


def credential(recorded: Recording, call: Call) -> str:
    """
    missing, bearer, invalid, disabled, unknown or good: by the header, and by what the account's label says of its key.

    Browsers can leave the header out of what they export: where no call has one, all keys are held to be good.
    """
    given = call.exchange.sent_header("Authorization")
    if not given:
        return "missing" if recorded.shows_keys else "good"
    if given.lower().startswith("bearer "):
        return "bearer"
    if call.account.startswith(UNLABELLED) and call.status in KEY_REFUSED:
        return "unknown"  # a wrong key may well have been meant
    return next((word for word in ("invalid", "disabled") if call.account.endswith(word)), "good")


def is_limited(recorded: Recording, call: Call) -> bool:
    """Whether *call* was answered that it came too fast: by its status, where other refusals do not have that too."""
    expected = answers.limited(recorded.dialect)
    return call.status == expected.status and (call.status == TOO_MANY or call.msg == expected.text)


def _limits(recorded: Recording) -> dict[str, list[tuple[int, object]]]:
    """The rate limit of each account, and from which place of the recording, by the admin API."""
    limits: dict[str, list[tuple[int, object]]] = {}
    for one in recorded.admin:
        if isinstance(one.answer, dict) and "rate_limit" in one.answer:
            limits.setdefault(one.account, []).append((one.number, one.answer["rate_limit"]))
    return limits


def _came_too_fast(recorded: Recording, call: Call, limits: dict[str, list[tuple[int, object]]]) -> bool:
    """Whether that is why *call* was refused: an unknown asset can be answered with the same words."""
    if call.status == TOO_MANY:
        return True
    if not is_limited(recorded, call):
        return False
    if answers.limited(recorded.dialect) != answers.no_asset(recorded.dialect) or call.operation not in ABOUT_ASSETS:
        return True
    before = [limit for number, limit in limits.get(call.account, ()) if number < call.number]
    return bool(before) and before[-1] is not None


def ordinary(recorded: Recording, *operations: str) -> Iterator[Call]:
    """The calls of *operations* that came with a good key and were answered, neither too fast nor with a 5xx."""
    limits = _limits(recorded)
    for call in recorded.of(*operations):
        if (
            call.status is not None
            and call.status < SERVER_ERROR
            and call.status not in KEY_REFUSED
            and credential(recorded, call) in {"good", "bearer"}
            and not _came_too_fast(recorded, call, limits)
        ):
            yield call


def refused(call: Call, expected: Refusal) -> Outcome:
    """Whether *call* was answered with *expected*."""
    return kept(call.status == expected.status and call.msg == expected.text, str(expected), answered(call), call)


def turned_down(call: Call, because: str) -> Outcome:
    """Whether *call* was answered with an error of the client's, whichever."""
    return kept(_is_refusal(call), f"a refusal, because {because}", answered(call), call)


def says(call: Call, expected: Refusal) -> Outcome:
    """Whether *call* was refused with the text of *expected*, which is documented; docs silent: with which status."""
    is_so = _is_refusal(call) and call.msg == expected.text
    return kept(is_so, f"a refusal, msg {expected.text!r}", answered(call), call)


def has_status(call: Call, expected: Refusal) -> Outcome:
    """Whether *call* was answered with the status of *expected*; of its text another check speaks, or nobody."""
    return kept(call.status == expected.status, f"HTTP {expected.status}", answered(call), call)


def _is_refusal(call: Call) -> bool:
    return call.status is not None and 400 <= call.status < SERVER_ERROR  # noqa: PLR2004 - HTTP's errors of clients
