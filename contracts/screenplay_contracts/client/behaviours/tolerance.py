"""Answers that are odd, damaged or from somebody else: what a client makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import (
    any_struck,
    clean,
    fails,
    goes_on_or_stops,
    goes_well,
    outcome_of_failure,
    outcome_of_success,
    polls_struck,
)
from screenplay_contracts.client.behaviours.looking import (
    CLIENT_ERROR,
    REDIRECTION,
    SERVER_ERROR,
    after,
    answer,
    behind,
    data,
    downloads,
    finals,
    headers_of_answer,
    output,
    polls,
    same_task,
    struck,
    submits,
    succeeded,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, ending, kept
from screenplay_contracts.client.behaviours.statuses import completed_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Outcome

CLASSES = (299, 471, 599)
MOST_MEMORY = 192_000_000  # bytes: more than a virtual machine takes to run, less than what it is offered
LARGE = ("huge", "zip large")


def status_is_of_its_class(o: Observation) -> Iterator[Outcome]:
    for one in with_status(polls(o), *CLASSES)[:1]:
        status = one.status or 0
        if status < REDIRECTION:
            yield outcome_of_success(o, f"with the status {status}, a success", one)
        elif CLIENT_ERROR <= status < SERVER_ERROR:
            yield outcome_of_failure(o, f"the status {status}, an error of the client", one)
        else:
            for process in finals(o):
                yield clean(o, process, f"the status {status}, an error of the server", one)


def code_and_status_agree(o: Observation) -> Iterator[Outcome]:
    for one in submits(o):
        code = _code(one)
        if succeeded(one) and code >= CLIENT_ERROR:
            asked = [each for each in behind(o.requests, one) if each.operation != "submitTask"]
            yield kept(o, not asked, f"HTTP {one.status} with the code {code} taken for an error", "asked", one, *asked)
    for one in polls(o):
        if not succeeded(one) and one.status is not None and _code(one) < REDIRECTION and data(one):
            hasty = [each for each in behind(downloads(o), one) if not completed_before(o, each)]
            expected = f"HTTP {one.status} with the code {_code(one)} taken for an error"
            yield kept(o, not hasty, expected, "a download", one, *hasty)


def _code(request: Request) -> int:
    """The code of its answer, which may be text; one that is none counts as an error."""
    body = answer(request)
    code = str(body.get("code")) if isinstance(body, dict) else ""
    return int(code) if code.isdecimal() else CLIENT_ERROR


def proxy_is_told_by_status(o: Observation) -> Iterator[Outcome]:
    for one in polls_struck(o)[:1]:
        goes_on = same_task(after(polls(o), one), one)
        for process in finals(o):
            unclean = clean(o, process, f"a page with HTTP {one.status}", one)
            named = bool(goes_on) or str(one.status) in output(process)
            yield unclean or kept(o, named, f"another poll, or an error that names {one.status}", ending(process), one)


def gzip_is_known(o: Observation) -> Iterator[Outcome]:
    packed = [one for one in o.requests if "gzip" in (headers_of_answer(one, "Content-Encoding") or "").lower()]
    if packed:
        offered = [one for one in packed if "gzip" in (one.header("Accept-Encoding") or "").lower()]
        if offered:
            yield outcome_of_success(o, "in the gzip that it had offered to take", offered[0])
        else:
            for process in finals(o):
                yield clean(o, process, "gzip that it had not offered to take", packed[0])
    elif polls(o):
        raise Unjudged("it offers to take no compression")


def memory_is_bounded(o: Observation) -> Iterator[Outcome]:
    large = struck(o.requests, *LARGE)
    if large:
        for process in finals(o):
            if not process.peak_bytes:
                raise Unjudged("the memory of its process cannot be seen here")
            observed = f"{process.peak_bytes / 1_000_000:.0f} MB; {ending(process)}"
            fits = process.peak_bytes <= MOST_MEMORY and process.exit_code is not None
            expected = f"at most {MOST_MEMORY / 1_000_000:.0f} MB of memory, and an end"
            yield kept(o, fits, expected, observed, *large[:1], measured=True)


BEHAVIOURS = (
    behaviour(
        "RSP-01",
        MUST,
        "WX",
        "RFC 9110 15",
        "A status that nobody knows is taken as its class: 299 as 200, 471 as 400, 599 as 500.",
        status_is_of_its_class,
    ),
    behaviour(
        "RSP-02",
        MUST,
        "WX",
        "error-codes page: the two are equal",
        "Where HTTP status and code disagree, the call has failed, whichever of them says so.",
        code_and_status_agree,
    ),
    behaviour(
        "RSP-03",
        MUST,
        "XW",
        "docs silent: chosen, because proxies answer, too",
        "A proxy's page with 502 is a clean error that names the status, or another poll.",
        proxy_is_told_by_status,
    ),
    behaviour(
        "RSP-04",
        MUST,
        "WX",
        "docs silent: chosen, because login pages come with 200",
        "A login page with 200 is no success.",
        fails(polls_struck, "a login page with 200"),
    ),
    behaviour(
        "RSP-05",
        MUST,
        "X",
        "RFC 9110 15.3.5",
        "204, an empty body and white space are clean errors, or another poll.",
        goes_on_or_stops(polls_struck, "an answer without content"),
    ),
    behaviour(
        "RSP-06",
        MUST,
        "XW",
        "RFC 9112 6.3",
        "A body that is shorter than Content-Length is incomplete.",
        goes_on_or_stops(polls_struck, "a body that is too short"),
    ),
    behaviour(
        "RSP-07",
        MUST,
        "X",
        "docs silent: chosen, because a poll may be repeated",
        "A complete answer with broken JSON is a clean error, or another poll.",
        goes_on_or_stops(polls_struck, "JSON that is broken"),
    ),
    behaviour(
        "RSP-14",
        MUST,
        "WX",
        "RFC 9110 12.5.3",
        "Compression is offered only by who can undo it.",
        gzip_is_known,
    ),
    behaviour(
        "RSP-15",
        MUST,
        "X",
        "RFC 9110 15.2",
        "102 and 103 before the final answer are ignored.",
        goes_well(any_struck, "with interim answers"),
    ),
    behaviour(
        "RSP-16",
        MUST,
        "X",
        "RFC 9110 5.1; RFC 9112 7.1.1",
        "Header names in any case, repeated or long headers, chunk extensions and trailers do no harm.",
        goes_well(any_struck, "with odd framing"),
    ),
    behaviour(
        "RSP-17",
        SHOULD,
        "X",
        "CWE-409",
        "An answer of 200 MB, or what unpacks to that, does not fill the memory.",
        memory_is_bounded,
    ),
)
