"""Judges that many behaviours share: all goes well, it ends as it should, nothing is paid twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours.looking import (
    TOLERANCE,
    behind,
    charged,
    downloads,
    finals,
    polls,
    sent,
    struck,
    submits,
    succeeded,
    went_well,
)
from screenplay_contracts.client.behaviours.saying import broken, crash, dollars, ending, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from screenplay_contracts.client.behaviour import Judge
    from screenplay_contracts.client.observation import Observation, Process, Request
    from screenplay_contracts.verdict import Outcome

    Trigger = Callable[[Observation], Sequence[Request]]

SLACK = 2.0  # seconds: machines are busy, and what ends is judged by a generous bound
LATE = 1.0  # seconds that a request may be on its way


def polls_struck(o: Observation) -> tuple[Request, ...]:
    return struck(polls(o))


def any_struck(o: Observation) -> tuple[Request, ...]:
    return struck(o.requests)


def downloads_struck(o: Observation) -> tuple[Request, ...]:
    return struck(downloads(o))


def ends(o: Observation) -> str:
    """How the clients ended, each with its last words."""
    return "; ".join(map(ending, finals(o)))


def goes_well(trigger: Trigger, what: str) -> Judge:
    """The job succeeds, though *what* has happened."""

    def judge(o: Observation) -> Iterator[Outcome]:
        seen = trigger(o)
        if seen and finals(o):
            yield outcome_of_success(o, what, *seen[:1])

    return judge


def outcome_of_success(o: Observation, what: str, *requests: Request) -> Outcome:
    bad = [one for one in finals(o) if one.exit_code != 0]
    observed = "; ".join(map(ending, bad))
    # who ends before a timeout can be over, or crashes, was not too slow for a busy machine
    slow = all(each.ended_at - each.started_at >= o.case.job.request_timeout_seconds for each in bad)
    measured = slow and not any(map(crash, bad))
    return kept(o, went_well(o), f"the job to succeed, {what}", f"{observed}, after", *requests, measured=measured)


def goes_on_or_stops(trigger: Trigger, what: str) -> Judge:
    """*what* is no crash: the client asks again, or ends with an error."""

    def judge(o: Observation) -> Iterator[Outcome]:
        seen = trigger(o)
        if seen:
            for process in finals(o):
                yield clean(o, process, what, *seen[:1])

    return judge


def clean(o: Observation, process: Process, what: str, *requests: Request) -> Outcome:
    """That it ended by itself, without a crash."""
    crashed = crash(process)
    if crashed is not None:
        return broken(o, f"no crash because of {what}", crashed, *requests)
    ended = process.exit_code is not None
    return kept(o, ended, f"an end in spite of {what}", ending(process), *requests, measured=True)


def fails(trigger: Trigger, what: str) -> Judge:
    """*what* makes the job impossible: an exit code that is not 0, and no result."""

    def judge(o: Observation) -> Iterator[Outcome]:
        seen = trigger(o)
        if seen:
            yield outcome_of_failure(o, what, *seen[:1])

    return judge


def outcome_of_failure(o: Observation, what: str, *requests: Request) -> Outcome:
    for process, files in zip(finals(o), o.files, strict=False):
        if process.exit_code in (0, None):
            hangs = process.exit_code is None
            return broken(o, f"an error, for {what}", ending(process), *requests, measured=hangs)
        if files.result is not None:
            return broken(o, f"no result, for {what}", f"a folder result with {len(files.result)} files", *requests)
    return None


def overdue(o: Observation, process: Process) -> str | None:
    """How much too late it ended: two request timeouts after the deadline are its own."""
    job = o.case.job
    latest = process.started_at + job.deadline_seconds + 2 * job.request_timeout_seconds + SLACK
    if process.exit_code is None or process.ended_at > latest:
        return f"{ending(process)}, {process.ended_at - process.started_at:.1f} s after its start"
    return None


def ends_in_time(o: Observation, *requests: Request) -> Iterator[Outcome]:
    """For each client: that it ended by itself in time, and asked for nothing when its deadline was over."""
    deadline = o.case.job.deadline_seconds
    expected = f"an end by itself at the deadline of {deadline:g} s"
    for process in finals(o):
        late = overdue(o, process)
        yield kept(o, late is None, expected, late or "", *requests, measured=True)
    if o.processes and o.case.kill is None and o.case.together == 1:
        tardy = [one for one in o.requests if one.at > deadline + LATE]
        expected, observed = f"no request after the deadline of {deadline:g} s", f"{len(tardy)} requests"
        yield kept(o, not tardy, expected, observed, *tardy, measured=True)


def never_again(o: Observation, one: Request, why: str) -> Outcome:
    """That no submission came behind *one*, whose outcome is not known."""
    again = behind(submits(o), one)
    return kept(o, not again, f"no second submission {why}", f"{dollars(o)}; submitted again", one, *again)


def paid_once(o: Observation) -> Iterator[Outcome]:
    """
    One accepted submission for each job, at most.

    Who is killed and started again is judged in each of its lives: what it submits in the next one is SUB-17's.
    """
    paid, most = {one.subject for one in charged(o)}, o.case.together * len(_lives(o))
    if paid:
        accepted = [one for one in submits(o) if one.task_id in paid]
        twice = next((several for several in _by_job(o, accepted) if len(several) > 1), [])
        expected = f"{most} submission{'' if most == 1 else 's'} accepted" + (", one for each job" if most > 1 else "")
        fits = not twice and len(charged(o)) <= most
        yield kept(o, fits, expected, dollars(o), *(twice or accepted or filter(succeeded, submits(o))))


def _lives(o: Observation) -> list[float]:
    """When each process of one client was started."""
    return [one.started_at for one in o.processes if o.case.together == 1] or [0.0]


def _by_job(o: Observation, requests: Iterable[Request]) -> list[list[Request]]:
    """The submissions of each job in each life: of several at once each has episodes of its own."""
    found: dict[tuple[int, str], list[Request]] = {}
    for one in requests:
        body = sent(one) if o.case.together > 1 else None
        episodes = body.get("episodes") if isinstance(body, dict) else None
        life = sum(one.at >= began for began in _lives(o))
        found.setdefault((life, str(episodes)), []).append(one)
    return list(found.values())


def budget(o: Observation) -> int:
    """How many polls fit into the deadline at the configured interval, with its tolerance, and some more."""
    job = o.case.job
    return round(job.deadline_seconds / (TOLERANCE * job.poll_seconds)) + 3
