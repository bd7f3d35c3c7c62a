"""Waiting for webhook attempts to be written down, without sleeping."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.delivery import Delivery
    from screenplay_mock.web.services import Services


async def written_down(services: Services, key: str, count: int) -> list[Delivery]:
    """The deliveries of a sandbox, once there are *count* attempts written down in all."""
    async with asyncio.timeout(20):
        while True:
            _, space = await services.sandboxes.read(key)
            deliveries = list(await space.deliveries())
            if sum(len(delivery.attempts) for delivery in deliveries) >= count:
                return deliveries
            await asyncio.sleep(0)
