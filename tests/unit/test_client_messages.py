"""Where the end of a message is, in the cases that HTTP knows and some that it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screenplay_contracts.client import messages

if TYPE_CHECKING:
    from screenplay_contracts.client.messages import Stream

MOST = 100


def of_requests(*pieces: bytes) -> Stream:
    stream = messages.requests(MOST)
    for second, piece in enumerate(pieces):
        stream.feed(piece, second)
    return stream


def of_answers(*pieces: bytes, method: str = "GET") -> Stream:
    stream = messages.answers(MOST, lambda _: method)
    for second, piece in enumerate(pieces):
        stream.feed(piece, second)
    return stream


def test_a_message_begins_with_its_first_byte_and_ends_with_its_last() -> None:
    (request,) = of_requests(b"PO", b"ST / HTTP/1.1\r\nContent-Le", b"ngth: 2\r\n\r\n", b"x", b"y").messages
    assert (request.begun_at, request.ended_at, bytes(request.body)) == (0, 4, b"xy")
    assert request.request_line == ("POST", "/")


def test_headers_keep_their_order_their_case_and_what_they_repeat() -> None:
    (request,) = of_requests(b"GET / HTTP/1.1\r\nx-A: 1\r\nHOST:h\r\nX-a:\t2 \r\n\r\n").messages
    assert request.headers == (("x-A", "1"), ("HOST", "h"), ("X-a", "2"))
    assert request.header("x-a") == "1, 2"


def test_line_ends_may_lack_the_return() -> None:
    (request,) = of_requests(b"GET / HTTP/1.1\nHost: h\n\n").messages
    assert (request.headers, request.ended_at) == ((("Host", "h"),), 0)


def test_a_body_of_a_get_is_part_of_it() -> None:
    first, second = of_requests(b"GET /1 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\n\r\n").messages
    assert (bytes(first.body), second.request_line[1]) == (b"abc", "/2")


@pytest.mark.parametrize("said", ["Content-Length: 5, 6", "Content-Length: x", "Content-Length: -1", "Te: chunked"])
def test_a_request_whose_length_makes_no_sense_has_no_body(said: str) -> None:
    assert of_requests(f"POST / HTTP/1.1\r\n{said}\r\n\r\n".encode()).messages[0].ended_at == 0


def test_chunks_count_more_than_a_length() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
    (request,) = of_requests(head, b"3\r\nabc\r\n", b"0\r\n\r\n").messages
    assert (bytes(request.body), request.ended_at) == (b"abc", 2)


@pytest.mark.parametrize("wrong", [b"x\r\nabc", b"3\r\nabcd\r\n", b"\r\nabc", b"1" * 20 + b"\r\n", b"1" * 20_000])
def test_behind_a_wrong_chunk_everything_belongs_to_a_message_that_never_ends(wrong: bytes) -> None:
    (request,) = of_requests(
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", wrong, b"GET / HTTP/1.1\r\n\r\n"
    ).messages
    assert request.ended_at is None


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x00\xa5\x01\n", b"GET /\r\n", b"GET / HTTP/1.1 x\r\n", b"\0" * 1_100_000]
)
def test_what_is_no_http_is_one_message_without_a_method(garbage: bytes) -> None:
    (request,) = of_requests(garbage, b"GET / HTTP/1.1\r\n\r\n").messages
    assert (request.request_line, request.ended_at) == (("", ""), None)
    assert bytes(request.body) == (garbage + b"GET / HTTP/1.1\r\n\r\n")[:MOST]


def test_a_head_without_end_is_given_up_some_time() -> None:
    stream = of_requests(b"GET / HTTP/1.1\r\n", b"X: " + b"x" * 1_100_000)
    stream.feed(b"\r\n\r\n", 2)
    assert stream.messages[0].request_line == ("", "")


def test_answers_to_head_and_with_204_or_304_have_no_body() -> None:
    answer = b"HTTP/1.1 %d X\r\nContent-Length: 5\r\n\r\n"
    assert len(of_answers(answer % 204 + answer % 304).messages) == 2
    assert len(of_answers(answer % 200 + answer % 200, method="HEAD").messages) == 2


def test_interim_answers_do_not_count() -> None:
    asked: list[int] = []
    stream = messages.answers(MOST, lambda number: asked.append(number) or "GET")  # type: ignore[func-returns-value]
    stream.feed(
        b"HTTP/1.1 102 \r\n\r\nHTTP/1.1 103 X\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0
    )
    assert [(each.status, messages.is_interim(each)) for each in stream.messages] == [
        (102, True),
        (103, True),
        (200, False),
    ]
    assert asked == [0]


@pytest.mark.parametrize(("orderly", "ended_at"), [(True, 9), (False, None)])
def test_an_answer_without_a_length_ends_with_its_connection(orderly: bool, ended_at: int | None) -> None:  # noqa: FBT001
    stream = of_answers(b"HTTP/1.0 200 OK\r\n\r\nabc", b"def")
    stream.end(9, orderly=orderly)
    (answer,) = stream.messages
    assert (bytes(answer.body), answer.ended_at) == (b"abcdef", ended_at)


def test_the_end_of_a_connection_ends_no_other_answer() -> None:
    stream = of_answers(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")
    stream.end(9, orderly=True)
    assert stream.messages[0].ended_at is None
    broken = of_answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")
    broken.end(9, orderly=True)
    assert broken.messages[0].ended_at is None


def test_of_a_large_body_the_beginning_is_kept_and_the_rest_counted() -> None:
    (answer,) = of_answers(
        b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n", b"x" * 200_000, b"y" * 100_000
    ).messages
    assert (bytes(answer.body), answer.size, answer.ended_at) == (b"x" * MOST, 300_000, 2)
