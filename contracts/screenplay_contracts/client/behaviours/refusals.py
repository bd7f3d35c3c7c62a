"""Submissions that were refused, and answers to them that are not what they seem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import ends
from screenplay_contracts.client.behaviours.looking import (
    CLIENT_ERROR,
    LIMIT_TEXT,
    RATE_LIMITED,
    TOLERANCE,
    answer,
    behind,
    charged,
    data,
    headers_of_answer,
    over,
    polls,
    submits,
    succeeded,
    text_of,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, dollars, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Outcome

FINAL = (400, 402, 403, 409, 413, 415)
EARLY = 0.05  # seconds that a clock may be ahead


def waits_when_limited(o: Observation) -> Iterator[Outcome]:
    for one in with_status(submits(o), RATE_LIMITED):
        wait = headers_of_answer(one, "Retry-After") or "0"
        earliest = over(one) + (int(wait) if wait.isdecimal() else 0) - EARLY
        hasty = [each for each in behind(submits(o), one) if each.at < earliest]
        if len(charged(o)) > o.case.together:
            yield broken(o, "one accepted submission after 429", dollars(o), *submits(o))
        else:
            yield kept(o, not hasty, f"no repetition within {wait} s of 429", "an earlier one", one, *hasty)


def limit_as_400_is_no_loop(o: Observation) -> Iterator[Outcome]:
    shortest = TOLERANCE * o.case.job.poll_seconds
    for one in submits(o):
        if one.status == CLIENT_ERROR and text_of(one) == LIMIT_TEXT:
            # of several clients the next submission may be another's
            hasty = [each for each in behind(submits(o), one) if each.at < over(one) + shortest]
            most = o.case.together - 1
            yield kept(o, len(hasty) <= most, f"a pause of {shortest:g} s behind a limit", "none", one, *hasty)


def refusal_is_not_repeated(o: Observation) -> Iterator[Outcome]:
    for one in with_status(submits(o), *FINAL):
        if text_of(one) != LIMIT_TEXT:
            again = behind(submits(o), one)
            yield kept(o, not again, f"no repetition after {one.status}", "submitted again", one, *again)


def refused_in_the_body(o: Observation) -> Iterator[Outcome]:
    for one in submits(o):
        body = answer(one)
        if succeeded(one) and isinstance(body, dict) and (body.get("success") is False or body.get("failed") is True):
            asked = [each for each in behind(o.requests, one) if each.operation != "submitTask"]
            yield kept(o, not asked, "nothing asked of a task that was refused", "asked", one, *asked)


def no_id_no_task(o: Observation) -> Iterator[Outcome]:
    for one in submits(o):
        accepted = succeeded(one) and isinstance(answer(one), dict)
        if accepted and not (isinstance(data(one).get("task_id"), str) and data(one)["task_id"]):
            guessed = [each for each in behind(o.requests, one) if "/screenplay/tasks/" in each.target]
            again = behind(submits(o), one)
            expected = "an error where the answer has no task_id"
            yield kept(o, not guessed and not again, expected, "requests behind it", one, *guessed, *again)


def no_webhook_is_final(o: Observation) -> Iterator[Outcome]:
    for one in submits(o):
        if one.status == CLIENT_ERROR and "webhook" in text_of(one):
            again = behind(submits(o), one)
            yield kept(o, not again, "no repetition where a webhook is asked for", "submitted again", one, *again)


def success_code_is_known(o: Observation) -> Iterator[Outcome]:
    for one in submits(o):
        if succeeded(one) and data(one).get("task_id"):
            code, goes_on = answer(one).get("code"), bool(behind(polls(o), one))
            if not goes_on and type(code) is not int:
                raise Unjudged(f"it takes the code {code!r} for an error, as the screenplay pages allow")
            yield kept(o, goes_on, "a poll behind a success with the code 200", f"none, {ends(o)}", one)


BEHAVIOURS = (
    behaviour(
        "SUB-07",
        SHOULD,
        "W",
        "rate-limit page; RFC 6585 4",
        "A submission that was refused with 429 is repeated after the wait, or not at all, and accepted once.",
        waits_when_limited,
    ),
    behaviour(
        "SUB-08",
        SHOULD,
        "W",
        f"upload page: a limit is told as 400, `{LIMIT_TEXT}`",
        "A limit that is told as 400 does not become a tight loop.",
        limit_as_400_is_no_loop,
    ),
    behaviour(
        "SUB-10",
        MUST,
        "W",
        "error-codes page",
        "A submission that was refused for what it is (400, 402, 403, 409, 415) is not repeated.",
        refusal_is_not_repeated,
    ),
    behaviour(
        "SUB-11",
        MUST,
        "W",
        "submit-task page (success, failed)",
        "HTTP 200 with `success: false` or `failed: true` is an error: there is no task to ask for.",
        refused_in_the_body,
    ),
    behaviour(
        "SUB-12",
        MUST,
        "W",
        "docs silent: chosen, because a task called None belongs to nobody",
        "A missing, null or empty task_id is an error; nothing is asked of a task without an id.",
        no_id_no_task,
    ),
    behaviour(
        "SUB-19",
        SHOULD,
        "W",
        "submit-task page: without a webhook nothing is told; transcription page: a hard 400",
        "A submission that was refused for want of a webhook is not repeated.",
        no_webhook_is_final,
    ),
    behaviour(
        "SUB-20",
        MUST,
        "W",
        "submit-task page, error-codes page: the integer 200; older pages: other values",
        "The success code 200 is taken for what it is, and the task is asked for.",
        success_code_is_known,
    ),
)
