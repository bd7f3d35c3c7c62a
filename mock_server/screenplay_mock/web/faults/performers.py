"""Who performs which kind of fault. A new kind is a row in one of these tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_mock.core import fault_kinds as kinds
from screenplay_mock.web.faults import (
    close,
    cut_chunk,
    cut_close,
    drip,
    edit,
    empty,
    framing,
    gzip,
    html,
    huge,
    ranges,
    redirect,
    reset,
    short,
    spoil,
    stall,
    status,
    zips,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from screenplay_mock.core.fault_kinds import Kind
    from screenplay_mock.web.exchange import Answer, Call
    from screenplay_mock.web.faults.wire import Wire

ANSWERS: Mapping[type[Kind], Callable[[Call, Any], Awaitable[Answer]]] = {
    kinds.Status: status.answer,
    kinds.Html: html.answer,
    kinds.Empty: empty.answer,
    kinds.Redirect: redirect.answer,
}
CHANGES: Mapping[type[Kind], Callable[[Call, Answer, Any], Awaitable[Answer]]] = {
    kinds.Edit: edit.change,
    kinds.Spoil: spoil.change,
    kinds.Zip: zips.change,
    kinds.Huge: huge.change,
    kinds.Gzip: gzip.change,
    kinds.Range: ranges.change,
}
CARRIERS: Mapping[type[Kind], Callable[[Wire, Answer, Any], Awaitable[None]]] = {
    kinds.Reset: reset.carry,
    kinds.Close: close.carry,
    kinds.Stall: stall.carry,
    kinds.Drip: drip.carry,
    kinds.Short: short.carry,
    kinds.CutChunk: cut_chunk.carry,
    kinds.CutClose: cut_close.carry,
    kinds.Framing: framing.carry,
}
