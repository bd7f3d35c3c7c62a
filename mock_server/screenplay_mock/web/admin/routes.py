"""The table of the admin API."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from screenplay_mock.web.admin import content, world
from screenplay_mock.web.admin.asking import Asking, answer

if TYPE_CHECKING:
    from aiohttp import web

    from screenplay_mock.web.services import Services

ADMIN = "/__admin"

ROUTES = (
    ("GET", "/health", world.health),
    ("GET", "/ready", world.ready),
    ("GET", "/version", world.version),
    ("GET", "/openapi.json", world.openapi),
    ("GET", "/clock", world.clock),
    ("PUT", "/clock", world.set_clock),
    ("POST", "/clock/advance", world.advance),
    ("GET", "/scenario", world.scenario),
    ("PUT", "/scenario", world.set_scenario),
    ("DELETE", "/scenario", world.unset_scenario),
    ("GET", "/scenarios", world.scenarios),
    ("GET", "/dialect", world.dialect),
    ("PUT", "/dialect", world.set_dialect),
    ("GET", "/account", world.account),
    ("PATCH", "/account", world.change_account),
    ("POST", "/reset", world.reset),
    ("DELETE", "/sandbox", world.forget),
    ("GET", "/sandboxes", world.sandboxes),
    ("GET", "/tasks", content.tasks),
    ("GET", "/tasks/{task_id}", content.task),
    ("POST", "/tasks/{task_id}/start", content.start),
    ("POST", "/tasks/{task_id}/complete", content.complete),
    ("POST", "/tasks/{task_id}/fail", content.fail),
    ("POST", "/tasks/{task_id}/cancel", content.cancel),
    ("GET", "/assets", content.assets),
    ("POST", "/assets", content.add_asset),
    ("GET", "/requests", content.requests),
    ("DELETE", "/requests", content.forget_requests),
    ("POST", "/requests/find", content.find_requests),
    ("POST", "/requests/count", content.count_requests),
    ("GET", "/requests/{id}", content.one_request),
    ("GET", "/violations", content.violations),
    ("GET", "/deliveries", content.deliveries),
    ("POST", "/deliveries/{id}/redeliver", content.redeliver),
)


async def index(_: Asking) -> dict[str, list[str]]:
    return {"paths": [f"{method} {ADMIN}{path}" for method, path, _ in ROUTES]}


def add_admin_routes(app: web.Application, services: Services) -> None:
    for method, path, handler in (("GET", "", index), *ROUTES):
        app.router.add_route(method, ADMIN + path, partial(answer, services, handler))
