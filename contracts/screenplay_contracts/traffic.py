"""Recorded traffic, judged by the checks of servers; what a recording does not trigger is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.har_reading import ASIDE, FAULT
from screenplay_contracts.server.checks import RULES
from screenplay_contracts.server.operations import BASE_PATH
from screenplay_contracts.server.recording import recording
from screenplay_contracts.server.rules import results

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.exchange import Exchange, Received
    from screenplay_contracts.selection import Selection
    from screenplay_contracts.server.dialect import Dialect
    from screenplay_contracts.verdict import Result


UNJUDGED = (FAULT, ASIDE)


class NothingToJudge(Exception):
    """A recording in which nothing is of the API; the text says what was looked for."""


def judged_traffic(  # noqa: PLR0913 - all by name
    exchanges: Iterable[Exchange],
    received: Iterable[Received],
    *,
    dialect: Dialect,
    selection: Selection,
    base_path: str = BASE_PATH,
    fake: bool = False,
) -> tuple[Result, ...]:
    """
    What the checks say of what was recorded, but for what a fake spoiled on purpose, and for what says nothing of the
    server. Raises NothingToJudge, also where no request means any operation.

    *base_path* is what the paths of the API begin with, *fake* whether magic assets and keys have their meaning.
    """
    honest = [one for one in exchanges if not one.note.startswith(UNJUDGED)]
    recorded = recording(honest, received, dialect=dialect, base_path=base_path, fake=fake)
    if all(call.operation is None for call in recorded.calls):
        where = f"below {base_path}" if base_path else "without a base path"
        raise NothingToJudge(f"no request in the recording is one of the API {where} and has its answer")
    chosen = [rule for rule in RULES if selection.takes(rule.check.name)]
    return results(chosen, recorded, whole=False)
