"""Admin operations on sandboxes as a whole (reset, forget, list), and on what this server is."""

from __future__ import annotations

import platform
from functools import cache
from typing import TYPE_CHECKING

from screenplay_mock import __version__
from screenplay_mock.core.wire import instant
from screenplay_mock.encoding import plainly_encoded
from screenplay_mock.sandbox import shortened
from screenplay_mock.web.admin import clock
from screenplay_mock.web.admin.problems import Problem

if TYPE_CHECKING:
    from screenplay_mock.web.admin.asking import Asking, Json


async def health(_: Asking) -> Json:
    return {"status": "ok"}


async def ready(_: Asking) -> Json:
    return {"ready": True}


async def version(asking: Asking) -> Json:
    from screenplay_mock.web.routes import BASE

    return {
        "name": "screenplay-mock",
        "version": __version__,
        "python": platform.python_version(),
        "base_path": asking.services.settings.prefix + BASE,
    }


async def openapi(_: Asking) -> bytes:
    return _document()


@cache  # it never changes, and to read it from its files takes a tenth of a second
def _document() -> bytes:
    from screenplay_schemas import bundle

    return plainly_encoded(bundle())


async def reset(asking: Asking) -> Json:
    body = await asking.body("seed")
    seed = body.get("seed")
    if seed is not None and type(seed) is not int:
        raise Problem(400, f"seed must be a whole number, not {seed!r}")
    await asking.services.sandboxes.reset(asking.key, seed)
    return await clock.show(asking)


async def forget(asking: Asking) -> Json:
    return {"deleted": await asking.services.store.drop(asking.key)}


async def sandboxes(asking: Asking) -> Json:
    """All sandboxes, the longest idle first."""
    rows = []
    for key in await asking.services.store.keys():
        space = await asking.services.store.peek(key)
        if space is not None:
            sandbox = await space.sandbox()
            rows.append(
                {
                    "key": shortened(key),
                    "now": instant(asking.services.sandboxes.now(sandbox)),
                    "clock": str(sandbox.clock),
                    "scenario": sandbox.scenario.name,
                    "tasks": sandbox.accepted,
                }
            )
    return {"sandboxes": rows}
