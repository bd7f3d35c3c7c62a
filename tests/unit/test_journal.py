"""The journal keeps what came as it came, within two bounds, and shows no key."""

from __future__ import annotations

from typing import Any

import pytest

from screenplay_mock.journal import OVERHEAD, Exchange, MemoryJournal, Violation, rendered, weight_of

SECRET = "sk-mai-0123456789abcdef"  # noqa: S105 - made up


def exchange(target: str = "/x", body: bytes | None = b"", **parts: Any) -> Exchange:
    told: dict[str, Any] = {
        "at": 1_773_396_000_500,
        "operation": "getTask",
        "method": "GET",
        "headers": [(b"Host", b"x"), (b"Authorization", SECRET.encode())],
        "body_size": len(body or b""),
        "status": 200,
        "answer_headers": [("Content-Type", "application/json")],
        "answer": b"{}",
        "answer_size": 2,
        "task_id": None,
    }
    return Exchange(target=target, body=body, **{**told, **parts})


async def targets(journal: MemoryJournal, key: str) -> list[str]:
    return [one.target for one in await journal.exchanges(key)]


async def ids(journal: MemoryJournal, key: str) -> list[int]:
    return [one.id for one in await journal.exchanges(key)]


async def filled(journal: MemoryJournal, *keys: str) -> MemoryJournal:
    """*journal* with one exchange for each of *keys*, whose targets count from /1."""
    for number, key in enumerate(keys, start=1):
        await journal.append(key, exchange(f"/{number}"))
    return journal


async def test_exchanges_are_kept_by_sandbox_the_oldest_first_and_numbered_in_each() -> None:
    journal = await filled(MemoryJournal(), "a", "b", "a", "a")
    assert (await targets(journal, "a"), await ids(journal, "a")) == (["/1", "/3", "/4"], [1, 2, 3])
    assert (await targets(journal, "b"), await ids(journal, "b")) == (["/2"], [1])
    assert await journal.exchanges("c") == []


async def test_a_sandbox_keeps_so_many_and_the_oldest_leave_first() -> None:
    journal = await filled(MemoryJournal(most=2), "a", "b", "a", "a", "a")
    assert (await targets(journal, "a"), await ids(journal, "a")) == (["/4", "/5"], [3, 4])
    assert await targets(journal, "b") == ["/2"]


async def test_all_sandboxes_together_keep_so_many_bytes_and_the_oldest_of_all_leave_first() -> None:
    one = weight_of(exchange())
    journal = await filled(MemoryJournal(most_bytes=3 * one), "a", "b", "a", "b", "a")
    assert (await targets(journal, "a"), await targets(journal, "b")) == (["/3", "/5"], ["/4"])
    await journal.append("c", exchange("/6", b"x" * 2 * one))
    assert [await targets(journal, key) for key in "abc"] == [[], [], ["/6"]]


async def test_an_exchange_larger_than_the_whole_journal_is_not_kept_and_the_next_one_is() -> None:
    journal = MemoryJournal(most_bytes=2 * OVERHEAD)
    await journal.append("a", exchange("/1", b"x" * 3 * OVERHEAD))
    assert await targets(journal, "a") == []
    await journal.append("a", exchange("/2"))
    assert (await targets(journal, "a"), await ids(journal, "a")) == (["/2"], [2])


async def test_a_journal_may_be_told_to_keep_nothing() -> None:
    assert await targets(await filled(MemoryJournal(most=0), "a", "a"), "a") == []


def test_an_exchange_weighs_all_that_is_kept_of_it_and_something_more() -> None:
    empty = weight_of(exchange(body=None, body_size=10**9, answer=None, answer_size=10**9))
    assert OVERHEAD < empty < 2 * OVERHEAD
    for more, weight in (
        ({"body": b"123", "answer": b"45"}, 5),
        ({"target": "/x" + "y" * 70_000}, 70_000),
        ({"headers": [(b"Host", b"x"), (b"Authorization", SECRET.encode()), (b"X", b"z" * 9_999)]}, 10_000),
        ({"violations": (Violation("a" * 100, "rule", "b" * 200),)}, 300),
    ):
        assert weight_of(exchange(**{"body": None, "answer": None, **more})) == empty + weight


