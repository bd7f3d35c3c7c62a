"""To the same URL, to another origin, to a signed URL there, or to one that is not encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.web.addresses import origin_of
from screenplay_mock.web.exchange import Answer

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Redirect
    from screenplay_mock.web.exchange import Call


async def answer(call: Call, redirect: Redirect) -> Answer:
    return Answer(redirect.code, {"Location": _location(call, redirect)}, b"", 0)


def _location(call: Call, redirect: Redirect) -> str:
    request, canary = call.request, call.services.canary
    match redirect.to:
        case "same":
            return f"{origin_of(request)}{request.rel_url}"
        case "storage":
            expires_at = call.services.sandboxes.now(call.sandbox) + redirect.expires_in
            return canary.storage_url(request, call.sandbox, expires_at)
        case to:
            return canary.other_url(request, call.sandbox, encrypted=to == "other")
