"""The checks of Schemathesis as ours, and one of our own that runs among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.verdict import Check, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.server.rules import Need

MUST, SHOULD = Severity.MUST, Severity.SHOULD
DOCUMENT = "the OpenAPI document, made from the vendor's pages (x-source of each operation)"
PREFIX = "schemathesis/"

#: Name of our own check among those of Schemathesis.
CONTRACT = "contract"

_TABLE = (
    (
        "not_a_server_error",
        MUST,
        "error-codes page: 500 is an internal server error",
        "No request makes the server fail.",
    ),
    (
        "status_code_conformance",
        SHOULD,
        f"{DOCUMENT}; docs silent: which of the error-codes page's statuses an operation has",
        "Each status is one that the document has for the operation.",
    ),
    (
        "content_type_conformance",
        SHOULD,
        f"{DOCUMENT}; docs silent: which types an asset may have",
        "Each media type is one that the document has for the answer.",
    ),
    ("response_headers_conformance", MUST, DOCUMENT, "Each answer has the headers that the document requires."),
    ("response_schema_conformance", MUST, DOCUMENT, "Each body has the shape that the document describes."),
    (
        "negative_data_rejection",
        SHOULD,
        f"{DOCUMENT}; docs silent: most refusals",
        "What breaks the document is refused.",
    ),
    (
        "positive_data_acceptance",
        SHOULD,
        DOCUMENT,
        "What keeps the document is accepted, or refused for what it cannot say.",
    ),
    ("unsupported_method", MUST, "error-codes page: 405", "A method that a path does not have is refused."),
    (
        "allow_header_conformance",
        SHOULD,
        "RFC 9110, 10.2.1; docs silent: other methods than the document's",
        "Allow names the methods that the document has for the path, and no others but HEAD and OPTIONS.",
    ),
    ("use_after_free", MUST, "delete page: irreversible", "A deleted asset is gone."),
    ("ignored_auth", MUST, "error-codes page: 401", "Nothing is done without a key, nor with a wrong one."),
    (
        CONTRACT,
        MUST,
        "the pages of the promises that are broken",
        "Each answer by itself keeps what the other checks say that it must.",
    ),
)

CHECKS: Mapping[Check, frozenset[Need]] = {
    Check(PREFIX + name, severity, source, promise): frozenset() for name, severity, source, promise in _TABLE
}
