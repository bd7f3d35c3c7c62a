"""Exchanges: no secrets in them, what their bodies say, the command that sends them again."""

from __future__ import annotations

import shlex

from screenplay_contracts.curl import curl
from screenplay_contracts.exchange import NOT_JSON, Exchange, Received, redacted, shortened, without
from screenplay_contracts.recorder import Recorder

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
