"""The store in memory: who is dropped, what a claim means, what is kept and forgotten."""

from __future__ import annotations

import asyncio
import io
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.account import Charge, ChargeKind
from screenplay_mock.core.assets import Asset
from screenplay_mock.core.delivery import Attempt, Delivery
from screenplay_mock.core.lifecycle import Completed
from screenplay_mock.core.plan import Episode, Record
from screenplay_mock.core.submission import Options
from screenplay_mock.journal import Exchange, MemoryJournal
from screenplay_mock.sandbox import Defaults, fresh
from screenplay_mock.store.memory import MOST_SETTLED_DELIVERIES, MemorySpace, MemoryStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

DEFAULTS = Defaults(clock="manual")


def delivery(name: str, due_at: int | None) -> Delivery:
    return Delivery(name, f"ros-{name}", due_at, ())


def asset(name: str, **parts: Any) -> Asset:
    told: dict[str, Any] = {"kind": "video", "mime": "video/mp4", "filename": "a", "extension": "", "size": 3}
    return Asset(id=name, **{**told, "duration": 1, "created_at": 0, **parts})


def record(name: str, ends_at: int) -> Record:
    episodes = (Episode("1", "re_1", 1),)
    return Record(name, "r", "short_drama", 0, episodes, Options(), 0, (Completed(ends_at),))


@pytest.fixture
async def store() -> AsyncIterator[MemoryStore]:
    store = MemoryStore(MemoryJournal(), most_sandboxes=3)
    yield store
    await store.close()


async def opened(store: MemoryStore, key: str) -> MemorySpace:
    async with store.change(key, partial(fresh, key, DEFAULTS, 0)) as space:
        return space


async def submitted(store: MemoryStore, key: str, name: str) -> None:
    async with store.change(key, partial(fresh, key, DEFAULTS, 0)) as space:
        await space.put_task(record(name, 9))


async def read(store: MemoryStore, name: str) -> bytes | None:
    """The content that is kept under this name."""
    file = await store.content(name)
    if file is None:
        return None
    with file:
        return file.read()


async def test_the_first_use_opens_a_sandbox_and_looking_for_one_does_not(store: MemoryStore) -> None:
    assert (await store.find("a"), await store.peek("a"), await store.keys()) == (None, None, [])
    space = await opened(store, "a")
    assert (await space.sandbox()).key == "a"
    assert await store.find("a") is space
    assert await opened(store, "a") is space


