"""The command `screenplay-mock`."""

from __future__ import annotations

import click

from screenplay_mock import __version__
from screenplay_mock.commands.contract import openapi, schema
from screenplay_mock.commands.demo import demo
from screenplay_mock.commands.group import Commands
from screenplay_mock.commands.scenarios import scenarios
from screenplay_mock.commands.serve import serve


@click.group(
    cls=Commands,
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
