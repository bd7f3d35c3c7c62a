"""What a fake remembers of a client when all is over: its journal, its deliveries, its charges, its tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from screenplay_contracts.client.observation import Charge, Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import ClientSession


@dataclass(frozen=True, slots=True)
class Memory:
    """`entries` are those of the journal: of the key's sandbox, and of the one of those who come without a key."""

    entries: tuple[Mapping[str, Any], ...]
    deliveries: tuple[Delivery, ...]
    charges: tuple[Charge, ...]
    tasks: Mapping[str, str]


async def remembered(admin_url: str, key: str, started_at: float) -> Memory:
    """All of it, by the admin API. *started_at*: when the client was started, in seconds since 1970."""
    from aiohttp import ClientSession

    async with ClientSession(headers={"Authorization": key}) as own, ClientSession() as nobody:
        entries = [
            *(await _asked(own, f"{admin_url}/requests"))["requests"],
            *(await _asked(nobody, f"{admin_url}/requests"))["requests"],
        ]
        deliveries = (await _asked(own, f"{admin_url}/deliveries"))["deliveries"]
        account = await _asked(own, f"{admin_url}/account")
        tasks = (await _asked(own, f"{admin_url}/tasks"))["tasks"]
    return Memory(
        tuple(entries),
        tuple(sorted(_attempts(deliveries, started_at), key=lambda one: one.at)),
        tuple(map(_charge, account["charges"])),
        {task["task_id"]: task["status"] for task in tasks},
    )


async def _asked(session: ClientSession, url: str) -> Any:
    async with session.get(url) as answer:
        answer.raise_for_status()
        return await answer.json()


def _attempts(deliveries: list[Any], started_at: float) -> list[Delivery]:
    return [
        Delivery(
            at=datetime.fromisoformat(attempt["at"]).timestamp() - started_at,
            task_id=one["task_id"],
            payload=one["payload"],
            status=attempt["status"],
            error=attempt["error"],
            seconds=attempt["seconds"],
        )
        for one in deliveries
        for attempt in one["attempts"]
    ]


def _charge(charge: Mapping[str, Any]) -> Charge:
    return Charge(charge["kind"], charge["task_id"] or charge.get("asset_id", ""), charge["micro_dollars"])
