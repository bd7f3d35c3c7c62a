"""Errors of the admin API, as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aiohttp import web

from screenplay_mock.encoding import plainly_encoded


class Problem(Exception):
    """An admin request that cannot be done: HTTP status, what is the matter and what would be right."""

    def __init__(self, status: int, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.members = members


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> web.Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    return web.Response(
        body=plainly_encoded(body), status=problem.status, content_type="application/problem+json", headers=headers
    )


def problem_for(miss: web.HTTPException) -> web.Response:
    """What the router says, as a problem."""
    if "Allow" in miss.headers:
        allow = miss.headers["Allow"]
        return problem_response(Problem(miss.status, f"the methods of this path are: {allow}"), {"Allow": allow})
    if miss.status == HTTPStatus.NOT_FOUND:
        return problem_response(Problem(miss.status, "there is no such path; /__admin lists those that there are"))
    return problem_response(Problem(miss.status, miss.reason))
