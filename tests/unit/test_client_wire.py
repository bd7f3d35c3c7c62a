"""From crossings to requests and connections, and what the journal adds to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screenplay_contracts.client.joining import joined
from screenplay_contracts.client.wire import MOST_ANSWERED, Wire
from screenplay_mock.tap import Crossing, Kind

if TYPE_CHECKING:
    from screenplay_contracts.client.observation import Connection, Request

KEY = "sk-mai-0123456789abcdef"
TASK = "/serve/api/v2/screenplay/tasks/t1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"


def get(target: str = TASK, method: str = "GET") -> bytes:
    return f"{method} {target} HTTP/1.1\r\nAuthorization: {KEY}\r\n\r\n".encode()


class Story:
    """What happens on the connections of a fake; each step is a second after the last, the client starts at 100."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.wire.begin(100.0)
        self._at = 100.0

    def happens(self, kind: Kind, data: bytes = b"", *, on: int = 1, error: str | None = None) -> Story:
        self._at += 1
        listener = "api" if on < 10 else "other"
        self.wire.feed(Crossing(self._at, listener, on, kind, data, error))
        return self

    def opened(self, on: int = 1) -> Story:
        return self.happens(Kind.OPENED, on=on)

    def comes(self, data: bytes, on: int = 1) -> Story:
        return self.happens(Kind.RECEIVED, data, on=on)

    def leaves(self, data: bytes, on: int = 1) -> Story:
        return self.happens(Kind.SENT, data, on=on)

    @property
    def requests(self) -> tuple[Request, ...]:
        return tuple(each.request for each in self.wire.sightings())

    @property
    def connection(self) -> Connection:
        (only,) = self.wire.connections()
        return only


def test_a_request_has_its_times_its_meaning_and_its_answer() -> None:
    (one,) = Story().opened().comes(get()[:9]).comes(get()[9:]).leaves(OK[:5]).leaves(OK[5:]).requests
    assert (one.number, one.at, one.answered_at, one.over_at) == (1, 2.0, 5.0, 5.0)
    assert (one.method, one.target, one.operation, one.task_id) == ("GET", TASK, "getTask", "t1")
    assert (one.status, one.answer, one.sent, one.complete) == (200, b"{}", len(OK), True)
    assert one.header("authorization") == KEY


def test_the_answers_of_a_connection_belong_to_its_requests_in_their_order() -> None:
    story = Story().opened().comes(get("/a") + get("/b")).leaves(OK).leaves(OK.replace(b"200", b"404"))
    assert [(one.target, one.status, one.answered_at) for one in story.requests] == [("/a", 200, 3.0), ("/b", 404, 4.0)]


def test_interim_answers_are_only_counted() -> None:
    interim = b"HTTP/1.1 103 X\r\n\r\n"
    (one,) = Story().opened().comes(get()).leaves(interim).leaves(OK).requests
    assert (one.status, one.sent) == (200, len(interim + OK))
    (unanswered,) = Story().opened().comes(get()).leaves(interim).requests
    assert (unanswered.status, unanswered.sent) == (None, len(interim))


@pytest.mark.parametrize("left", [b"", SHORT])
def test_a_request_whose_connection_ends_is_over_but_not_answered(left: bytes) -> None:
    story = Story().opened().comes(get())
    if left:
        story.leaves(left)
    (one,) = story.happens(Kind.CLOSING).requests
    assert (one.answered_at, one.over_at, one.sent) == (None, 3.0 + bool(left), len(left))
    assert one.status == (200 if left else None)


def test_a_request_on_an_open_connection_is_not_over() -> None:
    (one,) = Story().opened().comes(get()).requests
    assert (one.status, one.over_at) == (None, None)


