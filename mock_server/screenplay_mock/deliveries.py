"""Sends webhook calls, and writes every attempt down."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from screenplay_mock.core import wire
from screenplay_mock.core.delivery import Attempt, Delivery, attempted, redelivered
from screenplay_mock.core.plan import task_at
from screenplay_mock.encoding import encoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import ClientSession

    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.sandboxes import Sandboxes
    from screenplay_mock.store import Space

MOST_AT_ONCE = 16  # calls under way for one sandbox: its slow receiver holds up its own later calls, nobody else's
MOST_READ = 2_048  # bytes of a receiver's answer that are looked at


class Deliveries:
    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes
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
            if space is None or record is None:
                return None
            sandbox = await space.sandbox()
            at, url = self._sandboxes.now(sandbox), sandbox.account.webhook_url
            if url is None:
                return None
            payload = delivery.payload or wire.callback(sandbox.dialect, record, task_at(record, at))
            status, error = await self._post(url, payload, sandbox.scenario.webhook.timeout)
        prepared = replace(delivery, url=url, payload=payload)
        return await self._written_down(key, sandbox, prepared, Attempt(at, status, error), outcome)

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

    async def _post(self, url: str, payload: dict[str, Any], patience: int) -> tuple[int | None, str | None]:
        """POST *payload*: (HTTP status, None), or (None, what went wrong). Redirects are not followed."""
        import aiohttp

        if self._session is None:
            # a webhook arrives on a connection of its own: what a receiver did to the last one proves nothing
            connector = aiohttp.TCPConnector(limit=0, force_close=True)
            # accounts share the session, and must not share what a receiver tells a client to remember
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": "screenplay-mock"}
            )
        try:
            async with self._session.post(
                url,
                data=encoded(payload),
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=patience / 1000),
            ) as response:
                await response.content.read(MOST_READ)
                return response.status, None
        except TimeoutError:
            return None, f"no answer within {patience / 1000:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, str(error) or type(error).__name__


async def give_up(space: Space, delivery: Delivery) -> None:
    """There is nobody to call: forget *delivery*, or, where it was attempted before, write down that it is over."""
    if not delivery.attempts:
        await space.drop_delivery(delivery.id)
    elif await space.delivery(delivery.id) is not None:
        await space.put_delivery(replace(delivery, due_at=None))
