"""Admin operations on a sandbox's account."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.account import ChargeKind
from screenplay_mock.core.wire import instant
from screenplay_mock.sandbox import holding
from screenplay_mock.web.admin.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_mock.core.account import Charge
    from screenplay_mock.web.admin.asking import Asking, Json


async def show(asking: Asking) -> Json:
    sandbox, space = await asking.services.sandboxes.read(asking.key)
    return {
        "balance_micro_dollars": sandbox.account.balance,
        "charges": [_charge(charge) for charge in await space.charges()],
        "rate_limit": sandbox.account.rate_limit,
        "webhook_url": sandbox.account.webhook_url,
        "disabled": sandbox.account.disabled,
    }


def _charge(charge: Charge) -> Json:
    whose = "asset_id" if charge.kind is ChargeKind.ASSET_DOWNLOAD else "task_id"
    return {
        "task_id": None,
        whose: charge.subject,
        "kind": charge.kind.value,
        "micro_dollars": charge.micro_dollars,
        "at": instant(charge.at),
    }


async def change(asking: Asking) -> Json:
    body = await asking.body(*_ACCOUNT)
    for name, value in body.items():
        try:
            _ACCOUNT[name](value)
        except ValueError as error:
            raise Problem(400, f"{name}: {error}") from None
    changes = {("balance" if name == "balance_micro_dollars" else name): body[name] for name in body}
    async with asking.services.sandboxes.change(asking.key) as space:
        await space.put_sandbox(holding(await space.sandbox(), changes))
    return await show(asking)


def _must(be_right: Callable[[Any], bool], words: str) -> Callable[[Any], None]:
    """What raises ValueError for a value that is not what *words* say."""

    def check(value: Any) -> None:
        if not be_right(value):
            raise ValueError(f"{value!r} is not {words}")

    return check


def _webhook_url(value: Any) -> None:
    from screenplay_mock.scenarios.scalars import web_address

    if value is not None:
        web_address(value)


#: What PATCH takes; each raises ValueError for what is wrong.
_ACCOUNT: dict[str, Callable[[Any], None]] = {
    "balance_micro_dollars": _must(
        lambda value: value is None or (type(value) is int and 0 <= value < 2**63),
        "a whole number of micro-dollars from 0 up, or null for unlimited",
    ),
    "rate_limit": _must(
        lambda value: value is None or (type(value) in {int, float} and 0 < value < math.inf),
        "requests a second (a number above 0), or null for off",
    ),
    "webhook_url": _webhook_url,
    "disabled": _must(lambda value: isinstance(value, bool), "true or false"),
}
