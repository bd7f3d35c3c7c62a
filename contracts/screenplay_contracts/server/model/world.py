"""
One account as the model knows it: its clock, what it has, what it was charged, what its webhook was told.

A value: what happens makes a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from screenplay_contracts.server.assets import Asset, Assets
from screenplay_contracts.server.model.task import Life
from screenplay_contracts.server.model.upload import states
from screenplay_contracts.server.recording import recording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.server.model.allowed import Reading
    from screenplay_contracts.server.model.task import Task
    from screenplay_contracts.server.model.upload import Upload


#: What an asset is that was not given to the account. docs silent: the fake has a video for every id, with exceptions.
_OF_NOBODY = Assets(recording((), fake=True))


UNKNOWN = Life()


@dataclass(frozen=True, slots=True)
class Charge:
    """For which task or asset, for what, and from how much to how much (micro-dollars)."""

    subject: str
    kind: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class World:
    """
    `now` in milliseconds; None: time passes by itself. `webhook` None: nobody knows whether it has one.

    `usual` is how its tasks go, `ready_after` how long an upload takes, where that is known. `told`: the ends of tasks
    that its webhook has been told, (task id, status).
    """

    reading: Reading
    now: int | None = None
    webhook: bool | None = None
    usual: Life = UNKNOWN
    ready_after: int | None = None
    tasks: Mapping[str, Task] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    charges: tuple[Charge, ...] = ()
    told: frozenset[tuple[str, str]] = frozenset()
    untold: frozenset[str] = frozenset()  # tasks that ended while there was no webhook

    def with_task(self, task: Task) -> World:
        return replace(self, tasks={**self.tasks, task.id: task})

    def with_upload(self, upload: Upload) -> World:
        return replace(self, uploads={**self.uploads, upload.id: upload})

    def charged(self, subject: str, kind: str, least: int, most: int) -> World:
        return replace(self, charges=(*self.charges, Charge(subject, kind, least, most)))

    def states(self, asset_id: str) -> tuple[Asset, ...]:
        """All the ways in which an asset may be, for this account."""
        if asset_id in self.uploads:
            return states(self.uploads[asset_id], self.now)
        known = _OF_NOBODY.at("", asset_id, 0) if self.reading.fake else None
        return (known or Asset(exists=False),)

    def passed(self, milliseconds: int) -> World:
        """Later. What ends until then is told, once, if there is a webhook; a cancelled task tells nothing."""
        assert self.now is not None, "where time passes by itself nobody lets it pass"
        now = self.now + milliseconds
        known = {task_id for task_id, _ in self.told} | self.untold
        ended = [
            (task.id, end)
            for task in self.tasks.values()
            if task.id not in known and task.status != "cancelled" and task.ends_at is not None and task.ends_at <= now
            for end in task.life.ends
        ]
        if self.webhook:
            return replace(self, now=now, told=self.told | frozenset(ended))
        return replace(self, now=now, untold=self.untold | {task_id for task_id, _ in ended})
