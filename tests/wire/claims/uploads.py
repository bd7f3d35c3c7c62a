"""Uploads, whole and in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.wire.claims.submit import NO_ASSET, is_refused
from tests.wire.raw import A_MOMENT
from tests.wire.world import BASE, TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.wire.claims import Claim
    from tests.wire.raw import Connection, Seen
    from tests.wire.world import World

BOUNDARY = "----raw"
UPLOAD = f"{BASE}/upload"


def multipart(content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="ep1.mp4"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def of_type(**more: str) -> dict[str, str]:
    return {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **more}


def video(world: World) -> bytes:
    """A real video of a minute: what the fake has for an asset that it made up."""
    seen = world.ask("GET", f"{BASE}/{world.admin('POST', '/assets', {})['asset_id']}/download")
    assert seen.status == 200
    return seen.body


def submitted(world: World, asset_id: str) -> Seen:
    return world.ask("POST", TASKS, {"mode": "short_drama", "episodes": {"1": asset_id}, "config": {}})


def only_what_was_uploaded(world: World) -> None:
    is_refused(submitted(world, "re_1"), 400, NO_ASSET)


def ok(world: World) -> None:
    seen = world.ask("POST", UPLOAD, multipart(video(world)), of_type())
    assert (seen.status, seen.is_whole) == (200, True)
    assert submitted(world, seen.task["asset_id"]).status == 200
    only_what_was_uploaded(world)


def by_signed_url(world: World) -> None:
    signed = world.ask("POST", f"{UPLOAD}/signed-url", {"original_filename": "ep1.mp4"}).task
    parts = urlsplit(signed["signed_url"])
    is_refused(submitted(world, signed["asset_id"]), 400)
    without_key = of_type(Authorization="")
    assert world.ask("POST", parts.path, multipart(video(world)), without_key).status == 200
    assert submitted(world, signed["asset_id"]).status == 200
    only_what_was_uploaded(world)


def head_of(world: World, size: int, **headers: str) -> tuple[Connection, bytes]:
    """A connection on which the head of an upload has been sent, and its body."""
    body = multipart(bytes(size))
    request = world.bytes_of("POST", UPLOAD, body, of_type(**headers))
    connection = world.connection()
    connection.send(request[: -len(body)])
    return connection, body


def no_continue(world: World) -> None:
    connection, body = head_of(world, 1_000, Expect="100-continue")
    seen = connection.read(patience=A_MOMENT)
    assert (seen.data, seen.end) == (b"", "open")
    connection.send(body)
    seen = connection.read()
    assert (len(seen.heads), seen.status) == (1, 200)


def early_413(world: World) -> None:
    connection, _ = head_of(world, 1_000_000)
    seen = connection.read(patience=2)
    is_refused(seen, 413, "Request body is too large")
    connection, _ = head_of(world, 1_000, Expect="100-continue")
    assert connection.read().head.startswith(b"HTTP/1.1 413 ")  # not 100 Continue first


def reset_midway(world: World) -> None:
    connection, body = head_of(world, 1_000_000)
    connection.send(body[:100_000])
    seen = connection.read(patience=2)
    assert (seen.data, seen.end) == (b"", "rst")
    assert world.admin("GET", "/assets") == {"assets": []}


def slow_processing(world: World) -> None:
    seen = world.ask("POST", UPLOAD, multipart(video(world)), of_type())
    asset_id = seen.task["asset_id"]
    world.advance(seconds=1.499)
    assert upload_status(world, asset_id) == "UPLOADING"
    assert submitted(world, asset_id).status == 400
    world.advance(seconds=0.001)
    assert upload_status(world, asset_id) == "SUCCESS"
    assert submitted(world, asset_id).status == 200


def upload_status(world: World, asset_id: str) -> Any:
    (resource,) = world.ask("GET", f"{BASE}/{asset_id}/metadata").task["resource"]
    return resource["upload_status"]


CLAIMS: Mapping[str, Claim] = {
    "upload/early-413": early_413,
    "upload/no-100-continue": no_continue,
    "upload/ok": ok,
    "upload/reset": reset_midway,
    "upload/signed-url": by_signed_url,
    "upload/slow-processing": slow_processing,
}