async def test_the_longest_idle_sandbox_is_dropped_and_noted_without_its_key(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    for key in ("sk-mai-first-0123456789", "b", "c", "d"):
        await opened(store, key)
    assert await store.keys() == ["b", "c", "d"]
    (noted,) = caplog.messages
    assert "was dropped: there are more than 3" in noted
    assert "sk-mai-first-0123456789" not in noted


async def test_using_a_sandbox_keeps_it_and_peeking_does_not(store: MemoryStore) -> None:
    for key in ("a", "b", "c"):
        await opened(store, key)
    await store.find("a")
    await opened(store, "b")
    await store.peek("c")
    await opened(store, "d")
    assert await store.keys() == ["a", "b", "d"]


async def test_a_dropped_sandbox_takes_its_journal_and_its_uploads_with_it(store: MemoryStore) -> None:
    space = await opened(store, "a")
    name = await store.keep_content(io.BytesIO(b"abc"), 3)
    assert name is not None
    await space.put_asset(asset("re_91", content=name, token="secret"))
    told = {"headers": (), "body": None, "body_size": 0, "status": 200, "answer_headers": (), "answer": None}
    await store.journal.append("a", Exchange(0, None, "GET", "/", answer_size=0, task_id=None, **told))  # type: ignore[arg-type]
    assert await store.drop("a")
    assert await store.find_upload("secret") is None
    assert await store.journal.exchanges("a") == []
    assert await store.content(name) is None
    assert not await store.drop("a")


async def test_a_writer_that_waited_while_the_sandbox_was_deleted_writes_into_the_new_one(store: MemoryStore) -> None:
    async with store.change("a", partial(fresh, "a", DEFAULTS, 0)) as old:
        dropped = asyncio.create_task(store.drop("a"))
        written = asyncio.create_task(submitted(store, "a", "ros-1"))
        await asyncio.sleep(0)
        await old.put_task(record("ros-0", 9))
    assert await dropped
    await written
    space = await store.find("a")
    assert space is not None
    assert space is not old
    assert [each.id for each in await space.tasks()] == ["ros-1"]


async def test_a_sandbox_is_deleted_once_its_writer_is_done_and_only_once(store: MemoryStore) -> None:
    async with store.change("a", partial(fresh, "a", DEFAULTS, 0)) as space:
        drops = [asyncio.create_task(store.drop("a")) for _ in range(2)]
        await asyncio.sleep(0)
        await space.put_asset(asset("re_91", token="secret"))
    assert await asyncio.gather(*drops) == [True, False]
    assert await store.find_upload("secret") is None


async def test_a_sandbox_that_is_being_changed_is_not_idle(store: MemoryStore) -> None:
    async with store.change("a", partial(fresh, "a", DEFAULTS, 0)):
        for key in ("b", "c", "d"):
            await opened(store, key)
        assert await store.keys() == ["a", "c", "d"]


async def test_when_all_sandboxes_are_being_changed_a_new_one_waits_for_none(store: MemoryStore) -> None:
    async with AsyncExitStack() as changes:
        for key in ("a", "b", "c", "d"):
            await changes.enter_async_context(store.change(key, partial(fresh, key, DEFAULTS, 0)))
        assert await store.keys() == ["a", "b", "c", "d"]
    await opened(store, "e")
    assert await store.keys() == ["c", "d", "e"]


async def test_one_writer_at_a_time_changes_a_sandbox_and_others_change_theirs(store: MemoryStore) -> None:
    order: list[str] = []

    async def change(key: str, name: str) -> None:
        async with store.change(key, partial(fresh, key, DEFAULTS, 0)):
            order.append(f"{name} in")
            for _ in range(3):
                await asyncio.sleep(0)
            order.append(f"{name} out")

    await asyncio.gather(change("a", "one"), change("a", "two"), change("b", "else"))
    assert order == ["one in", "else in", "one out", "else out", "two in", "two out"]


async def test_deliveries_are_claimed_in_the_order_of_time_and_then_as_they_were_put(store: MemoryStore) -> None:
    space = await opened(store, "a")
    for name, due_at in (("late", 9), ("x", 5), ("z", 5), ("y", 5), ("soon", 1), ("settled", None)):
        await space.put_delivery(delivery(name, due_at))
    claimed = [await space.claim_delivery(9) for _ in range(6)]
    assert [one.id if one else None for one in claimed] == ["soon", "x", "z", "y", "late", None]


async def test_a_delivery_is_not_claimed_before_its_time(store: MemoryStore) -> None:
    space = await opened(store, "a")
    await space.put_delivery(delivery("one", 5))
    assert await space.claim_delivery(4) is None
    assert await space.next_delivery_at() == 5
    assert await space.claim_delivery(5) == delivery("one", 5)


async def test_a_claimed_delivery_is_nobody_elses_until_it_is_put_back(store: MemoryStore) -> None:
    space = await opened(store, "a")
    await space.put_delivery(delivery("one", 5))
    assert await space.claim_delivery(9) is not None
    assert (await space.claim_delivery(9), await space.next_delivery_at()) == (None, None)
    assert await space.delivery("one") == delivery("one", 5)
    await space.put_delivery(delivery("one", 7))
    assert await space.next_delivery_at() == 7
    assert await space.claim_delivery(9) == delivery("one", 7)
    assert await space.claim_delivery(9) is None


async def test_a_delivery_put_twice_falls_due_once_at_its_new_time(store: MemoryStore) -> None:
    space = await opened(store, "a")
    await space.put_delivery(delivery("one", 3))
    await space.put_delivery(delivery("one", 7))
    assert await space.next_delivery_at() == 7
    assert (await space.claim_delivery(6), await space.claim_delivery(7)) == (None, delivery("one", 7))
    assert await space.claim_delivery(99) is None


async def test_a_settled_delivery_is_kept_and_never_claimed(store: MemoryStore) -> None:
    space = await opened(store, "a")
    await space.put_delivery(delivery("one", 3))
    done = Delivery("one", "ros-one", None, (), attempts=(Attempt(3, 204),))
    await space.put_delivery(done)
    assert (await space.claim_delivery(99), await space.deliveries()) == (None, [done])


async def test_a_dropped_delivery_is_not_claimed(store: MemoryStore) -> None:
    space = await opened(store, "a")
    await space.put_delivery(delivery("one", 3))
    await space.put_delivery(delivery("two", 4))
    await space.drop_delivery("one")
    await space.drop_delivery("never seen")
    assert await space.next_delivery_at() == 4
    assert [one.id for one in await space.deliveries()] == ["two"]
    assert await space.claim_delivery(99) == delivery("two", 4)


async def test_deliveries_are_listed_in_the_order_in_which_they_were_owed(store: MemoryStore) -> None:
    space = await opened(store, "a")
    for name, due_at in (("b", 9), ("a", 1), ("c", 5)):
        await space.put_delivery(delivery(name, due_at))
    await space.put_delivery(delivery("b", None))
    assert [one.id for one in await space.deliveries()] == ["b", "a", "c"]


async def test_so_many_settled_deliveries_are_kept_and_the_oldest_leave_first(store: MemoryStore) -> None:
    space = await opened(store, "a")
    await space.put_delivery(delivery("open", 10**9))
    for number in range(MOST_SETTLED_DELIVERIES + 5):
        await space.put_delivery(delivery(str(number), None))
    kept = await space.deliveries()
    assert len(kept) <= MOST_SETTLED_DELIVERIES + 1
    assert (kept[0].id, kept[-1].id) == ("open", str(MOST_SETTLED_DELIVERIES + 4))
    assert await space.delivery("0") is None


async def test_settled_deliveries_are_kept_however_many_are_still_open(store: MemoryStore) -> None:
    space = await opened(store, "a")
    for number in range(MOST_SETTLED_DELIVERIES + 1):
        await space.put_delivery(delivery(str(number), 9))
    await space.put_delivery(delivery("0", None))
    assert await space.delivery("0") == delivery("0", None)


async def test_a_task_is_open_until_its_last_event(store: MemoryStore) -> None:
    space = await opened(store, "a")
    for name, ends_at in (("b", 9), ("a", 5)):
        await space.put_task(record(name, ends_at))
    assert [each.id for each in await space.open_tasks(4)] == ["b", "a"]
    assert [each.id for each in await space.open_tasks(5)] == ["b"]
    assert [each.id for each in await space.tasks()] == ["b", "a"]
    await space.put_task(record("a", 12))
    assert [each.id for each in await space.open_tasks(9)] == ["a"]
    assert await space.task("c") is None


async def test_a_token_finds_the_sandbox_and_the_asset_that_it_was_given_for(store: MemoryStore) -> None:
    for key in ("a", "b"):
        await (await opened(store, key)).put_asset(asset("re_91", token=f"secret of {key}"))
    assert await store.find_upload("secret of a") == ("a", "re_91")
    assert await store.find_upload("secret of b") == ("b", "re_91")
    assert await store.find_upload("no such") is None


async def test_what_is_forgotten_is_everything_but_the_sandbox(store: MemoryStore) -> None:
    space = await opened(store, "a")
    before = await space.sandbox()
    await space.put_asset(asset("re_91", token="secret"))
    await space.put_task(record("ros-1", 9))
    await space.put_charge(Charge("ros-1", ChargeKind.SUBMIT, 1, 0))
    await space.put_delivery(delivery("one", 3))
    await store.forget(space)
    assert await space.sandbox() == before
    held = [await space.tasks(), await space.open_tasks(0), await space.assets(), await space.charges()]
    assert held == [[]] * 4
    assert (await space.deliveries(), await space.next_delivery_at(), await space.asset("re_91")) == ([], None, None)
    assert await store.find_upload("secret") is None


async def test_what_is_counted_is_counted_by_its_name_in_one_sandbox_until_it_is_emptied(store: MemoryStore) -> None:
    one, other = await opened(store, "a"), await opened(store, "b")
    assert [await one.count(name) for name in ("x", "x", "y", "x")] == [1, 2, 1, 3]
    assert await other.count("x") == 1
    assert [await one.counted(name) for name in ("x", "x", "y", "never")] == [3, 3, 1, 0]
    await store.forget(one)
    assert (await one.count("x"), await other.count("x")) == (1, 2)
