"""What was seen of a client, as reports show it: requests as exchanges, without the key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screenplay_contracts.exchange import REDACTED, Exchange, redacted, without

if TYPE_CHECKING:
    from screenplay_contracts.client.observation import Observation, Request


def evidence(observation: Observation, *requests: Request) -> tuple[Exchange, ...]:
    """*requests* as the evidence of a finding."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(observation.base_url))
    return tuple(exchange(one, observation.key, origin) for one in requests)


def exchange(request: Request, key: str, origin: str) -> Exchange:
    """*request* and its answer; `at` is left empty, since its time is that of the client's start: the note has it."""
    where = origin if request.listener == "api" else f"{request.listener}:"
    return Exchange(
        number=request.number,
        account="client",
        method=without(request.method, key),
        url=where + without(request.target, key),
        status=request.status,
        request_headers=redacted(request.headers, key),
        request_body=_without(request.body, key),
        response_headers=redacted(request.answer_headers, key),
        response_body=_without(request.answer, key),
        seconds=0.0 if request.over_at is None else request.over_at - request.at,
        note=_note(request),
        error=None if request.status is not None else _unanswered(request),
    )


def _note(request: Request) -> str:
    struck = f", struck by {request.fault}" if request.fault else ""
    return f"at {request.at:.2f} s on connection {request.connection}{struck}"


def _unanswered(request: Request) -> str:
    return "no answer" if request.complete else "the request did not come whole"


def _without(body: bytes, key: str) -> bytes:
    return body.replace(key.encode(), REDACTED.encode()) if key else body


def numbered(exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """*exchanges* counted anew from 1."""
    return tuple(replace(one, number=number) for number, one in enumerate(exchanges, start=1))
