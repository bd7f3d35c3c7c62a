"""What belongs to every case: the key, the exit code, what is said, what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.archives import is_named_by_the_server
from screenplay_contracts.client.behaviours.looking import downloads, elsewhere, entries, finals, holds
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, ending, kept, uncaught
from screenplay_contracts.client.behaviours.truth import report_is_true
from screenplay_contracts.client.output import gives_away

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Files, Observation, Request
    from screenplay_contracts.verdict import Outcome


def key_is_not_written(o: Observation) -> Iterator[Outcome]:
    said = [one for one in o.processes if one.said_key or gives_away(o.key.encode(), one.stdout + one.stderr)]
    saved = [path for files in o.files for path in files.with_key]
    if o.processes:
        where = ", ".join([*(["its output"] if said else []), *saved])
        expected = "the key nowhere in output and files, in no part, and in no encoding"
        yield kept(o, not said and not saved, expected, f"it is in {where}")


def key_stays_at_home(o: Observation) -> Iterator[Outcome]:
    told = [one for one in elsewhere(o) if gives_away(o.key.encode(), _all_of(one))]
    if o.requests:
        yield kept(o, not told, "the key at the API alone", "at another origin", *told)


def _all_of(request: Request) -> bytes:
    headers = "\n".join(value for _, value in request.headers)
    return f"{request.target}\n{headers}\n".encode() + request.body


def success_is_success(o: Observation) -> Iterator[Outcome]:
    done = sum(status == "completed" for status in o.tasks.values())
    well = [one for one in finals(o) if one.exit_code == 0]
    for process, files in zip(finals(o), o.files, strict=False):
        if process.exit_code is None:
            yield broken(o, "an end by itself", ending(process), measured=True)
        elif process.exit_code != 0:
            yield None
        elif len(well) > done:
            ends = ", ".join(sorted(o.tasks.values())) or "no task at all"
            yield broken(o, "exit code 0 for a completed task only", f"exit code 0, with {ends}")
        else:
            yield _result_is_there(o, files)
    yield from report_is_true(o)


def _result_is_there(o: Observation, files: Files) -> Outcome:
    if not o.case.job.download:
        return None
    if not files.result:
        return broken(o, "exit code 0 with its result only", "no file in the folder result")
    honest = [one for one in downloads(o) if one.fault is None]
    wholes = [content for one in honest if (content := entries(one)) is not None]
    fits = not wholes or any(holds(files, content) for content in wholes)
    names = ", ".join(sorted(files.result)[:5])
    return kept(o, fits, "all files of the zip in the folder result", f"others: {names}", *honest[:1])


def error_is_for_people(o: Observation) -> Iterator[Outcome]:
    for process in finals(o):
        words = uncaught(process)
        yield kept(o, words is None, "a message for people", words or "")


def nothing_is_left(o: Observation) -> Iterator[Outcome]:
    for process in finals(o):
        if not process.looked_behind:
            raise Unjudged("what outlives a process cannot be seen here")
        left = ", ".join(process.left_behind)
        yield kept(o, not left, "nothing that outlives it", left, measured=True)
    temporary = [path for files in o.files for path in files.outside if path.startswith("tmp/")]
    if o.files and temporary:
        yield broken(o, "no temporary file left", ", ".join(temporary))
    misplaced = [path for files in o.files for path in files.misplaced if not is_named_by_the_server(path)]
    if misplaced:
        yield broken(o, "no file anywhere but in folders of its own", ", ".join(misplaced))


BEHAVIOURS = (
    behaviour("HYG-01", MUST, "XF", "CWE-532", "The key is in no output and in no file.", key_is_not_written),
    behaviour(
        "HYG-02",
        MUST,
        "W",
        "docs silent: chosen, because a key opens an account",
        "The key goes to the API's origin only.",
        key_stays_at_home,
    ),
    behaviour(
        "HYG-03",
        MUST,
        "XS",
        "docs silent: chosen, because scripts read exit codes",
        "It ends by itself, with exit code 0 only where the job is completed and its result is there; a report, if it "
        "prints one, says what is true.",
        success_is_success,
    ),
    behaviour(
        "HYG-04",
        SHOULD,
        "X",
        "docs silent: chosen, because a stack trace tells its programmer, not its user",
        "An error is told without a stack trace.",
        error_is_for_people,
    ),
    behaviour(
        "HYG-05",
        SHOULD,
        "XF",
        "docs silent: chosen, because what is left adds up",
        "No child process, temporary file or open port outlives it, nor a file anywhere but in folders of its own.",
        nothing_is_left,
    ),
)
