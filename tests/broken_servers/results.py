"""Servers whose results are not what was asked for, damaged, or at odds with themselves."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from tests.broken_servers.edits import asked, broken, err, header, in_json, ok, put, says, status, zipped
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory
from tests.broken_servers.row import row

from screenplay_contracts.server import magic

if TYPE_CHECKING:
    from tests.broken_servers.edits import Edit

PRICE = "money/download-price"


def _empty_zip(_: Ask, answer: Answer, __: Memory) -> None:
    made = io.BytesIO()
    zipfile.ZipFile(made, "w").close()
    answer.status, answer.body = 200, made.getvalue()
    answer.headers = {"Content-Type": "application/zip", "Content-Length": str(len(answer.body))}


def _named(ask: Ask, answer: Answer, _: Memory) -> None:
    answer.headers["Content-Disposition"] = f'attachment; filename="{ask.subject}.zip"'


def _damaged(_: Ask, answer: Answer, __: Memory) -> None:
    """One bit of the first member is another one."""
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        first = archive.infolist()[0]
    place = first.header_offset + 30 + len(first.filename) + first.compress_size // 2
    answer.body = answer.body[:place] + bytes([answer.body[place] ^ 1]) + answer.body[place + 1 :]


def _other_bytes(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.operation == "downloadTask" and answer.ok and memory.count(ask.subject) > 1:
        zipped(lambda _: None, comment=b"another time")(ask, answer, memory)


def _without(suffix: str) -> Edit:
    def change(files: dict[str, bytes]) -> None:
        for name in [one for one in files if one.endswith(suffix)]:
            del files[name]

    return zipped(change)


def _numbered(files: dict[str, bytes]) -> None:
    for name in [one for one in files if one.endswith("_transcript.json")]:
        files[f"00{name}"] = files.pop(name)


def _with_sheet(files: dict[str, bytes]) -> None:
    if all(name.endswith(".json") for name in files):
        files["1.xlsx"] = files["namelist.json"]


def _one_sheet(files: dict[str, bytes]) -> None:
    sheets = [name for name in files if name.endswith(".xlsx") and name != "merged.xlsx"]
    if sheets and "merged.xlsx" in files:
        files["merged.xlsx"] = files[sheets[0]]


def _one_less(name: str) -> Any:
    return lambda value: value[name].pop()


def _silent(board: Any) -> None:
    shot = next(shot for scene in board["scenes"] for shot in scene["shots"] if shot["dialogue"])
    shot["dialogue"] = []


ROWS = (
    row(
        "a running task has a result",
        "download/only-completed",
        "life",
        broken(err("downloadTask", msg="Task is not completed yet, current status: running"), _empty_zip, _named),
        "download/not-completed",
        "download/files-match-flags",
        "submit/defaults",
        "download/repeatable",
        PRICE,
    ),
    row(
        "before the end it says something else",
        "download/not-completed",
        "life",
        broken(err("downloadTask", msg="Task is not completed"), put("msg", "Please wait")),
    ),
    row(
        "before the end it is 404",
        "download/refusal-status",
        "life",
        broken(err("downloadTask", msg="Task is not completed"), status(404)),
    ),
    row(
        "a completed task has no result",
        "download/completed",
        "life",
        broken(ok("downloadTask"), says(400, "Please wait")),
    ),
    row(
        "without files it says something else",
        "download/no-files",
        "magic",
        broken(err("downloadTask", msg="No downloadable files"), put("msg", "No files")),
        "download/completed",
    ),
    row(
        "without data it says something else",
        "download/no-result",
        "magic",
        broken(err("downloadTask", msg="No result data"), put("msg", "No data")),
        "download/completed",
    ),
    row(
        "a result is octets",
        "download/media-type",
        "life",
        broken(ok("downloadTask"), header("Content-Type", "application/octet-stream")),
    ),
    row(
        "a result has another name",
        "download/filename",
        "life",
        broken(ok("downloadTask"), header("Content-Disposition", 'attachment; filename="result.zip"')),
    ),
    row("a result is damaged", "download/is-zip", "life", broken(ok("downloadTask"), _damaged)),
    row(
        "a result has no length",
        "download/content-length",
        "life",
        broken(ok("downloadTask"), header("Content-Length", None)),
    ),
    row(
        "a result is another one each time",
        "download/repeatable",
        "life",
        Fault(answer=_other_bytes),
        "seed/same-again",
    ),
    row(
        "a result has no namelist",
        "download/files-match-flags",
        "life",
        broken(ok("downloadTask"), _without("namelist.json")),
        PRICE,
    ),
    row(
        "a result has a workbook without having been asked",
        "submit/defaults",
        "life",
        broken(ok("downloadTask"), zipped(_with_sheet)),
        "download/files-match-flags",
        "download/workbooks",
        "download/file-names",
        PRICE,
    ),
    row(
        "files have zeros before the episode",
        "download/file-names",
        "life",
        broken(ok("downloadTask"), zipped(_numbered)),
    ),
    row(
        "a transcript has no language",
        "download/file-shapes",
        "life",
        broken(ok("downloadTask"), in_json("_transcript.json", lambda one: one.pop("language"))),
    ),
    row(
        "a speaker is not in the namelist",
        "download/contents-agree",
        "life",
        broken(ok("downloadTask"), in_json("namelist.json", _one_less("names"))),
    ),
    row(
        "an episode has another number inside",
        "download/episodes",
        "life",
        broken(ok("downloadTask"), in_json("_storyboard.json", lambda one: one.update(episode="7"))),
        "download/dialogue",
    ),
    row(
        "a line is said after the end",
        "download/times",
        "life",
        broken(ok("downloadTask"), in_json("_transcript.json", lambda one: one.update(duration=1))),
    ),
    row(
        "the storyboard leaves out what is said",
        "download/dialogue",
        "life",
        broken(ok("downloadTask"), in_json("_storyboard.json", _silent)),
    ),
    row(
        "the result is in another language",
        "download/language",
        "outputs",
        broken(ok("downloadTask"), in_json("_transcript.json", lambda one: one.update(language="xx"))),
        "download/default-language",
    ),
    row(
        "the result is in no language by default",
        "download/default-language",
        "life",
        broken(ok("downloadTask"), in_json("_transcript.json", lambda one: one.update(language="xx"))),
        "download/language",
    ),
    row(
        "the merged workbook has one episode",
        "download/workbooks",
        "outputs",
        broken(ok("downloadTask"), zipped(_one_sheet)),
        PRICE,
    ),
    row(
        "the download of an unknown task has another text",
        "download/unknown-task",
        "door",
        broken(err("downloadTask", msg="Task not found"), put("msg", "No such task")),
        "download/foreign-task",
    ),
    row(
        "the download of a foreign task has another text",
        "download/foreign-task",
        "others",
        broken(
            asked(err("downloadTask", msg="Task not found"), lambda ask: ask.subject != magic.NOBODYS_TASK),
            put("msg", "Not yours"),
        ),
    ),
)
