"""A page of somebody else: what a proxy shows when the server behind it is gone, or a network that wants a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.web.exchange import Answer

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Html
    from screenplay_mock.web.exchange import Call

PAGES = {
    "bad_gateway": (502, "502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
    "login": (200, "Sign in", '<form method="post" action="/login"><input name="user"><input name="code"></form>'),
}


async def answer(_: Call, html: Html) -> Answer:
    status, title, inner = PAGES[html.page]
    body = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body>{inner}</body></html>\n".encode()
    return Answer(status, {"Content-Type": "text/html; charset=utf-8"}, body, len(body))
