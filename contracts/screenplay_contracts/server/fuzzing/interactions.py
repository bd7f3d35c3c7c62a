"""What Schemathesis sent and got, as exchanges."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from screenplay_contracts.exchange import Exchange, masked, redacted, url_without

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screenplay_contracts.server.client import Client

#: Another value in each run, and of no meaning for anybody else.
OF_THE_RUN = "x-schemathesis-testcaseid"
STRANGER = "-invalid"  # the end of the label of whoever comes with a wrong key


def exchange_of(request: Any, response: Any, client: Client, *, note: str = "", at: float | None = None) -> Exchange:
    """
    *request* (a recorded one, or one of requests) with its *response*, of the account of *client*, or of somebody who
    has another key; None: there was none. *at* is a time of the wall.
    """
    sent = [(name, value) for name, value in _headers(request.headers) if name.lower() != OF_THE_RUN]
    body = request.body.encode() if isinstance(request.body, str) else request.body
    known: dict[str, Any] = {
        "number": 0,
        "account": client.account if key_of(request) in {None, client.key} else client.account + STRANGER,
        "method": request.method,
        "url": url_without(str(getattr(request, "uri", None) or request.url), *client.secrets),
        "request_headers": redacted(sent, *client.secrets),
        "request_body": masked(body or b"", *client.secrets),
        "at": "" if at is None else _wall(at),
        "note": note,
    }
    if response is None:
        return Exchange(**known, status=None, error="no answer")
    return Exchange(
        **known,
        status=response.status_code,
        response_headers=redacted(_headers(response.headers), *client.secrets),
        response_body=masked(response.content or b"", *client.secrets),
        seconds=response.elapsed,
    )


def key_of(request: Any) -> str | None:
    """The key with which *request* came; None without one."""
    return next((value for name, value in _headers(request.headers) if name.lower() == "authorization"), None)


def _wall(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _headers(headers: Mapping[str, str | Sequence[str]]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        for one in [value] if isinstance(value, str) else value:
            yield name, one if isinstance(one, str) else one.decode("latin-1")
