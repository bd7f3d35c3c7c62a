"""
One exchange that a fault strikes, stage by stage: how its request is received, what happens meanwhile, who answers,
what is changed in the answer, how it crosses the wire.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screenplay_mock.core import fault_kinds as kinds
from screenplay_mock.core.errors import ApiError
from screenplay_mock.core.fault_kinds import Stage
from screenplay_mock.core.lifecycle import Cancelled, Completed, Failed, IllegalTransition, Started
from screenplay_mock.core.scenario import Fails
from screenplay_mock.web.exchange import Answer, journal, perform
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
from screenplay_mock.web.faults.receive import PART, swallow
from screenplay_mock.web.faults.wire import BODILESS, ClientLeft, Sent, Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiohttp import web

    from screenplay_mock.adversary import Strike
    from screenplay_mock.core.fault_kinds import Kind, Point
    from screenplay_mock.core.faults import Fault
    from screenplay_mock.core.lifecycle import Event
    from screenplay_mock.web.exchange import Call

#: Who performs which kind; a new kind is a row in one of these.
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

NOTHING = Answer(200, {}, b"", 0)  # stands for an answer of which no byte will leave
FORCED: Mapping[str, tuple[type[Event], dict[str, str]]] = {
    "running": (Started, {}),
    "completed": (Completed, {}),
    "failed": (Failed, {"error_code": Fails().error_code, "error_message": Fails().error_message}),
    "cancelled": (Cancelled, {}),
}

log = logging.getLogger(__name__)


async def suffer(
    call: Call, operation: str, strike: Strike, operate: Callable[[bool], Awaitable[Answer]]
) -> web.StreamResponse:
    """Answer *call* the way *strike* has it. *operate* runs the operation, and pays for what leaves if told to."""
    fault, wire = strike.fault, Wire(call.services, call.request)
    answer: Answer | None = None
    try:
        if fault.when.acceptance == "before":
            await wire.wait(strike.latency / 1000)
        answer = await _answer(call, fault, operate)
        if fault.when.acceptance == "after":
            await wire.wait(strike.latency / 1000)
    except ClientLeft:
        _drop(answer)
        answer = None
    leaves = answer is not None and not _keeps_silent(fault)
    await journal(call, operation, answer if leaves else None, fault=str(strike))
    return await _carried(call, wire, answer, fault)


async def _answer(call: Call, fault: Fault, operate: Callable[[bool], Awaitable[Answer]]) -> Answer | None:
    """The answer to be carried; None where the connection ends before there can be one."""
    receive, meanwhile = fault.kind(Stage.RECEIVE), fault.kind(Stage.MEANWHILE)
    if receive == kinds.Receive("part"):
        await swallow(call, most=PART)
        return None
    if isinstance(meanwhile, kinds.Meanwhile):
        await _happen(call, meanwhile.status)
    invented = fault.kind(Stage.ANSWER)
    answer = None
    if fault.when.acceptance == "after" or (invented is None and not _keeps_silent(fault)):
        answer = await operate(invented is None and _sends_body(fault))
    elif receive != kinds.Receive("head"):
        await swallow(call)
    if invented is not None:
        _drop(answer)
        answer = await ANSWERS[type(invented)](call, invented)
    for change in fault.kinds:
        if answer is not None and change.stage is Stage.CHANGE:
            answer = await CHANGES[type(change)](call, answer, change)
    return None if answer is None else _sendable(answer)


def _sendable(answer: Answer) -> Answer:
    """*answer* without a body where there can be none (RFC 9110, 15.3.5 and 15.4.5)."""
    if answer.status not in BODILESS:
        return answer
    _drop(answer)
    return replace(answer, body=b"", size=0)


async def _happen(call: Call, status: str) -> None:
    """Bring the task to *status*, if it exists and still can get there."""
    event, details = FORCED[status]
    with suppress(ApiError, IllegalTransition):
        await call.services.engine.force(call.key, call.request.match_info["task_id"], event, **details)


async def _carried(call: Call, wire: Wire, answer: Answer | None, fault: Fault) -> web.StreamResponse:
    carry = fault.kind(Stage.CARRY)
    try:
        if answer is None and not _keeps_silent(fault):
            await wire.reset()
        elif carry is not None:
            await CARRIERS[type(carry)](wire, answer or NOTHING, carry)
        elif answer is not None:
            return await perform(call.request, answer)
    except ConnectionError:
        log.debug("the client left, or the server stopped, during a fault")
        wire.close()
    finally:
        _drop(answer)
    return Sent(keep_alive=wire.is_open and call.request.keep_alive)


def _point(fault: Fault) -> Point:
    """How much of its answer *fault* lets through before it cuts in."""
    carry = fault.kind(Stage.CARRY)
    return carry.after if isinstance(carry, kinds.Reset | kinds.Close | kinds.Stall) else "whole"


def _keeps_silent(fault: Fault) -> bool:
    return _point(fault) == "nothing"


def _sends_body(fault: Fault) -> bool:
    return _point(fault) not in ("nothing", "head")


def _drop(answer: Answer | None) -> None:
    if answer is not None and not isinstance(answer.body, bytes):
        answer.body.close()
