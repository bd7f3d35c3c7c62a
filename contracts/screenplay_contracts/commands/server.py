"""The command `screenplay-check server`: is a server true to the contract."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from screenplay_contracts.commands.options import EXIT_CODES, finished, listed, selection, shared
from screenplay_contracts.commands.values import DOLLAR, dollars, header, seconds, server_url
from screenplay_contracts.report import Report
from screenplay_contracts.verdict import CANNOT_TELL, INTERRUPTED

if TYPE_CHECKING:
    from screenplay_contracts.server.dialect import Dialect
    from screenplay_contracts.server.run import Ran
    from screenplay_contracts.server.target import Target

LOCAL_KEY = "sk-mai-check"
DIALECT_NAMES = ("documented", "legacy", "live")
DAY, HOUR = 86_400.0, 3_600.0  # seconds
#: Options that are secrets, each with the variable that says it too.
SECRETS = {
    "key": "SCREENPLAY_API_KEY",
    "other_key": "SCREENPLAY_OTHER_API_KEY",
    "admin_token": "SCREENPLAY_MOCK_ADMIN_TOKEN",
}


@click.command(
    epilog=f"""\b
    Examples:
      screenplay-check server
      screenplay-check server --base-url http://127.0.0.1:8787/serve/api/v2
      screenplay-check server --base-url https://mavi-backend.memories.ai/serve/api/v2 --budget 2
      screenplay-check server --run 'status/**' --run 'webhook/*' --report html=report.html
      screenplay-check server --strict --accepted accepted.toml --report junit=junit.xml

    Without --base-url a fake is started, and judged. On a fake the run works in sandboxes of its own keys,
    KEY-check-1 and so on, which are deleted at the end; without an admin API it waits for tasks in real time.
    Against a server that is not on this machine nothing that costs is sent, unless --budget allows it.

    {EXIT_CODES}"""
)
@click.option(
    "--base-url",
    callback=server_url,
    metavar="URL",
    help="The server, with its base path; without it a fake is started.",
)
@click.option(
    "--key",
    callback=header,
    envvar=SECRETS["key"],
    show_envvar=True,
    metavar="KEY",
    help="The API key; on loopback any will do.",
)
@click.option(
    "--other-key",
    callback=header,
    envvar=SECRETS["other_key"],
    show_envvar=True,
    metavar="KEY",
    help="The key of another account, which must not see anything; on loopback by default KEY-other.",
)
@click.option("--fake", is_flag=True, help="It is a fake: fail if its admin API is not there.")
@click.option("--no-admin", is_flag=True, help="Do not use an admin API, even if there is one.")
@click.option(
    "--admin-url",
    callback=server_url,
    metavar="URL",
    help="Where the admin API is, if not at /__admin of the same origin. It must be there.",
)
@click.option(
    "--admin-token",
    callback=header,
    envvar=SECRETS["admin_token"],
    show_envvar=True,
    metavar="TOKEN",
    help="That of the admin API, which must be there.",
)
@shared
@click.option("--seed", type=int, default=0, show_default=True, help="What is drawn is drawn from it.")
@click.option("--max-examples", type=click.IntRange(min=1), metavar="N", help="Examples of each generated test.")
@click.option(
    "--dialect",
    type=click.Choice(DIALECT_NAMES),
    help="The reading of the vendor's documents that is expected; a fake is asked for its own.",
)
@click.option(
    "--budget",
    callback=dollars,
    metavar="DOLLARS",
    help="What may be spent; by default nothing on a server that is not on this machine.",
)
@click.option("--foreign", is_flag=True, help="Treat the server as somebody else's, although it is on this machine.")
@click.option(
    "--wait", type=float, callback=seconds(0.001, DAY), metavar="SECONDS", help="How long to wait for a task."
)
@click.option(
    "--pace",
    type=float,
    callback=seconds(0, HOUR),
    metavar="SECONDS",
    help="Time between two requests; by default 1.05 s where the server is not on this machine.",
)
@click.pass_context
def server(ctx: click.Context, /, **given: Any) -> None:
    """Judge a server: the script, generated requests, and a model of the contract play against it."""
    from screenplay_contracts.server.contact import CannotConnect
    from screenplay_contracts.server.phases import Options
    from screenplay_contracts.server.run import checks, run

    chosen = selection(given["run"], given["skip"], checks())
    if given["list_checks"]:
        listed(checks(), chosen)
        return
    _check_extra(ctx)
    _check_usage(ctx, given)
    began = datetime.now(UTC)
    with ExitStack() as opened:
        target, dialect = _connected(ctx, given, opened)
        where = f"{target.base_url}, dialect {dialect.name}, seed {target.seed}"
        click.echo(f"judging {where}, {target.ways}", err=True)
        options = Options(chosen, given["max_examples"], lambda line: click.echo(f"  {line}", err=True))
        try:
            ran = run(target, dialect, options)
        except CannotConnect as problem:
            raise click.UsageError(str(problem), ctx) from None
    ctx.exit(_told(given, target, dialect, ran, began))


def _told(given: dict[str, Any], target: Target, dialect: Dialect, ran: Ran, began: datetime) -> int:
    """The exit code, after telling what came of the run."""
    return finished(
        Report(
            suite="server",
            subject=given["base_url"] or "a fake of its own",
            results=ran.results,
            strict=given["strict"],
            again=_again(given),
            settings={"dialect": dialect.name, "seed": str(target.seed)},
            notes=ran.notes,
            exchanges=ran.exchanges,
            received=ran.received,
            complete=ran.complete,
            fake=not target.foreign,  # as which it was judged
        ),
        accepted=given["accepted"],
        reports=given["reports"],
        began=began,
        ended=CANNOT_TELL if ran.gone else INTERRUPTED,
    )


def _check_extra(ctx: click.Context) -> None:
    for name in ("hypothesis", "schemathesis"):
        if find_spec(name) is None:  # to import them takes a second, which not every run needs
            way_out = "pip install 'screenplay-mock[check]'"
            raise click.UsageError(f"{name} is not installed; the checks of servers need it: {way_out}", ctx)


def _check_usage(ctx: click.Context, given: dict[str, Any]) -> None:
    if given["fake"] and given["no_admin"]:
        raise click.UsageError("--fake needs the admin API, and --no-admin forbids it", ctx)
    for name in ("admin_url", "admin_token"):
        if not _on_the_line(ctx, name):
            continue
        option = _option(name)
        if given["no_admin"]:
            raise click.UsageError(f"{option} is about the admin API, and --no-admin forbids it", ctx)
        if given["base_url"] is None:
            raise click.UsageError(f"{option} is about a server that --base-url names; a fake of our own has none", ctx)


def _on_the_line(ctx: click.Context, name: str) -> bool:
    """Whether the command line says it, not only a variable, which may be there for `screenplay-mock serve`."""
    return ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _connected(ctx: click.Context, given: dict[str, Any], opened: ExitStack) -> tuple[Target, Dialect]:
    """The server that is to be judged, and its dialect; a fake of one's own is stopped when *opened* is closed."""
    from screenplay_contracts.server.budget import Budget
    from screenplay_contracts.server.connecting import connected
    from screenplay_contracts.server.contact import CannotConnect
    from screenplay_contracts.server.own_fake import CannotStart, own_fake
    from screenplay_contracts.server.target import Target, is_loopback

    try:
        base_url = given["base_url"] or opened.enter_context(own_fake(dialect=given["dialect"]))
        local = is_loopback(base_url)
        foreign = given["foreign"] or not local
        key = given["key"] or (LOCAL_KEY if local else None)
        if key is None:
            raise click.UsageError("a server that is not on this machine needs --key, or SCREENPLAY_API_KEY", ctx)
        limit = given["budget"] if given["budget"] is not None else (0 if foreign else None)
        target = Target(
            base_url=base_url,
            key=key,
            other_key=given["other_key"] or (f"{key}-other" if local else None),
            admin_url=given["admin_url"],
            admin_token=given["admin_token"],
            foreign=foreign,
            seed=given["seed"],
            budget=Budget(limit),
            patience=given["wait"],
            paced=given["pace"],
        )
        return connected(target, dialect=given["dialect"], fake=given["fake"], admin=not given["no_admin"])
    except (CannotConnect, CannotStart) as problem:
        raise click.UsageError(str(problem), ctx) from None


def _again(given: dict[str, Any]) -> str:
    """The command line of this run, without what chooses checks; a secret is said by the name of its variable."""
    words = ["screenplay-check", "server"]
    for name in ("base_url", "admin_url", "max_examples", "dialect", "wait", "pace"):
        if given[name] is not None:
            words += [_option(name), str(given[name])]
    if given["budget"] is not None:
        words += ["--budget", f"{Decimal(given['budget']) / DOLLAR}"]
    words += [_option(name) for name in ("fake", "no_admin", "foreign", "strict") if given[name]]
    secrets = [f' {_option(name)} "${variable}"' for name, variable in SECRETS.items() if given[name]]
    return shlex.join([*words, "--seed", str(given["seed"])]) + "".join(secrets)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
