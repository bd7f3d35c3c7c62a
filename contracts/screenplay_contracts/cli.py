"""The command `screenplay-check`."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from traceback import format_exc
from typing import TYPE_CHECKING, Any

import click

from screenplay_contracts.verdict import CANNOT_TELL
from screenplay_mock.commands.group import Commands

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Where each command is; its module is imported when it is asked for.
COMMANDS: Mapping[str, str] = {
    "server": "screenplay_contracts.commands.server:server",
    "client": "screenplay_contracts.commands.client:client",
    "traffic": "screenplay_contracts.commands.traffic:traffic",
}


class _LateCommands(Commands):
    def main(self, *args: Any, **extra: Any) -> Any:
        """What nobody has foreseen ends with 2: 1 says that a promise was broken."""
        try:
            return super().main(*args, **extra)
        except (click.ClickException, click.Abort):
            raise
        except Exception as problem:  # noqa: BLE001 - all that is left
            with suppress(OSError):
                click.echo(f"internal error: {type(problem).__name__}: {problem}\n{format_exc()}", err=True)
        sys.exit(CANNOT_TELL)

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(
    cls=_LateCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="""\b
    Examples:
      screenplay-check server
      screenplay-check server --base-url http://127.0.0.1:8787/serve/api/v2 --report html=report.html
      screenplay-check client -- python my_client.py
      screenplay-check traffic session.har""",
)
@click.version_option(version("screenplay-mock"), prog_name="screenplay-check")
def main() -> None:
    """Contract checks for servers and clients of the memories.ai Screenplay API."""
