"""JSON that is odd, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import (
    clean,
    goes_on_or_stops,
    goes_well,
    outcome_of_failure,
    polls_struck,
)
from screenplay_contracts.client.behaviours.looking import (
    data,
    finals,
    headers_of_answer,
    output,
    struck,
    submits,
    telling,
)
from screenplay_contracts.client.behaviours.saying import MAY, MUST, SHOULD, behaviour, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Outcome


def charset_is_utf8(o: Observation) -> Iterator[Outcome]:
    for one in polls_struck(o):
        message = data(one).get("error_message")
        if not isinstance(message, str):
            continue
        said = "\n".join(map(output, finals(o))) + "\n".join(each.error_message or "" for each in o.reports if each)
        spoilt = message.encode().decode("latin-1")
        if message not in said and spoilt not in said:
            raise Unjudged("it does not say the text that was told in UTF-8")
        yield kept(o, message in said, f"the text {message!r}", f"{spoilt!r}", one)
        return
    texts = [one for one in polls_struck(o) if "json" not in (headers_of_answer(one, "Content-Type") or "json")]
    if texts and any(one.exit_code != 0 for one in finals(o)):
        raise Unjudged("it takes no JSON that calls itself text, which is its right")
    if texts:
        yield None


def odd_text_does_no_harm(o: Observation) -> Iterator[Outcome]:
    for one in struck(telling(o, "failed"))[:1]:
        yield from _failed(o, "a task that failed in odd characters", one)
        for said in o.reports:
            if said is not None and said.outcome == "failed":
                code = data(one).get("error_code")
                yield kept(o, said.error_code == code, f"error_code {code!r}", f"{said.error_code!r}", one)


def odd_code_is_a_failure(o: Observation) -> Iterator[Outcome]:
    for one in telling(o, "failed")[:1]:
        what = f"a task that failed with {data(one).get('error_code')!r}"
        yield from _failed(o, what, one)


def _failed(o: Observation, what: str, one: Request) -> Iterator[Outcome]:
    """That it failed without a crash."""
    for process in finals(o):
        yield clean(o, process, what, one) or outcome_of_failure(o, what, one)


def _submits_struck(o: Observation) -> tuple[Request, ...]:
    return struck(submits(o))


BEHAVIOURS = (
    behaviour(
        "RSP-08",
        MAY,
        "X",
        "RFC 8259 8.1",
        "A byte order mark before JSON may be skipped.",
        goes_well(polls_struck, "with a byte order mark"),
    ),
    behaviour(
        "RSP-09",
        MUST,
        "SXF",
        "RFC 8259 8.1",
        "JSON is UTF-8, whatever the charset parameter says.",
        charset_is_utf8,
    ),
    behaviour(
        "RSP-10",
        SHOULD,
        "X",
        "RFC 8259 6",
        "Integers beyond 2^53 and long decimals do no harm; whether they are kept exactly cannot be seen.",
        goes_well(polls_struck, "with large numbers"),
    ),
    behaviour(
        "RSP-11",
        SHOULD,
        "SX",
        "RFC 8259 8.2",
        "Texts with emoji, escapes, NUL, half a character, or from right to left do no harm.",
        odd_text_does_no_harm,
    ),
    behaviour(
        "RSP-12",
        MUST,
        "X",
        "submit-task, error-codes and webhooks pages, which disagree",
        "A code that is text, data that is null, a list or text, and message for msg do not crash it.",
        goes_on_or_stops(polls_struck, "an envelope of another shape"),
    ),
    behaviour(
        "RSP-13",
        SHOULD,
        "X",
        "RFC 8259 4",
        "Members that come twice do no harm.",
        goes_well(polls_struck, "with members that come twice"),
    ),
    behaviour(
        "RSP-18",
        SHOULD,
        "X",
        "RFC 3339",
        "created_at may have an offset, a fraction, or no zone.",
        goes_well(_submits_struck, "with odd timestamps"),
    ),
    behaviour(
        "RSP-19",
        MUST,
        "X",
        "docs silent: no page lists the values of error_code",
        "An unknown error_code is a failure like any other.",
        odd_code_is_a_failure,
    ),
)
