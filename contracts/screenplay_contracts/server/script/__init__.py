"""
The script: what is sent to a server so that every check is triggered, in chapters that can be played alone.

To add one: a function of a Session, and its row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screenplay_contracts.server.account import CannotGoOn
from screenplay_contracts.server.script import door, ends, library, lives, money, submissions, webhooks, worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from screenplay_contracts.server.session import Session


@dataclass(frozen=True, slots=True)
class Chapter:
    """`admin`: it plays only where there is an admin API."""

    name: str
    play: Callable[[Session], None]
    admin: bool = False


CHAPTERS = (
    Chapter("door", door.play),
    Chapter("bodies", door.bodies),
    Chapter("shapes", submissions.shapes),
    Chapter("assets of submissions", submissions.assets),
    Chapter("life", lives.play),
    Chapter("outputs", lives.outputs),
    Chapter("failure", ends.failure),
    Chapter("cancel", ends.cancel),
    Chapter("others", ends.others),
    Chapter("uploads", library.uploads),
    Chapter("signed URLs", library.signed_urls),
    Chapter("magic", worlds.magic_assets),
    Chapter("prices", money.prices, admin=True),
    Chapter("balance", money.balance, admin=True),
    Chapter("webhooks", webhooks.play, admin=True),
    Chapter("no webhook", webhooks.without, admin=True),
    Chapter("limit", worlds.limit, admin=True),
    Chapter("clock", worlds.clock, admin=True),
    Chapter("again", worlds.again, admin=True),
)


def play(
    session: Session, chapters: Iterable[Chapter] = CHAPTERS, *, progress: Callable[[str], None] = lambda _: None
) -> list[str]:
    """Play *chapters*, each told to *progress*; where one could not go on, a sentence says why."""
    stopped = []
    for chapter in chapters:
        if chapter.admin and not session.has_admin:
            continue
        session.note = chapter.name
        before = len(session.recorder.exchanges)
        try:
            chapter.play(session)
        except CannotGoOn as reason:
            stopped.append(f"the chapter {chapter.name!r} could not go on: {reason}")
        progress(f"{chapter.name}: {len(session.recorder.exchanges) - before} requests")
    return stopped
