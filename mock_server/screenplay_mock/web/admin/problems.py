"""Errors of the admin API, as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from screenplay_mock.encoding import plainly_encoded
from screenplay_mock.web.bodies import MOST_JSON

MOST_DETAIL = 4_000  # characters


class Problem(Exception):
    """An admin request that cannot be done: HTTP status, what is the matter and what would be right."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> web.Response:
    detail = problem.detail
    if len(detail) > MOST_DETAIL:
        detail = f"{detail[:MOST_DETAIL]}… (cut here, after {MOST_DETAIL:,} of {len(detail):,} characters)"
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": detail,
    }
    return web.Response(
        body=plainly_encoded(body), status=problem.status, content_type="application/problem+json", headers=headers
    )


#: What would have been right, where aiohttp refuses a request.
_WAYS_OUT = {
    HTTPStatus.NOT_FOUND: "there is no such path; /__admin lists those that there are",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"the body is too large; the admin API takes at most {MOST_JSON:,} bytes",
    HTTPStatus.EXPECTATION_FAILED: "the only Expect that can be met is 100-continue; send that or none",
}


def problem_for(miss: web.HTTPException) -> web.Response:
    """What the router says, as a problem."""
    if "Allow" in miss.headers:
        allow = miss.headers["Allow"]
        return problem_response(Problem(miss.status, f"the methods of this path are: {allow}"), {"Allow": allow})
    way_out = f"the request cannot be served ({miss.reason}); /__admin lists what can be asked"
    return problem_response(Problem(miss.status, _WAYS_OUT.get(HTTPStatus(miss.status), way_out)))
