"""Answers that are odd, damaged or from somebody else."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import case

CASES = (
    case("http/status-299", "RSP-01"),
    case("http/status-471", "RSP-01", deadline_seconds=3, fails=True),
    case("http/status-599", "RSP-01"),
    case("envelope/200-with-402", "RSP-02", fails=True),
    case("envelope/500-with-200", "RSP-02"),
    case("proxy/html-502", "RSP-03"),
    case("proxy/html-200", "RSP-04", deadline_seconds=3, fails=True),
    case("http/204", "RSP-05"),
    case("http/empty-200", "RSP-05"),
    case("http/short-json", "RSP-06"),
    case("http/cut-json", "RSP-07"),
    case("http/garbage-json", "RSP-07"),
    case("json/bom", "RSP-08", deadline_seconds=4),
    case("json/charset-latin1", "RSP-09", fails=True),
    case("http/wrong-type", "RSP-09", deadline_seconds=4),
    case("json/big-numbers", "RSP-10"),
    case("json/unicode", "RSP-11", deadline_seconds=4, fails=True),
    case("envelope/shapes", "RSP-12"),
    case("json/duplicate-keys", "RSP-13"),
    case("http/gzip", "RSP-14"),
    case("http/gzip-unasked", "RSP-14", deadline_seconds=4),
    case("http/early-hints", "RSP-15"),
    case("http/odd-framing", "RSP-16"),
    case("http/huge-json", "RSP-17"),
    case("http/gzip-bomb", "RSP-17"),
    case("json/timestamps", "RSP-18", together=3),
    case("poll/unknown-error-code", "RSP-19", fails=True),
)
