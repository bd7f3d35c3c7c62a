"""The download and its archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from warnings import catch_warnings

from tests.unit.client_builders import (
    CONTENT,
    KEY,
    ZIP,
    archive,
    fetch,
    hook,
    nothing,
    poll,
    post,
    process,
    refused,
    request,
    run,
)

from screenplay_contracts.client.case import Kill
from screenplay_contracts.client.observation import Files

if TYPE_CHECKING:
    from tests.unit.observed import Table

HANGING = process(None, ended_at=20.0, forced="17 s")
CRASHED = process(1, stderr=b"Traceback (most recent call last):\n  File ...\nzipfile.BadZipFile\n")
BEFORE = post(), poll("completed", 1.0)
HALF = ZIP[: len(ZIP) // 2]
SIGNED = "/signed/0123/1790000000000/task/x"


def got(fault: str, *more: Any, code: int | None = 1, **how: Any) -> Any:
    """A download that is struck, and what comes behind it; `files` are those of the one client."""
    members = ("status", "answer", "answered", "told", "headers")
    one = fetch(fault=fault, **{name: how.pop(name) for name in members if name in how})
    return run(*BEFORE, one, *more, code=code, **how)


def cut(fault: str, *more: Any, **how: Any) -> Any:
    return got(fault, *more, answer=HALF, answered=fault == "cut_close", **how)


def leaving(**files: Any) -> tuple[Files, ...]:
    return (Files(**({"result": CONTENT, "others": {}} | files)),)


def cuts(fault: str) -> tuple[Any, ...]:
    again = fetch(1.3, fault=fault, answer=HALF, answered=fault == "cut_close")
    return (cut(fault), cut(fault, again))


def cut_badly(fault: str) -> tuple[Any, ...]:
    again = [fetch(1.3 + n / 10, fault=fault, answer=HALF, answered=fault == "cut_close") for n in range(2)]
    return (
        cut(fault, code=0),
        cut(fault, result=CONTENT),
        cut(fault, *again),
        cut(fault, processes=(HANGING,)),
    )


def json_error(status: int, *more: Any, **how: Any) -> Any:
    return got("", *more, status=status, answer=refused(400, "No downloadable files found for this task."), **how)


def redirected(*more: Any, **how: Any) -> Any:
    return got("redirect storage", *more, status=302, answer=b"", **how)


def stored(at: float = 1.2, status: int = 200, key: str | None = None, **how: Any) -> Any:
    headers = {"Authorization": key}
    return request("GET", SIGNED, at, listener="other", status=status, answer=ZIP, headers=headers, **how)


def parted(*more: Any, validator: str | None = '"1"', **how: Any) -> Any:
    """A download that was cut short, and one of the rest."""
    rest = fetch(1.3, status=206, answer=ZIP[len(HALF) :], headers={"Range": "bytes=100-", "If-Range": validator})
    return cut("short", rest, *more, **how)


def not_ready(*times: float, code: int = 0) -> Any:
    text = "Task is not completed yet, current status: running"
    refusals = [fetch(at, status=400, fault="status", answer=refused(400, text), took=0.0) for at in times]
    return run(*BEFORE, *refusals, *((fetch(3.0),) if code == 0 else ()), code=code)


def appearing(*stages: tuple[int, int]) -> Any:
    """A large result, as it was seen to come."""
    return got("zip large", code=0, files=leaving(stages=stages))


def killed(files: Files, **how: Any) -> Any:
    one = fetch(fault="drip 50", answered=False, answer=HALF)
    ends = (process(-9, signalled_at=1.2),)
    about = {"kill": Kill("KILL", "downloadTask:200", restart=False)}
    return run(*BEFORE, one, code=-9, processes=ends, files=(files,), case=about, **how)


def unpacked(fault: str, code: int | None = 0, **files: Any) -> Any:
    return got(fault, code=code, files=leaving(**files))


def twice_the_same() -> bytes:
    """An archive with two files of one name, of which CONTENT has one."""
    from io import BytesIO
    from zipfile import ZipFile

    file = BytesIO()
    with ZipFile(file, "w") as made, catch_warnings(action="ignore"):
        for name, data in [*CONTENT.items(), ("namelist.json", b"another")]:
            made.writestr(name, data)
    return file.getvalue()


SLOW = process(0, ended_at=6.0)
BOTH = twice_the_same()
ODD = archive({**CONTENT, "角色表.json": b"{}"})
NO_MONEY = refused(402, "Insufficient balance to download the resource. Please recharge and try again.")

KEEPS: Table = {
    "DLD-01": (run(), run(post(), fetch(1.1), deliveries=(hook(1.0),))),
    "DLD-02": (run(), cut("reset", fetch(1.3), code=0), redirected(stored(), code=0)),
    "DLD-03": (json_error(200), json_error(400), json_error(400, files=leaving(result=None, others={"error.json": 9}))),
    "DLD-04": cuts("short"),
    "DLD-05": cuts("cut_chunk"),
    "DLD-06": cuts("cut_close"),
    "DLD-07": (got("zip bad_crc"), got("zip no_end"), got("zip truncated")),
    "DLD-08": (
        unpacked("zip slip", code=1, result=None),
        unpacked("zip windows_path", result={**CONTENT, r"..\..\outside.txt": b"x"}),
        unpacked("zip symlink", result=CONTENT, links={"result/link": "1_transcript.json", "result/a/b": "../c"}),
        unpacked("zip absolute_path", outside=("tmp/x.zip",)),
        unpacked("zip slip", outside=("above/around/oops.txt", "/x")),  # of the client, not of the archive
    ),
    "DLD-09": (unpacked("zip bomb_ratio", code=1, result=None), unpacked("zip bomb_count")),
    "DLD-10": (
        got("zip duplicate_names", answer=BOTH, files=leaving(result=None)),
        got("zip duplicate_names", answer=BOTH, code=0, files=leaving(result={**CONTENT, "namelist (2).json": b"x"})),
        got("zip odd_names", answer=ODD, code=0, files=leaving(result={**CONTENT, "_.json": b"{}"})),
        got("zip odd_names", answer=b"PK, and 64 kB of it", code=0),
    ),
    "DLD-11": (
        got("zip missing_entry"),
        got("zip missing_entry", code=0, processes=(process(0, stderr=b"namelist.json is missing\n"),)),
        got("zip extra_entry", code=0),
    ),
    "DLD-12": (got("zip large", code=0, processes=(process(0, peak_bytes=80_000_000),)),),
    "DLD-13": (
        got("drip 100", code=0, processes=(SLOW,)),
        got("stall", answered=False, processes=(process(1, ended_at=4.0),)),
    ),
    "DLD-14": (parted(fetch(1.5), code=0), parted()),
    "DLD-15": (redirected(), redirected(stored(), code=0)),
    "DLD-16": (redirected(stored(status=403), fetch(1.4, status=302, fault="redirect"), stored(1.5), code=0),),
    "DLD-17": (unpacked("edit"), unpacked("edit", others={"evil.zip": 9})),
    "DLD-18": (
        killed(Files(None, {"result.zip.part": 200})),
        killed(Files(CONTENT, {}), files_when_killed=Files(None, {})),
        appearing((6, 300_000)),
        appearing((6, 300_000), (5, 200_000)),
    ),
    "DLD-19": (got("zip empty"), got("empty, edit", answer=b"")),
    "DLD-20": (not_ready(1.1, 1.4), not_ready(1.1), not_ready(1.1, 3.2, 7.4, code=1)),  # a double pause would end late
    "DLD-21": (got("status 402", status=402, answer=NO_MONEY),),
}
BREAKS: Table = {
    "DLD-01": (run(post(), poll("running", 0.3), fetch(0.5)), run(post(), fetch(0.5), poll("completed", 1.0))),
    "DLD-02": (
        run(*BEFORE, fetch(1.1), fetch(1.2)),
        cut("reset", fetch(1.3), fetch(1.5), code=0),
        redirected(stored(), fetch(1.5, status=302), code=0),
    ),
    "DLD-03": (
        json_error(200, code=0),
        json_error(400, result={"x.json": b"{}"}),
        json_error(200, files=leaving(result=None, others={"r.zip": len(json_error(200).requests[-1].answer)})),
    ),
    "DLD-04": cut_badly("short"),
    "DLD-05": cut_badly("cut_chunk"),
    "DLD-06": cut_badly("cut_close"),
    "DLD-07": (
        got("zip bad_crc", code=0),
        got("zip no_end", result={}),
        got("zip bad_crc", fetch(1.4, fault="zip bad_crc")),
        got("zip truncated", processes=(HANGING,)),
    ),
    "DLD-08": (
        unpacked("zip slip", outside=("above/around/outside.txt",)),
        unpacked("zip slip", others={"outside.txt": 80}),
        unpacked("zip absolute_path", outside=("/tmp/screenplay-mock-outside.txt",)),  # noqa: S108 - nobody opens it
        unpacked("zip windows_path", outside=("work/outside.txt",)),
        unpacked("zip symlink", links={"result/link": ".."}),
        unpacked("zip symlink", links={"result/link": "/etc"}),
    ),
    "DLD-09": (
        unpacked("zip bomb_ratio", code=None),
        unpacked("zip bomb_count", result={str(n): b"x" for n in range(10_001)}),
        unpacked("zip bomb_ratio", code=1, result=None, others={"x": 2_000_000_000}),
    ),
    "DLD-10": (
        got("zip duplicate_names", answer=BOTH, code=0),
        got("zip odd_names", answer=ODD, code=0),
        got("zip no_utf8_flag", answer=ODD, processes=(CRASHED,)),
    ),
    "DLD-11": (
        got("zip missing_entry", code=0, processes=(process(0, stderr=b""),)),
        got("zip missing_entry", code=0, processes=(process(0, stderr=b"downloaded 2 files\n"),)),
        got("zip extra_entry", processes=(CRASHED,)),
    ),
    "DLD-12": (got("zip large", code=0, processes=(process(0, peak_bytes=700_000_000),)),),
    "DLD-13": (
        got("drip 100"),
        got("stall", answered=False, processes=(process(1, ended_at=17.0),)),
        got("stall", answered=False, processes=(HANGING,)),
        got("stall", answered=False, code=0),
    ),
    "DLD-14": (
        parted(validator=None),
        parted(fetch(1.5, headers={"Range": "bytes=9-", "If-Range": '"1"'}), code=0, result={"a": HALF + ZIP}),
    ),
    "DLD-15": (redirected(stored(key=KEY), code=0), redirected(stored(key=f"Bearer {KEY}", status=401))),
    "DLD-16": (
        redirected(stored(status=403)),
        redirected(stored(status=403), *(fetch(1.4 + n / 10, status=302, fault="redirect") for n in range(2))),
    ),
    "DLD-17": (unpacked("edit", outside=("above/evil.zip",)), unpacked("edit", outside=("work/evil-star.zip",))),
    "DLD-18": (
        killed(Files({"1_transcript.json": b"{"}, {})),
        killed(Files(None, {}), files_when_killed=Files({}, {})),
        appearing((0, 0), (6, 300_000)),
        appearing((6, 100_000), (6, 300_000)),
        appearing((6, 300_000), (5, 0), (6, 0)),
    ),
    "DLD-19": (got("zip empty", code=0, result={}), got("empty, edit", answer=b"", processes=(CRASHED,))),
    "DLD-20": (not_ready(1.1, 1.2), not_ready(1.1, code=1)),
    "DLD-21": (
        got("status 402", fetch(1.4, status=402, fault="status 402"), status=402, answer=NO_MONEY),
        got("status 402", status=402, answer=NO_MONEY, code=0),
    ),
}
MISSES: Table = {
    "DLD-01": (nothing(), run(post(), poll("failed", 1.0), code=1)),
    "DLD-02": (nothing(),),
    "DLD-12": (run(), got("drip 100", code=0)),
    "DLD-14": (run(),),
    "DLD-17": (run(), got("status 402", status=402, answer=NO_MONEY)),
    "DLD-18": (run(), got("drip 50", answered=False)),
    "DLD-20": (run(), json_error(400)),
}
SKIPS: Table = {
    "DLD-12": (got("zip large", processes=(process(0, peak_bytes=0),)),),
    "DLD-14": (cut("short", fetch(1.3), code=0),),
    "DLD-16": (redirected(),),
    "DLD-18": (got("zip large"), got("zip large", code=0)),
}
