"""The download, which is billed each time: when, how often, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import (
    downloads_struck,
    outcome_of_failure,
    outcome_of_success,
    overdue,
)
from screenplay_contracts.client.behaviours.looking import (
    CLIENT_ERROR,
    OK,
    REDIRECTS,
    TOLERANCE,
    after,
    behind,
    charged,
    downloads,
    elsewhere,
    entries,
    finals,
    holds,
    over,
    said,
    struck,
    telling,
    text_of,
    went_well,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import DOLLAR, MUST, SHOULD, behaviour, broken, kept
from screenplay_contracts.client.behaviours.waiting import out_of_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.behaviour import Judge
    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Outcome

NOT_YET = "not completed yet"  # download-task-result page
STORED = "/signed/"  # in the paths of the other origin's storage
FORBIDDEN = 403


def only_when_completed(o: Observation) -> Iterator[Outcome]:
    told_at = [over(one) for one in telling(o, "completed")]
    told_at += [one.at for one in o.deliveries if said(one) == "completed"]
    for one in downloads(o)[:1]:
        known = any(at <= one.at for at in told_at)
        yield kept(o, known, "a download behind the status completed", "one before", one)


def whole(request: Request) -> bool:
    """Whether its transfer was: a body that only the end of the connection delimits looks so, and may not be."""
    return request.status == OK and request.answered_at is not None and "cut_close" not in (request.fault or "")


def once_unless_it_failed(o: Observation) -> Iterator[Outcome]:
    every = [one for one in o.requests if one in downloads(o) or (one.listener != "api" and STORED in one.target)]
    done = next((one for one in every if whole(one)), None)
    if every:
        again = [] if done is None else [one for one in behind(every, done) if one in downloads(o)]
        cost = sum(one.micro_dollars for one in charged(o, "download")) / DOLLAR
        observed = f"{len(charged(o, 'download'))} downloads paid, ${cost:.6f}"
        yield kept(o, not again, "no download behind one that was whole", observed, *([done] if done else []), *again)


def error_is_no_archive(o: Observation) -> Iterator[Outcome]:
    for one in downloads(o):
        if one.answer.lstrip().startswith(b"{"):
            saved = [
                name
                for files in o.files
                for name, size in files.others.items()
                if name.lower().endswith(".zip") and size == len(one.answer)
            ]
            error = kept(o, not saved, "no zip made of a JSON error", ", ".join(saved), one)
            yield error or outcome_of_failure(o, "a JSON error instead of the zip", one)
            return


def incomplete(kind: str, what: str) -> Judge:
    """A transfer that a fault of *kind* cuts is no success; it may be repeated once."""

    def judge(o: Observation) -> Iterator[Outcome]:
        cut = struck(downloads(o), kind)
        if cut:
            most = 2
            often = kept(o, len(cut) <= most, "one repetition of the download, at most", f"{len(cut)} downloads", *cut)
            yield often or outcome_of_failure(o, what, cut[0])

    return judge


def stalled_or_slow(o: Observation) -> Iterator[Outcome]:
    for one in struck(downloads(o), "drip")[:1]:
        yield outcome_of_success(o, "slow but steady as the download is", one)
    for one in struck(downloads(o), "stall")[:1]:
        for process in finals(o):
            late = overdue(o, process)
            in_time = kept(o, late is None, "an end of a download that has stopped", late or "", one, measured=True)
            yield in_time or outcome_of_failure(o, "a download that has stopped", one)


def part_is_a_part(o: Observation) -> Iterator[Outcome]:
    parts = [one for one in downloads(o) if one.header("Range") is not None]
    if not parts and downloads_struck(o):
        raise Unjudged("it never asks for a part")
    for one in parts:
        validated = one.header("If-Range") is not None
        yield kept(o, validated, "If-Range, so that parts of two archives are never joined", "none", one)
    wholes = [content for one in downloads(o) if (content := entries(one)) is not None]
    if parts and wholes and went_well(o):
        right = any(holds(files, content) for files in o.files for content in wholes)
        yield kept(o, right, "the content of the whole archive", "another content", *parts)


def signed_url_gets_no_key(o: Observation) -> Iterator[Outcome]:
    for one in with_status(downloads(o), *REDIRECTS)[:1]:
        followed = elsewhere(o)
        told = [each for each in followed if any(o.key in value for _, value in each.headers) or o.key in each.target]
        yield kept(o, not told, "no key at the storage", "the key", one, *told)


def expired_is_asked_again(o: Observation) -> Iterator[Outcome]:
    expired = [one for one in elsewhere(o) if one.status == FORBIDDEN]
    if downloads_struck(o) and not elsewhere(o):
        raise Unjudged("it follows no redirect of a download to another origin")
    for one in expired[:1]:
        again = after(downloads(o), one)
        if len(again) > 1:
            yield broken(o, "one new signed URL", f"{len(again)} asked for", one, *again)
        else:
            yield kept(o, len(again) == 1, "another signed URL asked for, once", "none", one)


def not_ready_is_no_loop(o: Observation) -> Iterator[Outcome]:
    shortest = TOLERANCE * o.case.job.poll_seconds
    for one in downloads(o):
        if one.status is not None and one.status >= CLIENT_ERROR and NOT_YET in text_of(one):
            again = behind(downloads(o), one)
            if again and again[0].at - over(one) < shortest:
                yield broken(o, f"a pause of {shortest:g} s behind {NOT_YET!r}", "none", one, again[0])
            else:
                yield kept(o, bool(again) or out_of_time(o, one), "another download, later", "none", one)


def no_money_no_repetition(o: Observation) -> Iterator[Outcome]:
    for one in with_status(downloads(o), 402)[:1]:
        again = behind(downloads(o), one)
        error = kept(o, not again, "no repetition after 402", "downloaded again", one, *again)
        yield error or outcome_of_failure(o, "a download that was refused for want of money", one)


BEHAVIOURS = (
    behaviour(
        "DLD-01",
        SHOULD,
        "W",
        "download-task-result page: of a completed task",
        "The result is downloaded when the task is completed, not before.",
        only_when_completed,
    ),
    behaviour(
        "DLD-02",
        MUST,
        "W",
        "download-task-result page: each download is billed",
        "A result is downloaded once, unless the transfer failed.",
        once_unless_it_failed,
    ),
    behaviour(
        "DLD-03",
        MUST,
        "FX",
        "download-task-result page: look at the HTTP status first",
        "A JSON error, with whatever status, is not taken for the zip.",
        error_is_no_archive,
    ),
    behaviour(
        "DLD-04",
        MUST,
        "FX",
        "RFC 9112 6.3, 8",
        "A body that is shorter than Content-Length is no success, and leaves no result.",
        incomplete("short", "a body that is too short"),
    ),
    behaviour(
        "DLD-05",
        MUST,
        "FX",
        "RFC 9112 7.1, 8",
        "Chunks without the last one are no success, and leave no result.",
        incomplete("cut_chunk", "chunks without the last one"),
    ),
    behaviour(
        "DLD-06",
        MUST,
        "FX",
        "docs silent: HTTP cannot tell, so the zip must",
        "A body that ends with its connection, half way, is found out by its zip.",
        incomplete("cut_close", "an archive that was cut where HTTP cannot tell"),
    ),
    behaviour(
        "DLD-13",
        SHOULD,
        "WX",
        "guidance of other vendors: AWS, timeouts on every remote call",
        "A download that is slow but steady is waited for; one that has stopped is not.",
        stalled_or_slow,
    ),
    behaviour(
        "DLD-14",
        MUST,
        "WF",
        "RFC 9110 14, 13.1.5",
        "A part is asked for with a validator, and a whole that comes instead is not appended.",
        part_is_a_part,
    ),
    behaviour(
        "DLD-15",
        MUST,
        "W",
        "RFC 9110 15.4; fetch standard",
        "A redirect to another origin is followed without the key.",
        signed_url_gets_no_key,
    ),
    behaviour(
        "DLD-16",
        SHOULD,
        "W",
        "docs silent: chosen, because signed URLs expire",
        "An expired signed URL is asked for anew, once.",
        expired_is_asked_again,
    ),
    behaviour(
        "DLD-20",
        SHOULD,
        "W",
        "download-task-result page",
        "A task that is not completed yet is waited for, without a tight loop.",
        not_ready_is_no_loop,
    ),
    behaviour(
        "DLD-21",
        MUST,
        "WX",
        "download-task-result page",
        "402 for a download is an error, and is not repeated.",
        no_money_no_repetition,
    ),
)
