"""Sends webhook calls, and writes every attempt down."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from screenplay_mock.core.delivery import Attempt, Delivery, attempted, call_of, payload, redelivered
from screenplay_mock.encoding import encoded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiohttp import ClientSession

    from screenplay_mock.core.plan import Record
    from screenplay_mock.core.scenario import WebhookCall
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.sandboxes import Sandboxes
    from screenplay_mock.store import Space

#: Calls under way for one sandbox: its slow receiver holds up its own later calls, nobody else's. A burst of fifty
#: comes at once.
MOST_AT_ONCE = 64
MOST_READ = 2_048  # bytes of a receiver's answer that are looked at
MOST_KEPT = 2_000  # characters of a text that was sent instead of JSON
SPACES = b" " * 64 * 1024  # a piece of padding
NOWHERE = "http://127.0.0.1:9/"  # port 9 discards what it gets, where anybody listens there at all


class Deliveries:
    """*canary_url* says for a sandbox where the payload of a webhook can point to, to see who follows."""

    def __init__(self, sandboxes: Sandboxes, *, canary_url: Callable[[Sandbox], str] = lambda _: NOWHERE) -> None:
        self._sandboxes = sandboxes
        self._canary_url = canary_url
        self._session: ClientSession | None = None
        self._slots: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def attempt(self, key: str, delivery: Delivery) -> int:
        """
        Make the attempt of a claimed *delivery*; how many calls that took: 1, or 0 when nobody is to be called.

        The webhook URL is the account's at this moment. Without one nothing is sent, ever (submit-task page:
        "otherwise you will not receive the processing results").
        """
        if await self._sent(key, delivery, attempted) is not None:
            return 1
        if await self._sandboxes.store.find(key) is not None:
            async with self._sandboxes.change(key) as space:
                await give_up(space, delivery)
        return 0

    async def redeliver(self, key: str, delivery: Delivery) -> Delivery:
        """Send *delivery* once more, out of turn. Raises LookupError when there is nobody to call."""
        sent = await self._sent(key, delivery, redelivered)
        if sent is None:
            raise LookupError(f"delivery {delivery.id!r} has nobody to call: the account has no webhook URL")
        return sent

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _sent(
        self, key: str, delivery: Delivery, outcome: Callable[[Delivery, Attempt], Delivery]
    ) -> Delivery | None:
        """*delivery* after one more attempt; None when its sandbox or task is gone, or nobody is to be called."""
        async with self._slots.setdefault(key, asyncio.Semaphore(MOST_AT_ONCE)):
            space = await self._sandboxes.store.find(key)
            record = None if space is None else await space.task(delivery.task_id)
            call = None if record is None else call_of(record, delivery)
            if space is None or record is None or call is None:
                return None
            sandbox = await space.sandbox()
            at, url = self._sandboxes.now(sandbox), sandbox.account.webhook_url
            if url is None:
                return None
            told = delivery.payload or self._told(sandbox, record, delivery, call)
            status, error = await self._answer(url, call, _content(call, told), record.webhook.timeout)
            took = self._sandboxes.now(sandbox) - at
        prepared = replace(delivery, url=url, payload=told)
        return await self._written_down(key, sandbox, prepared, Attempt(at, status, error, took), outcome)

    def _told(self, sandbox: Sandbox, record: Record, delivery: Delivery, call: WebhookCall) -> Any:
        """What *delivery* says, as it is written down: JSON, the beginning of another text, or None for nothing."""
        if call.method == "GET":
            return None
        if call.body is not None:
            return call.body[:MOST_KEPT]
        return payload(sandbox.dialect, record, delivery, self._canary_url(sandbox))

    async def _written_down(
        self,
        key: str,
        sandbox: Sandbox,
        sent: Delivery,
        attempt: Attempt,
        outcome: Callable[[Delivery, Attempt], Delivery],
    ) -> Delivery:
        """The delivery that was *sent*, with *attempt* added to what is known of it by now."""
        if await self._sandboxes.store.find(key) is None:
            return outcome(sent, attempt)
        async with self._sandboxes.change(key) as space:
            current = await space.delivery(sent.id)
            if current is None or (await space.sandbox()).opened_at != sandbox.opened_at:
                return outcome(sent, attempt)  # the sandbox has begun anew meanwhile
            after = outcome(replace(current, url=sent.url, payload=sent.payload), attempt)
            await space.put_delivery(after)
        return after

    async def _answer(
        self, url: str, call: WebhookCall, content: bytes | None, patience: int
    ) -> tuple[int | None, str | None]:
        """Make *call*: (HTTP status, None), or (None, what went wrong). Redirects are not followed."""
        import aiohttp

        if self._session is None:
            # a webhook arrives on a connection of its own: what a receiver did to the last one proves nothing
            connector = aiohttp.TCPConnector(limit=0, force_close=True)
            # accounts share the session, and must not share what a receiver tells a client to remember
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": "screenplay-mock"}
            )
        try:
            async with self._session.request(
                call.method,
                url,
                **_as_body(call, content),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=patience / 1000),
            ) as response:
                await response.content.read(MOST_READ)
                return response.status, None
        except TimeoutError:
            return None, f"no answer within {patience / 1000:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, str(error) or type(error).__name__


def _content(call: WebhookCall, told: Any) -> bytes | None:
    """What *call* sends before its padding; None: it has no body."""
    if told is None:
        return None
    return encoded(told) if call.body is None else call.body.encode()


def _as_body(call: WebhookCall, content: bytes | None) -> dict[str, Any]:
    """*content* and the padding behind it, as aiohttp takes them."""
    if content is None:
        return {}
    headers = {"Content-Type": call.content_type}
    if not call.padding:
        return {"data": content, "headers": headers}
    # with its length, since few receivers read chunks
    headers["Content-Length"] = str(len(content) + call.padding)
    return {"data": _padded(content, call.padding), "headers": headers}


async def _padded(content: bytes, padding: int) -> AsyncIterator[bytes]:
    yield content
    for start in range(0, padding, len(SPACES)):
        yield SPACES[: padding - start]


async def give_up(space: Space, delivery: Delivery) -> None:
    """There is nobody to call: forget *delivery*, or, where it was attempted before, write down that it is over."""
    if not delivery.attempts:
        await space.drop_delivery(delivery.id)
    elif await space.delivery(delivery.id) is not None:
        await space.put_delivery(replace(delivery, due_at=None))
