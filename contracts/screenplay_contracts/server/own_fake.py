"""A fake of one's own, in a process beside this one, for as long as it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

READY = "ready "
PATIENCE = 10  # seconds that it has to end


class CannotStart(Exception):
    """The fake did not start; the text is what it said."""


@contextmanager
def own_fake(*, dialect: str | None = None) -> Iterator[str]:
    """The base URL of a fake that speaks *dialect*. Raises CannotStart."""
    command = [sys.executable, "-m", "screenplay_mock", "serve", "--port", "0", "--quiet"]
    if dialect is not None:
        command += ["--dialect", dialect]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCREENPLAY_MOCK_")}
    with (
        TemporaryDirectory(prefix="screenplay-check-") as folder,  # where no settings file is
        TemporaryFile("w+", encoding="utf-8") as said,  # no pipe: nobody would read what it says while it runs
    ):
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            cwd=folder,
            env=environment,
            start_new_session=True,  # an interrupt from the terminal is ours alone
        )
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            if not first.startswith(READY):
                if first:  # else it is about to end, and may still say why
                    process.terminate()
                process.wait(PATIENCE)
                said.seek(0)
                raise CannotStart(f"the fake did not start: {said.read().strip()}")
            yield first.removeprefix(READY).strip()
        finally:
            process.terminate()
            try:
                process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
