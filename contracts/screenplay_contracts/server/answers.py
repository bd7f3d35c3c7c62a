"""What the API answers when it refuses, by the vendor's pages; where they are silent, what the fake chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screenplay_contracts.server.dialect import LIMIT_TEXT

if TYPE_CHECKING:
    from screenplay_contracts.server.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Refusal:
    """HTTP status, which is the code too, and message."""

    status: int
    text: str

    def __str__(self) -> str:
        return f"HTTP {self.status}, msg {self.text!r}"


INVALID = Refusal(400, "Invalid request parameters")  # error-codes page
UNAUTHORIZED = Refusal(401, "Unauthorized")  # error-codes page
FORBIDDEN = Refusal(403, "Forbidden")  # error-codes page has the status
NO_BALANCE = Refusal(402, "Insufficient balance. Please recharge and try again.")  # error-codes page has the status
NO_BALANCE_TO_DOWNLOAD = Refusal(  # download-task-result page; the status by the error-codes page
    402, "Insufficient balance to download the resource. Please recharge and try again."
)
NO_RESULT = Refusal(400, "No result data available for this task.")  # download-task-result page
NO_FILES = Refusal(400, "No downloadable files found for this task.")  # download-task-result page
NO_WEBHOOK = Refusal(400, "An async request requires at least one webhook.")  # whisper-audio-transcription page
NOT_A_VIDEO = Refusal(400, "Asset is not a video")  # submit-task page has the rule
TOO_LONG = Refusal(400, "Video must be under 5 minutes")  # submit-task page has the rule
NO_PATH = Refusal(404, "Not found")  # docs silent: the error-codes page has no 404
NO_METHOD = Refusal(405, "Request method not supported")  # error-codes page has the status; text of a client's log
TOO_LARGE = Refusal(413, "Request body is too large")  # docs silent: no limit is published
UNSUPPORTED = Refusal(415, "Unsupported media type")  # error-codes page
URL_EXPIRED = Refusal(403, "The signed URL has expired")  # docs silent: the storage step
URL_UNKNOWN = Refusal(404, "The signed URL is not valid")
ALREADY_STORED = Refusal(409, "The asset has been uploaded already")
INTERNAL = Refusal(500, "Internal server error")  # error-codes page has the status


def limited(dialect: Dialect) -> Refusal:
    """Rate-limit page: 429; newer pages: 400 and a text that other refusals share."""
    return Refusal(dialect.rate_limit, LIMIT_TEXT if dialect.rate_limit == INVALID.status else "Rate limit exceeded")


def no_asset(dialect: Dialect) -> Refusal:
    """Error-codes page; the transcription page, seen live, has the text of the rate limit."""
    return Refusal(400, LIMIT_TEXT if dialect.unknown_asset == "limit" else "Asset not found")


def no_task(dialect: Dialect, task_id: str) -> Refusal:
    """Download-task-result page; docs silent: the status, and the text of the other calls."""
    return Refusal(dialect.not_found_status, f"Task not found for id: {task_id}")


def not_completed(status: str) -> Refusal:
    """Download-task-result page; docs silent: the status."""
    return Refusal(400, f"Task is not completed yet, current status: {status}")


def ended(status: str) -> Refusal:
    """Cancel-task page has the rule; docs silent: text and status."""
    return Refusal(400, f"Task cannot be cancelled, current status: {status}")


def not_ready(upload_status: str) -> Refusal:
    """Upload page has the rule; docs silent: text and status."""
    return Refusal(400, f"Asset is not ready, current upload status: {upload_status}")
