"""Downloads: how they cross the wire, and where else they are."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from tests.wire.raw import A_MOMENT
from tests.wire.world import TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.wire.claims import Claim
    from tests.wire.raw import Seen
    from tests.wire.world import World

ZIP = "application/zip"


def unzipped(content: bytes) -> ZipFile:
    try:
        return ZipFile(BytesIO(content))
    except BadZipFile as error:
        raise AssertionError(f"{error}: {content[:200]!r}") from None


def is_zip(content: bytes) -> bool:
    """Whether a zip can be opened, and what is in it has the checksums that it says."""
    try:
        return ZipFile(BytesIO(content)).testzip() is None
    except BadZipFile:
        return False


def is_good(seen: Seen) -> None:
    assert (seen.status, seen.header("Content-Type"), seen.is_whole) == (200, ZIP, True)
    assert seen.header("Content-Length") == str(len(seen.body))
    assert is_zip(seen.body)


def good(world: World) -> None:
    seen = world.downloaded(linger=A_MOMENT)
    is_good(seen)
    assert seen.end == "open"
    assert str(seen.header("Content-Disposition")).startswith('attachment; filename="ros-sd-')
    assert {"1_transcript.json", "1_storyboard.json", "namelist.json"} <= set(unzipped(seen.body).namelist())
    assert world.charges == ["submit", "download"]


def refused(status: int, msg: str) -> Claim:
    """Every download of a completed task gets that, and is not paid for."""

    def claim(world: World) -> None:
        task_id = world.completed()
        for _ in range(2):
            seen = world.download(task_id)
            assert (seen.status, seen.header("Content-Type")) == (status, "application/json")
            assert seen.msg == msg
        assert world.status(task_id) == "completed"
        assert world.charges == ["submit"]

    return claim


def is_short(seen: Seen, end: str = "fin") -> None:
    """A head that promises a zip, half of it, and the end."""
    length = int(str(seen.header("Content-Length")))
    assert (seen.status, seen.header("Content-Type"), seen.end) == (200, ZIP, end)
    assert len(seen.body) == length // 2
    assert seen.body.startswith(b"PK\3\4")


def short(world: World) -> None:
    task_id = world.completed()
    for _ in range(2):
        is_short(world.download(task_id))
    assert world.charges == ["submit", "download", "download"]


def cut_chunked(world: World) -> None:
    seen = world.downloaded()
    assert (seen.status, seen.end, seen.is_whole) == (200, "fin", False)
    assert (seen.headers("Transfer-Encoding"), seen.header("Content-Length")) == (["chunked"], None)
    assert not seen.body.endswith(b"0\r\n\r\n")
    assert seen.content.startswith(b"PK\3\4")
    assert not is_zip(seen.content)


def cut_close_delimited(world: World) -> None:
    seen = world.downloaded()
    assert (seen.status, seen.end, seen.header("Connection")) == (200, "fin", "close")
    assert (seen.header("Transfer-Encoding"), seen.header("Content-Length")) == (None, None)
    assert seen.body.startswith(b"PK\3\4")
    assert not is_zip(seen.body)


def empty_body(world: World) -> None:
    seen = world.downloaded(linger=A_MOMENT)
    assert (seen.status, seen.headers("Content-Type"), seen.body, seen.end) == (200, [ZIP], b"", "open")
    assert seen.headers("Content-Length") == ["0"]


def evil_filename(world: World) -> None:
    seen = world.downloaded()
    assert seen.headers("Content-Disposition") == [
        "attachment; filename=\"../../evil.zip\"; filename*=UTF-8''..%2F..%2Fevil-star.zip"
    ]
    is_good(seen)


def error_with_200(world: World) -> None:
    seen = world.downloaded()
    assert (seen.status, seen.header("Content-Type")) == (200, "application/json")
    assert (seen.json["code"], seen.msg) == (400, "No downloadable files found for this task.")


def not_ready(world: World) -> None:
    task_id = world.completed()
    for _ in range(2):
        seen = world.download(task_id)
        assert (seen.status, seen.json["code"]) == (400, 400)
        assert seen.msg == "Task is not completed yet, current status: running"
    is_good(world.download(task_id))
    assert world.charges == ["submit", "download"]


def resumed(status: int) -> Claim:
    """The first is short; who asks for the rest gets that status, and who asks for the whole gets it."""

    def claim(world: World) -> None:
        task_id = world.completed()
        first = world.download(task_id)
        is_short(first)
        tag, got = str(first.header("ETag")), len(first.body)
        whole = world.download(task_id)
        is_good(whole)
        seen = world.download(task_id, {"Range": f"bytes={got}-", "If-Range": tag})
        assert (seen.status, seen.is_whole) == (status, True)
        if status == 206:
            assert seen.header("Content-Range") == f"bytes {got}-{len(whole.body) - 1}/{len(whole.body)}"
            assert first.body + seen.body == whole.body
        elif status == 200:
            assert seen.body == whole.body
        else:
            assert seen.header("Content-Range") == f"bytes */{len(whole.body)}"
            assert seen.json["code"] == 400
        assert {whole.header("ETag"), seen.header("ETag") or tag} == {tag}

    return claim


def stored_elsewhere(seen: Seen, world: World) -> str:
    """Where a redirect leads to: another origin, by a URL that has no key in it."""
    assert (seen.status, seen.is_whole, seen.body) == (302, True, b"")
    location = str(seen.header("Location"))
    assert location.startswith("http://127.0.0.1:")
    assert f":{world.address[1]}/" not in location
    assert world.key not in location
    return location


def redirected_to_storage(world: World) -> None:
    location = stored_elsewhere(world.downloaded(), world)
    is_good(world.at(location))
    is_good(world.at(location, key=True))
    rules = [[one["rule"] for one in entry["violations"]] for entry in world.journal("otherOrigin")]
    assert rules == [[], ["auth/key-to-other-origin"]]


def expired_first(world: World) -> None:
    task_id = world.completed()
    seen = world.at(stored_elsewhere(world.download(task_id), world))
    assert (seen.status, seen.header("Content-Type")) == (403, "application/xml")
    assert b"<Code>ExpiredToken</Code>" in seen.body
    location = stored_elsewhere(world.download(task_id), world)
    is_good(world.at(location))
    world.advance(seconds=60)
    assert world.at(location).status == 403


def reset_first(world: World) -> None:
    task_id = world.completed()
    is_short(world.download(task_id), "rst")
    is_good(world.download(task_id))


def slowly(*, times: int | None = None) -> Claim:
    """A body comes in drops, in the end it is whole; so often, and who hangs up in the middle may."""

    def claim(world: World) -> None:
        task_id = world.completed()
        seen = world.download(task_id, reads=6)
        assert (seen.status, seen.header("Content-Type"), seen.is_whole) == (200, ZIP, False)
        again = world.download(task_id)
        is_good(again)
        assert (len(again.pieces) > 10) is (times is None)

    return claim


def stalled(world: World) -> None:
    connection = world.connection()
    connection.send(world.bytes_of("GET", f"{TASKS}/{world.completed()}/download"))
    seen = connection.read(patience=A_MOMENT)
    is_short(seen, "open")
    assert connection.read(patience=A_MOMENT).pieces == ()


def large(world: World) -> None:
    seen = world.downloaded(most=1_000_000)
    assert (seen.status, seen.header("Content-Type")) == (200, ZIP)
    assert 300_000_000 < int(str(seen.header("Content-Length"))) < 301_000_000
    assert seen.body.startswith(b"PK\3\4")


NO_FILES = "No downloadable files found for this task."
NO_RESULT = "No result data available for this task."
NO_BALANCE = "Insufficient balance to download the resource. Please recharge and try again."

CLAIMS: Mapping[str, Claim] = {
    "download/402": refused(402, NO_BALANCE),
    "download/cut-chunked": cut_chunked,
    "download/cut-close-delimited": cut_close_delimited,
    "download/empty-body": empty_body,
    "download/evil-filename": evil_filename,
    "download/json-error-200": error_with_200,
    "download/json-error-400": refused(400, NO_FILES),
    "download/large": large,
    "download/no-result": refused(400, NO_RESULT),
    "download/not-ready": not_ready,
    "download/ok": good,
    "download/range": resumed(206),
    "download/range-200": resumed(200),
    "download/range-416": resumed(416),
    "download/redirect-signed-url": redirected_to_storage,
    "download/reset-mid-body": reset_first,
    "download/short": short,
    "download/signed-url-expired": expired_first,
    "lifecycle/kill-mid-download": slowly(times=1),
    "t/download/drip": slowly(),
    "t/download/stall": stalled,
}
#: Where all is well, a claim is told from nothing by another scenario.
AGAINST: Mapping[str, str] = {"download/ok": "download/short"}