async def test_what_was_cleared_weighs_nothing_and_ids_go_on() -> None:
    journal = await filled(MemoryJournal(most_bytes=2 * weight_of(exchange())), "a", "a")
    await journal.clear("a")
    assert await journal.exchanges("a") == []
    await filled(journal, "b", "a")
    assert (await targets(journal, "b"), await ids(journal, "a")) == (["/1"], [3])


async def test_a_dropped_sandbox_begins_again_and_leaves_the_others_alone() -> None:
    journal = await filled(MemoryJournal(), "a", "a", "b")
    await journal.drop("a")
    assert (await journal.exchanges("a"), await targets(journal, "b")) == ([], ["/3"])
    await filled(journal, "a")
    assert await ids(journal, "a") == [1]
    await journal.drop("never seen")


async def test_what_is_read_does_not_change_while_others_write() -> None:
    journal = await filled(MemoryJournal(), "a")
    read = await journal.exchanges("a")
    await filled(journal, "a")
    assert len(read) == 1


def test_an_exchange_is_rendered_with_all_its_parts() -> None:
    one = exchange(
        "/a/b?x=1&y", "ü".encode(), id=7, task_id="ros-1", violations=(Violation("query", "r", "m", "note"),)
    )
    assert rendered(one) == {
        "id": "7",
        "at": "2026-03-13T10:00:00.500Z",
        "operation": "getTask",
        "method": "GET",
        "path": "/a/b",
        "query": "x=1&y",
        "headers": [["Host", "x"], ["Authorization", "[redacted]"]],
        "body": "ü",
        "body_size": 2,
        "fault": None,
        "task_id": "ros-1",
        "response": {
            "status": 200,
            "headers": [["Content-Type", "application/json"]],
            "body": "{}",
            "body_size": 2,
        },
        "violations": [{"location": "query", "rule": "r", "severity": "note", "message": "m"}],
    }


@pytest.mark.parametrize("name", [b"Authorization", b"authorization", b"AUTHORIZATION"])
def test_a_key_in_the_header_is_never_shown_however_it_is_written(name: bytes) -> None:
    for value in (SECRET, f"Bearer {SECRET}"):
        assert SECRET not in repr(rendered(exchange(headers=[(name, value.encode())])))


@pytest.mark.parametrize("name", [b"X-Admin-Token", b"Cookie", b"proxy-authorization"])
def test_other_secrets_in_headers_are_not_shown_either(name: bytes) -> None:
    assert rendered(exchange(headers=[(name, b"a=b")]))["headers"] == [[name.decode(), "[redacted]"]]


def test_a_key_is_shown_nowhere_else_raw_or_encoded() -> None:
    key, encoded = "sk/a+ä b", "sk%2Fa%2B%C3%A4%20b"
    headers = [(b"Authorization", f"Bearer {key}".encode()), (b"Authorization", key.encode()), (b"X-Key", key.encode())]
    target = f"/a/{encoded}?x={encoded.lower()}&y=sk%2Fa%2B%C3%A4+b&z=1"
    one = rendered(exchange(target, f'{{"key": "{key}"}}'.encode(), headers=headers))
    assert (one["path"], one["query"]) == ("/a/[redacted]", "x=[redacted]&y=[redacted]&z=1")
    assert one["body"] == '{"key": "[redacted]"}'
    assert one["headers"][2] == ["X-Key", "[redacted]"]


def test_a_very_short_key_does_not_make_the_rest_unreadable() -> None:
    one = rendered(exchange("/abc/x?abc", b"abc", headers=[(b"Authorization", b"abc")]))
    assert (one["path"], one["query"], one["body"]) == ("/abc/x", "abc", "abc")


def test_a_body_that_is_not_kept_has_a_size_and_one_that_is_not_text_is_shown_as_far_as_it_is() -> None:
    one = rendered(exchange(body=None, body_size=9, answer=b"\xffa", answer_size=2))
    assert (one["body"], one["body_size"]) == (None, 9)
    assert one["response"]["body"] == "\ufffda"
    assert rendered(exchange(headers=[(b"X-\xe9", b"\xff")]))["headers"] == [["X-é", "\ufffd"]]


def test_a_violation_is_an_error_unless_it_says_otherwise() -> None:
    assert Violation("a", "b", "c").severity == "error"
