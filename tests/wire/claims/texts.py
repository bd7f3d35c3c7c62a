"""JSON that is right and hard to read, and codes that nobody expects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.wire.claims.answers import every_poll

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.wire.claims import Claim
    from tests.wire.raw import Seen
    from tests.wire.world import World


def big_numbers(seen: Seen) -> None:
    assert b'"sequence":9007199254740993' in seen.body
    assert b'"cost":0.30000000000000004' in seen.body


def bom(seen: Seen) -> None:
    assert seen.body.startswith(b'\xef\xbb\xbf{"code":200')


def called_latin1(world: World) -> None:
    task_id = world.completed()
    seen = world.poll(task_id)
    assert seen.headers("Content-Type") == ["application/json; charset=ISO-8859-1"]
    assert "第 3 集没有对白 😿".encode() in seen.body


def duplicate_keys(seen: Seen) -> None:
    value = json.loads(seen.body)
    assert (value["code"], value["success"], value["data"]["status"]) == (200, True, "pending")
    for name in (b'"code":', b'"msg":', b'"data":', b'"failed":', b'"success":'):
        assert seen.body.count(name) == 2


def timestamps(world: World) -> None:
    told = [world.submit().task["created_at"] for _ in range(4)]
    assert told == [
        "2026-03-13T18:00:00.123456789+08:00",
        "2026-03-13T10:00:00",
        "2026-03-13t10:00:00z",
        "2026-03-13T10:00:00Z",
    ]


def unicode(world: World) -> None:
    seen = world.poll(world.completed())
    assert b'"msg":"\\ud83d ' in seen.body
    assert seen.task.get("error_code") == "ODD_TEXT"
    text = seen.task["error_message"]
    for part in ("第三集", "👩‍👩‍👧", '"a\\b"\t', "\0", "שלום", "\u202e"):
        assert part in text
    assert b"\\u0000" in seen.body  # RFC 8259, 7: control characters are escaped


CLAIMS: Mapping[str, Claim] = {
    "json/big-numbers": every_poll(big_numbers),
    "json/bom": every_poll(bom),
    "json/charset-latin1": called_latin1,
    "json/duplicate-keys": every_poll(duplicate_keys),
    "json/timestamps": timestamps,
    "json/unicode": unicode,
}
