"""Webhooks that say what is not so: no page documents a signature, so each is a hint, from anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours.ending import outcome_of_success
from screenplay_contracts.client.behaviours.looking import (
    SERVER_ERROR,
    STATUSES,
    behind,
    downloads,
    elsewhere,
    heard,
    over,
    payload_data,
    said,
    submits,
    telling,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, called, kept
from screenplay_contracts.client.behaviours.webhook import is_taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from screenplay_contracts.client.observation import Delivery, Observation, Request
    from screenplay_contracts.verdict import Outcome


def matches_by_data(o: Observation) -> Iterator[Outcome]:
    for one in heard(o):
        ids = one.payload.get("task_id") if isinstance(one.payload, dict) else None, payload_data(one).get("task_id")
        if None not in ids and ids[0] != ids[1]:
            wrong = [each for each in o.requests if str(ids[0]) in each.target]
            mistaken = kept(o, not wrong, "data.task_id taken", "the task_id at the top", *wrong)
            yield is_taken(o, one) or mistaken or outcome_of_success(o, "with two ids in the webhook")


def stranger_is_no_storm(o: Observation) -> Iterator[Outcome]:
    strange = [one for one in heard(o) if payload_data(one).get("task_id", one.task_id) not in o.tasks]
    if strange:
        ids = {str(payload_data(one).get("task_id")) for one in strange}
        asked = [each for each in o.requests if any(name in each.target for name in ids)]
        few = len(asked) <= len(strange) and not any(each.operation == "downloadTask" for each in asked)
        yield _no_error(o, strange) or kept(o, few, "no requests for a task of others", f"{len(asked)}", *asked)


def _no_error(o: Observation, answered: Iterable[Delivery]) -> Outcome:
    errors = [one for one in answered if one.status is not None and one.status >= SERVER_ERROR]
    return kept(o, not errors, "an answer below 500", ", ".join(map(called, errors)))


def end_is_confirmed(o: Observation) -> Iterator[Outcome]:
    if any(said(one) == "completed" for one in heard(o)):
        hasty = _unconfirmed(o)
        yield kept(o, not hasty, "a poll that confirms the end before a download", "none before", *hasty)


def waits_for_the_status(o: Observation) -> Iterator[Outcome]:
    ahead = [one for one in heard(o) if said(one) == "completed"]
    if ahead and not any(over(one) <= ahead[0].at for one in telling(o, "completed")):
        hasty = _unconfirmed(o)
        waited = kept(o, not hasty, "a download when polls tell the end", "one before", *hasty)
        yield waited or outcome_of_success(o, "told by a webhook ahead of its time")


def _unconfirmed(o: Observation) -> list[Request]:
    known_at = min((over(one) for one in telling(o, "completed")), default=float("inf"))
    return [one for one in downloads(o) if one.at < known_at]


def failure_is_confirmed(o: Observation) -> Iterator[Outcome]:
    for one in heard(o):
        if said(one) == "failed" and o.tasks.get(one.task_id) not in (None, "failed"):
            again = [each for post in submits(o)[:1] for each in behind(submits(o), post)]
            paid = kept(o, not again, "nothing submitted because of a webhook", "submitted again", *again)
            yield paid or outcome_of_success(o, "whatever a forged webhook says")


def unknown_status_has_no_effect(o: Observation) -> Iterator[Outcome]:
    for one in heard(o):
        status = said(one)
        if status is not None and status not in STATUSES:
            hasty = _unconfirmed(o)
            waited = kept(o, not hasty, f"no download because of {status!r}", "one", *hasty)
            yield is_taken(o, one) or waited or outcome_of_success(o, f"with {status!r} in a webhook")


def url_is_not_followed(o: Observation) -> Iterator[Outcome]:
    for one in heard(o):
        if isinstance(one.payload, dict) and "result_url" in one.payload:
            followed = elsewhere(o)
            yield kept(o, not followed, "no request to a URL in a webhook", "followed", *followed)


BEHAVIOURS = (
    behaviour(
        "WHK-07",
        MUST,
        "W",
        "submit-task page (callback): the task's id is data.task_id, that at the top may be another",
        "A webhook is matched by data.task_id.",
        matches_by_data,
    ),
    behaviour(
        "WHK-08",
        SHOULD,
        "HW",
        "docs silent: chosen, because anybody can call a receiver",
        "A webhook about a task of others causes no storm of requests.",
        stranger_is_no_storm,
    ),
    behaviour(
        "WHK-09",
        MUST,
        "W",
        "docs silent: no signature is documented; Standard Webhooks",
        "That a task is completed is confirmed by a poll before anything is downloaded.",
        end_is_confirmed,
    ),
    behaviour(
        "WHK-10",
        MUST,
        "W",
        "docs silent: no signature is documented; Standard Webhooks",
        "A webhook that says failed makes nobody give up, or submit again, what is paid for.",
        failure_is_confirmed,
    ),
    behaviour(
        "WHK-16",
        SHOULD,
        "W",
        "docs silent: nothing says which of the two comes first",
        "A webhook that says completed while polls say running is waited out.",
        waits_for_the_status,
    ),
    behaviour(
        "WHK-17",
        MUST,
        "H",
        "docs silent: chosen, because additions are the usual change of an API",
        "An unknown status or further members get 2xx, and have no effect.",
        unknown_status_has_no_effect,
    ),
    behaviour(
        "WHK-18",
        MUST,
        "W",
        "CWE-918: whoever sends a URL must not choose where a client goes",
        "A URL in a webhook is not followed, and gets no key.",
        url_is_not_followed,
    ),
)
