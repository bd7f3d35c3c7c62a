"""What is told and kept of the cases of a run while they are played."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from typing import IO, TYPE_CHECKING

from screenplay_contracts.client import records
from screenplay_contracts.client.progress import Progress
from screenplay_contracts.client.story import story
from screenplay_contracts.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.playing import Played
    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.report.story import Story
    from screenplay_contracts.verdict import Result

FINE = frozenset({Verdict.PASSED, Verdict.SKIPPED})
AGAIN = "again"  # the folder of a repetition, in that of its case


class Telling:
    """A line for each case on *stream*, a folder for each in *folder*, and all requests where somebody wants them."""

    def __init__(self, stream: IO[str], folder: Path | None, *, keep_exchanges: bool) -> None:
        self._stream, self._folder, self._keeps = stream, folder, keep_exchanges
        self._exchanges: list[Exchange] = []
        self._stories: dict[str, Story] = {}
        self._progress = Progress(stream, 0)
        self.lost = 0  # cases of which nothing could be kept

    def begin(self, total: int) -> None:
        """So many cases will be played."""
        self._progress = Progress(self._stream, total)

    def done(self, case: Case, played: Played | None, results: tuple[Result, ...], again: bool) -> None:  # noqa: FBT001
        self._progress.tell(case, results, again=again)
        if played is None:
            return
        self._stories[case.name] = story(played.observation, whole=any(one.verdict not in FINE for one in results))
        if self._folder is not None:
            home = self._folder / case.name
            self._keep(home / AGAIN if again else home, played, results)
        if self._keeps:
            self._exchanges += [replace(one, note=f"{case.name}, {one.note}") for one in records.exchanges(played)]

    def _keep(self, folder: Path, played: Played, results: tuple[Result, ...]) -> None:
        """What cannot be kept, since the disk is full, is told once; it must not end the run."""
        try:
            records.write(folder, played, results, version=version("screenplay-mock"))
        except OSError as problem:
            if not self.lost:
                print(f"Error: the results in {folder} cannot be kept: {problem}", file=self._stream, flush=True)
            self.lost += 1

    @property
    def stories(self) -> tuple[Story, ...]:
        """That of each case so far; of one that was repeated, that of the repetition."""
        return tuple(self._stories.values())

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All requests so far, numbered anew."""
        return tuple(replace(one, number=number) for number, one in enumerate(self._exchanges, start=1))
