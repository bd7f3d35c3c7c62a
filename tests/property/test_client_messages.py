"""Messages are cut out of any stream of bytes, however it comes; nothing makes the cutting fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from screenplay_contracts.client.messages import Stream, answers, requests

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 50  # bytes kept of a body

token = st.text("abcXYZ0123-", min_size=1, max_size=8)
target = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30)
value = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20).map(
    str.strip
)


class Sent(NamedTuple):
    start: str
    headers: list[tuple[str, str]]
    body: bytes
    sizes: list[int] | None  # of its chunks

    def __bytes__(self) -> bytes:
        framing = (
            [("Content-Length", str(len(self.body)))] if self.sizes is None else [("Transfer-Encoding", "chunked")]
        )
        lines = [self.start, *(f"{name}: {value}" for name, value in [*self.headers, *framing])]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head + (self.body if self.sizes is None else b"".join(self._chunks()))

    def _chunks(self) -> list[bytes]:
        chunks, rest = [], self.body
        for size in [*(self.sizes or ()), len(self.body)]:
            piece, rest = rest[:size], rest[size:]
            chunks += [b"%x;x=1\r\n%s\r\n" % (len(piece), piece)] if piece else []
        return [*chunks, b"0\r\nTrailer: x\r\n\r\n"]


def sent(start: st.SearchStrategy[str]) -> st.SearchStrategy[Sent]:
    names = token.map(lambda name: f"X-{name}")
    sizes = st.none() | st.lists(st.integers(1, 40), max_size=4)
    return st.builds(Sent, start, st.lists(st.tuples(names, value), max_size=3), st.binary(max_size=100), sizes)


a_request = sent(st.builds("{} {} HTTP/1.1".format, st.sampled_from(["GET", "POST", "DELETE"]), target))
an_answer = sent(st.builds("HTTP/1.1 {} Some Reason".format, st.sampled_from([200, 201, 404, 503])))
cuts = st.lists(st.integers(0, 2_000), max_size=8)


def fed(stream: Stream, data: bytes, places: list[int]) -> Stream:
    """*stream* after *data* in pieces, each a second after the last."""
    ends = sorted({*(min(place, len(data)) for place in places), len(data)})
    for second, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        stream.feed(data[start:end], second)
    return stream


def told(stream: Stream) -> list[object]:
    return [(each.start, each.headers, bytes(each.body), each.size, each.ended_at is None) for each in stream.messages]


@given(st.lists(a_request, max_size=4), cuts)
def test_pipelined_requests_come_out_as_they_were_sent(every: list[Sent], places: list[int]) -> None:
    stream = fed(requests(MOST), b"".join(map(bytes, every)), places)
    assert [each.start.decode() for each in stream.messages] == [each.start for each in every]
    assert [list(each.headers)[:-1] for each in stream.messages] == [each.headers for each in every]
    assert [bytes(each.body) for each in stream.messages] == [each.body[:MOST] for each in every]
    assert [each.size for each in stream.messages] == [len(each.body) for each in every]
    assert [each.length for each in stream.messages] == [len(bytes(each)) for each in every]
    assert all(each.ended_at is not None for each in stream.messages)


@given(st.lists(an_answer, max_size=4), cuts)
def test_answers_come_out_as_they_were_sent(every: list[Sent], places: list[int]) -> None:
    stream = fed(answers(MOST, lambda _: "GET"), b"".join(map(bytes, every)), places)
    assert [f"HTTP/1.1 {each.status} Some Reason" for each in stream.messages] == [each.start for each in every]
    assert [bytes(each.body) for each in stream.messages] == [each.body[:MOST] for each in every]


@given(st.lists(a_request, min_size=1, max_size=3), st.integers(1, 200))
def test_a_request_that_is_cut_off_is_not_complete(every: list[Sent], missing: int) -> None:
    data = b"".join(map(bytes, every))
    stream = fed(requests(MOST), data[: len(data) - missing], [])
    whole = [each for each in stream.messages if each.ended_at is not None]
    assert len(whole) < len(every)


STREAMS: list[Callable[[], Stream]] = [lambda: requests(MOST), lambda: answers(MOST, lambda _: "GET")]
nearly = st.lists(st.binary(max_size=30) | a_request.map(bytes) | an_answer.map(bytes), max_size=5).map(b"".join)


@given(st.sampled_from(STREAMS), st.binary(max_size=300) | nearly, cuts)
@example(STREAMS[0], b"\x16\x03\x01\x02\x00\x01\n\n", [3])  # TLS where none is spoken
@example(STREAMS[0], b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", [])
@example(STREAMS[0], b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", [])
@example(STREAMS[1], b"HTTP/1.1 99 X\r\n\r\n", [])
def test_any_bytes_are_taken_and_pieces_make_no_difference(
    make: Callable[[], Stream], data: bytes, places: list[int]
) -> None:
    whole, pieces = fed(make(), data, []), fed(make(), data, places)
    assert told(whole) == told(pieces)
    assert sum(each.length for each in whole.messages) <= len(data)
