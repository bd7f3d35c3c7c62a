"""A request as the command line of curl that sends it again; its key is in the environment, not in the text."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from screenplay_contracts.exchange import REDACTED

if TYPE_CHECKING:
    from screenplay_contracts.exchange import Exchange

KEY = "$SCREENPLAY_API_KEY"
LONGEST = 2_000  # characters of a body; a longer one is better taken from the HAR
DROPPED = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent"})


def curl(exchange: Exchange) -> str:
    parts = ["curl", "-i", "-X", exchange.method, shlex.quote(exchange.url)]
    for name, value in exchange.request_headers:
        if name.lower() in DROPPED:
            continue
        # in double quotes, so that the shell puts the key in
        header = f'"{name}: {value.replace(REDACTED, KEY)}"' if REDACTED in value else shlex.quote(f"{name}: {value}")
        parts += ["-H", header]
    return " ".join([*parts, *_body(exchange.request_body)])


def _body(body: bytes | None) -> list[str]:
    if body is None:
        return ["# with a body that was not recorded"]
    if not body:
        return []
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text or len(text) > LONGEST or "\0" in text:
        return ["--data-binary", "@body", f"# a body of {len(body)} bytes"]
    return ["--data-raw", shlex.quote(text)]
