"""Below HTTP: silence, names, ports, certificates, connections."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import case, upload

NOWHERE = "screenplay.invalid"  # RFC 6761 6.4: never resolves

CASES = (
    case("t/net/black-hole", "NET-01", deadline_seconds=4, request_timeout_seconds=1, fails=True),
    case("net/dns-failure", "NET-02", scenario="poll/ok", host=NOWHERE, deadline_seconds=3, fails=True, unseen=True),
    case("net/refused", "NET-03", deadline_seconds=3, fails=True, unseen=True),
    case("net/stale-keepalive", "NET-04"),
    case("net/conn-close", "NET-05"),
    case("tls/ok", "NET-06"),
    case("tls/expired", "NET-06", deadline_seconds=4, fails=True, unseen=True),
    case("tls/self-signed", "NET-06", deadline_seconds=4, fails=True, unseen=True),
    case("tls/wrong-host", "NET-06", deadline_seconds=4, fails=True, unseen=True),
    case("tls/unknown-root", "NET-06", deadline_seconds=4, fails=True, unseen=True),
    case("tls/old-version", "NET-07", deadline_seconds=4, fails=True, unseen=True),
    case("tls/redirect-to-http", "NET-08", deadline_seconds=4, fails=True),
    case("net/redirect-loop", "NET-09", deadline_seconds=3, fails=True),
    case("t/net/slow-headers", "NET-11"),
    case("net/date-skew", "NET-13"),
    upload("upload/early-413", "NET-14", upload_bytes=4_000_000, fails=True),
    case("http/http10", "NET-15"),
)
