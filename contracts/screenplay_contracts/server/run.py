"""A run: the phases against a server, and what all rules say of what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.server.checks import RULES
from screenplay_contracts.server.connecting import base_path
from screenplay_contracts.server.phases import PHASES
from screenplay_contracts.server.receiver import Receiver
from screenplay_contracts.server.recording import recording
from screenplay_contracts.server.rules import Need, results
from screenplay_contracts.server.session import Session
from screenplay_contracts.verdict import skipped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.exchange import Exchange, Received
    from screenplay_contracts.server.dialect import Dialect
    from screenplay_contracts.server.phases import Options, Phase
    from screenplay_contracts.server.rules import Rule
    from screenplay_contracts.server.target import Target
    from screenplay_contracts.verdict import Check, Result

DOLLAR = 1_000_000


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run. Not `complete`: it was interrupted."""

    results: tuple[Result, ...]
    notes: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    received: tuple[Received, ...]
    complete: bool = True


def checks(phases: Iterable[Phase] = PHASES) -> tuple[Check, ...]:
    """All that a run can judge, in the order of a report."""
    return (*(rule.check for rule in RULES), *(check for phase in phases for check in phase.checks))


def run(target: Target, dialect: Dialect, options: Options, *, phases: Iterable[Phase] = PHASES) -> Ran:
    """Play *phases* against *target* and judge. An interrupt ends the play; what was recorded by then is judged."""
    chosen = [rule for rule in RULES if options.selection.takes(rule.check.name)]
    recorder = Recorder()
    notes: list[str] = []
    judged: list[Result] = []
    complete = True
    with Receiver(recorder) as receiver:
        session = Session(target, dialect, recorder, receiver)
        try:
            for phase in phases:
                judged += _played(phase, session, options, chosen, notes)
        except KeyboardInterrupt:
            complete = False
        finally:
            left = session.clean()
    notes += [*_spending(target), *left]
    recorded = recording(
        recorder.exchanges,
        recorder.received,
        dialect=dialect,
        base_path=base_path(target.base_url),
        fake=Need.MAGIC not in target.missing,
    )
    verdicts = results(chosen, recorded, missing=target.missing, whole=complete)
    return Ran((*verdicts, *judged), tuple(notes), recorder.exchanges, recorder.received, complete)


def _played(
    phase: Phase, session: Session, options: Options, chosen: list[Rule], notes: list[str]
) -> tuple[Result, ...]:
    """What came of the checks of *phase* that were asked for; its notes are added to *notes*."""
    wanted = {check: needs for check, needs in phase.checks.items() if options.selection.takes(check.name)}
    missing = session.target.missing
    possible = any(not needs & missing for needs in wanted.values())
    if not (possible if phase.checks else chosen):
        return tuple(skipped(check, min(needs & missing)) for check, needs in wanted.items())
    session.note = phase.name
    played = phase.play(session, options)
    notes += played.notes
    return tuple(one for one in played.results if one.check in wanted)


def _spending(target: Target) -> list[str]:
    budget = target.budget
    if budget.limit is None:
        return []
    spent, limit = budget.spent / DOLLAR, budget.limit / DOLLAR
    refused = f"; {budget.refused} requests were not sent, since they could have cost more" if budget.refused else ""
    return [f"spent ${spent:.6f} of ${limit:.2f}, by the documented prices{refused}"]
