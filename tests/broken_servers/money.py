"""Servers that take too much, too little, or money for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.broken_servers.edits import admin, asked, assets_of, broken, err, put, says
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory
from tests.broken_servers.row import row

from screenplay_contracts.server import magic

if TYPE_CHECKING:
    from collections.abc import Callable

    Charge = dict[str, Any]

LOOK = admin("GET", "/account")


def _charges(change: Callable[[list[Charge]], list[Charge]]) -> Fault:
    """The fault that the account shows other charges."""
    return broken(LOOK, put("charges", change))


def _twice(charges: list[Charge]) -> list[Charge]:
    return [*charges, *(one for one in charges if one["kind"] == "submit")]


def _dearer(charges: list[Charge], *, by: int = 1) -> list[Charge]:
    return [one | {"micro_dollars": one["micro_dollars"] + by} if one["kind"] == "submit" else one for one in charges]


def _first_dearer(charges: list[Charge]) -> list[Charge]:
    """In the chapter about prices the first is of 60 s."""
    return [*_dearer(charges[:1], by=1_000_000), *charges[1:]]


def _one_more(charges: list[Charge]) -> list[Charge]:
    return [*charges, {"task_id": "ros-sd-20260313-00000000", "kind": "submit", "micro_dollars": 1_000_000, "at": "?"}]


def _free(kind: str) -> Callable[[list[Charge]], list[Charge]]:
    return lambda charges: [one | {"micro_dollars": 0} if one["kind"] == kind else one for one in charges]


def _known_only(ask: Ask, answer: Answer, memory: Memory) -> None:
    """Who was not told of a task does not pay for it."""
    if ask.operation == "submitTask" and answer.ok:
        memory[answer.json["data"]["task_id"]] = True
    if LOOK(ask, answer):
        put("charges", lambda all_: [one for one in all_ if one["task_id"] is None or one["task_id"] in memory])(
            ask, answer, memory
        )


def _refunded(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.operation == "cancelTask" and answer.ok:
        memory[ask.subject] = True
    if LOOK(ask, answer):
        put("charges", lambda all_: [one for one in all_ if one["task_id"] not in memory])(ask, answer, memory)


def _not_quite_enough(ask: Ask, answer: Answer, memory: Memory) -> None:
    """A balance that just covers the price does not."""
    if ask.method == "PATCH" and answer.ok:
        memory[ask.key] = answer.json["balance_micro_dollars"]
    if ask.operation == "submitTask" and answer.ok and memory.get(ask.key) == 2_000_000:
        says(402, "Insufficient balance. Please recharge and try again.")(ask, answer, memory)


def _answered(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.operation == "submitTask" and answer.status is None:
        says(400, "Invalid request parameters")(ask, answer, memory)


ROWS = (
    row("a task is charged twice", "submit/charged-once", "prices", _charges(_twice), "money/balance"),
    row(
        "sixty seconds are two minutes",
        "money/whole-minutes",
        "prices",
        _charges(_first_dearer),
        "money/price",
        "money/balance",
    ),
    row("a minute costs too much", "money/price", "prices", _charges(_dearer), "money/balance", "money/whole-minutes"),
    row(
        "a refused submission is charged",
        "money/refused-is-free",
        "shapes",
        _charges(_one_more),
        "money/lost-is-charged",
        "money/balance",
    ),
    row("a lost answer costs nothing", "money/lost-is-charged", "prices", Fault(answer=_known_only)),
    row("a cancel is refunded", "money/no-refund", "cancel", Fault(answer=_refunded), "submit/charged-once"),
    row(
        "the balance does not fall by what is charged",
        "money/balance",
        "balance",
        broken(LOOK, put("balance_micro_dollars", lambda value: None if value is None else value + 1)),
        "money/not-enough-to-download",
    ),
    row("a download is free", "money/download-price", "life", _charges(_free("download")), "money/balance"),
    row(
        "the download of an asset is free",
        "money/asset-download-price",
        "uploads",
        _charges(_free("asset_download")),
        "money/balance",
    ),
    row(
        "too small a balance is 400",
        "money/not-enough",
        "balance",
        broken(
            asked(err("submitTask", msg="Insufficient balance"), lambda ask: assets_of(ask) != [magic.BROKE]),
            says(400, "Insufficient balance. Please recharge and try again."),
        ),
        "submit/accepts",
    ),
    row("a balance that is just enough is not", "money/just-enough", "balance", Fault(answer=_not_quite_enough)),
    row(
        "too small a balance has another text",
        "money/not-enough-text",
        "balance",
        broken(err("submitTask", msg="Insufficient balance"), put("msg", "No money")),
    ),
    row(
        "too small a balance has another text at the download",
        "money/not-enough-to-download",
        "balance",
        broken(err("downloadTask", msg="Insufficient balance"), put("msg", "No money")),
        "download/completed",
    ),
    row(
        "a magic asset does not refuse",
        "magic/submissions",
        "magic",
        broken(
            asked(err("submitTask", msg="Insufficient balance"), lambda ask: assets_of(ask) == [magic.BROKE]),
            says(400, "Invalid request parameters"),
        ),
    ),
    row(
        "a lost answer comes",
        "magic/lost-answer",
        "magic",
        Fault(answer=_answered),
        "money/refused-is-free",
        "webhook/known-task",
    ),
)
