"""
The kinds of faults: one small frozen class each, whose docstring says what it does to an exchange.

Their members are what a scenario file may say of them. A file may give the first member alone: `short: 50%` is
`short: {after: 50%}`. Who performs them is in `web.faults`; a new kind is a class in `fault_answers` or
`fault_connections`, a row of KINDS, and a performer there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.core.fault_answers import (
    Edit,
    Empty,
    Gzip,
    Html,
    Huge,
    Meanwhile,
    Range,
    Redirect,
    Spoil,
    Status,
    Zip,
)
from screenplay_mock.core.fault_connections import (
    Close,
    CutChunk,
    CutClose,
    Drip,
    Framing,
    Receive,
    Refused,
    Reset,
    Short,
    Silent,
    Stall,
    Tls,
)
from screenplay_mock.core.fault_stages import (
    Bytes,
    Code,
    Count,
    HeaderText,
    Kind,
    Milliseconds,
    Point,
    RetryAfter,
    Share,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "KINDS",
    "Bytes",
    "Close",
    "Code",
    "Count",
    "CutChunk",
    "CutClose",
    "Drip",
    "Edit",
    "Empty",
    "Framing",
    "Gzip",
    "HeaderText",
    "Html",
    "Huge",
    "Kind",
    "Meanwhile",
    "Milliseconds",
    "Point",
    "Range",
    "Receive",
    "Redirect",
    "Refused",
    "Reset",
    "RetryAfter",
    "Share",
    "Short",
    "Silent",
    "Spoil",
    "Stage",
    "Stall",
    "Status",
    "Tls",
    "Zip",
]

#: Every kind, by its key in a scenario file.
KINDS: Mapping[str, type[Kind]] = {
    "refused": Refused,
    "silent": Silent,
    "tls": Tls,
    "receive": Receive,
    "meanwhile": Meanwhile,
    "status": Status,
    "html": Html,
    "empty": Empty,
    "redirect": Redirect,
    "edit": Edit,
    "spoil": Spoil,
    "zip": Zip,
    "huge": Huge,
    "gzip": Gzip,
    "range": Range,
    "reset": Reset,
    "close": Close,
    "stall": Stall,
    "drip": Drip,
    "short": Short,
    "cut_chunk": CutChunk,
    "cut_close": CutClose,
    "framing": Framing,
}