def test_an_answer_that_only_the_end_delimits_is_whole_if_the_server_closes() -> None:
    until_close = b"HTTP/1.0 200 OK\r\n\r\nabc"
    closed = Story().opened().comes(get()).leaves(until_close).happens(Kind.CLOSING).requests[0]
    assert (closed.answered_at, closed.answer) == (4.0, b"abc")
    reset = Story().opened().comes(get()).leaves(until_close).happens(Kind.CLOSING, error="reset").requests[0]
    assert (reset.answered_at, reset.over_at) == (None, 4.0)
    left = Story().opened().comes(get()).leaves(until_close).happens(Kind.FINISHED).requests[0]
    assert (left.answered_at, left.over_at) == (None, 4.0)


def test_a_request_that_is_answered_before_it_is_whole_is_not_over_before_it_came() -> None:
    head = b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"
    (one,) = Story().opened().comes(head).leaves(OK).requests
    assert (one.complete, one.body, one.status, one.answered_at) == (False, b"abc", 200, 3.0)


def test_requests_in_flight_are_those_at_the_same_listener_that_are_not_over() -> None:
    story = Story().opened(1).opened(2).opened(10)
    story.comes(get("/1"), 1).comes(get("/2"), 2).comes(get("/3"), 10).leaves(OK, 1).comes(get("/4"), 1)
    assert [(one.target, one.in_flight) for one in story.requests] == [("/1", 0), ("/2", 1), ("/3", 0), ("/4", 1)]


def test_only_the_api_has_operations() -> None:
    story = Story().opened(10).comes(get(), 10)
    assert [(one.listener, one.operation) for one in story.requests] == [("other", None)]


def test_what_comes_before_the_beginning_and_after_the_end_is_nobodys() -> None:
    wire = Wire()
    wire.feed(Crossing(1.0, "api", 1, Kind.OPENED))
    wire.begin(2.0)
    wire.feed(Crossing(3.0, "api", 1, Kind.RECEIVED, get()))
    wire.feed(Crossing(4.0, "api", 2, Kind.OPENED))
    wire.feed(Crossing(5.0, "api", 2, Kind.RECEIVED, get("/mine")))
    wire.end()
    wire.feed(Crossing(6.0, "api", 2, Kind.RECEIVED, get("/late")))
    assert [each.request.target for each in wire.sightings()] == ["/mine"]
    assert len(wire.connections()) == wire.count == 1


ENDS = [
    ([(Kind.FINISHED, None), (Kind.CLOSING, None), (Kind.LOST, None)], "client", False),
    ([(Kind.LOST, "Connection reset by peer")], "client", True),
    ([(Kind.FINISHED, None), (Kind.LOST, "Connection reset by peer")], "client", True),
    ([(Kind.LOST, None)], "client", False),
    ([(Kind.CLOSING, None), (Kind.LOST, None)], "server", False),
    ([(Kind.CLOSING, "reset"), (Kind.LOST, None)], "server", True),
    ([(Kind.CLOSING, None), (Kind.FINISHED, None), (Kind.LOST, "Broken pipe")], "server", False),
    ([], None, False),
]


@pytest.mark.parametrize(("steps", "by", "reset"), ENDS)
def test_who_ended_a_connection_and_how(steps: list[tuple[Kind, str | None]], by: str | None, reset: bool) -> None:  # noqa: FBT001
    story = Story().opened().comes(b"abc").leaves(b"xy")
    for kind, error in steps:
        story.happens(kind, error=error)
    seen = story.connection
    assert (seen.ended_by, seen.reset, seen.ended_at) == (by, reset, 4.0 if steps else None)
    assert (seen.opened_at, seen.received, seen.sent) == (1.0, 3, 2)


def test_large_answers_are_kept_in_part_and_counted_whole() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    story = Story().opened().comes(get(f"{TASK}/download")).leaves(head)
    for _ in range(10):
        story.leaves(bytes(100_000))
    assert (len(story.requests[0].answer), story.requests[0].sent) == (MOST_ANSWERED, len(head) + 1_000_000)
    assert story.wire.sent("downloadTask") == 1_000_000
    assert story.wire.answered("downloadTask") == 1
    assert [(each.kind, each.count) for each in story.wire.events][-1] == (Kind.SENT, len(head) + 1_000_000)


