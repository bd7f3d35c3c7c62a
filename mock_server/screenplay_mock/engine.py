"""The life of tasks in sandboxes: store + clock + core, one method for each thing a client can do with a task."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from screenplay_mock.clock import Mode
from screenplay_mock.core import submission as rules
from screenplay_mock.core.account import Charge, ChargeKind, admitted, affords, paid
from screenplay_mock.core.assets import derived_asset, plausible_video, reason_against
from screenplay_mock.core.delivery import owed
from screenplay_mock.core.errors import ApiError, ErrorKind, text_of
from screenplay_mock.core.identity import task_id, task_identity
from screenplay_mock.core.lifecycle import Cancelled, Event, IllegalTransition, Status, Task
from screenplay_mock.core.magic import MAGIC_IDS, AnswerLost, Is, Refused, bent, deciding, magic_asset
from screenplay_mock.core.money import price_of_download, price_of_episodes
from screenplay_mock.core.picking import life_of
from screenplay_mock.core.plan import Episode, Record, happened, plan, task_at
from screenplay_mock.core.wire import instant

if TYPE_CHECKING:
    from screenplay_mock.core.assets import Asset
    from screenplay_mock.core.magic import Does
    from screenplay_mock.core.submission import Submission
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.sandboxes import Sandboxes
    from screenplay_mock.store import Space
    from screenplay_mock.timekeeper import Timekeeper


#: What is said of a task that has no zip.
_NOTHING = {"no_files": ErrorKind.NO_FILES, "no_result": ErrorKind.NO_RESULT}


class Engine:
    def __init__(self, sandboxes: Sandboxes, timekeeper: Timekeeper) -> None:
        self._sandboxes = sandboxes
        self._timekeeper = timekeeper

    async def admit(self, key: str, operation: str) -> None:
        """Count a call of *operation* against the rate limit. Raises ApiError when it is too fast."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            if sandbox.account.rate_limit is None:
                return
            now = self._sandboxes.now(sandbox)
            calls = admitted(sandbox.calls, operation, sandbox.account.rate_limit, now)
            if calls is None:
                raise ApiError(ErrorKind.RATE_LIMITED)
            await space.put_sandbox(replace(sandbox, calls=calls))

    async def submit(self, key: str, wanted: Submission) -> Record:
        """Accept and charge *wanted*, or raise ApiError and change nothing."""
        does = deciding(asset_id for _, asset_id in wanted.episodes)
        if isinstance(does, Refused) and does.first_time:
            await self._refuse_first(key, does.kind)
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            now = self._sandboxes.now(sandbox)
            if sandbox.dialect.missing_webhook == "reject" and sandbox.account.webhook_url is None:
                raise ApiError(ErrorKind.NO_WEBHOOK)
            episodes = await _episodes(space, sandbox, wanted, now, plain=not isinstance(does, Is))
            record = _record(sandbox, wanted, episodes, now, does)
            price = price_of_episodes(episode.duration for episode in record.episodes)
            if not affords(sandbox.account, price):
                raise ApiError(ErrorKind.NO_BALANCE)
            if isinstance(does, Refused) and not does.first_time:
                raise ApiError(does.kind)
            await space.put_task(record)
            await space.put_charge(Charge(record.id, ChargeKind.SUBMIT, price, now))
            await space.put_sandbox(
                replace(sandbox, accepted=sandbox.accepted + 1, account=paid(sandbox.account, price))
            )
            await self._owe(space, sandbox, record)
        return record

    async def _refuse_first(self, key: str, kind: ErrorKind) -> None:
        """Raise ApiError the first time in the sandbox."""
        async with self._sandboxes.change(key) as space:
            number = await space.count(f"refused {kind.name}")
        if number == 1:
            raise ApiError(kind)

    async def _owe(self, space: Space, sandbox: Sandbox, record: Record, before: Record | None = None) -> None:
        """Plan the deliveries of *record*; of one that changed, those that are not as they were *before*."""
        were = {} if before is None else {delivery.id: delivery for delivery in owed(before)}
        for delivery in owed(record):
            if were.pop(delivery.id, None) != delivery:
                await space.put_delivery(delivery)
                self._timekeeper.expect(sandbox, delivery)
        for delivery_id in were:
            await space.drop_delivery(delivery_id)

    async def status(self, key: str, task_id: str) -> Task:
        """The task as it is now; under a poll clock, asking lets time pass."""
        sandbox, space = await self._sandboxes.read(key)
        if sandbox.clock.mode is Mode.POLL:
            sandbox = await self._timekeeper.tick(key)
        return task_at(await _task(space, task_id), self._sandboxes.now(sandbox))

    async def cancel(self, key: str, task_id: str) -> Task:
        """Cancel the task, or raise ApiError: only pending and running tasks can be cancelled."""
        try:
            return await self.force(key, task_id, Cancelled)
        except IllegalTransition as illegal:
            raise ApiError(ErrorKind.TASK_ENDED, status=illegal.task.status) from None

    async def force(self, key: str, task_id: str, kind: type[Event], **details: str) -> Task:
        """
        Make an event of *kind* happen to the task now. Raises ApiError, and IllegalTransition.

        What the dropped part of its plan would have told is not told any more; what the event causes is; what the
        past has caused is left as it stands.
        """
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            now = self._sandboxes.now(sandbox)
            before = await _task(space, task_id)
            record = happened(before, kind(now, **details))  # type: ignore[arg-type]
            await space.put_task(record)
            await self._owe(space, sandbox, record, before)
        return task_at(record, now)

    async def downloadable(self, key: str, task_id: str) -> Record:
        """The record of a completed task that has something to download. Raises ApiError for any other."""
        sandbox, space = await self._sandboxes.read(key)
        record = await _task(space, task_id)
        task = task_at(record, self._sandboxes.now(sandbox))
        if task.status is not Status.COMPLETED:
            raise ApiError(ErrorKind.TASK_NOT_COMPLETED, status=task.status)
        if record.result != "zip":
            raise ApiError(_NOTHING[record.result])
        return record

    async def pay_download(self, key: str, kind: ChargeKind, subject: str, size: int) -> None:
        """Take the price of a download of *size* bytes, whose first is about to leave, or raise ApiError."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            price = price_of_download(size)
            if kind is ChargeKind.DOWNLOAD:
                await _task(space, subject)  # the sandbox may have begun anew meanwhile
            if not affords(sandbox.account, price):
                raise ApiError(ErrorKind.NO_BALANCE_TO_DOWNLOAD)
            await space.put_charge(Charge(subject, kind, price, self._sandboxes.now(sandbox)))
            await space.put_sandbox(replace(sandbox, account=paid(sandbox.account, price)))


async def _episodes(
    space: Space, sandbox: Sandbox, wanted: Submission, now: int, *, plain: bool
) -> tuple[Episode, ...]:
    """The episodes of *wanted*. Raises ApiError with what is wrong with all their assets; *plain*: see find_asset."""
    episodes: list[Episode] = []
    refused: list[tuple[str, ApiError]] = []
    for number, asset_id in wanted.episodes:
        asset = await find_asset(space, sandbox, asset_id, plain=plain)
        reason = reason_against(asset, now)
        if reason is not None:
            refused.append((number, reason))
        elif asset is not None:
            episodes.append(Episode(number, asset.id, asset.duration))
    if refused:
        texts = {number: text_of(error, sandbox.dialect) for number, error in refused}
        raise rules.together(refused, texts)
    return tuple(episodes)


async def find_asset(space: Space, sandbox: Sandbox, asset_id: str, *, plain: bool = False) -> Asset | None:
    """
    The asset of this sandbox with that id, uploaded or, unless the scenario is strict, derived from the id.

    A magic id has its asset in any case, so that any client can provoke an outcome without touching the admin API;
    where it is *plain*, that is a video like others.
    """
    asset = await space.asset(asset_id)
    if asset is None and asset_id in MAGIC_IDS:
        return plausible_video(asset_id) if plain else magic_asset(asset_id)
    if asset is not None or sandbox.scenario.submission.strict_assets:
        return asset
    return derived_asset(asset_id)


async def _task(space: Space, task_id: str) -> Record:
    record = await space.task(task_id)
    if record is None:
        raise ApiError(ErrorKind.TASK_NOT_FOUND, task_id=task_id)
    return record


def _record(sandbox: Sandbox, wanted: Submission, episodes: tuple[Episode, ...], now: int, does: Does | None) -> Record:
    number = sandbox.accepted + 1
    identity = task_identity(sandbox.seed, sandbox.key, number)
    durations = [episode.duration for episode in episodes]
    assets = [episode.asset_id for episode in episodes]
    life, webhook = bent(does, *life_of(sandbox.scenario, assets, number))
    return Record(
        id=task_id(rules.MODES[wanted.mode], instant(now)[:10], identity.suffix) + life.id_suffix,
        request_id=identity.request_id,
        mode=wanted.mode,
        created_at=now,
        episodes=episodes,
        options=wanted.options,
        result_seed=identity.result_seed,
        events=plan(life, durations, now, identity.plan_seed),
        webhook=webhook,
        result=life.result,
        answer_lost=isinstance(does, AnswerLost),
    )
