"""Exchanges and webhook calls as text, for people."""

from __future__ import annotations

from screenplay_contracts.curl import curl
from screenplay_contracts.exchange import Exchange, Received

LONGEST = 1_500  # characters of a body
SHOWN = frozenset({"content-type", "content-disposition", "content-length", "allow", "retry-after", "location"})


def evidence_text(one: Exchange | Received) -> str:
    """The request as curl and its answer, or the webhook call as it came."""
    if isinstance(one, Received):
        return f"# webhook call {one.number} to {one.account}, answered with {one.status}\n{received_text(one)}"
    about = f"# exchange {one.number}, account {one.account}" + (f", {one.note}" if one.note else "")
    return f"{about}\n{curl(one)}\n{answer_text(one)}"


def answer_text(exchange: Exchange) -> str:
    if exchange.status is None:
        return f"no answer: {exchange.error}"
    shown = [
        f"{name}: {value}"
        for name, value in exchange.response_headers
        if name.lower() in SHOWN or name.lower().startswith("x-")
    ]
    lines = [f"HTTP {exchange.status}", *shown, "", body_text(exchange.response_body)]
    return "\n".join([*lines, *([] if exchange.error is None else [f"({exchange.error})"])])


def received_text(received: Received) -> str:
    return f"{received.method} {received.path}\n{body_text(received.body)}"


def body_text(body: bytes | None) -> str:
    if body is None:
        return "(a body that was not recorded)"
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return f"({len(body)} bytes, no text)"
    if "\0" in text:
        return f"({len(body)} bytes, no text)"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
