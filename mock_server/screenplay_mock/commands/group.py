"""What the commands have in common: how they end when somebody interrupts them, or when nothing can be written."""

from __future__ import annotations

import sys
from contextlib import suppress
from errno import EBADF, EDQUOT, EFBIG, EIO, ENOSPC
from typing import Any

import click

from screenplay_mock.commands.greeting import let_go_of_streams

CANNOT_WRITE = 2  # as for a file that cannot be written; 1 says that something was judged
FULL = (ENOSPC, EDQUOT, EFBIG, EIO, EBADF)  # why a stream takes no more; click sees to a reader that has left
INTERRUPTED = 130  # 128 and the number of SIGINT, as shells say it


class Commands(click.Group):
    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **extra)
        except OSError as error:
            if error.errno not in FULL or error.filename is not None:
                raise
            with suppress(OSError):
                click.echo(f"Error: the output cannot be written: {error.strerror}", err=True)
        let_go_of_streams()
        sys.exit(CANNOT_WRITE)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
