"""Connections, names, certificates, redirects: what can be wrong below HTTP."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours.ending import (
    any_struck,
    clean,
    ends_in_time,
    goes_well,
    outcome_of_success,
    overdue,
    polls_struck,
)
from screenplay_contracts.client.behaviours.looking import (
    REDIRECTS,
    finals,
    output,
    struck,
    submits,
    uploads,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, dollars, ending, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Outcome

LONGEST_CHAIN = 60  # redirects in a row: the largest default of a library is 50
HURRY = 0.1  # seconds between requests that a library makes by itself
RIGHT = "tls/ok"


def silence_is_bounded(o: Observation) -> Iterator[Outcome]:
    if o.connections and not any(one.sent for one in o.requests):
        yield from ends_in_time(o)
        for process in finals(o):
            yield kept(o, process.exit_code != 0, "an error where nothing is answered", ending(process))


def unreachable_is_told(o: Observation) -> Iterator[Outcome]:
    """That nobody answers there cannot be seen; that a client was started is the trigger."""
    if not o.requests:
        for process in finals(o):
            late, said = overdue(o, process), bool(output(process).strip())
            if late is not None:
                yield broken(o, "an end in bounded time", late, measured=True)
            else:
                expected = "an exit code that is not 0, and a word about it"
                yield kept(o, process.exit_code != 0 and said, expected, ending(process))


def stale_connection_is_no_loss(o: Observation) -> Iterator[Outcome]:
    closed = struck(o.requests, "close")
    if closed:
        once = kept(o, len(o.tasks) <= o.case.together, "one submission", dollars(o), *submits(o))
        yield once or outcome_of_success(o, "with connections that close behind each answer", *closed[:1])


def certificate_is_checked(o: Observation) -> Iterator[Outcome]:
    """A handshake that fails cannot be seen; a request that comes all the same can. Once the certificate is right."""
    for process in finals(o):
        if o.case.plays == RIGHT:
            expected = "a job over HTTPS, with the authority of SSL_CERT_FILE and SCREENPLAY_CA_FILE trusted"
            yield kept(o, process.exit_code == 0, expected, ending(process))
        else:
            told = [one for one in o.requests if one.method]
            expected = f"no request behind a certificate that is not right ({o.case.plays})"
            yield kept(o, not told, expected, "requests", *told)


def no_downgrade(o: Observation) -> Iterator[Outcome]:
    for one in with_status(o.of("getTask"), *REDIRECTS)[:1]:
        plain = [each for each in o.requests if each.listener == "other-plain"]
        told = [each for each in plain if any(o.key in value for _, value in each.headers) or o.key in each.target]
        yield kept(o, not told, "no key over plain HTTP", "the key", one, *told)


def chain_is_bounded(o: Observation) -> Iterator[Outcome]:
    seen = with_status(o.of("getTask"), *REDIRECTS)
    if seen:
        longest = chain = 1
        for one, following in pairwise(seen):
            chain = chain + 1 if following.at - one.at < HURRY else 1
            longest = max(longest, chain)
        yield kept(o, longest <= LONGEST_CHAIN, f"at most {LONGEST_CHAIN} redirects in a row", f"{longest}", *seen)
        for process in finals(o):
            late = overdue(o, process)
            yield kept(o, late is None, "an end", late or "", *seen[:1], measured=True)


def slow_head_is_no_harm(o: Observation) -> Iterator[Outcome]:
    for one in polls_struck(o)[:1]:
        for process in finals(o):
            yield clean(o, process, "a head that comes slowly, or is long", one)


def stops_when_refused(o: Observation) -> Iterator[Outcome]:
    for one in with_status(uploads(o), 413)[:1]:
        again = [each for each in uploads(o) if each.number > one.number]
        read = kept(o, not again, "413 read, and the upload not repeated", "uploaded again", one, *again)
        paid = submits(o)
        yield read or kept(o, not paid, "nothing submitted without its upload", "submitted", one, *paid)


BEHAVIOURS = (
    behaviour(
        "NET-01",
        MUST,
        "XT",
        "guidance of other vendors: AWS builders' library, timeouts",
        "A server that accepts and keeps silent is given up in bounded time.",
        silence_is_bounded,
    ),
    behaviour(
        "NET-02",
        MUST,
        "X",
        "RFC 6761 6.4: names in .invalid do not resolve",
        "A name that does not resolve is a clear error in bounded time.",
        unreachable_is_told,
    ),
    behaviour(
        "NET-03",
        MUST,
        "X",
        "docs silent: chosen, because nobody waits for ever",
        "A port that refuses is a clear error in bounded time.",
        unreachable_is_told,
    ),
    behaviour(
        "NET-04",
        SHOULD,
        "W",
        "RFC 9112 9.3.1",
        "A connection that was closed between requests costs nothing: GET on a new one, and no second submission.",
        stale_connection_is_no_loss,
    ),
    behaviour(
        "NET-05",
        MUST,
        "W",
        "RFC 9112 9.6",
        "`Connection: close` is respected: the next request has a connection of its own.",
        goes_well(any_struck, "with connections that end behind each answer"),
    ),
    behaviour(
        "NET-06",
        MUST,
        "T",
        "RFC 9525; RFC 8446",
        "A certificate that is expired, self-signed, of another host or authority is refused, a right one is not.",
        certificate_is_checked,
    ),
    behaviour("NET-07", SHOULD, "T", "RFC 9325", "TLS older than 1.2 is refused.", certificate_is_checked),
    behaviour(
        "NET-08",
        MUST,
        "W",
        "RFC 9110 15.4",
        "A redirect from HTTPS to plain HTTP does not get the key.",
        no_downgrade,
    ),
    behaviour(
        "NET-09",
        SHOULD,
        "W",
        "RFC 9110 15.4",
        "A redirect that leads to itself is not followed for ever.",
        chain_is_bounded,
    ),
    behaviour(
        "NET-11",
        SHOULD,
        "X",
        "docs silent: chosen, because HTTP sets no limit",
        "Headers that come slowly, or have 64 kB, do not crash it.",
        slow_head_is_no_harm,
    ),
    behaviour(
        "NET-13",
        SHOULD,
        "WX",
        "docs silent: chosen, because clocks are set",
        "A Date that is years off does no harm.",
        goes_well(any_struck, "with a Date of another day"),
    ),
    behaviour(
        "NET-14",
        SHOULD,
        "T",
        "RFC 9112 9.5",
        "413 ahead of the end of an upload is read, and ends it.",
        stops_when_refused,
    ),
    behaviour(
        "NET-15",
        SHOULD,
        "X",
        "RFC 9112 6.3",
        "An answer of HTTP/1.0 without a length ends with its connection.",
        goes_well(any_struck, "with answers of HTTP/1.0"),
    ),
)
