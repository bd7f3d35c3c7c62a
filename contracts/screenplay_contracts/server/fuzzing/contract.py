"""Our own checks among those of Schemathesis: what an answer says by itself, so that its example is made smaller."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server.checks import RULES
from screenplay_contracts.server.fuzzing.promises import CONTRACT
from screenplay_contracts.server.recording import recording
from screenplay_contracts.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.dialect import Dialect

#: The areas whose checks need to know nothing of what was before, and such checks of other areas.
ALONE = (
    "answer/",
    "envelope/",
    "method/",
    "path/",
    "schema/",
    "body/malformed-json",
    "body/media-type",
    "body/needs-file",
)


def broken_alone(exchange: Exchange, dialect: Dialect, base_path: str, *, fake: bool) -> str | None:
    """The first MUST that *exchange* breaks by itself, in words; all that it breaks is told at the end of the run."""
    recorded = recording([exchange], dialect=dialect, base_path=base_path, fake=fake)
    for rule in RULES:
        if rule.check.severity is Severity.MUST and rule.check.name.startswith(ALONE):
            for outcome in rule.judge(recorded):
                if outcome is not None:
                    return f"{rule.check.name}: {outcome.message}"
    return None


@contextmanager
def registered(judge: Callable[[Any, Any], str | None]) -> Iterator[None]:
    """Let Schemathesis ask *judge* about each (request, response), as long as the context lasts."""
    import schemathesis
    from schemathesis.checks import CHECKS

    def contract(_: Any, response: Any, __: Any) -> None:
        problem = judge(response.request, response)
        if problem is not None:
            raise AssertionError(problem)

    contract.__name__ = CONTRACT
    schemathesis.check(contract)
    try:
        yield
    finally:
        CHECKS.unregister(CONTRACT)
