"""HAR: what is written is read again; what browsers write is read without what says nothing of the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.addresses import NoBaseUrl, base_address, base_urls, is_for_api
from screenplay_contracts.exchange import Exchange, Received, redacted
from screenplay_contracts.har import har
from screenplay_contracts.har_reading import ASIDE, BadHar, is_of_fake, load, log_of, messages

if TYPE_CHECKING:
    from collections.abc import Callable
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
    request_body=b'{"mode": "short_drama"}',
    response_headers=(("Content-Type", "application/json"),),
    response_body='{"code": 200, "msg": "短剧"}'.encode(),
    at="2026-03-13T10:00:00.000Z",
    seconds=0.25,
    virtual_at="2026-03-13T10:00:00Z",
    note="life",
)
BINARY = Exchange(2, "check-1", "GET", f"{URL}/a/download", 200, response_body=b"PK\x03\x04\xff", at=POST.at)
LOST = Exchange(3, "check-2", "POST", URL, None, error="RemoteDisconnected: closed", at=POST.at)
UNKNOWN = Exchange(4, "check-2", "GET", URL, 200, request_body=None, response_body=None, at=POST.at)
CALL = Received(5, "check-1", "/hook/check-1", headers=(("Content-Type", "application/json"),), body=b"{}", at=POST.at)


def read(
    data: Any, wanted: Callable[[str], bool] = lambda _: True
) -> tuple[tuple[Exchange, ...], tuple[Received, ...]]:
    return messages(log_of(data), wanted)


def test_what_is_written_as_har_is_read_again() -> None:
    exchanges, received = read(json.loads(json.dumps(har([UNKNOWN, POST, BINARY, LOST], [CALL], version="0"))))
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
    exchanges, _ = read({"log": {"entries": [foreign(), other, foreign()]}})
    assert [one.account for one in exchanges] == ["unlabelled", "unlabelled 2", "unlabelled"]
    assert KEY not in repr(exchanges)
    assert exchanges[0].method == "GET"
    assert exchanges[0].seconds == 0.0125


def test_entries_are_put_in_order_of_time_and_else_stay_as_they_are() -> None:
    late, first, second = (foreign(url=f"{URL}/{name}") for name in ("late", "first", "second"))
    late["startedDateTime"] = "2026-03-13T10:00:09.000Z"
    exchanges, _ = read({"log": {"entries": [late, first, second]}})
    assert [one.path.rpartition("/")[2] for one in exchanges] == ["first", "second", "late"]
    assert [one.number for one in exchanges] == [1, 2, 3]


def test_bodies_that_were_left_out_are_not_taken_for_empty_ones() -> None:
    entry = foreign(bodySize=7)
    entry["response"]["content"] = {"size": 100, "mimeType": "application/zip"}
    (one,), _ = read({"log": {"entries": [entry]}})
    assert (one.request_body, one.response_body) == (None, None)
    entry = foreign(bodySize=0)
    entry["response"]["content"] = {"size": 0, "mimeType": "x-unknown"}
    (one,), _ = read({"log": {"entries": [entry]}})
    assert (one.request_body, one.response_body) == (b"", b"")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ([], "log.entries"),
        ({"log": {}}, "log.entries"),
        ({"log": {"entries": [{}]}}, r"log.entries\[0\]: request.url"),
        ({"log": {"entries": [1]}}, r"log.entries\[0\]: request.url"),
        ({"log": {"entries": [foreign(url=None)]}}, r"log.entries\[0\]: request.url"),
        ({"log": {"entries": [foreign() | {"_account": {"a": 1}}]}}, r"log.entries\[0\]: TypeError: _account"),
        ({"log": {"entries": [foreign() | {"_number": float("inf")}]}}, r"log.entries\[0\]: OverflowError"),
        ({"log": {"entries": [foreign() | {"time": float("inf")}]}}, r"log.entries\[0\]: ValueError: time"),
        ({"log": {"entries": [{"request": {"url": URL}}]}}, r"log.entries\[0\]: KeyError: 'response'"),
        ({"log": {"entries": [foreign(headers=[1])]}}, r"log.entries\[0\]: TypeError"),
        ({"log": {"entries": [foreign(postData={"text": "!", "encoding": "base64"})]}}, "base64"),
    ],
)
def test_what_is_no_har_says_where(data: Any, complaint: str) -> None:
    with pytest.raises(BadHar, match=complaint):
        read(data)


@pytest.mark.parametrize(
    ("text", "complaint"), [("{", "Expecting"), ("[" * 100_000, "too deeply"), ("\ufeff[]", "no HAR")]
)
def test_a_file_that_is_no_har_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "a.har").write_text(text, "utf-8")
    with pytest.raises(BadHar, match=complaint):
        load(tmp_path / "a.har")


def at(*times: str) -> list[str]:
    """The last parts of the paths, in the order in which they are read: a, b, … are recorded at *times*."""
    entries = [foreign(url=f"{URL}/{chr(97 + place)}") | {"startedDateTime": time} for place, time in enumerate(times)]
    exchanges, _ = read({"log": {"entries": entries}})
    return [one.path.rpartition("/")[2] for one in exchanges]


def test_times_are_compared_as_points_in_time() -> None:
    assert at("2026-03-13T10:00:01.000Z", "2026-03-13T02:00:00.500-08:00") == ["b", "a"]
    assert at("2026-03-13T10:00:00.5Z", "2026-03-13T10:00:00Z") == ["b", "a"]
    assert at("2026-03-13T10:00:02Z", "yesterday", "2026-03-13T10:00:01Z") == ["c", "a", "b"]


ODD: list[dict[str, Any]] = [
    foreign(url="https://example.com/font") | {"response": {"content": {"text": "!", "encoding": "base64"}}},
    {"request": {"url": "https://example.com/"}},
    foreign(url="https://example.com/", headers=None),
    foreign(url="http://[::1/serve/api/v2/screenplay/tasks"),
    foreign(url="data:image/png;base64,AAAA/serve/api/v2/upload"),
    foreign(url="http://127.0.0.1:99999/serve/api/v2/upload", headers=[1]),
]


@pytest.mark.parametrize("odd", ODD)
def test_what_is_not_the_apis_may_be_as_odd_as_it_likes(odd: dict[str, Any]) -> None:
    exchanges, _ = read({"log": {"entries": [odd, foreign()]}}, lambda url: is_for_api(url, None))
    assert [one.path for one in exchanges] == ["/serve/api/v2/screenplay/tasks/a"]


NO_ANSWER = {"status": 0, "headers": [], "content": {"size": 0, "mimeType": "x-unknown"}}


@pytest.mark.parametrize(
    "response",
    [
        NO_ANSWER | {"_error": "net::ERR_BLOCKED_BY_CLIENT"},  # Chrome
        NO_ANSWER | {"statusText": "", "redirectURL": ""},  # Firefox
        {"status": 0, "statusText": "", "headers": [], "content": {}, "_transferSize": 0},  # Safari
    ],
)
def test_what_a_browser_blocked_or_aborted_is_no_answer_of_the_server(response: dict[str, Any]) -> None:
    (one,), _ = read({"log": {"entries": [foreign() | {"response": response, "time": -1}]}})
    assert one.status is None
    assert one.note.startswith(ASIDE)
    assert one.seconds == 0


def test_an_answer_that_the_server_cut_off_is_one_if_our_own_recording_says_so() -> None:
    (one,), _ = read(har([LOST], version="0"))
    assert (one.status, one.note, one.error) == (None, "", "RemoteDisconnected: closed")


def test_a_body_that_chrome_did_not_read_to_its_end_was_not_recorded() -> None:
    entry = foreign()
    entry["response"] |= {"_error": "net::ERR_ABORTED", "content": {"size": 0, "mimeType": "application/json"}}
    (one,), _ = read({"log": {"entries": [entry]}})
    assert (one.status, one.response_body, one.note) == (200, None, "")


def test_a_preflight_is_told_from_other_options() -> None:
    asks = foreign(method="OPTIONS", headers=[{"name": "access-control-request-method", "value": "POST"}])
    known = foreign(method="OPTIONS") | {"_resourceType": "preflight"}
    plain = foreign(method="OPTIONS")
    exchanges, _ = read({"log": {"entries": [asks, known, plain]}})
    assert [one.note.startswith(ASIDE) for one in exchanges] == [True, True, False]


def test_a_key_that_the_server_echoes_is_redacted_in_bodies_too() -> None:
    entry = foreign(
        headers=[{"name": "Authorization", "value": f"Bearer {KEY}"}], postData={"text": f'{{"k": "{KEY}"}}'}
    )
    entry["response"]["content"] = {"text": f'{{"msg": "no such key {KEY}"}}'}
    (one,), _ = read({"log": {"entries": [entry]}})
    assert KEY not in repr(one)
    assert one.answer["msg"].startswith("no such key [redacted]")


@pytest.mark.parametrize(
    ("log", "fake"),
    [
        ({"creator": {"name": "screenplay-mock"}}, True),
        (har([], version="0", fake=True)["log"], True),
        (har([], version="0")["log"], False),
        ({"creator": "screenplay-mock"}, False),
        ({}, False),
    ],
)
def test_a_recording_says_whether_it_is_of_a_fake(log: dict[str, Any], *, fake: bool) -> None:
    assert is_of_fake(log) is fake


BASE = "http://127.0.0.1:58173/serve/api/v2"


@pytest.mark.parametrize(
    ("url", "base", "wanted"),
    [
        (f"{BASE}/upload", BASE, True),
        (f"{BASE}?a=b", f"{BASE}/", True),
        ("HTTP://127.0.0.1:58173/serve/api/v2/upload", BASE, True),
        ("https://Example.com:443/serve/api/v2/upload", "https://example.COM/serve/api/v2", True),
        ("http://127.0.0.1:58173/__admin/clock", BASE, True),
        ("http://[::1]:1/a/b", "http://[::1]:1/a", True),
        (f"{BASE}x/upload", BASE, False),
        (f"{BASE}/upload", "http://127.0.0.1:5817", False),
        (f"{BASE}/upload", "http://127.0.0.1:58173/serve/ap", False),
        (f"{BASE}/upload", "https://127.0.0.1:58173/serve/api/v2", False),
        ("http://127.0.0.1:1/__admin/clock", BASE, False),
        ("http://127.0.0.1:58173/__adminx", BASE, False),
    ],
)
def test_a_base_url_is_compared_in_whole_parts(url: str, base: str, *, wanted: bool) -> None:
    assert is_for_api(url, base_address(base)) is wanted


@pytest.mark.parametrize(
    "text", ["mavi", "127.0.0.1:8787", "http://[::1", "http://a:99999", "ftp://a/b", "http:///a", ""]
)
def test_what_is_no_base_url_is_refused(text: str) -> None:
    with pytest.raises(NoBaseUrl, match="is no URL such as"):
        base_address(text)


def test_base_urls_are_guessed_from_what_was_asked() -> None:
    asked = (f"{BASE}/upload", f"{BASE}/re_1", "https://a.b/p/screenplay/tasks/c?d", "https://a.b/other", "data:,")
    assert base_urls(asked) == (BASE, "https://a.b/p")
