"""Uploads, and the order of episodes."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import case, upload
from screenplay_contracts.client.job import submission

CASES = (
    upload("upload/ok", "AST-01"),
    upload("upload/signed-url", "AST-02"),
    upload("upload/reset", "AST-03", fails=True),
    upload("upload/slow-processing", "AST-04"),
    upload("upload/no-100-continue", "REQ-12", upload_bytes=1_500_000),  # curl asks from 1 MB on
    upload("upload/429-then-ok", "AST-05", scenario="submit/429-then-ok"),
    case("submit/twelve-episodes", "AST-06", submit=submission(12)),
)
