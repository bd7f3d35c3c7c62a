"""Where a client has found this server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web


def origin_of(request: web.Request) -> str:
    """What the client's Host says, such as http://127.0.0.1:8787; if that cannot be used, our own address."""
    try:
        if request.headers.get("Host"):
            return str(request.url.origin())
    except ValueError:
        pass
    address, port = request.get_extra_info("sockname", ("127.0.0.1", 0))[:2]
    return f"{request.scheme}://{f'[{address}]' if ':' in address else address}:{port}"
