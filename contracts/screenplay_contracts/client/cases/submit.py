"""Submissions: lost, refused, redirected, or answered oddly."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import case

CASES = (
    case("submit/reset-after-accept", "SUB-02", "SUB-13", fails=True),
    case("submit/close-after-accept", "SUB-03", "SUB-13", fails=True),
    case("t/submit/slow-answer", "SUB-04", request_timeout_seconds=1),
    case("submit/gateway-504-after-accept", "SUB-05", "SUB-13", fails=True),
    case("submit/500-after-accept", "SUB-06", "SUB-13", fails=True),
    case("submit/429-then-ok", "SUB-07", "SUB-14"),
    case("submit/400-limit", "SUB-08", "SUB-14"),
    case("submit/refused-then-ok", "SUB-09", unseen=True),
    case("submit/400-asset", "SUB-10", fails=True),
    case("submit/402", "SUB-10", fails=True),
    case("submit/403", "SUB-10", "REQ-03", fails=True),
    case("submit/409", "SUB-10", fails=True),
    case("submit/415", "SUB-10", fails=True),
    case("submit/200-business-error", "SUB-11", fails=True),
    case("submit/no-task-id", "SUB-12", "SUB-01", "SUB-13", fails=True),
    case("submit/null-task-id", "SUB-12", "SUB-01", "SUB-13", fails=True),
    case("submit/empty-task-id", "SUB-12", "SUB-01", "SUB-13", fails=True),
    case("submit/redirect-302", "SUB-15", fails=True),
    case("submit/redirect-307-same", "SUB-16", "SUB-14"),
    case("submit/redirect-307-cross", "SUB-16", fails=True),
    case("submit/no-webhook-400", "SUB-19", fails=True),
    case("envelope/code-200-int", "SUB-20"),
    case("envelope/code-200-string", "SUB-20"),
    case("envelope/code-0000", "SUB-20"),
)
