"""The result archive: damaged, hostile, large, or just with names that are hard to keep."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import clean, outcome_of_failure
from screenplay_contracts.client.behaviours.looking import (
    OK,
    behind,
    downloads,
    finals,
    output,
    struck,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, ending, kept
from screenplay_contracts.client.behaviours.tolerance import memory_is_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Files, Observation, Request
    from screenplay_contracts.verdict import Outcome

DAMAGED = ("zip bad_crc", "zip no_end", "zip truncated")
HOSTILE = ("zip slip", "zip absolute_path", "zip windows_path", "zip symlink")
BOMBS = ("zip bomb_ratio", "zip bomb_count")
NAMES = ("zip odd_names", "zip no_utf8_flag", "zip case_clash", "zip duplicate_names")
LARGE = "zip large"  # it takes a while to unpack
EMPTY = ("empty", "zip empty")
MOST_BYTES = 100_000_000  # that a bomb may leave
MOST_FILES = 10_000
#: What is printed of a file that is not there: its name (of the namelist, see lies/choice.py), or a word for it.
MISSING = re.compile(r"namelist|missing|lack|absent|incomplete|expected|not (found|in|there)", re.IGNORECASE)
EVIDENCE = "outside.txt"  # how the names of all hostile entries end; as it is, one folder above the folder result
EVIL = "evil"  # in the file name of a hostile Content-Disposition


def damage_is_reported(o: Observation) -> Iterator[Outcome]:
    for one in struck(downloads(o), *DAMAGED)[:1]:
        again = behind(downloads(o), one)
        # a transfer that was whole is paid for again, and will not be better
        paid = kept(o, not again, "no second download of a damaged archive", "downloaded again", one, *again)
        yield paid or outcome_of_failure(o, "an archive that is damaged", one)


def nothing_outside(o: Observation) -> Iterator[Outcome]:
    for one in struck(downloads(o), *HOSTILE)[:1]:
        for files in o.files:
            written = [path for path in files.outside if path.endswith(EVIDENCE)]
            written += [path for path in files.others if path == EVIDENCE]
            written += [f"{path} -> {target}" for path, target in files.links.items() if _leads_out(path, target)]
            yield kept(o, not written, "nothing written outside the folder result", ", ".join(written), one)


def _leads_out(path: str, target: str) -> bool:
    """Whether a link at *path*, below SCREENPLAY_OUT, leads out of the folder result."""
    if target.startswith("/"):
        return True
    depth = len(PurePosixPath(path).parts) - 2  # below `result`
    for part in PurePosixPath(target).parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


def bombs_are_defused(o: Observation) -> Iterator[Outcome]:
    for one in struck(downloads(o), *BOMBS)[:1]:
        for process, files in zip(finals(o), o.files, strict=False):
            count = len(files.result or ())
            size = sum(map(len, (files.result or {}).values())) + sum(files.others.values())
            fits = process.exit_code is not None and count <= MOST_FILES and size <= MOST_BYTES
            left = f"{ending(process)}; {count} files, {size} bytes"
            hangs = process.exit_code is None
            yield kept(o, fits, "limits of size, ratio and count, and an end", left, one, measured=hangs)


def odd_names_are_kept(o: Observation) -> Iterator[Outcome]:
    for one in struck(downloads(o), *NAMES)[:1]:
        wanted = _count(one)
        for process, files in zip(finals(o), o.files, strict=False):
            there = len(files.result or ())
            # a clash is renamed, or all of it refused
            all_there = process.exit_code != 0 or wanted is None or there >= wanted
            lost = f"{there} files of {wanted}, and no error"
            yield clean(o, process, "odd names", one) or kept(o, all_there, "every file, or an error", lost, one)


def _count(request: Request) -> int | None:
    """How many files its archive has, those of equal names too; None where it cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(request.answer)) as archive:
            return sum(not each.is_dir() for each in archive.infolist())
    except zipfile.BadZipFile:
        return None