kinds = st.sampled_from(Kind)
bodies = st.binary(max_size=20) | st.sampled_from([get(), get("/x", "HEAD"), OK, SHORT, OK[:9]])


@given(st.lists(st.tuples(kinds, bodies, st.integers(1, 3), st.none() | st.just("reset")), max_size=30))
def test_any_row_of_crossings_is_taken(steps: list[tuple[Kind, bytes, int, str | None]]) -> None:
    story = Story()
    for kind, data, on, error in steps:
        story.happens(kind, data, on=on, error=error)
    for one in joined(story.wire.sightings(), [], KEY):
        assert one.over_at is None or one.over_at >= one.at
        assert one.answered_at is None or one.status is not None
    story.wire.connections()


def entry(method: str, path: str, status: int | None, **known: Any) -> dict[str, Any]:
    empty = {"operation": None, "task_id": None, "fault": None, "query": ""}
    return {**empty, "method": method, "path": path, "response": {"status": status}, **known}


def test_the_journal_tells_the_task_of_a_submission_and_what_struck_it() -> None:
    tasks = "/serve/api/v2/screenplay/tasks"
    story = Story().opened().comes(get(tasks, "POST")).happens(Kind.CLOSING)
    known = entry("POST", tasks, None, operation="submitTask", task_id="t9", fault="close")
    (one,) = joined(story.wire.sightings(), [known], KEY)
    assert (one.operation, one.task_id, one.fault) == ("submitTask", "t9", "close")


def test_equal_requests_are_told_apart_by_their_status_and_by_the_order_of_their_answers() -> None:
    story = Story().opened(1).opened(2).opened(3)
    story.comes(get(), 1).comes(get(), 2).comes(get(), 3)
    story.leaves(OK.replace(b"200", b"503"), 3).leaves(OK, 2).leaves(OK, 1)
    entries = [
        entry("GET", TASK, 200, fault="second"),
        entry("GET", TASK, 200, fault="first"),
        entry("GET", TASK, 503, fault="third"),
    ]
    assert [one.fault for one in joined(story.wire.sightings(), entries, KEY)] == ["first", "second", "third"]


def test_a_client_that_left_early_has_its_entry_though_the_status_is_another() -> None:
    story = Story().opened().comes(get()).happens(Kind.FINISHED)
    (one,) = joined(story.wire.sightings(), [entry("GET", TASK, 200, fault="latency")], KEY)
    assert (one.status, one.fault) == (None, "latency")


def test_a_key_in_a_url_is_found_again_where_the_journal_has_redacted_it() -> None:
    story = Story().opened().comes(get(f"{TASK}?key={KEY}")).leaves(OK)
    (one,) = joined(story.wire.sightings(), [entry("GET", TASK, 200, query="key=[redacted]", fault="x")], KEY)
    assert one.fault == "x"


def test_an_entry_of_the_other_origin_is_for_a_request_there() -> None:
    story = Story().opened(1).opened(10).comes(get("/x"), 1).leaves(OK, 1).comes(get("/x"), 10).leaves(OK, 10)
    entries = [entry("GET", "/x", 200, operation="otherOrigin", fault="other"), entry("GET", "/x", 200, fault="api")]
    seen = joined(story.wire.sightings(), entries, KEY)
    assert [(one.listener, one.operation, one.fault) for one in seen] == [
        ("api", None, "api"),
        ("other", None, "other"),
    ]


def test_a_request_that_the_journal_does_not_know_keeps_its_meaning() -> None:
    (one,) = joined(Story().opened().comes(get()).leaves(OK).wire.sightings(), [], KEY)
    assert (one.operation, one.task_id, one.fault) == ("getTask", "t1", None)
