"""What is in a result: the files that the flags ask for, and contents that agree with one another."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import archives, shapes
from screenplay_contracts.server.checks.downloads import results
from screenplay_contracts.server.checks.looking import MUST, SHOULD
from screenplay_contracts.server.checks.saying import kept, shown
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.archives import Archive
    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

PAGE = "download-task-result page"
SILENT = "docs silent: what is inside the files"
LANGUAGES = ("en", "zh-CN", "ja", "ko")  # docs silent: which codes are known; of others nothing is promised


def _opened(recorded: Recording) -> Iterator[tuple[Call, Archive, dict[str, Any]]]:
    """(download, its zip, the submission's body) of each result whose submission is known."""
    submissions = {(task.account, task.id): task.submission for task in recorded.tasks}
    for call in results(recorded):
        submission = submissions.get((call.account, call.subject or ""))
        archive = archives.opened(call.exchange.response_body or b"")
        if submission is not None and archive.members is not None and not shapes.faults(submission.sent):
            yield call, archive, submission.sent


def files_match_flags(recorded: Recording) -> Iterator[Outcome]:
    for call, archive, body in _opened(recorded):
        flags, episodes = shapes.flags(body["config"]), len(body["episodes"])
        expected = {
            "transcripts": episodes * flags["require_json"],
            "storyboards": episodes * flags["require_json"],
            archives.NAMELIST: int(flags["require_json"]),
            "workbooks": episodes * flags["require_xlsx"],
            archives.MERGED: int(flags["require_merge_xlsx"]),
        }
        files = [name.rpartition("/")[2] for name in archive.names if not name.endswith("/")]  # docs silent: folders
        merged = files.count(archives.MERGED)
        found = {
            "transcripts": sum(map(bool, map(archives.TRANSCRIPT, files))),
            "storyboards": sum(map(bool, map(archives.STORYBOARD, files))),
            archives.NAMELIST: files.count(archives.NAMELIST),
            "workbooks": sum(name.endswith(".xlsx") for name in files) - merged,
            archives.MERGED: merged,
        }
        is_so = found == expected and sum(found.values()) == len(files)
        yield kept(is_so, f"files {shown(expected)}", f"{shown(sorted(archive.names))}", call)


def json_by_default(recorded: Recording) -> Iterator[Outcome]:
    for call, archive, body in _opened(recorded):
        if not body["config"].keys() & shapes.OUTPUTS.keys():
            only_json = bool(archive.transcripts) and all(name.endswith(".json") for name in archive.names)
            yield kept(only_json, "JSON and no workbooks, by default", shown(sorted(archive.names)), call)


def names(recorded: Recording) -> Iterator[Outcome]:
    for call, archive, body in _opened(recorded):
        patterns = (archives.TRANSCRIPT, archives.STORYBOARD)
        found = [{m[1] for name in archive.names if (m := pattern(name))} for pattern in patterns]
        found.append({name.removesuffix(".xlsx") for name in archive.workbooks})
        wrong = [one for one in found if one and one != set(body["episodes"])]
        yield kept(not wrong, f"names of the episodes {sorted(body['episodes'])}", shown(sorted(archive.names)), call)


def json_shapes(recorded: Recording) -> Iterator[Outcome]:
    for call, _, _ in _opened(recorded):
        for schema, name, _, problem in _json_files(call.exchange.response_body or b""):
            yield kept(problem is None, f"{name} of the shape {schema}", str(problem), call)


@lru_cache(maxsize=256)  # some checks look at the same bytes, and to validate them takes longer than all the rest
def _json_files(content: bytes) -> tuple[tuple[str, str, Any, str | None], ...]:
    """(schema, name, content, what is wrong with it) of each file in JSON of a zip."""
    from screenplay_schemas import validator

    archive = archives.opened(content)
    named = {"transcript": archive.transcripts, "storyboard": archive.storyboards}
    named["namelist"] = tuple(name for name in archive.names if name == archives.NAMELIST)
    files = []
    for schema, name in ((schema, name) for schema, names in named.items() for name in names):
        value = archive.json(name)
        problem = next(validator(schema).iter_errors(value), None)
        files.append(
            (schema, name, value, None if problem is None else f"{problem.json_path}: {problem.message[:200]}")
        )
    return tuple(files)


def _valid(call: Call) -> dict[str, list[tuple[str, Any]]]:
    """The files in JSON of a result that have their shape, by schema."""
    found: dict[str, list[tuple[str, Any]]] = {"transcript": [], "storyboard": [], "namelist": []}
    for schema, name, value, problem in _json_files(call.exchange.response_body or b""):
        if problem is None:
            found[schema].append((name, value))
    return found


def speakers(recorded: Recording) -> Iterator[Outcome]:
    for call, _, _ in _opened(recorded):
        files = _valid(call)
        for _, namelist in files["namelist"]:
            known = {one["name"] for one in namelist["names"]}
            spoken = {line["speaker"] for _, one in files["transcript"] for line in one["lines"]}
            acting = {name for _, one in files["storyboard"] for scene in one["scenes"] for name in scene["characters"]}
            strangers = (spoken | acting | _talking(files["storyboard"])) - known
            yield kept(not strangers, "everybody who speaks is in namelist.json", shown(sorted(strangers)), call)


def _talking(storyboards: list[tuple[str, Any]]) -> set[str]:
    shots = [shot for _, one in storyboards for scene in one["scenes"] for shot in scene["shots"]]
    return {line["speaker"] for shot in shots for line in shot["dialogue"]}


def times(recorded: Recording) -> Iterator[Outcome]:
    for call, _, _ in _opened(recorded):
        files = _valid(call)
        lengths = {one["episode"]: one["duration"] for _, one in files["transcript"]}
        for name, one in files["transcript"]:
            wrong = [line for line in one["lines"] if not line["start"] <= line["end"] <= one["duration"]]
            yield kept(
                not wrong, f"lines of {name} that end after their start and within the episode", shown(wrong), call
            )
        for name, one in files["storyboard"]:
            end = lengths.get(one["episode"], float("inf"))
            wrong = [scene for scene in one["scenes"] if not _is_in_time(scene, end)]
            yield kept(not wrong, f"scenes of {name} within the episode, shots within their scene", shown(wrong), call)


def _is_in_time(scene: Any, end: float) -> bool:
    shots = all(scene["start"] <= shot["start"] <= shot["end"] <= scene["end"] for shot in scene["shots"])
    return bool(scene["start"] <= scene["end"] <= end and shots)


def dialogue(recorded: Recording) -> Iterator[Outcome]:
    for call, _, _ in _opened(recorded):
        files = _valid(call)
        boards = {one["episode"]: one for _, one in files["storyboard"]}
        for name, one in files["transcript"]:
            board = boards.get(one["episode"], {"scenes": []})
            said = [(line["speaker"], line["text"]) for line in one["lines"]]
            shots = [shot for scene in board["scenes"] for shot in scene["shots"]]
            shot_lines = [(line["speaker"], line["text"]) for shot in shots for line in shot["dialogue"]]
            yield kept(said == shot_lines, f"the storyboard has the dialogue of {name}", "another dialogue", call)


def episodes(recorded: Recording) -> Iterator[Outcome]:
    for call, _, body in _opened(recorded):
        for schema, files in _valid(call).items():
            told = {name: one["episode"] for name, one in files} if schema != "namelist" else {}
            if told:
                is_so = sorted(told.values()) == sorted(body["episodes"])
                yield kept(is_so, f"one {schema} for each episode", shown(told), call)


def language(recorded: Recording) -> Iterator[Outcome]:
    for call, _, body in _opened(recorded):
        wanted = body["config"].get("language")
        for name, one in _valid(call)["transcript"]:
            if wanted in LANGUAGES:
                yield kept(one["language"] == wanted, f"{name} in {wanted}", f"in {one['language']}", call)


def default_language(recorded: Recording) -> Iterator[Outcome]:
    for call, _, body in _opened(recorded):
        for name, one in _valid(call)["transcript"] if "language" not in body["config"] else ():
            yield kept(one["language"] == LANGUAGES[0], f"{name} in {LANGUAGES[0]}", f"in {one['language']}", call)


def workbooks(recorded: Recording) -> Iterator[Outcome]:
    for call, archive, _ in _opened(recorded):
        members = archive.members or {}
        rows = {
            name: archives.rows_of(members[name]) for name in (*archive.workbooks, archives.MERGED) if name in members
        }
        if not rows:
            continue
        readable = {name: count for name, count in rows.items() if count is not None}
        merged = readable.get(archives.MERGED)
        single = [count - 1 for name, count in readable.items() if name != archives.MERGED]
        agree = merged is None or not single or merged - 1 == sum(single)
        is_so = len(readable) == len(rows) and agree
        yield kept(is_so, "workbooks with rows, the merged one with those of all episodes", f"rows {shown(rows)}", call)


RULES = (
    rule(
        "download/files-match-flags",
        MUST,
        f"{PAGE}: which files each flag brings",
        "A result has the files that the three require flags ask for, and no others.",
        files_match_flags,
        Need.MONEY,
    ),
    rule(
        "submit/defaults",
        MUST,
        "submit-task page: require_json true, the other two false",
        "Without flags a result has the JSON files and no workbooks.",
        json_by_default,
        Need.MONEY,
    ),
    rule(
        "download/file-names",
        SHOULD,
        "docs silent: what * stands for",
        "The files are named by episode.",
        names,
        Need.MONEY,
    ),
    rule(
        "download/file-shapes",
        SHOULD,
        SILENT,
        "The files in JSON have the shape of their schemas.",
        json_shapes,
        Need.MONEY,
    ),
    rule(
        "download/contents-agree",
        SHOULD,
        f"{PAGE}: one global character name list; {SILENT}",
        "Everybody who speaks or acts is in the namelist.",
        speakers,
        Need.MONEY,
    ),
    rule(
        "download/episodes", SHOULD, SILENT, "Each episode has its transcript and its storyboard.", episodes, Need.MONEY
    ),
    rule(
        "download/times",
        SHOULD,
        SILENT,
        "Times stay within the episode, and shots within their scene.",
        times,
        Need.MONEY,
    ),
    rule(
        "download/dialogue", SHOULD, SILENT, "Transcript and storyboard have the same dialogue.", dialogue, Need.MONEY
    ),
    rule(
        "download/language",
        SHOULD,
        "submit-task page: language",
        "A result has the language asked for.",
        language,
        Need.MONEY,
    ),
    rule(
        "download/default-language",
        SHOULD,
        "docs silent: English chosen",
        "A result is in English where no language was asked for.",
        default_language,
        Need.MAGIC,
    ),
    rule(
        "download/workbooks", SHOULD, SILENT, "The merged workbook has the rows of all episodes.", workbooks, Need.MONEY
    ),
)
