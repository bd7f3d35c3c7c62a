"""The download and its archive."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import case
from screenplay_contracts.client.job import submission

SHORT = submission(1)  # 3 kB: at a kilobyte a second longer than a request may keep silent

CASES = (
    case("download/ok", "DLD-01", "DLD-02", "REQ-08"),
    case("download/reset-mid-body", "DLD-02"),
    case("download/json-error-200", "DLD-03", fails=True),
    case("download/json-error-400", "DLD-03", fails=True),
    case("download/no-result", "DLD-03", fails=True),
    case("download/short", "DLD-04", fails=True),
    case("download/cut-chunked", "DLD-05", fails=True),
    case("download/cut-close-delimited", "DLD-06", fails=True),
    case("download/bad-crc", "DLD-07", fails=True),
    case("download/truncated", "DLD-07", fails=True),
    case("download/no-end-record", "DLD-07", fails=True),
    case("download/zip-slip", "DLD-08"),
    case("download/absolute-path", "DLD-08"),
    case("download/windows-path", "DLD-08"),
    case("download/symlink", "DLD-08"),
    case("download/zip-bomb", "DLD-09"),
    case("download/zip-bomb-count", "DLD-09"),
    case("download/names", "DLD-10"),
    case("download/no-utf8-flag", "DLD-10"),
    case("download/case-clash", "DLD-10"),
    case("download/duplicate-names", "DLD-10"),
    case("download/missing-entry", "DLD-11"),
    case("download/extra-entry", "DLD-11"),
    case("download/large", "DLD-12", "DLD-18", disk_bytes=1_000_000_000),
    case("t/download/drip", "DLD-13", submit=SHORT, request_timeout_seconds=1),
    case("t/download/stall", "DLD-13", deadline_seconds=5, request_timeout_seconds=1, fails=True),
    case("download/range", "DLD-14"),
    case("download/range-200", "DLD-14"),
    case("download/range-416", "DLD-14"),
    case("download/redirect-signed-url", "DLD-15"),
    case("download/signed-url-expired", "DLD-16"),
    case("download/evil-filename", "DLD-17"),
    case("download/empty-zip", "DLD-19", fails=True),
    case("download/empty-body", "DLD-19", fails=True),
    case("download/not-ready", "DLD-20"),
    case("download/402", "DLD-21", fails=True),
)
