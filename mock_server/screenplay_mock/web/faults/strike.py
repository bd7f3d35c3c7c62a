"""
One exchange that a fault strikes, stage by stage: how its request is received, what happens meanwhile, who answers,
what is changed in the answer, how it crosses the wire.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import HttpVersion11

from screenplay_mock.core import fault_kinds as kinds
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.core.fault_kinds import Stage
from screenplay_mock.core.faults import Fault, When, described
from screenplay_mock.core.lifecycle import Cancelled, Completed, Failed, IllegalTransition, Started
from screenplay_mock.core.scenario import Fails
from screenplay_mock.web.bodies import BODY_SECONDS, CUT_OFF, MOST_JSON
from screenplay_mock.web.exchange import JSON, Answer, drop, failure, journal, paid, perform
from screenplay_mock.web.faults.performers import ANSWERS, CARRIERS, CHANGES
from screenplay_mock.web.faults.receive import PART, swallow
from screenplay_mock.web.faults.wire import BODILESS, ClientLeft, Sent, Wire, bytes_until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiohttp import web

    from screenplay_mock.adversary import Strike
    from screenplay_mock.core.fault_kinds import Kind, Point
    from screenplay_mock.core.lifecycle import Event
    from screenplay_mock.web.exchange import Call

REFUSED = 400  # the first HTTP status that is an error
#: What strikes a submission whose magic asset wants its answer lost.
LOST = Fault(("submitTask",), When(acceptance="after"), kinds=(kinds.Close(),))
NOTHING = Answer(200, {}, b"", 0)  # stands for an answer of which no byte will leave
FORCED: Mapping[str, tuple[type[Event], dict[str, str]]] = {
    "running": (Started, {}),
    "completed": (Completed, {}),
    "failed": (Failed, {"error_code": Fails().error_code, "error_message": Fails().error_message}),
    "cancelled": (Cancelled, {}),
}

log = logging.getLogger(__name__)


async def suffer(
    call: Call, operation: str, strike: Strike, operate: Callable[[], Awaitable[Answer]]
) -> web.StreamResponse:
    """Answer *call* the way *strike* has it. *operate* runs the operation; what it answers is not paid for yet."""
    fault, wire = strike.fault, Wire(call.services, call.request)
    waits_first = fault.when.acceptance == "before"
    # a slow way in does not stop what is on it: the operation takes effect though its client has given up
    left = waits_first and await _waited(call, wire, strike)
    try:
        answer, suffered = await _answer(call, fault, operate)
    except Exception:
        log.exception("the fault %s of %s failed", strike, operation)
        answer, suffered = failure(call, ApiError(ErrorKind.INTERNAL)), fault
    if suffered is None:
        await call.services.adversary.spare(call.key, strike)
    left = left or (not waits_first and await _waited(call, wire, strike))
    if answer is not None and not left and _bytes_leaving(answer, suffered):
        answer = await paid(call, answer)
    told = None if left or answer is None or _keeps_silent(suffered) else answer
    if await _lives(call):
        await journal(call, operation, told, fault=None if suffered is None else described(suffered))
    if left:
        drop(answer)
        wire.close()
        return Sent(keep_alive=False)
    return await _carried(call, wire, answer, suffered)


async def _waited(call: Call, wire: Wire, strike: Strike) -> bool:
    """Let the latency of *strike* pass; whether the client has left meanwhile."""
    if not strike.latency:
        return False
    size = call.request.content_length or 0
    if call.request.content_type == JSON and 0 < size <= MOST_JSON:
        with suppress(TimeoutError, *CUT_OFF):
            async with asyncio.timeout(BODY_SECONDS):
                await call.request.read()  # it is on its way, and is there when the operation asks for it
    try:
        await wire.wait(strike.latency / 1000)
    except ClientLeft:
        return True
    if await _lives(call):
        call.sandbox, _ = await call.services.sandboxes.read(call.key)
    return False


async def _lives(call: Call) -> bool:
    """Whether the sandbox still lives the life in which *call* came: nobody has deleted or reset it."""
    space = await call.services.store.peek(call.key)
    return space is not None and (await space.sandbox()).opened_at == call.sandbox.opened_at


async def _answer(
    call: Call, fault: Fault, operate: Callable[[], Awaitable[Answer]]
) -> tuple[Answer | None, Fault | None]:
    """
    The answer to be carried, None where the connection ends before there can be one; and the fault that it suffers:
    None when it had nothing to strike, since the operation was refused.
    """
    receive, meanwhile = fault.kind(Stage.RECEIVE), fault.kind(Stage.MEANWHILE)
    if receive == kinds.Receive("part"):
        await swallow(call, most=PART)
        return None, fault
    if isinstance(meanwhile, kinds.Meanwhile):
        await _happen(call, meanwhile.status)
    invented = fault.kind(Stage.ANSWER)
    answer = None
    if fault.when.acceptance == "after" or (invented is None and not _keeps_silent(fault)):
        answer = await operate()
        if answer.status >= REFUSED and _needs_success(fault):
            return answer, None
        if call.answer_lost:  # whatever else strikes: the magic asset wants nobody to hear of it
            fault = LOST
    elif receive != kinds.Receive("head"):
        await swallow(call)
    if invented is not None:
        drop(answer)
        answer = await ANSWERS[type(invented)](call, invented)
    for change in fault.kinds:
        if answer is not None and change.stage is Stage.CHANGE:
            answer = await CHANGES[type(change)](call, answer, change)
    return None if answer is None else _sendable(answer), fault


def _needs_success(fault: Fault) -> bool:
    """Whether a refused operation leaves *fault* nothing to do: nothing was accepted, or there is no archive."""
    on_archives = any(isinstance(kind, kinds.Zip | kinds.Range) for kind in fault.kinds)
    return on_archives or (fault.when.acceptance == "after" and fault.kind(Stage.MEANWHILE) is None)


def _sendable(answer: Answer) -> Answer:
    """*answer* without a body where there can be none (RFC 9110, 15.3.5 and 15.4.5)."""
    if answer.status not in BODILESS:
        return answer
    drop(answer)
    return replace(answer, body=b"", size=0, pay=None)


async def _happen(call: Call, status: str) -> None:
    """Bring the task to *status*, if it exists and still can get there."""
    event, details = FORCED[status]
    with suppress(ApiError, IllegalTransition):
        await call.services.engine.force(call.key, call.request.match_info["task_id"], event, **details)


async def _carried(call: Call, wire: Wire, answer: Answer | None, fault: Fault | None) -> web.StreamResponse:
    carry = None if fault is None else fault.kind(Stage.CARRY)
    try:
        if answer is None and not _keeps_silent(fault):
            await wire.reset()
        elif carry is not None and (answer is None or _fits(carry, answer, call.request)):
            await CARRIERS[type(carry)](wire, answer or NOTHING, carry)
        elif answer is not None and answer.omitted:
            await wire.send_until(answer, "whole")
        elif answer is not None:
            return await perform(call.request, answer)
    except ConnectionError:
        log.debug("the client left, or the server stopped, during a fault")
        wire.close()
    finally:
        drop(answer)
    return Sent(keep_alive=wire.is_open and call.request.keep_alive)


def _fits(carry: Kind, answer: Answer, request: web.Request) -> bool:
    """Whether HTTP has room for it: a body for what plays with bodies, version 1.1 for chunks and interim answers."""
    if isinstance(carry, kinds.Reset | kinds.Close | kinds.Stall | kinds.Drip):
        return True
    needs_11 = isinstance(carry, kinds.CutChunk) or carry in (kinds.Framing("odd"), kinds.Framing("early_hints"))
    return answer.status not in BODILESS and (request.version >= HttpVersion11 or not needs_11)


def _point(fault: Fault | None) -> Point:
    """How much of its answer *fault* lets through before it cuts in."""
    carry = None if fault is None else fault.kind(Stage.CARRY)
    return carry.after if isinstance(carry, kinds.Reset | kinds.Close | kinds.Stall) else "whole"


def _keeps_silent(fault: Fault | None) -> bool:
    return _point(fault) == "nothing"


def _bytes_leaving(answer: Answer, fault: Fault | None) -> int:
    """How many bytes of the body of *answer* will leave."""
    carry = None if fault is None else fault.kind(Stage.CARRY)
    if isinstance(carry, kinds.Short | kinds.CutChunk | kinds.CutClose):
        return bytes_until(answer, float(carry.after))
    return bytes_until(answer, _point(fault))
