"""Every kind of fault strikes every operation that may have it, and the fake itself never fails at it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

import pytest
from tests.wire.claims.uploads import multipart, of_type
from tests.wire.raw import connected, deadline
from tests.wire.world import BASE, TASKS

from screenplay_mock.core.fault_kinds import KINDS, Stage
from screenplay_mock.core.faults import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.wire.conftest import Playing
    from tests.wire.world import World

BRIEFLY = 0.05  # real seconds: who gets nothing hangs up
#: Members that a kind needs, or that would make it slow.
GIVEN: dict[str, dict[str, Any]] = {
    "drip": {"bytes": 50, "every": "1ms"},
    "huge": {"size": "1MB"},
    "zip": {"size": "1MB"},
    "status": {"code": 599},
}
#: What no member's type lists: other statuses, other points, odd headers.
MORE: list[dict[str, Any]] = [
    *({"status": {"code": code, "body": body}} for code in (200, 204, 304, 416) for body in ("envelope", "xml")),
    *({"empty": code} for code in (204, 304, 404)),
    *({"edit": {"status": code}} for code in (204, 205, 304, 500)),
    {"edit": {"headers": {"Content-Type": None, "content-length": "7", "X-Odd": "角色"}}},
    {"edit": {"headers": {"X-Odd": "角色"}}, "close": "whole"},
    {"edit": {"headers": {"Transfer-Encoding": "chunked"}}},
    {"edit": {"set": {"data": "none", "a": {"b": [None, 1e300, "\ud800"]}}, "remove": ["code", "data.x.y", ""]}},
    *({kind: point} for kind in ("reset", "close") for point in ("head", "whole", "0%", "100%")),
    *({kind: share} for kind in ("short", "cut_chunk", "cut_close") for share in ("0%", "100%")),
    {"framing": "odd", "status": 204},
    {"framing": "http10", "empty": 200},
    *(
        {**how, "spoil": "bom", "edit": {"set": {"x": 1}}}
        for how in ({"gzip": "always"}, {"huge": {"size": "1MB", "gzip": True}})
    ),
    {"latency": "1ms", "receive": "head", "redirect": "storage"},
    {"status": {"code": 503, "retry_after": {"text": "\r\nX-Injected: 1"}}},
]


def kinds() -> Iterator[dict[str, Any]]:
    """A fault for each value that a kind's members can have, by their types, and MORE."""
    for name, kind in KINDS.items():
        if kind.stage is Stage.CONNECTION:
            continue
        hints = get_type_hints(kind)
        listed = {one.name: get_args(hints[one.name]) for one in fields(kind) if get_origin(hints[one.name]) is Literal}
        yield from (
            {name: {**GIVEN.get(name, {}), member: value}} for member, values in listed.items() for value in values
        )
        if not listed:
            yield {name: GIVEN.get(name, {})}
    yield from MORE


#: How to ask for each operation; {task} is completed, {new} is pending, {asset} is there.
CALLS = {
    "submitTask": ("POST", TASKS),
    "getTask": ("GET", f"{TASKS}/{{task}}"),
    "cancelTask": ("DELETE", f"{TASKS}/{{new}}"),
    "downloadTask": ("GET", f"{TASKS}/{{task}}/download"),
    "uploadAsset": ("POST", f"{BASE}/upload"),
    "createSignedUrl": ("POST", f"{BASE}/upload/signed-url"),
    "storeAsset": ("POST", "{signed}"),
    "getAssetMetadata": ("GET", f"{BASE}/{{asset}}/metadata"),
    "deleteAsset": ("DELETE", f"{BASE}/{{asset}}"),
    "downloadAsset": ("GET", f"{BASE}/{{asset}}/download"),
}
FILE = {"original_filename": "a.mp4"}


def call(world: World, operation: str) -> bytes:
    """A request for *operation* that has something to do."""
    method, path = CALLS[operation]
    if "{task}" in path:
        path = path.format(task=world.completed())
    elif "{new}" in path:
        path = path.format(new=world.submitted())
    elif "{asset}" in path:
        path = path.format(asset=world.admin("POST", "/assets", {})["asset_id"])
    elif "{signed}" in path:
        url = world.ask("POST", f"{BASE}/upload/signed-url", FILE).task["signed_url"]
        path = BASE + url.partition(BASE)[2]
    if operation in {"uploadAsset", "storeAsset"}:
        return world.bytes_of(method, path, multipart(bytes(100_000)), of_type())
    body = {"submitTask": world.submission(), "createSignedUrl": FILE}.get(operation)
    return world.bytes_of(method, path, body, {"Range": "bytes=10-", "Accept-Encoding": "gzip"})


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_kind_strikes_and_the_next_call_is_answered(operation: str, playing: Playing) -> None:
    with playing("quick") as world:
        for fault in kinds():
            planted = world.try_admin("POST", "/faults", {"on": operation, **fault})
            if planted.status != 200:  # a kind that is for other operations
                assert planted.status == 400, (fault, planted)
                continue
            request = call(world, operation)
            with connected(world.address) as connection:
                connection.send(request)
                seen = connection.read(patience=BRIEFLY, most=100_000)
                assert b"\r\nX-Injected" not in seen.data, (fault, seen)
                for _ in deadline():
                    if [known["struck"] for known in world.admin("GET", "/faults")["faults"]] == [1]:
                        break
            world.admin("DELETE", "/faults")
        with connected(world.address) as connection:
            connection.send(call(world, operation))
            assert connection.read(most=100_000).status in {200, 206}
