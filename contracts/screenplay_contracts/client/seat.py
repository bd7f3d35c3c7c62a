"""Where one client of a case sits: its folders, its job, and its processes, two where it is started again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from screenplay_contracts.client import files
from screenplay_contracts.client.command import environment
from screenplay_contracts.client.folders import Folders
from screenplay_contracts.client.growth import Growth, seldom
from screenplay_contracts.client.process import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from screenplay_contracts.client.command import Told
    from screenplay_contracts.client.job import Job
    from screenplay_contracts.client.observation import Files

VIDEO = 20_000  # milliseconds: how long an upload says that it is


class Seat:
    """
    *elsewhere* are absolute paths to be watched, too. Files to be uploaded have *upload_bytes* each. *passed_on* are
    variables that a client gets beside those of the contract.
    """

    def __init__(
        self,
        root: Path,
        job: Job,
        *,
        elsewhere: tuple[str, ...] = (),
        upload_bytes: int,
        passed_on: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folders = Folders(root)
        self.folders.make()
        self.job = replace(job, uploads=_made(job, self.folders.job, upload_bytes))
        self._job_file = self.folders.job / "job.json"
        self._job_file.write_text(json.dumps(self.job.data(), ensure_ascii=False, indent=1), "utf-8")
        self._before = files.before(self.folders, elsewhere)
        self.growth = Growth(self.folders.out / files.RESULT)
        self.processes: list[Running] = []
        self._passed_on = passed_on

    def start(self, argv: tuple[str, ...], path: str, told: Told) -> Running:
        """Start the client, for the first time or again. Raises CannotStart."""
        variables = self.variables(told, path)
        mark = f"SCREENPLAY_OUT={self.folders.out}"
        self.processes.append(Running(argv, variables, self.folders.work, mark=mark, key=told.key.strip()))
        return self.processes[-1]

    def variables(self, told: Told, path: str) -> dict[str, str]:
        """The environment of the client."""
        return environment(told, self.folders, self._job_file, path, self._passed_on)

    def too_much_written(self, most: int) -> Callable[[], str | None]:
        """What says whether more than *most* bytes are in the folders; it looks again only after a while."""
        weighed = seldom(self.folders.written)

        def said() -> str | None:
            written = weighed()
            return f"{written / 1e6:.0f} MB written" if written is not None and written > most else None

        return said

    async def close(self) -> None:
        """End what is left of its processes."""
        await asyncio.gather(*(each.close() for each in self.processes))

    async def survey(self, key: str) -> Files:
        """What is left, and how the result came to be."""
        await asyncio.to_thread(self.growth.look)
        left = await asyncio.to_thread(files.survey, self.folders, self._before, key)
        return replace(left, stages=self.growth.stages)


def _made(job: Job, folder: Path, size: int) -> dict[str, str]:
    """The files that *job* wants uploaded, by episode."""
    from screenplay_mock.media import tiny_mp4

    paths = {}
    for episode, name in job.uploads.items():
        (folder / name).write_bytes(b"".join(tiny_mp4(VIDEO, size)))
        paths[episode] = str(folder / name)
    return paths
