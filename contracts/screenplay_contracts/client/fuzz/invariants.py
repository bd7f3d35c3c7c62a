"""
What holds whatever a server does: the MUST rows that need no special situation, as judges over what was seen.

Only what a client surely knew counts: of an answer that was struck, or late, nobody knows what it has made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours import BEHAVIOURS
from screenplay_contracts.client.behaviours.ending import ends_in_time, paid_once
from screenplay_contracts.client.behaviours.looking import (
    TERMINAL,
    after,
    behind,
    charged,
    clear,
    downloads,
    entries,
    holds,
    payload_data,
    polls,
    same_task,
    telling,
    told,
    unpacked,
)
from screenplay_contracts.client.behaviours.polling import cancels_when_wished
from screenplay_contracts.client.behaviours.saying import DOLLAR, broken, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.behaviour import Judge
    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Finding, Outcome

STORED = "/signed/"  # in the paths of the other origin's storage
OF_TASKS = "/screenplay/tasks/"


@dataclass(frozen=True, slots=True)
class Invariant:
    """`name` is that of the file of a finding, `rows` are the behaviours that it stands for."""

    name: str
    promise: str
    rows: tuple[str, ...]
    judges: tuple[Judge, ...]

    def finding(self, o: Observation) -> Finding | None:
        """How it was broken, if it was."""
        return next((one for judge in self.judges for one in judge(o) if one is not None), None)


def downloaded_once(o: Observation) -> Iterator[Outcome]:
    every = [one for one in o.requests if one.operation == "downloadTask" or _is_storage(one)]
    whole = next((one for one in every if clear(o, one)), None)
    if whole is not None:
        again = [one for one in behind(every, whole) if one.operation == "downloadTask"]
        cost = sum(one.micro_dollars for one in charged(o, "download")) / DOLLAR
        observed = f"{len(charged(o, 'download'))} downloads paid, ${cost:.6f}"
        yield kept(o, not again, "no download behind one that was whole", observed, whole, *again)


def _is_storage(request: Request) -> bool:
    return request.listener != "api" and STORED in request.target


def stops_at_the_end(o: Observation) -> Iterator[Outcome]:
    for one in telling(o, *TERMINAL):
        if clear(o, one):
            # a download that went wrong is a reason to ask again
            doubt = [each.number for each in downloads(o) if not clear(o, each)]
            later = same_task(after(polls(o), one), one)
            again = [each for each in later if not any(number < each.number for number in doubt)]
            yield kept(o, not again, f"no poll behind {told(one)!r}", "another", one, *again)
            return


def asks_for_its_own(o: Observation) -> Iterator[Outcome]:
    known = {*o.tasks, *(str(payload_data(one).get("task_id")) for one in o.deliveries)}
    asked = [one for one in o.requests if one.listener == "api" and OF_TASKS in one.target]
    strange = [one for one in asked if one.task_id not in known]
    if asked:
        yield kept(o, not strange, "requests for tasks that it was told of, and no others", "for others", *strange)


def nothing_outside(o: Observation) -> Iterator[Outcome]:
    for files in o.files:
        written = ", ".join(files.misplaced)
        yield kept(o, not written, "nothing written outside of SCREENPLAY_OUT", written)


def result_is_whole(o: Observation) -> Iterator[Outcome]:
    sources = [one for one in o.requests if one.operation == "downloadTask" or _is_storage(one)]
    if any(one.header("Range") is not None for one in sources):  # it may be whole, and yet none of its parts
        return
    for files in o.files:
        if files.result is None:
            continue
        archives = [(one, entries(replace(one, answer=unpacked(one)))) for one in sources]
        there = [(one, content) for one, content in archives if content is not None]
        honest = [content for one, content in there if "zip" not in (one.fault or "")]
        if not there:
            yield broken(o, "no folder result without a whole archive", f"{len(files.result)} files in it", *sources)
        else:
            fits = len(honest) < len(there) or any(holds(files, content) for content in honest)
            yield kept(o, fits, "all files of the archive in the folder result", "others", *sources)


def _of(*rows: str) -> tuple[Judge, ...]:
    return tuple(BEHAVIOURS[row].judge for row in rows)


#: What costs money first: of several that one example breaks the first is told.
INVARIANTS: tuple[Invariant, ...] = (
    Invariant("pays-once", "One job is paid for once.", ("SUB-01",), (paid_once,)),
    Invariant(
        "downloads-once",
        "A result that came whole is not downloaded again, one of a cancelled task not at all.",
        ("DLD-02", "CAN-04"),
        (downloaded_once, *_of("CAN-04")),
    ),
    Invariant(
        "cancels-when-wished",
        "What is paid for is not cancelled unasked.",
        ("POL-03",),
        (cancels_when_wished,),
    ),
    Invariant(
        "keeps-its-key",
        "The key goes to the API's origin only, and is in no URL, output or file.",
        ("HYG-01", "HYG-02", "REQ-02"),
        _of("HYG-01", "HYG-02", "REQ-02"),
    ),
    Invariant(
        "writes-inside",
        "Nothing is written outside of SCREENPLAY_OUT, whatever an archive or a header says.",
        ("DLD-08", "DLD-17"),
        (nothing_outside, *_of("DLD-08", "DLD-17")),
    ),
    Invariant("ends-in-time", "It ends by itself, at its deadline at the latest.", ("RTY-07",), (ends_in_time,)),
    Invariant(
        "tells-the-truth",
        "Exit code and report say how the task really ended, and which it is.",
        ("HYG-03",),
        _of("HYG-03"),
    ),
    Invariant(
        "leaves-no-half",
        "There is a folder result only where a whole archive is in it.",
        ("DLD-03", "DLD-04", "DLD-05", "DLD-06", "DLD-07"),
        (result_is_whole,),
    ),
    Invariant("stops-at-the-end", "A task that has ended is not asked for again.", ("POL-02",), (stops_at_the_end,)),
    Invariant(
        "asks-for-its-own",
        "It asks for tasks that it was told of, under their whole ids.",
        ("SUB-12", "REQ-10", "WHK-07"),
        (asks_for_its_own,),
    ),
)
