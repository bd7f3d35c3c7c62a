"""The four operations on tasks (vendor pages: submit-task, get-task-status, cancel-task, download-task-result)."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from screenplay_mock.core import submission as rules
from screenplay_mock.core import wire
from screenplay_mock.core.account import ChargeKind
from screenplay_mock.core.errors import ErrorKind
from screenplay_mock.journal import Violation
from screenplay_mock.web.attachment import attachment
from screenplay_mock.web.bodies import json_body
from screenplay_mock.web.exchange import Answer, Call, success

if TYPE_CHECKING:
    from screenplay_mock.archive import Archive
    from screenplay_mock.core.plan import Record


async def submit(call: Call) -> Answer:
    body = await json_body(call, "submit-request", rules.accepts)
    for location in rules.unknown_members(body):
        call.note(location, "schema/unknown-member", "the vendor documents no such member")
    wanted = rules.submission(body)
    broken = rules.refusal(wanted, call.sandbox.scenario.submission)
    if broken is not None:
        raise call.refuse(ErrorKind.INVALID, Violation(broken[0], "submission", broken[1]))
    record = await call.services.engine.submit(call.key, wanted)
    call.task_id, call.answer_lost = record.id, record.answer_lost
    return success(call, wire.submitted(record))


async def status(call: Call) -> Answer:
    call.task_id = call.request.match_info["task_id"]
    return success(call, wire.status(await call.services.engine.status(call.key, call.task_id)))


async def cancel(call: Call) -> Answer:
    call.task_id = call.request.match_info["task_id"]
    return success(call, wire.cancelled(await call.services.engine.cancel(call.key, call.task_id)))


async def download(call: Call) -> Answer:
    call.task_id = call.request.match_info["task_id"]
    engine = call.services.engine
    record = await engine.downloadable(call.key, call.task_id)
    async with call.services.builds:
        archive = await asyncio.to_thread(_built, record)
    return Answer(
        200,
        {"Content-Type": "application/zip", "Content-Disposition": attachment(f"{record.id}.zip")},
        archive.file,
        archive.size,
        partial(engine.pay_download, call.key, ChargeKind.DOWNLOAD, record.id, archive.uncompressed_size),
    )


def _built(record: Record) -> Archive:
    from screenplay_mock.archive import build
    from screenplay_mock.core.screenplay import EpisodeCut

    return build(
        seed=record.result_seed,
        language=record.options.language,
        episodes=[EpisodeCut(episode.number, episode.duration) for episode in record.episodes],
        require_json=record.options.require_json,
        require_xlsx=record.options.require_xlsx,
        require_merge_xlsx=record.options.require_merge_xlsx,
    )
