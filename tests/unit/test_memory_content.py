"""Uploaded files in the store of this process: their room, and that it is given back."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import pytest

from screenplay_mock.journal import MemoryJournal
from screenplay_mock.sandbox import Defaults
from screenplay_mock.store.memory import MOST_CONTENT, MemoryStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

DEFAULTS = Defaults(clock="manual")


@pytest.fixture
async def store() -> AsyncIterator[MemoryStore]:
    store = MemoryStore(MemoryJournal(), most_sandboxes=3)
    yield store
    await store.close()


async def read(store: MemoryStore, name: str) -> bytes | None:
    """The content that is kept under this name."""
    file = await store.content(name)
    if file is None:
        return None
    with file:
        return file.read()


async def test_content_is_kept_read_again_and_forgotten(store: MemoryStore) -> None:
    name = await store.keep_content(io.BytesIO(b"abc"), 3)
    other = await store.keep_content(io.BytesIO(b"defg"), 4)
    assert name is not None
    assert other is not None
    for kept, content in ((name, b"abc"), (other, b"defg"), (name, b"abc")):
        assert await read(store, kept) == content
    await store.forget_content(name)
    assert await read(store, name) is None
    assert await read(store, other) == b"defg"


async def test_a_full_store_keeps_nothing_more_until_something_is_forgotten(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    name = await store.keep_content(io.BytesIO(b"abc"), MOST_CONTENT - 1)  # as large as it is said to be
    assert await store.keep_content(io.BytesIO(b"ab"), 2) is None
    assert caplog.messages == [f"an upload of 2 bytes is refused: {MOST_CONTENT - 1} of {MOST_CONTENT} are taken"]
    assert await store.keep_content(io.BytesIO(b"a"), 1) is not None
    assert name is not None
    await store.forget_content(name)
    await store.forget_content(name)  # which changes nothing: it is not there any more
    assert await store.keep_content(io.BytesIO(b"ab"), MOST_CONTENT) is None
    assert await store.keep_content(io.BytesIO(b"ab"), 2) is not None


async def test_uploads_at_once_are_not_given_the_same_room(store: MemoryStore) -> None:
    half = MOST_CONTENT // 2
    kept = await asyncio.gather(*(store.keep_content(io.BytesIO(b"x"), half) for _ in range(5)))
    assert [name is not None for name in kept] == [True, True, False, False, False]


class Broken(io.BytesIO):
    def read(self, _: int | None = None) -> bytes:
        raise OSError("the disk is gone")


async def test_a_copy_that_fails_gives_its_room_back_and_leaves_no_file(store: MemoryStore) -> None:
    with pytest.raises(OSError, match="the disk is gone"):
        await store.keep_content(Broken(), MOST_CONTENT)
    assert await read(store, "1") is None
    assert await store.keep_content(io.BytesIO(b"x"), MOST_CONTENT) is not None
