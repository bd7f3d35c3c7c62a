"""All mutants: at least one for every behaviour that is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutants import (
    answers,
    archives,
    cancels,
    connections,
    downloads,
    forms,
    polls,
    retries,
    submits,
    webhooks,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.mutants.row import Mutant

#: By area.
AREAS: Mapping[str, tuple[Mutant, ...]] = {
    "forms": forms.ROWS,
    "submits": submits.ROWS,
    "retries": retries.ROWS,
    "polls": polls.ROWS,
    "answers": answers.ROWS,
    "webhooks": webhooks.ROWS,
    "downloads": downloads.ROWS,
    "archives": archives.ROWS,
    "connections": connections.ROWS,
    "cancels": cancels.ROWS,
}
ROWS: tuple[Mutant, ...] = tuple(row for rows in AREAS.values() for row in rows)

#: Behaviours that no change of the careful client can break, and why.
WITHOUT: Mapping[str, str] = {}

#: Cases with quick ways through all areas: a mutant that they do not concern must pass them.
NEUTRAL = (
    "submit/ok",
    "poll/ok",
    "poll/503-once",
    "poll/failed",
    "http/gzip",
    "json/charset-latin1",
    "webhook/ok",
    "download/ok",
    "net/conn-close",
    "upload/ok",
)
