"""A run: the phases against a server, and what all rules say of what was recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.server.checks import RULES
from screenplay_contracts.server.claim import LABEL, claimed
from screenplay_contracts.server.connecting import base_path
from screenplay_contracts.server.phases import PHASES
from screenplay_contracts.server.receiver import Receiver
from screenplay_contracts.server.recording import recording
from screenplay_contracts.server.rules import Need, results
from screenplay_contracts.server.session import Session
from screenplay_contracts.server.watching import Watch
from screenplay_contracts.verdict import Verdict, skipped

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
    """What came of a run. Not `complete`: it was interrupted, or the server was `gone` before its end."""

    results: tuple[Result, ...]
    notes: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    received: tuple[Received, ...]
    complete: bool = True
    gone: bool = False


def checks(phases: Iterable[Phase] = PHASES) -> tuple[Check, ...]:
    """All that a run can judge, in the order of a report."""
    return (*(rule.check for rule in RULES), *(check for phase in phases for check in phase.checks))


def run(target: Target, dialect: Dialect, options: Options, *, phases: Iterable[Phase] = PHASES) -> Ran:
    """
    Play *phases* against *target* and judge. An interrupt ends the play, and so does a server that is not there any
    more; what was recorded by then is judged. Raises CannotConnect if another run plays with this key.
    """
    chosen = [rule for rule in RULES if options.selection.takes(rule.check.name)]
    watch = Watch(target)
    recorder = Recorder(on_exchange=watch)
    notes: list[str] = []
    judged: list[Result] = []
    complete = True
    with Receiver(recorder) as receiver, claimed(target, receiver.url(LABEL)):
        session = Session(target, dialect, recorder, receiver)
        try:
            for phase in phases:
                judged += _played(phase, session, options, chosen, notes)
        except KeyboardInterrupt:
            complete = False
        finally:
            watch.end()
            left = session.clean()
    gone = watch.since is not None
    complete = complete and not gone
    answered = _until(watch.since, recorder.exchanges)
    recorded = recording(
        answered,
        recorder.received,
        dialect=dialect,
        base_path=base_path(target.base_url),
        fake=Need.MAGIC not in target.missing,
    )
    verdicts = results(chosen, recorded, missing=target.missing, whole=complete)
    played = [_without_blame(one, recorder.exchanges, answered) for one in judged] if gone else judged
    notes = [*_gone(watch.since, len(answered)), *notes, *_spending(target), *left]
    return Ran((*verdicts, *played), tuple(notes), recorder.exchanges, recorder.received, complete, gone)


def _without_blame(result: Result, exchanges: tuple[Exchange, ...], answered: tuple[Exchange, ...]) -> Result:
    """What a phase found, but for what it found, or could not tell, because nobody was there any more."""
    lost = {one.number for one in exchanges} - {one.number for one in answered}
    findings = tuple(one for one in result.findings if lost.isdisjoint(each.number for each in one.evidence))
    could_not = result.verdict in {Verdict.INCONCLUSIVE, Verdict.ERROR} or (result.findings and not findings)
    if could_not:
        return skipped(result.check, "the server was gone before it could be told")
    return replace(result, findings=findings)


def _until(since: Exchange | None, exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """*exchanges* without those that had no answer because nobody was there any more."""
    if since is None:
        return exchanges
    return tuple(one for one in exchanges if one.number < since.number or one.status is not None)


def _gone(since: Exchange | None, answered: int) -> list[str]:
    if since is None:
        return []
    what = f"{since.method} {since.path} ({since.error})"
    return [f"the server stopped answering after {answered} requests; the first without an answer: {what}"]


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
