"""Exchanges: no secrets in them, what their bodies say, the command that sends them again, and HAR."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.curl import curl
from screenplay_contracts.exchange import NOT_JSON, Exchange, Received, redacted, shortened, without
from screenplay_contracts.har import BadHar, from_har, har, load
from screenplay_contracts.recorder import Recorder

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-mai-0123456789"
URL = "http://127.0.0.1:1/serve/api/v2/screenplay/tasks"
POST = Exchange(
    1,
    "check-1",
    "POST",
    URL,
    200,
    request_headers=redacted([("Authorization", KEY), ("Content-Type", "application/json")], KEY),
    request_body=b'{"mode": "it\'s"}',
    response_headers=(("Content-Type", "application/json"), ("X-A", "1"), ("x-a", "2")),
    response_body='{"code": 200, "msg": "短剧"}'.encode(),
    at="2026-03-13T10:00:00.000Z",
    seconds=0.25,
    virtual_at="2026-03-13T10:00:00Z",
    note="life",
)


def test_a_key_is_redacted_wherever_it_stands() -> None:
    headers = redacted([("Authorization", KEY), ("X-Echo", f"<{KEY}>"), ("Cookie", "a=b"), ("Accept", "*/*")], KEY)
    assert headers == (
        ("Authorization", "[redacted]"),
        ("X-Echo", "<[redacted]>"),
        ("Cookie", "[redacted]"),
        ("Accept", "*/*"),
    )
    assert without(f"/a?key={KEY}&other={KEY}-2", KEY, f"{KEY}-2") == "/a?key=[redacted]&other=[redacted]"


def test_the_form_of_a_key_can_still_be_seen() -> None:
    assert redacted([("Authorization", f"Bearer {KEY}")]) == (("Authorization", "Bearer [redacted]"),)
    assert redacted([("Authorization", "")]) == (("Authorization", ""),)


def test_a_key_is_shortened_to_less_than_half() -> None:
    assert len(shortened(KEY)) <= len(KEY) // 2 + 1
    assert shortened(KEY) in {"sk-ma…789", "sk-mai…89", "sk-mai…789"}


def test_bodies_are_json_or_are_not() -> None:
    assert POST.sent == {"mode": "it's"}
    assert POST.answer["msg"] == "短剧"
    for body in (None, b"", b"{", b"NaN", b"\xff", b"[" * 100_000):
        assert Exchange(1, "a", "GET", URL, 200, response_body=body).answer is NOT_JSON
    assert NOT_JSON != "no JSON"


def test_headers_are_found_in_any_case_and_joined() -> None:
    assert POST.header("x-A") == "1, 2"
    assert POST.header("Allow") is None
    assert POST.sent_header("content-type") == "application/json"


def test_curl_sends_it_again_with_the_key_from_the_environment() -> None:
    words = shlex.split(curl(POST))
    assert words[:5] == ["curl", "-i", "-X", "POST", URL]
    assert "Authorization: $SCREENPLAY_API_KEY" in words
    assert words[-2:] == ["--data-raw", '{"mode": "it\'s"}']
    assert '"Authorization: $SCREENPLAY_API_KEY"' in curl(POST)  # in quotes in which the shell puts the key in


def test_curl_names_a_body_that_is_no_text_or_too_long() -> None:
    for body in (b"\xff\x00", b"a" * 10_000, b"a\0b"):
        words = curl(Exchange(1, "a", "POST", URL, 200, request_body=body))
        assert f"--data-binary @body # a body of {len(body)} bytes" in words
    assert "not recorded" in curl(Exchange(1, "a", "POST", URL, 200, request_body=None))


def test_a_recorder_numbers_exchanges_and_webhook_calls_together() -> None:
    told: list[int] = []
    recorder = Recorder(on_exchange=lambda one: told.append(one.number))
    recorder.write(POST)
    recorder.receive(Received(0, "check-1", "/hook/check-1"))
    recorder.write(POST)
    assert [one.number for one in recorder.exchanges] == [1, 3] == told
    assert [one.number for one in recorder.received] == [2]


BINARY = Exchange(2, "check-1", "GET", f"{URL}/a/download", 200, response_body=b"PK\x03\x04\xff", at=POST.at)
LOST = Exchange(3, "check-2", "POST", URL, None, error="RemoteDisconnected: closed", at=POST.at)
UNKNOWN = Exchange(4, "check-2", "GET", URL, 200, request_body=None, response_body=None, at=POST.at)
CALL = Received(5, "check-1", "/hook/check-1", headers=(("Content-Type", "application/json"),), body=b"{}", at=POST.at)


def test_what_is_written_as_har_is_read_again() -> None:
    exchanges, received = from_har(json.loads(json.dumps(har([UNKNOWN, POST, BINARY, LOST], [CALL], version="0"))))
    assert exchanges == (POST, BINARY, LOST, UNKNOWN)
    assert received == (CALL,)


def test_a_har_has_what_har_1_2_asks_for() -> None:
    log = har([POST, BINARY, LOST], [CALL], version="0")["log"]
    assert log["version"] == "1.2"
    assert {"name", "version"} <= log["creator"].keys()
    for entry in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= entry.keys()
        assert {
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        } <= entry["request"].keys()
        assert {
            "status",
            "statusText",
            "httpVersion",
            "cookies",
            "headers",
            "content",
            "redirectURL",
            "headersSize",
        } <= entry["response"].keys()
        assert {"size", "mimeType"} <= entry["response"]["content"].keys()
        assert {"send", "wait", "receive"} <= entry["timings"].keys()


def foreign(**request: Any) -> dict[str, Any]:
    """An entry as a browser writes it."""
    return {
        "startedDateTime": "2026-03-13T10:00:01.000Z",
        "time": 12.5,
        "request": {
            "method": "get",
            "url": f"{URL}/a?k={KEY}",
            "headers": [{"name": "authorization", "value": KEY}],
            **request,
        },
        "response": {
            "status": 200,
            "headers": [],
            "content": {"size": 2, "mimeType": "application/json", "text": "{}"},
        },
    }


def test_the_keys_of_a_browsers_har_become_labels() -> None:
    other = foreign(headers=[{"name": "authorization", "value": "another"}])
    exchanges, _ = from_har({"log": {"entries": [foreign(), other, foreign()]}})
    assert [one.account for one in exchanges] == ["unlabelled", "unlabelled 2", "unlabelled"]
    assert KEY not in repr(exchanges)
    assert exchanges[0].method == "GET"
    assert exchanges[0].seconds == 0.0125


def test_entries_are_put_in_order_of_time_and_else_stay_as_they_are() -> None:
    late, first, second = (foreign(url=f"{URL}/{name}") for name in ("late", "first", "second"))
    late["startedDateTime"] = "2026-03-13T10:00:09.000Z"
    exchanges, _ = from_har({"log": {"entries": [late, first, second]}})
    assert [one.path.rpartition("/")[2] for one in exchanges] == ["first", "second", "late"]
    assert [one.number for one in exchanges] == [1, 2, 3]


def test_bodies_that_were_left_out_are_not_taken_for_empty_ones() -> None:
    entry = foreign(bodySize=7)
    entry["response"]["content"] = {"size": 100, "mimeType": "application/zip"}
    (one,), _ = from_har({"log": {"entries": [entry]}})
    assert (one.request_body, one.response_body) == (None, None)
    entry = foreign(bodySize=0)
    entry["response"]["content"] = {"size": 0, "mimeType": "x-unknown"}
    (one,), _ = from_har({"log": {"entries": [entry]}})
    assert (one.request_body, one.response_body) == (b"", b"")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ([], "log.entries"),
        ({"log": {}}, "log.entries"),
        ({"log": {"entries": [{}]}}, r"log.entries\[0\]: KeyError"),
        ({"log": {"entries": [foreign(headers=[1])]}}, r"log.entries\[0\]: TypeError"),
        ({"log": {"entries": [foreign(postData={"text": "!", "encoding": "base64"})]}}, "base64"),
    ],
)
def test_what_is_no_har_says_where(data: Any, complaint: str) -> None:
    with pytest.raises(BadHar, match=complaint):
        from_har(data)


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text("{")
    with pytest.raises(BadHar, match=r"a\.har"):
        load(tmp_path / "a.har")
