"""The floor: a bare aiohttp handler that answers the same bytes, and for a submit validates with jsonschema."""

from __future__ import annotations

import json
from functools import partial

from aiohttp import web

from screenplay_schemas import validator

DUMPS = partial(json.dumps, separators=(",", ":"))
STATUS = {
    "code": 200,
    "msg": "success",
    "data": {"task_id": "ros-sd-20260313-a3f8c2b1", "status": "pending"},
    "failed": False,
    "success": True,
}
SUBMITTED = {
    "code": 200,
    "msg": "success",
    "data": {
        "task_id": "ros-sd-20260313-a3f8c2b1",
        "status": "pending",
        "mode": "short_drama",
        "created_at": "2026-03-13T10:00:00Z",
        "total_duration_seconds": 450.5,
    },
    "failed": False,
    "success": True,
}
VALIDATOR = validator("submit-request")


async def status(request: web.Request) -> web.Response:  # noqa: ARG001
    return web.json_response(STATUS, dumps=DUMPS)


async def submit(request: web.Request) -> web.Response:
    VALIDATOR.validate(await request.json())
    return web.json_response(SUBMITTED, dumps=DUMPS)


async def main() -> None:
    app = web.Application()
    app.router.add_get("/serve/api/v2/screenplay/tasks/{task_id}", status)
    app.router.add_post("/serve/api/v2/screenplay/tasks", submit)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"ready http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    import asyncio

    await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        import uvloop as loops
    except ImportError:
        import asyncio as loops
    import sys

    if "--plain" in sys.argv:
        import asyncio as loops
    loops.run(main())