def other_files_are_told(o: Observation) -> Iterator[Outcome]:
    for one in struck(downloads(o), "zip missing_entry", "zip extra_entry")[:1]:
        for process in finals(o):
            missing = "missing_entry" in (one.fault or "")
            told = not missing or process.exit_code != 0 or bool(MISSING.search(output(process)))
            silent = kept(o, told, "an error or a word about a file that is missing", ending(process), one)
            yield clean(o, process, "files that are missing or extra", one) or silent


def name_is_cleaned(o: Observation) -> Iterator[Outcome]:
    for one in struck(downloads(o))[:1]:
        if one.status == OK:
            written = [path for files in o.files for path in _evil(files)]
            yield kept(o, not written, "nothing written where Content-Disposition says", ", ".join(written), one)


def _evil(files: Files) -> list[str]:
    return [path for path in files.outside if EVIL in path]


def is_named_by_the_server(path: str) -> bool:
    """Whether a hostile archive or header made the client write there, not the client itself."""
    return path.endswith(EVIDENCE) or EVIL in path


def nothing_is_no_result(o: Observation) -> Iterator[Outcome]:
    for one in struck(downloads(o), *EMPTY)[:1]:
        for process in finals(o):
            unclean = clean(o, process, "an archive with nothing in it", one)
            yield unclean or kept(o, process.exit_code != 0, "an error", ending(process), one)


def result_appears_at_once(o: Observation) -> Iterator[Outcome]:
    cut = [one for one in downloads(o) if one.fault and one.sent and one.answered_at is None]
    left = o.files_when_killed or next(iter(o.files), None)
    if cut and left is not None and any(one.signalled_at is not None for one in o.processes):
        there = f"{len(left.result or ())} files in it"
        yield kept(o, left.result is None, "no folder result in the middle of a download", there, cut[0])
    for one in struck(downloads(o), LARGE)[:1]:
        watched = [files.stages for files in o.files if files.stages]
        if not watched:
            raise Unjudged("it left no result")
        for stages in watched:
            grown = next(((a, b) for a, b in pairwise(stages) if b[0] > a[0] or b[1] > a[1]), None)
            observed = "" if grown is None else "; later ".join(f"{count} files, {size} bytes" for count, size in grown)
            yield kept(o, grown is None, "the folder result complete when it appears", observed, one)


BEHAVIOURS = (
    behaviour(
        "DLD-07",
        MUST,
        "FX",
        "APPNOTE 4.3.16, 4.4.7",
        "An archive with a wrong checksum or without its end is reported, leaves no result, and is not paid for again.",
        damage_is_reported,
    ),
    behaviour(
        "DLD-08",
        MUST,
        "F",
        "CWE-22; Zip Slip",
        "Entries with `..`, absolute paths, drives, backslashes or links write nothing outside the folder.",
        nothing_outside,
    ),
    behaviour(
        "DLD-09",
        SHOULD,
        "FX",
        "CWE-409",
        "An archive that unpacks to gigabytes, or to a hundred thousand files, is refused.",
        bombs_are_defused,
    ),
    behaviour(
        "DLD-10",
        SHOULD,
        "F",
        "APPNOTE 4.4.4, bit 11",
        "Names that clash, or that a file system does not take, are renamed or refused; nothing is lost silently.",
        odd_names_are_kept,
    ),
    behaviour(
        "DLD-11",
        SHOULD,
        "X",
        "download-task-result page: which flag asks for which files",
        "Files that are missing are reported, and those that nobody asked for do no harm.",
        other_files_are_told,
    ),
    behaviour(
        "DLD-12",
        SHOULD,
        "X",
        "docs silent: chosen, because results have no largest size",
        "A large result is streamed to disk, not held in memory.",
        memory_is_bounded,
    ),
    behaviour(
        "DLD-17",
        MUST,
        "F",
        "RFC 6266 4.3",
        "The file name in Content-Disposition leads nowhere.",
        name_is_cleaned,
    ),
    behaviour(
        "DLD-18",
        SHOULD,
        "F",
        "docs silent: chosen, because half a result looks like one",
        "The folder result appears when it is complete, not while it grows.",
        result_appears_at_once,
    ),
    behaviour(
        "DLD-19",
        SHOULD,
        "X",
        "docs silent: chosen, because nothing is no result",
        "An empty archive, or an empty body, is an error.",
        nothing_is_no_result,
    ),
)
