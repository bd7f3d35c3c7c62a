"""
The switches: one for each place where the vendor's documents contradict themselves, and the named sets of them.

`documented` follows the screenplay pages and the error-code page, `legacy` the oldest pages,
`live` what newer pages call verified live and what clients logged.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args, get_type_hints

SuccessCode = Literal["200", '"200"', '"0000"']


@dataclass(frozen=True, slots=True)
class Dialect:
    """One reading of the documents. Each switch names the pages that disagree."""

    # screenplay pages: integer 200; a table beside them: string; the oldest pages: "0000"
    success_code: int | str = 200
    # base download pages: errors carry success and failed; error-code page: code, msg, data only
    error_flags: bool = True
    # asset download page: string; everywhere else: integer
    error_code_type: Literal["integer", "string"] = "integer"
    # error-code page: 429; upload page: 400 with a text shared with other failures
    rate_limit: Literal["429", "400"] = "429"
    # error-code page: Asset not found; transcription page, seen live: Request has exceeded the limit.
    unknown_asset: Literal["not_found", "limit"] = "not_found"
    # error-code page has no 404; the download page has a not-found text and no status
    not_found_status: Literal[400, 404] = 400
    # submit page: "you will not receive the results"; transcription page: a hard 400
    missing_webhook: Literal["silent", "reject"] = "silent"
    # submit page: "your original request ID"; webhooks page: the id that the call returned
    callback_task_id: Literal["request_id", "task_id"] = "request_id"
    # webhooks page: message; responses and older callbacks: msg
    callback_text_member: Literal["message", "msg"] = "message"
    # vendor pages: /{asset_id}; two clients: /asset/{asset_id}
    asset_paths: Literal["root", "both"] = "root"
    # newer pages say "no Bearer prefix"; whether one is tolerated is said nowhere
    bearer: Literal["reject", "accept"] = "reject"
    # metadata page promises a duration in prose, its fields have none
    metadata_duration: bool = False


DOCUMENTED = Dialect()
