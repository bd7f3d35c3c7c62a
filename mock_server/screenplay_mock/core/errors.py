"""
Every error that the API answers: one row each, with its source.

The code in the body is the HTTP status (error-codes page: "the HTTP status equals the code field").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Row:
    """HTTP status (and envelope code), message text with its {blanks}, and where it is documented."""

    status: int
    text: str
    source: str


_LIMIT = "Request has exceeded the limit."


class ErrorKind(Enum):
    """The error table."""

    INVALID = Row(400, "Invalid request parameters", "error-codes page")
    REASONS = Row(400, "{reasons}", "submit-task page: reported 'with specific reasons'; docs silent: their shape")
    ASSET_NOT_FOUND = Row(400, "Asset not found", "error-codes page")
    ASSET_NOT_READY = Row(
        400,
        "Asset is not ready, current upload status: {status}",
        "docs silent: modelled on the download page",
    )
    ASSET_NOT_VIDEO = Row(400, "Asset is not a video", "docs silent: the rule is on the submit-task page")
    ASSET_TOO_LONG = Row(400, "Video must be under 5 minutes", "docs silent: the rule is on the submit-task page")
    NO_WEBHOOK = Row(400, "An async request requires at least one webhook.", "whisper-audio-transcription page")
    UNAUTHORIZED = Row(401, "Unauthorized", "error-codes page")
    NO_BALANCE = Row(
        402,
        "Insufficient balance. Please recharge and try again.",
        "error-codes page has the status; docs silent: the text, modelled on the download page",
    )
    NO_BALANCE_TO_DOWNLOAD = Row(
        402,
        "Insufficient balance to download the resource. Please recharge and try again.",
        "download-task-result page; docs silent: the status, by the error-codes page",
    )
    FORBIDDEN = Row(403, "Forbidden", "error-codes page has the status; docs silent: the text")
    URL_EXPIRED = Row(403, "The signed URL has expired", "docs silent: the storage step is not documented")
    PATH_NOT_FOUND = Row(404, "Not found", "docs silent: the error-codes page has no 404")
    URL_NOT_FOUND = Row(404, "The signed URL is not valid", "docs silent: the storage step is not documented")
    METHOD_NOT_ALLOWED = Row(405, "Request method not supported", "text logged by a public client")
    TIMEOUT = Row(408, "Request timeout", "docs silent: a body that never ends must not hold the server")
    ASSET_STORED = Row(409, "The asset has been uploaded already", "docs silent: the storage step is not documented")
    TOO_LARGE = Row(413, "Request body is too large", "docs silent: no limit is published")
    UNSUPPORTED_TYPE = Row(415, "Unsupported media type", "error-codes page")
    EXPECTATION_FAILED = Row(417, "Expectation failed", "docs silent: no page speaks of Expect")
    RATE_LIMITED = Row(429, "Rate limit exceeded", "rate-limit page")
    INTERNAL = Row(500, "Internal server error", "error-codes page has the status; docs silent: the text")
    TASK_NOT_FOUND = Row(400, "Task not found for id: {task_id}", "download-task-result page; docs silent: the status")
    TASK_NOT_COMPLETED = Row(
        400,
        "Task is not completed yet, current status: {status}",
        "download-task-result page; docs silent: the status",
    )
    TASK_ENDED = Row(
        400,
        "Task cannot be cancelled, current status: {status}",
        "cancel-task page has the rule; docs silent: text and status",
    )
    NO_RESULT = Row(400, "No result data available for this task.", "download-task-result page")
    NO_FILES = Row(400, "No downloadable files found for this task.", "download-task-result page")


#: Kinds whose status a switch decides: the error-codes page has no 404.
_NOT_FOUND = frozenset({ErrorKind.TASK_NOT_FOUND})


class ApiError(Exception):
    """
    An answer that is an error: its row, and what fills the blanks of the text.

    `details` are (location, message) of what the text does not say.
    """

    def __init__(
        self,
        kind: ErrorKind,
        *,
        headers: dict[str, str] | None = None,
        details: tuple[tuple[str, str], ...] = (),
        **blanks: str,
    ) -> None:
        super().__init__(kind, blanks)
        self.details = details
        self.kind = kind
        self.blanks = blanks
        self.headers = headers or {}

    def __str__(self) -> str:
        text: str = self.kind.value.text
        return text.format_map(self.blanks)


def status_of(error: ApiError, dialect: Dialect) -> int:
    """The HTTP status of *error* under *dialect*."""
    if error.kind is ErrorKind.RATE_LIMITED:
        return dialect.rate_limit
    if error.kind in _NOT_FOUND:
        return dialect.not_found_status
    status: int = error.kind.value.status
    return status


def text_of(error: ApiError, dialect: Dialect) -> str:
    """The message of *error* under *dialect*."""
    if error.kind is ErrorKind.RATE_LIMITED and dialect.rate_limit == ErrorKind.INVALID.value.status:
        return _LIMIT
    if error.kind is ErrorKind.ASSET_NOT_FOUND and dialect.unknown_asset == "limit":
        return _LIMIT
    return str(error)
