"""The table of the API: every operation of the OpenAPI document, with its path and handler."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from screenplay_mock.core.fault_kinds import Stage
from screenplay_mock.web import assets, tasks
from screenplay_mock.web.operations import Operation, identified, run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from screenplay_mock.web.services import Services

    Expectation = Callable[[web.Request], Awaitable[web.StreamResponse | None]]

BASE = "/serve/api/v2"

# an asset id stands where these names stand, and they are not assets
ASSET = "/{asset_id:(?!(?:upload|screenplay|storage|asset)(?:/|$))[^/]+}"

OPERATIONS = (
    Operation("submitTask", "POST", "/screenplay/tasks", tasks.submit, takes_body=True),
    Operation("getTask", "GET", "/screenplay/tasks/{task_id:[^/]+}", tasks.status),
    Operation("cancelTask", "DELETE", "/screenplay/tasks/{task_id:[^/]+}", tasks.cancel),
    Operation("downloadTask", "GET", "/screenplay/tasks/{task_id:[^/]+}/download", tasks.download),
    Operation("uploadAsset", "POST", "/upload", assets.upload, takes_body=True),
    Operation("createSignedUrl", "POST", "/upload/signed-url", assets.sign, takes_body=True),
    Operation("storeAsset", "POST", "/storage/{token:[^/]+}", assets.store, takes_body=True, open=True),
    Operation("getAssetMetadata", "GET", f"{ASSET}/metadata", assets.metadata),
    Operation("deleteAsset", "DELETE", ASSET, assets.delete),
    Operation("downloadAsset", "GET", f"{ASSET}/download", assets.download),
    # two public clients use these paths, no vendor page does
    Operation("getAssetMetadata", "GET", "/asset/{asset_id:[^/]+}/metadata", assets.metadata, legacy=True),
    Operation("deleteAsset", "DELETE", "/asset/{asset_id:[^/]+}", assets.delete, legacy=True),
    Operation("downloadAsset", "GET", "/asset/{asset_id:[^/]+}/download", assets.download, legacy=True),
)


def add_routes(app: web.Application, services: Services, expectation: Expectation) -> None:
    """Add all operations; *expectation* looks at a request with an Expect header before its operation does."""
    base = services.settings.prefix + BASE
    for operation in OPERATIONS:
        handler, expects = partial(run, services, operation), partial(_expects, services, operation, expectation)
        app.router.add_route(operation.method, base + operation.path, handler, expect_handler=expects)


async def _expects(
    services: Services, operation: Operation, expectation: Expectation, request: web.Request
) -> web.StreamResponse | None:
    call = await identified(services, operation, request)
    if call.strike is not None and call.strike.fault.kind(Stage.RECEIVE) is not None:
        return None  # whatever it waits for
    return await expectation(request)
