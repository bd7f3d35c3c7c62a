"""
Which fault strikes which exchange: a pure decision, from the fault, a count of calls and a draw.

A fault is deliberate misbehaviour. It says on which operations and when, and holds at most one kind for each stage
of an exchange: how the request is received, what happens meanwhile, who answers, how the answer is carried; and any
number of changes to what the answer says. The kinds are in `fault_kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from screenplay_mock.core.fault_kinds import KINDS, Count, Share, Stage
from screenplay_mock.core.identity import fraction

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Kind
    from screenplay_mock.core.scenario import Duration

#: What a fault can strike: operation ids of the OpenAPI document.
OPERATIONS = (
    "submitTask",
    "getTask",
    "cancelTask",
    "downloadTask",
    "uploadAsset",
    "createSignedUrl",
    "storeAsset",
    "getAssetMetadata",
    "deleteAsset",
    "downloadAsset",
)
ANY = "any"  # all of them
CONNECTION = "connection"  # the listener, before a request exists


@dataclass(frozen=True, slots=True)
class When:
    """
    Which calls are struck; several conditions hold together. Calls are counted from 1, since the fault is there.

    `count` says of what: the calls for each task (of operations that have one), or all of the sandbox.
    `acceptance` says whether the fault strikes instead of the operation, or after it has taken effect: then a
    submitted task exists and is charged, and only the answer suffers.
    """

    call: Count | None = None
    first: Count | None = None
    from_call: Count | None = None
    every: Count | None = None
    probability: Share | None = None
    count: Literal["task", "sandbox"] = "task"
    acceptance: Literal["before", "after"] = "before"

    @property
    def is_counting(self) -> bool:
        conditions = (self.call, self.first, self.from_call, self.every, self.probability)
        return any(condition is not None for condition in conditions)


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One fault. `times` bounds how often it strikes in a sandbox (None: no bound); `latency` is real time, drawn for
    each strike, that passes before the operation, or before its answer with `acceptance: after`.
    """

    on: tuple[str, ...]
    when: When = When()
    times: int | None = 1
    latency: Duration | None = None
    kinds: tuple[Kind, ...] = ()

    def kind(self, stage: Stage) -> Kind | None:
        """The only kind of a *stage* that is not CHANGE."""
        return next((kind for kind in self.kinds if kind.stage is stage), None)


def matches(fault: Fault, operation: str) -> bool:
    """Whether a call of *operation* counts for *fault*."""
    return operation in fault.on or (ANY in fault.on and operation != CONNECTION)


def scope(fault: Fault, task_id: str | None) -> str:
    """Which calls are counted together with one that is about *task_id*: those with the same scope."""
    return task_id if task_id is not None and fault.when.count == "task" else ""


def strikes(fault: Fault, *, number: int, struck: int, draw: float) -> bool:
    """
    Whether *fault* strikes the call with this *number*, having struck so often before.

    *draw* in [0, 1) decides where the fault has a probability.
    """
    when = fault.when
    return (
        (fault.times is None or struck < fault.times)
        and (when.call is None or number == when.call)
        and (when.first is None or number <= when.first)
        and (when.from_call is None or number >= when.from_call)
        and (when.every is None or number % when.every == 0)
        and (when.probability is None or draw < when.probability)
    )


def strike_draw(seed: int, key: str, fault_id: str, scope: str, number: int) -> float:
    """The draw for a call: the same for the same client, also where its calls for several tasks interleave."""
    return fraction("fault", seed, key, fault_id, scope, number)


def described(fault: Fault) -> str:
    """What strikes, in a few words for the journal: `close after acceptance`, `latency, status 503`."""
    words = [_words(kind) for kind in fault.kinds]
    if fault.latency is not None:
        words.insert(0, "latency")
    return ", ".join(words) + (" after acceptance" if fault.when.acceptance == "after" else "")


def _words(kind: Kind) -> str:
    name, first = NAMES[type(kind)], fields(kind)[0]
    value = getattr(kind, first.name)
    return f"{name} {value}" if isinstance(value, str | int) and value != first.default else name


NAMES = {kind: name for name, kind in KINDS.items()}
