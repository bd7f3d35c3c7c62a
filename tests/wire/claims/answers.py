"""What an answer is made of: its status, its envelope, its JSON, and its bytes on the wire."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any

from tests.wire.claims.polling import turns
from tests.wire.raw import dechunked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.wire.claims import Claim
    from tests.wire.raw import Seen
    from tests.wire.world import World

GZIP = 31  # zlib's window for a gzip stream


def second(look: Callable[[Seen], None]) -> Claim:
    """A claim about the answer to the second poll; those before and behind it are 200 and whole."""

    def claim(world: World) -> None:
        before, seen, after = world.polls(3)
        look(seen)
        others = [(one.status, one.is_whole, one.task["status"]) for one in (before, after)]
        assert others == [(200, True, "pending")] * 2

    return claim


def every_poll(look: Callable[[Seen], None]) -> Claim:
    def claim(world: World) -> None:
        for seen in world.polls(3):
            look(seen)

    return claim


def every_answer(look: Callable[[Seen], None], **how: Any) -> Claim:
    """A claim about the answers to a submission, a poll, a refused download, and a cancel."""

    def claim(world: World) -> None:
        submitted = world.submit(**how)
        look(submitted)
        task_id = submitted.json["data"]["task_id"]
        for ask in (world.poll, world.download, world.cancel):
            look(ask(task_id, **how))

    return claim


# HTTP


@second
def no_content(seen: Seen) -> None:
    assert (seen.status, seen.body, seen.end) == (204, b"", "open")
    assert (seen.header("Content-Length"), seen.header("Transfer-Encoding")) == (None, None)


def empty_then_blank(world: World) -> None:
    _, empty, blank, after = world.polls(4)
    assert (empty.status, empty.body, empty.header("Content-Length")) == (200, b"", "0")
    assert (blank.status, blank.body.strip(), len(blank.body) > 0) == (200, b"", True)
    assert after.task["status"] == "pending"


@second
def cut_json(seen: Seen) -> None:
    assert (seen.status, seen.is_whole, seen.header("Content-Length")) == (200, True, str(len(seen.body)))
    assert re.fullmatch(rb'\{"code":200,"msg":"success","data":\{"task_id":"[^"]*', seen.body)


@second
def garbage_json(seen: Seen) -> None:
    assert (seen.status, seen.is_whole, seen.header("Content-Type")) == (200, True, "application/json")
    assert seen.body.startswith(b"{'code'")


@second
def short_json(seen: Seen) -> None:
    assert (seen.status, seen.end) == (200, "fin")
    assert len(seen.body) == int(str(seen.header("Content-Length"))) // 2


def early_hints(seen: Seen) -> None:
    assert [head.split(b"\r\n")[0] for head in seen.heads[:-1]] == [
        b"HTTP/1.1 102 Processing",
        b"HTTP/1.1 103 Early Hints",
    ]
    assert seen.heads[1].split(b"\r\n")[1].startswith(b"Link: <")
    assert seen.head.startswith((b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 400 Bad Request\r\n"))
    assert seen.is_whole


@second
def gzip_bomb(seen: Seen) -> None:
    assert (seen.header("Content-Encoding"), seen.is_whole) == ("gzip", True)
    assert len(seen.body) < 1_000_000
    unpacker, size, at = zlib.decompressobj(GZIP), 0, seen.body
    while at:
        size += len(unpacker.decompress(at, 1 << 20))
        at = unpacker.unconsumed_tail
    assert (size, unpacker.eof) == (200_000_000, True)


def in_gzip(seen: Seen) -> None:
    assert seen.header("Content-Encoding") == "gzip", seen.head
    assert seen.header("Content-Length") == str(len(seen.body))
    assert zlib.decompress(seen.body, GZIP).startswith(b'{"code":200')


def gzip_where_offered(world: World) -> None:
    task_id = world.submitted()
    for offered in ("gzip", "br, GZIP;q=0.5"):
        in_gzip(world.poll(task_id, {"Accept-Encoding": offered}))
    for offered in ("identity", "gzip;q=0, br", "br"):
        assert world.poll(task_id, {"Accept-Encoding": offered}).task["status"] == "pending"


def http10(seen: Seen) -> None:
    assert seen.head.startswith(b"HTTP/1.0 "), seen.head
    assert (seen.header("Content-Length"), seen.header("Transfer-Encoding")) == (None, None)
    assert seen.end == "fin"
    assert seen.json["msg"]


def huge_json(world: World) -> None:
    task_id = world.submitted()
    world.poll(task_id)
    seen = world.poll(task_id, most=1_000_000)
    assert (seen.status, seen.header("Content-Length")) == (200, "200000000")
    assert seen.header("Content-Type") == "application/json"
    assert (seen.body[:1], seen.body[1:].strip()) == (b"{", b"")
    assert world.poll(task_id).status == 200


def odd_framing(seen: Seen) -> None:
    assert b"\r\ncONTENT-tYPE: application/json\r\n" in seen.head
    assert b"\r\ntRANSFER-eNCODING: chunked\r\n" in seen.head
    assert seen.headers("X-Twice") == ["one", "two"]
    assert len(str(seen.header("X-Long"))) == 8_000
    extensions = re.findall(rb"^[0-9a-f]+(;.*)\r$", seen.body, re.MULTILINE)
    assert extensions[:2] == [b";number=1", b';quoted="a;b"']
    assert {*extensions[2:]} <= {*extensions[:2], b";alone", b";last"}  # one of each chunk
    assert seen.body.endswith(b"\r\n0;last\r\nX-After: body\r\n\r\n")
    assert (dechunked(seen.body)[1], seen.end, seen.json["msg"] != "") == (True, "open", True)


def with_status(status: int) -> Claim:
    """The truth, with that status."""

    def look(seen: Seen) -> None:
        assert (seen.status, seen.is_whole, seen.task["status"]) == (status, True, "pending")
        assert seen.head.split(b"\r\n")[0] == b"HTTP/1.1 %d " % status

    return every_poll(look)


def refused_with(status: int) -> Claim:
    def look(seen: Seen) -> None:
        assert (seen.status, seen.json["code"], seen.is_whole) == (status, status, True)

    return every_poll(look)


def wrong_type(seen: Seen) -> None:
    assert seen.headers("Content-Type") == ["text/plain"]
    assert seen.task["status"] == "pending"


def closes_with_it(seen: Seen) -> None:
    assert (seen.header("Connection"), seen.end, seen.is_whole) == ("close", "fin", True)


def closes_unannounced(seen: Seen) -> None:
    assert (seen.header("Connection"), seen.end, seen.is_whole) == (None, "fin", True)
    assert seen.head.startswith(b"HTTP/1.1 ")


def from_2015(seen: Seen) -> None:
    assert seen.headers("Date") == ["Wed, 21 Oct 2015 07:28:00 GMT"]


def leads_to_itself(world: World) -> None:
    task_id = world.submitted()
    for seen in world.polls(5, task_id):
        assert (seen.status, seen.is_whole) == (302, True)
        assert str(seen.header("Location")).endswith(f":{world.address[1]}/serve/api/v2/screenplay/tasks/{task_id}")


# Pages of somebody else


@second
def bad_gateway(seen: Seen) -> None:
    assert (seen.status, seen.header("Content-Type")) == (502, "text/html; charset=utf-8")
    assert b"<h1>502 Bad Gateway</h1>" in seen.body


def login_page(seen: Seen) -> None:
    assert (seen.status, seen.header("Content-Type")) == (200, "text/html; charset=utf-8")
    assert b'<form method="post"' in seen.body
    assert seen.is_whole


# The envelope


def disagreeing(world: World) -> None:
    assert [(seen.status, seen.json["code"]) for seen in world.polls(4)] == [
        (200, 200),
        (500, 200),
        (500, 200),
        (200, 200),
    ]


def success_code(raw: bytes) -> Claim:
    def look(seen: Seen) -> None:
        assert seen.body.startswith(b'{"code":%b,' % raw)

    return every_poll(look)


def shapes(world: World) -> None:
    plain, *odd, after = (seen.json for seen in world.polls(8))
    assert plain == after == {"code": 200, "msg": "success", "data": plain["data"], "failed": False, "success": True}
    assert odd[:4] == [
        plain | {"code": "200"},
        plain | {"data": None},
        plain | {"data": []},
        plain | {"data": "pending"},
    ]
    rest = {name: value for name, value in plain.items() if name != "msg"}
    assert odd[4:] == [rest | {"message": "success"}, {"code": 200, "data": plain["data"]}]


CLAIMS: Mapping[str, Claim] = {
    "envelope/500-with-200": disagreeing,
    "envelope/code-0000": success_code(b'"0000"'),
    "envelope/code-200-int": success_code(b"200"),
    "envelope/code-200-string": success_code(b'"200"'),
    "envelope/shapes": shapes,
    "http/204": no_content,
    "http/cut-json": cut_json,
    "http/early-hints": every_answer(early_hints),
    "http/empty-200": empty_then_blank,
    "http/garbage-json": garbage_json,
    "http/gzip": gzip_where_offered,
    "http/gzip-bomb": gzip_bomb,
    "http/gzip-unasked": every_poll(in_gzip),
    "http/http10": every_answer(http10),
    "http/huge-json": huge_json,
    "http/odd-framing": every_answer(odd_framing),
    "http/short-json": short_json,
    "http/status-299": with_status(299),
    "http/status-471": refused_with(471),
    "http/status-599": turns(200, 599, 599, 200),
    "http/wrong-type": every_poll(wrong_type),
    "net/conn-close": every_answer(closes_with_it, linger=1),
    "net/date-skew": every_answer(from_2015),
    "net/redirect-loop": leads_to_itself,
    "net/stale-keepalive": every_answer(closes_unannounced, linger=1),
    "proxy/html-200": every_poll(login_page),
    "proxy/html-502": bad_gateway,
}
#: Where all is well, a claim is told from nothing by another scenario.
AGAINST: Mapping[str, str] = {"envelope/code-200-int": "envelope/code-200-string"}
