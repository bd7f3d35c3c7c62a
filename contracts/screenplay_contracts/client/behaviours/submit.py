"""Submissions whose outcome is not known: each is paid for, so none is sent twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import never_again, paid_once
from screenplay_contracts.client.behaviours.looking import (
    behind,
    charged,
    data,
    elsewhere,
    finals,
    report,
    struck,
    submits,
    succeeded,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import MAY, MUST, SHOULD, behaviour, broken, ending, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.behaviour import Judge
    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Outcome

UNSAFE = "RFC 9110 9.2.2: a POST may have taken effect, and must not be repeated blindly"
KEY = "Idempotency-Key"


def each_job_is_paid_once(o: Observation) -> Iterator[Outcome]:
    yield from paid_once(o)
    if not charged(o) and (o.requests or o.case.may_be_silent):
        raise Unjudged("no submission was accepted")


def once_after(kind: str, what: str) -> Judge:
    """No submission comes behind one that a fault of *kind* has struck after it was accepted."""

    def judge(o: Observation) -> Iterator[Outcome]:
        for one in struck(submits(o), kind)[:1]:
            yield never_again(o, one, f"after {what}")

    return judge


def repeats_only_what_was_refused(o: Observation) -> Iterator[Outcome]:
    """A port that refuses cannot be seen; that a client was started there is the trigger."""
    for process in finals(o):
        if process.exit_code is not None:
            yield next(paid_once(o), None)


def says_unknown(o: Observation) -> Iterator[Outcome]:
    lost = [one for one in struck(submits(o)) if not _has_task(one)]
    if lost:
        said = report(o).outcome
        yield kept(o, said == "unknown", "the outcome unknown", f"{said!r} after", *lost[:1])


def _has_task(request: Request) -> bool:
    return succeeded(request) and isinstance(data(request).get("task_id"), str) and bool(data(request)["task_id"])


def keys_are_of_one_call(o: Observation) -> Iterator[Outcome]:
    every = submits(o)
    keys = {one.header(KEY) for one in every}
    if every and keys == {None}:
        raise Unjudged("the client sends no idempotency key, and none is documented")
    if o.case.together > 1:
        fits = None not in keys and len(keys) >= len(o.tasks)
        yield kept(o, fits, "another idempotency key for each job", f"{len(keys)} keys for {len(o.tasks)} jobs", *every)
    elif every:
        fits = len(keys) == 1 and len({one.body for one in every}) == 1
        yield kept(o, fits, "one idempotency key and one body for one job", f"{len(keys)} keys", *every)


def redirect_is_not_reposted(o: Observation) -> Iterator[Outcome]:
    for one in with_status(submits(o), 301, 302, 303)[:1]:
        again = [each for each in behind(o.requests, one) if each.method == "POST"]
        yield kept(o, not again, f"no POST where {one.status} leads", "another POST", one, *again)


def redirect_keeps_the_request(o: Observation) -> Iterator[Outcome]:
    for one in with_status(submits(o), 307, 308)[:1]:
        changed = [each for each in behind(o.requests, one) if each.path == one.path and each.listener == "api"]
        changed = [each for each in changed if (each.method, each.body) != (one.method, one.body)]
        told = [each for each in elsewhere(o) if any(o.key in value for _, value in each.headers)]
        if told:
            yield broken(o, "no key at another origin", "the key", *told)
        else:
            yield kept(o, not changed, "the same method and body, or an error", "another request", one, *changed)


def resumes(o: Observation) -> Iterator[Outcome]:
    first, *later = o.processes or (None,)
    if first is None or first.signalled_at is None or not later:
        return
    second = [one for one in o.requests if one.at >= later[0].started_at]
    again = [one for one in second if one.operation == "submitTask"]
    knew = any(one.operation == "getTask" and one.at < first.signalled_at for one in o.requests)
    if again:
        yield broken(o, "no second submission after a restart", "submitted again", *again)
    else:
        asked = any(one.task_id in o.tasks for one in second)
        expected = "that it goes on with the task that it had asked for"
        yield kept(o, asked or not knew, expected, f"nothing asked of it; {ending(later[-1])}")


def id_is_saved(o: Observation) -> Iterator[Outcome]:
    first = o.processes[0] if o.processes else None
    left = o.files_when_killed
    if first is None or first.signalled_at is None or left is None:
        return
    asked = [one for one in o.requests if one.operation == "getTask" and one.at < first.signalled_at]
    known = {one.task_id for one in asked if one.task_id in o.tasks}
    texts = [first.stdout, first.stderr, *left.texts.values(), *(name.encode() for name in left.others)]
    for task_id in known:
        saved = any((task_id or "").encode() in text for text in texts)
        yield kept(o, saved, "the task id in its output or files when it was killed", f"{task_id} nowhere")


BEHAVIOURS = (
    behaviour(
        "SUB-01",
        MUST,
        "W",
        "docs silent: chosen, because each accepted submission is paid for",
        "One job is one accepted submission, whatever comes of it.",
        each_job_is_paid_once,
    ),
    behaviour(
        "SUB-02",
        MUST,
        "W",
        UNSAFE,
        "A submission whose connection is reset is not sent again.",
        once_after("reset", "a reset"),
    ),
    behaviour(
        "SUB-03",
        MUST,
        "W",
        UNSAFE,
        "A submission whose connection closes without an answer is not sent again.",
        once_after("close", "a close without an answer"),
    ),
    behaviour(
        "SUB-04",
        MUST,
        "WX",
        UNSAFE,
        "A submission that is not answered in time is not sent again.",
        once_after("latency", "its own timeout"),
    ),
    behaviour(
        "SUB-05",
        MUST,
        "W",
        UNSAFE,
        "A submission that a gateway answers with 502 or 504 is not sent again.",
        once_after("status 50", "a gateway's answer"),
    ),
    behaviour(
        "SUB-06",
        MUST,
        "W",
        UNSAFE,
        "A submission that is answered with 500 is not sent again.",
        once_after("status 500", "500"),
    ),
    behaviour(
        "SUB-09",
        MAY,
        "WX",
        "RFC 9110 9.2.2: what never arrived may be repeated",
        "A submission whose connection was refused may be sent again; it is accepted once at most.",
        repeats_only_what_was_refused,
    ),
    behaviour(
        "SUB-13",
        SHOULD,
        "SX",
        "draft-ietf-httpapi-idempotency-key-header-07, introduction",
        "An outcome that is not known is reported as such, not as a failure.",
        says_unknown,
    ),
    behaviour(
        "SUB-14",
        MUST,
        "W",
        "draft-ietf-httpapi-idempotency-key-header-07",
        "An idempotency key, where one is sent, is the same for each attempt of one call, and new for a new call.",
        keys_are_of_one_call,
    ),
    behaviour(
        "SUB-15",
        MUST,
        "W",
        "RFC 9110 15.4.2 to 15.4.4",
        "A submission that is redirected with 301, 302 or 303 is not posted there.",
        redirect_is_not_reposted,
    ),
    behaviour(
        "SUB-16",
        MUST,
        "W",
        "RFC 9110 15.4, 15.4.8",
        "307 and 308 are followed with the same method and body, or not at all; never with the key to another origin.",
        redirect_keeps_the_request,
    ),
    behaviour(
        "SUB-17",
        SHOULD,
        "WX",
        "docs silent: chosen, because each accepted submission is paid for",
        "Killed behind its submission and started again, it goes on with the task, and submits nothing.",
        resumes,
    ),
    behaviour(
        "SUB-18",
        SHOULD,
        "XF",
        "upload page and its neighbours: no call lists tasks, so a lost id is a lost job",
        "The task id is printed or saved as soon as it is known.",
        id_is_saved,
    ),
)
