"""
The client's webhook receiver: anybody can call it, at any time, and as often as they like.

What a receiver that is closed by now has not answered is nobody's fault; what it has answered is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import outcome_of_success
from screenplay_contracts.client.behaviours.looking import (
    OK,
    REDIRECTION,
    SERVER_ERROR,
    TERMINAL,
    downloads,
    finals,
    heard,
    over,
    said,
    submits,
    succeeded,
    telling,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, called, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Delivery, Observation
    from screenplay_contracts.verdict import Outcome

QUICK = 3.0  # seconds to answer: senders hang up after 10 to 30
ALIVE = 0.5  # seconds for which a client lived on: it could have answered
MANY = 10  # calls are a burst
CLOSED = "its receiver was closed by then"


def is_taken(o: Observation, one: Delivery) -> Outcome:
    """That the receiver answered 2xx."""
    fits = one.status is not None and OK <= one.status < REDIRECTION
    return kept(o, fits, "2xx for a webhook call", called(one))


def downloaded_once(o: Observation, what: str) -> Outcome:
    whole = [one for one in downloads(o) if succeeded(one)]
    return kept(o, len(whole) <= 1, f"one download, {what}", f"{len(whole)} of them", *whole)


def lived_on(o: Observation, one: Delivery) -> bool:
    """Whether the client was there, and waiting for the end of its task, long enough to answer *one*."""
    known_at = min((over(each) for each in telling(o, *TERMINAL)), default=float("inf"))
    return any(min(each.ended_at, known_at) > one.at + ALIVE for each in finals(o))


def answers_quickly(o: Observation) -> Iterator[Outcome]:
    for one in o.deliveries:
        if one.status is not None:
            quick = kept(o, one.seconds < QUICK, "a quick answer", f"{one.seconds:.1f} s", measured=True)
            yield is_taken(o, one) or quick
        elif lived_on(o, one):
            yield broken(o, "an answer to a webhook call", called(one), measured=True)


def takes_effect_once(o: Observation) -> Iterator[Outcome]:
    ends = [one for one in o.deliveries if said(one) in TERMINAL]
    answered = [one for one in ends if one.status is not None]
    if len(ends) > 1 and len(answered) < 2:  # noqa: PLR2004 - of two, one is a repetition
        raise Unjudged(CLOSED)
    if len(answered) > 1:
        for one in answered:
            yield is_taken(o, one)
        yield downloaded_once(o, f"though {len(answered)} calls told the end")


def old_news_is_old(o: Observation) -> Iterator[Outcome]:
    told_at = [one.at for one in o.deliveries if said(one) in TERMINAL]
    ended_at = min(told_at + [over(one) for one in telling(o, *TERMINAL)], default=float("inf"))
    old = [one for one in o.deliveries if said(one) in ("pending", "running") and one.at > ended_at]
    yield from _late(o, old, "though old news came behind the end")


def comes_late(o: Observation) -> Iterator[Outcome]:
    known_at = min((over(one) for one in telling(o, "completed")), default=None)
    if known_at is None:
        if o.deliveries:
            raise Unjudged("no poll had told it the end before the webhook did")
        return
    yield from _late(o, [one for one in o.deliveries if one.at > known_at], "though the webhook came late")


def _late(o: Observation, late: list[Delivery], what: str) -> Iterator[Outcome]:
    answered = [one for one in late if one.status is not None]
    if late and not answered:
        raise Unjudged(CLOSED)
    for one in answered:
        yield is_taken(o, one) or downloaded_once(o, what) or outcome_of_success(o, what)


def comes_before_the_answer(o: Observation) -> Iterator[Outcome]:
    for post in submits(o)[:1]:
        early = [one for one in o.deliveries if one.at < over(post)]
        if early:
            # who refuses it first gets it again
            taken = [one for one in heard(o) if is_taken(o, one) is None]
            missed = broken(o, "2xx for a webhook ahead of the answer", called(early[0]))
            what = "told by a webhook before its submission was answered"
            yield outcome_of_success(o, what, post) if taken else missed


def lost_is_no_loss(o: Observation) -> Iterator[Outcome]:
    accepted = [one for one in submits(o) if succeeded(one)]
    if o.case.webhook and accepted and not o.deliveries:
        yield outcome_of_success(o, "without a webhook that was to come", *accepted[:1])


def garbage_does_no_harm(o: Observation) -> Iterator[Outcome]:
    odd = [one for one in o.deliveries if not isinstance(one.payload, dict)]
    for one in odd:
        if one.status is not None or lived_on(o, one):
            fits = one.status is not None and one.status < SERVER_ERROR
            yield kept(o, fits, "4xx for what is no webhook", called(one))
    if odd:
        missed = [one for one in o.deliveries if one.status is None and said(one) in TERMINAL and lived_on(o, one)]
        deaf = kept(o, not missed, "a receiver that lives on", ", ".join(map(called, missed)))
        yield deaf or outcome_of_success(o, "with garbage at its receiver")


def burst_is_taken(o: Observation) -> Iterator[Outcome]:
    if len(o.deliveries) >= MANY:
        for one in o.deliveries:
            if one.status is not None or lived_on(o, one):
                yield is_taken(o, one)
        yield downloaded_once(o, f"though {len(o.deliveries)} calls came at once")


BEHAVIOURS = (
    behaviour(
        "WHK-01",
        SHOULD,
        "H",
        "webhooks page: return 2xx; Standard Webhooks",
        "A webhook call is answered with 2xx, quickly.",
        answers_quickly,
    ),
    behaviour(
        "WHK-02",
        MUST,
        "HW",
        "Standard Webhooks; guidance of other vendors: Stripe",
        "The same call five times has one effect, and gets 2xx each time.",
        takes_effect_once,
    ),
    behaviour(
        "WHK-03",
        MUST,
        "WX",
        "guidance of other vendors: Stripe promises no order",
        "Old news behind the end changes nothing.",
        old_news_is_old,
    ),
    behaviour(
        "WHK-04",
        MUST,
        "HW",
        "docs silent: chosen, because two connections have no order",
        "A webhook that comes before the answer to the submission is kept, and matched later.",
        comes_before_the_answer,
    ),
    behaviour(
        "WHK-05",
        MUST,
        "HW",
        "download-task-result page: each download is billed",
        "A webhook that comes when a poll has told the end gets 2xx, and causes no second download.",
        comes_late,
    ),
    behaviour(
        "WHK-06",
        MUST,
        "W",
        "webhooks page; submit-task page: without a webhook nothing is told",
        "Where no webhook comes, polling ends the job.",
        lost_is_no_loss,
    ),
    behaviour(
        "WHK-13",
        MUST,
        "H",
        "docs silent: chosen, because anybody can call a receiver",
        "Broken JSON, another method or type, and 20 MB get no 5xx, and the receiver lives on.",
        garbage_does_no_harm,
    ),
    behaviour(
        "WHK-14",
        MUST,
        "HW",
        "Standard Webhooks, retries",
        "A webhook that is delivered again, as if its answer had been an error, has one effect.",
        takes_effect_once,
    ),
    behaviour(
        "WHK-15",
        SHOULD,
        "H",
        "docs silent: chosen, because a sender makes up for an outage",
        "Fifty calls at once are all taken.",
        burst_is_taken,
    ),
)
