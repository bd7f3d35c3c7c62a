"""The command `screenplay-mock`."""

from __future__ import annotations

import sys
from contextlib import suppress
from errno import EBADF, EDQUOT, EFBIG, EIO, ENOSPC
from typing import Any

import click

from screenplay_mock import __version__
from screenplay_mock.commands.contract import openapi, schema
from screenplay_mock.commands.demo import demo
from screenplay_mock.commands.greeting import let_go_of_streams
from screenplay_mock.commands.scenarios import scenarios
from screenplay_mock.commands.serve import serve

CANNOT_WRITE = 2  # as for a file that cannot be written; 1 says that something was judged
FULL = (ENOSPC, EDQUOT, EFBIG, EIO, EBADF)  # why a stream takes no more; click sees to a reader that has left
INTERRUPTED = 130  # 128 and the number of SIGINT, as shells say it


class _Commands(click.Group):
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


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
    Examples:
      screenplay-mock serve
      screenplay-mock scenarios list
      screenplay-mock schema validate submit-request body.json""",
)
@click.version_option(__version__, prog_name="screenplay-mock")
def main() -> None:
    """A local fake of the memories.ai Screenplay API: virtual time, webhooks, faults, one sandbox per API key."""


for command in (serve, demo, scenarios, openapi, schema):
    main.add_command(command)
