"""The table of errors: documented statuses, texts to the letter, and a source for every row."""

from __future__ import annotations

from string import Formatter

import pytest

from screenplay_mock.core.dialect import DIALECTS, DOCUMENTED
from screenplay_mock.core.errors import ApiError, ErrorKind, Row, status_of, text_of

#: What the vendor's pages say to the letter, with its status where they say that too.
DOCUMENTED_TEXTS = [
    (ErrorKind.INVALID, 400, "Invalid request parameters"),
    (ErrorKind.ASSET_NOT_FOUND, 400, "Asset not found"),
    (ErrorKind.NO_WEBHOOK, 400, "An async request requires at least one webhook."),
    (ErrorKind.UNAUTHORIZED, 401, "Unauthorized"),
    (ErrorKind.METHOD_NOT_ALLOWED, 405, "Request method not supported"),
    (ErrorKind.UNSUPPORTED_TYPE, 415, "Unsupported media type"),
    (ErrorKind.RATE_LIMITED, 429, "Rate limit exceeded"),
    (ErrorKind.TASK_NOT_FOUND, 400, "Task not found for id: ros-1"),
    (ErrorKind.TASK_NOT_COMPLETED, 400, "Task is not completed yet, current status: running"),
    (ErrorKind.NO_RESULT, 400, "No result data available for this task."),
    (ErrorKind.NO_FILES, 400, "No downloadable files found for this task."),
    (
        ErrorKind.NO_BALANCE_TO_DOWNLOAD,
        402,
        "Insufficient balance to download the resource. Please recharge and try again.",
    ),
]
STATUSES_OF_THE_PAGE = {400, 401, 402, 403, 405, 409, 415, 429, 500}
BLANKS = {"task_id": "ros-1", "status": "running", "reasons": "because"}


def blanks_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("kind", "status", "text"), DOCUMENTED_TEXTS, ids=lambda value: getattr(value, "name", None))
def test_documented_texts_are_said_to_the_letter(kind: ErrorKind, status: int, text: str) -> None:
    error = ApiError(kind, **BLANKS)
    assert (status_of(error, DOCUMENTED), text_of(error, DOCUMENTED), str(error)) == (status, text, text)


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_row_names_its_source_and_says_where_the_documents_are_silent(kind: ErrorKind) -> None:
    row: Row = kind.value
    assert "page" in row.source or "docs silent: " in row.source or "public client" in row.source
    if row.status not in STATUSES_OF_THE_PAGE:
        assert "docs silent: " in row.source


def test_no_two_kinds_are_the_same_row() -> None:
    assert len(list(ErrorKind)) == len(ErrorKind.__members__)  # equal values would make one an alias of the other


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_text_has_only_blanks_that_somebody_fills(kind: ErrorKind) -> None:
    assert blanks_of(kind.value.text) <= BLANKS.keys()
    assert "{" not in str(ApiError(kind, **BLANKS))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", ErrorKind)
def test_every_error_has_an_error_status_in_every_dialect(kind: ErrorKind, dialect: str) -> None:
    error = ApiError(kind, **BLANKS)
    assert 400 <= status_of(error, DIALECTS[dialect]) < 600
    assert text_of(error, DIALECTS[dialect])


def test_what_fills_a_blank_is_taken_as_it_is() -> None:
    assert str(ApiError(ErrorKind.TASK_NOT_FOUND, task_id="{x}%s{}")) == "Task not found for id: {x}%s{}"


def test_an_error_carries_its_parts() -> None:
    error = ApiError(ErrorKind.TASK_ENDED, headers={"X": "1"}, status="failed")
    assert (error.kind, error.blanks, error.headers) == (ErrorKind.TASK_ENDED, {"status": "failed"}, {"X": "1"})
    assert str(error) == "Task cannot be cancelled, current status: failed"
    assert ApiError(ErrorKind.INTERNAL).headers == {}
