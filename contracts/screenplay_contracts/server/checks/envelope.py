"""What every answer has in common (error-codes page; the screenplay and base pages)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server.checks.saying import kept
from screenplay_contracts.server.rules import rule
from screenplay_contracts.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

ERROR = 400  # the first HTTP status of an error
MUST = Severity.MUST


def enveloped(recorded: Recording) -> Iterator[tuple[Call, dict[str, Any]]]:
    """Each answer that is a JSON object, as all are but the downloads that succeed."""
    for call in recorded.calls:
        if isinstance(call.answer, dict) and call.status is not None:
            yield call, call.answer


def code_equals_status(recorded: Recording) -> Iterator[Outcome]:
    for call, body in enveloped(recorded):
        code = body.get("code")
        expected = recorded.dialect.success_codes if call.succeeded else (call.status, str(call.status))
        yield kept(any(_same(code, one) for one in expected), f"code {expected[0]!r}", f"code {code!r}", call)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)  # True == 1 in Python


RULES = (
    rule(
        "envelope/code-equals-status",
        MUST,
        "error-codes page",
        "The HTTP status equals the code in the body.",
        code_equals_status,
    ),
)
