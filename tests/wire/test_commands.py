"""What becomes of real clients, which nobody wrote for this: who pays twice, and what curl makes of a download."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

import pytest
from tests.wire.commands import JAVA, Ran, curl, run, skip_without
from tests.wire.world import TASKS, World

if TYPE_CHECKING:
    from tests.wire.conftest import Playing

# Who is charged how often


def by_java(world: World, folder: Path) -> int:
    """The exit status of a Java client that submits once."""
    url = "http://{}:{}".format(*world.address) + TASKS
    return run("java", str(JAVA), url, world.key, json.dumps(world.submission()), folder=folder).exit


def by_wget(world: World, folder: Path) -> int:
    url = "http://{}:{}".format(*world.address) + TASKS
    headers = (f"--header=Authorization: {world.key}", "--header=Content-Type: application/json")
    body = f"--post-data={json.dumps(world.submission())}"
    return run("wget", "--tries=3", "--waitretry=0", "-qO", "answer", *headers, body, url, folder=folder).exit


def by_curl(world: World, folder: Path) -> int:
    return curl(world, "/screenplay/tasks", folder=folder, body=world.submission()).exit


def by_requests(world: World, _: Path) -> int:
    requests = pytest.importorskip("requests")
    url = "http://{}:{}".format(*world.address) + TASKS
    with requests.Session() as session:
        session.trust_env = False
        try:
            session.post(url, json=world.submission(), headers={"Authorization": world.key}, timeout=20)
        except requests.ConnectionError:
            return 1
    return 0


Submits = Callable[[World, Path], int]
CLIENTS = [
    pytest.param(by_java, 2, marks=skip_without("java", "javac"), id="HttpURLConnection"),
    pytest.param(by_wget, 3, marks=skip_without("wget"), id="wget --tries=3"),
    pytest.param(by_curl, 1, marks=skip_without("curl"), id="curl"),
    pytest.param(by_requests, 1, id="requests"),
]


@pytest.mark.parametrize(("submits", "times"), CLIENTS)
def test_who_repeats_a_submission_without_an_answer_is_charged_for_each(
    submits: Submits, times: int, playing: Playing, tmp_path: Path
) -> None:
    with playing("submit/close-after-accept") as world:
        assert submits(world, tmp_path) != 0
        assert world.charges == ["submit"] * times
        assert [entry["response"]["status"] for entry in world.journal("submitTask")] == [None] * times


@pytest.mark.parametrize(("submits", "times"), CLIENTS)
def test_who_gets_an_answer_is_charged_once(submits: Submits, times: int, playing: Playing, tmp_path: Path) -> None:
    with playing("quick") as world:
        assert submits(world, tmp_path) == 0
        assert world.charges == ["submit"]
        assert times > 0


# What curl makes of a download


def whole(size: int, content: bytes) -> None:
    assert len(content) == size
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None


def half(size: int, content: bytes) -> None:
    """As much as came, and no zip."""
    assert len(content) == size // 2
    with pytest.raises(BadZipFile):
        ZipFile(BytesIO(content))


def wrong_checksum(size: int, content: bytes) -> None:
    assert len(content) == size
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() == "namelist.json"


def climbing(size: int, content: bytes) -> None:
    assert len(content) > size
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {"../outside.txt", "../../outside.txt"} < set(archive.namelist())


DOWNLOADS: dict[str, tuple[int, Callable[[int, bytes], None]]] = {
    "download/ok": (0, whole),
    "download/short": (18, half),  # CURLE_PARTIAL_FILE
    "download/cut-chunked": (18, half),
    "download/cut-close-delimited": (0, half),  # nothing in HTTP says that there is more
    "download/bad-crc": (0, wrong_checksum),
    "download/zip-slip": (0, climbing),
    "download/reset-mid-body": (56, half),  # CURLE_RECV_ERROR
    "http/http10": (0, whole),
    "http/odd-framing": (0, whole),
    "http/early-hints": (0, whole),
    "net/conn-close": (0, whole),
}


@skip_without("curl")
@pytest.mark.parametrize("name", DOWNLOADS)
def test_curl_writes_what_came_and_says_what_http_can_know(name: str, playing: Playing, tmp_path: Path) -> None:
    with playing(name) as world:
        task_id = world.completed()
        world.play("download/ok")
        honest = world.download(task_id).body
        world.play(name)
        code, look = DOWNLOADS[name]
        ran = curl(world, f"/screenplay/tasks/{task_id}/download", folder=tmp_path)
        assert (ran.exit, ran.out) == (code, "200")
        look(len(honest), ran.file or b"")


@skip_without("curl")
def test_curl_follows_to_the_storage_and_does_not_take_the_key_along(playing: Playing, tmp_path: Path) -> None:
    with playing("download/redirect-signed-url") as world:
        ran = curl(world, f"/screenplay/tasks/{world.completed()}/download", "--location", folder=tmp_path)
        assert (ran.exit, ran.out) == (0, "200")
        whole(len(ran.file or b""), ran.file or b"")
        assert [entry["violations"] for entry in world.journal("otherOrigin")] == [[]]


@skip_without("curl")
def test_curl_keeps_the_folder_of_an_evil_file_name_out(playing: Playing, tmp_path: Path) -> None:
    inner = tmp_path / "inner" / "most"
    inner.mkdir(parents=True)
    with playing("download/evil-filename") as world:
        url = "http://{}:{}".format(*world.address) + f"{TASKS}/{world.completed()}/download"
        ran = run("curl", "-sSOJ", "-H", f"Authorization: {world.key}", url, folder=inner, file="evil.zip")
    assert (ran.exit, ran.file is not None) == (0, True)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["evil.zip"]


CALLS: dict[str, tuple[int, tuple[str, ...]]] = {
    "quick": (0, ()),
    "submit/close-after-accept": (52, ()),  # CURLE_GOT_NOTHING
    "submit/reset-after-accept": (56, ()),  # CURLE_RECV_ERROR
    "submit/402": (22, ("--fail",)),  # CURLE_HTTP_RETURNED_ERROR
    "t/net/black-hole": (28, ("--max-time", "0.5")),  # CURLE_OPERATION_TIMEDOUT
    "t/submit/slow-answer": (28, ("--max-time", "0.5")),
    "net/refused": (7, ()),  # CURLE_COULDNT_CONNECT
    "tls/old-version": (35, ()),  # CURLE_SSL_CONNECT_ERROR
    "tls/expired": (60, ()),  # CURLE_PEER_FAILED_VERIFICATION
    "tls/self-signed": (60, ()),
    "tls/unknown-root": (60, ()),
    "tls/wrong-host": (60, ()),
    "tls/ok": (0, ()),
}


@skip_without("curl")
@pytest.mark.parametrize("name", CALLS)
def test_curl_says_what_is_the_matter_with_a_submission(name: str, playing: Playing, tmp_path: Path) -> None:
    code, options = CALLS[name]
    with playing(name) as world:
        trusting = () if world.ca_file is None else ("--cacert", str(world.ca_file))
        ran: Ran = curl(world, "/screenplay/tasks", *options, *trusting, folder=tmp_path, body=world.submission())
        assert ran.exit == code
