"""The table of the admin API."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from screenplay_mock.web.admin import account, behaviour, clock, content, faults, har, world
from screenplay_mock.web.admin.asking import Asking, answer

if TYPE_CHECKING:
    from aiohttp import web

    from screenplay_mock.web.routes import Expectation
    from screenplay_mock.web.services import Services

ADMIN = "/__admin"

ROUTES = (
    ("GET", "/health", world.health),
    ("GET", "/ready", world.ready),
    ("GET", "/version", world.version),
    ("GET", "/openapi.json", world.openapi),
    ("GET", "/clock", clock.show),
    ("PUT", "/clock", clock.change),
    ("POST", "/clock/advance", clock.advance),
    ("GET", "/scenario", behaviour.scenario),
    ("PUT", "/scenario", behaviour.set_scenario),
    ("DELETE", "/scenario", behaviour.unset_scenario),
    ("GET", "/scenarios", behaviour.scenarios),
    ("GET", "/dialect", behaviour.dialect),
    ("PUT", "/dialect", behaviour.set_dialect),
    ("GET", "/faults", faults.show),
    ("POST", "/faults", faults.plant),
    ("DELETE", "/faults", faults.remove_all),
    ("DELETE", "/faults/{id}", faults.remove),
    ("GET", "/account", account.show),
    ("PATCH", "/account", account.change),
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
    ("GET", "/requests.har", har.export),
    ("POST", "/requests/find", content.find_requests),
    ("POST", "/requests/count", content.count_requests),
    ("GET", "/requests/{id}", content.one_request),
    ("GET", "/violations", content.violations),
    ("GET", "/deliveries", content.deliveries),
    ("POST", "/deliveries/{id}/redeliver", content.redeliver),
)


#: What probes of containers ask: they come by address, and without a token.
UNGUARDED = {"/health", "/ready"}


async def index(_: Asking) -> dict[str, list[str]]:
    return {"paths": [f"{method} {ADMIN}{path}" for method, path, _ in ROUTES]}


def add_admin_routes(app: web.Application, services: Services, expectation: Expectation) -> None:
    """Add the table to *app*; *expectation* meets requests that come with the header Expect."""
    for method, path, handler in (("GET", "", index), *ROUTES):
        serve = partial(answer, services, handler, guarded=path not in UNGUARDED)
        app.router.add_route(method, ADMIN + path, serve, expect_handler=expectation)
