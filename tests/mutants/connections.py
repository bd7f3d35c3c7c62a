"""Mutants below HTTP: names, connections, certificates, clocks."""

from __future__ import annotations

from tests.mutants.row import mutant

_SEND = "            return session.request(method, url, headers=headers, data=body, auth=unchanged, **rest)\n"
_BEGUN = """\
    def begin(self) -> None:
        super().begin()
"""

ROWS = (
    mutant(
        "has no timeouts",
        "NET-01 DLD-13 HYG-03",
        "t/net/black-hole t/download/stall",
        ('"timeout": self._timeout}', '"timeout": None}'),
        ('    if hasattr(signal, "setitimer"):', "    if False:"),
    ),
    mutant(
        "says nothing",
        "NET-02 NET-03 POL-03 POL-13",
        "net/dns-failure net/refused t/poll/never-ends poll/failed",
        ("    print(redacted(text), file=sys.stderr, flush=True)\n", "    pass\n"),
        ("    print(json.dumps(line))", "    json.dumps(line)"),
    ),
    mutant(
        "does not see that a connection was closed",
        "NET-04 NET-05 RTY-01",
        "net/stale-keepalive net/conn-close poll/reset-once",
        (
            "    response_class = FinalResponse\n\n    def send",
            "    response_class = FinalResponse\n    is_connected = True\n\n    def send",
        ),
        (_BEGUN, _BEGUN + "        self.will_close = self.length is None and not self.chunked\n"),
        ("                if lost.is_final:\n", "                if True:\n"),
        beside="RSP-15 RSP-16",  # the fake closes behind what it has written by hand
    ),
    mutant(
        "trusts every certificate",
        "NET-06",
        "tls/expired tls/self-signed tls/wrong-host tls/unknown-root",
        ('"allow_redirects": False, "stream"', '"verify": False, "allow_redirects": False, "stream"'),
    ),
    mutant(
        "speaks TLS 1.0",
        "NET-07",
        "tls/old-version",
        (
            "    response_class = FinalResponse  # what",
            """\
    def connect(self) -> None:
        self.ssl_context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
        self.ssl_context.minimum_version = ssl.TLSVersion.TLSv1
        self.ssl_context.set_ciphers("DEFAULT:@SECLEVEL=0")
        super().connect()

    response_class = FinalResponse  # what""",
        ),
    ),
    mutant(
        "follows redirects for ever", "NET-09", "net/redirect-loop", ("HOPS = 4, 10, 4, 5", "HOPS = 4, 10, 4, 10_000")
    ),
    mutant(
        "opens a connection for each request, and closes none",
        "NET-12",
        "t/poll/long-pending",
        (
            'self._open(self._session, "GET",',
            'self._open((kept := vars(self).setdefault("kept", [])).append(requests.Session()) or kept[-1], "GET",',
        ),
    ),
    mutant(
        "refuses a server whose clock is wrong",
        "NET-13",
        "net/date-skew",
        (
            _SEND,
            """\
            response = session.request(method, url, headers=headers, data=body, auth=unchanged, **rest)
            date = response.headers.get("Date") or "Thu, 12 Mar 2026 10:00:00 GMT"
            if abs((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()) > 3600:
                raise Ended("error", "the clocks differ")
            return response
""",
        ),
    ),
)
