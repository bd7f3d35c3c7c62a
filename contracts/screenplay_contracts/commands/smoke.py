"""The command `screenplay-check client smoke`: is an adapter well made."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from screenplay_contracts.commands.clients import options, prepared
from screenplay_contracts.verdict import BROKEN, CANNOT_TELL, INTERRUPTED, KEPT_ALL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.client.pool import Done

HINT = "hint: "


@click.command(
    options_metavar="[OPTIONS] --",
    epilog="""\b
    Examples:
      screenplay-check client smoke -- python my_client.py
      screenplay-check client smoke --capability webhook,upload -- ./client.sh

    \b
    Exit codes:
      0    the adapter is well made
      1    something is wrong with it
      2    usage, or nothing could be tried
      130  interrupted""",
)
@options
@click.pass_context
def smoke(ctx: click.Context, /, **given: Any) -> None:
    """Try a client where nothing is in its way, and say in words what its adapter gets wrong."""
    from screenplay_contracts.client.pool import play_all
    from screenplay_contracts.client.smoke import cases

    with prepared(ctx, given) as setup, closing(play_all(cases(given["capabilities"]), setup, jobs=1)) as done:
        try:
            code = _told(done)
        except KeyboardInterrupt:
            code = INTERRUPTED
    ctx.exit(code)


def _told(done: Iterable[Done]) -> int:
    from screenplay_contracts.client.process import CannotStart
    from screenplay_contracts.client.smoke import problems

    wrong = 0
    for case, outcome in done:
        if isinstance(outcome, CannotStart):
            raise outcome
        if isinstance(outcome, Exception):
            click.echo(f"{case.name} could not be played: {type(outcome).__name__}: {outcome}", err=True)
            return CANNOT_TELL
        found = problems(outcome.observation)
        serious = [one for one in found if not one.startswith(HINT)]
        wrong += len(serious)
        click.echo(f"{case.name}: {'fine' if not serious else f'{len(serious)} wrong'}")
        for one in found:
            click.echo(f"  - {one}")
    if wrong:
        click.echo(f"{wrong} thing{'s' if wrong > 1 else ''} to mend in the adapter")
        return BROKEN
    click.echo("the adapter is well made")
    return KEPT_ALL
