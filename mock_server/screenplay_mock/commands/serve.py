"""`screenplay-mock serve`: its options, and the server until a signal."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screenplay_mock import logs
from screenplay_mock.commands import greeting, values
from screenplay_mock.commands.options import DEFAULT_FILE, Setting, use_settings_file

if TYPE_CHECKING:
    from screenplay_mock.serving import Server
    from screenplay_mock.settings import Settings

CANNOT_BIND = 3


_setting = partial(click.option, cls=Setting)


@click.command(
    epilog="""\b
    Examples:
      screenplay-mock serve
      screenplay-mock serve --port 0 --clock manual --seed 7
      screenplay-mock serve --scenario mine.yaml --webhook-url http://127.0.0.1:9000/hook
      SCREENPLAY_MOCK_KEYS=sk-mai-a,sk-mai-b screenplay-mock serve --ready-file ready.json

    The first line on stdout is "ready URL", once requests are accepted; the rest goes to stderr.

    Every option is also an environment variable, and a key in screenplay-mock.toml, spelled as the flag without
    its dashes (port = 8787). Flags beat environment beats file.

    \b
    Exit codes:
      0    ended, also by SIGTERM or SIGINT
      1    violations or failed checks (other commands)
      2    usage or configuration
      3    cannot bind
      130  interrupted (other commands)"""
)
@_setting("--host", default="127.0.0.1", reader=values.host_name, metavar="NAME", help="Address to listen on.")
@_setting(
    "--port",
    default="8787",
    reader=values.whole(least=0, most=65_535),
    metavar="N",
    help="Port to listen on; 0 takes a free one.",
)
@_setting(
    "--scenario",
    default="happy",
    reader=values.scenario,
    metavar="NAME|FILE",
    help="How the fake behaves: a built-in scenario, or a YAML file.",
)
@_setting(
    "--clock",
    default="real",
    reader=values.clock,
    metavar="CLOCK",
    help="How time passes: real, x60 (any factor), manual, or poll:30s (each status request lets 30 s pass).",
)
@_setting("--seed", default="0", reader=values.whole(), metavar="N", help="What ids and data are drawn from.")
@_setting(
    "--dialect",
    default="documented",
    reader=values.dialect,
    metavar="NAME",
    help="Which reading of the vendor's documents: documented, legacy or live.",
)
@_setting(
    "--keys",
    default=["any"],
    multiple=True,
    reader=values.keys,
    metavar="any|KEY,KEY",
    help="The API keys that are accepted; any takes every non-empty one.",
)
@_setting(
    "--webhook-url",
    reader=values.webhook_url,
    metavar="URL",
    help="The account webhook of every sandbox that sets none itself.",
)
@_setting(
    "--journal-max",
    default="10000",
    reader=values.whole(least=1),
    metavar="N",
    help="Exchanges kept for each sandbox; the oldest leave first.",
)
@_setting(
    "--allowed-host",
    multiple=True,
    reader=values.host_names,
    metavar="NAME",
    help="What Host may say on /__admin, besides the loopback names. May be given more than once.",
)
@_setting(
    "--admin-token",
    reader=values.token,
    metavar="TOKEN",
    help="When set, /__admin asks for it (X-Admin-Token). Other users see flags: prefer the environment.",
)
@_setting(
    "--strict/--no-strict",
    is_flag=True,
    default=False,
    show_default=False,
    help="Reject what the vendor may tolerate (unknown members, a body on GET), not only note it.",
)
@_setting(
    "--tls/--no-tls",
    is_flag=True,
    default=None,
    show_default=False,
    help="HTTPS, with a certificate that is made at start: its authority is in a file that the banner names.",
)
@_setting("--tls-cert", reader=Path, metavar="FILE", help="HTTPS with your own certificate, in PEM; needs --tls-key.")
@_setting("--tls-key", reader=Path, metavar="FILE", help="The private key of --tls-cert, in PEM, not encrypted.")
@_setting("--log-format", default="text", reader=values.one_of(logs.FORMATS), metavar="text|json", help="Of stderr.")
@_setting(
    "--log-level",
    default="info",
    reader=values.one_of(logs.LEVELS),
    metavar="LEVEL",
    help="Least level of log lines: debug, info, warning or error.",
)
@_setting("--quiet/--no-quiet", is_flag=True, default=False, show_default=False, help="No banner.")
@_setting(
    "--ready-file",
    reader=Path,
    metavar="FILE",
    help="Write base_url, admin_url, pid (and ca_file) there as JSON when ready; remove it at the end.",
)
@_setting(
    "--config",
    callback=use_settings_file,
    is_eager=True,
    expose_value=False,
    metavar="FILE",
    help=f"Settings file; without this option {DEFAULT_FILE}, if there is one.",
)
@click.pass_context
def serve(ctx: click.Context, /, **given: Any) -> None:
    """Run the fake until SIGTERM or SIGINT."""
    from screenplay_mock import serving
    from screenplay_mock.certificates import CertificateError
    from screenplay_mock.ready_file import ReadyFile, ReadyFileError

    logs.configure(given["log_format"], given["log_level"])
    settings = settings_from(given)
    ready_file = None if settings.ready_file is None else ReadyFile(settings.ready_file)

    def announce(server: Server) -> None:
        if ready_file is not None:
            ready_file.write(base_url=server.base_url, admin_url=server.admin_url, ca_file=server.ca_file)
        greeting.say_ready(server)
        if not given["quiet"]:
            greeting.greet(server, settings, as_json=given["log_format"] == "json")

    def forget() -> None:
        if ready_file is not None:
            ready_file.remove()

    try:
        if ready_file is not None:
            ready_file.check()
        serving.run(settings, announce, forget)
    except (ReadyFileError, CertificateError) as error:
        raise click.UsageError(str(error), ctx) from None
    except serving.CannotBind as error:
        click.echo(f"Error: {error}; {greeting.way_out(error)}", err=True)
        ctx.exit(CANNOT_BIND)
    finally:
        forget()
        greeting.let_go_of_streams()


def settings_from(given: dict[str, Any]) -> Settings:
    """The options of `serve`, read, as Settings."""
    from screenplay_mock.sandbox import Defaults
    from screenplay_mock.settings import Settings

    return Settings(
        host=given["host"],
        port=given["port"],
        defaults=Defaults(
            clock=given["clock"],
            seed=given["seed"],
            scenario=given["scenario"],
            dialect=given["dialect"],
            webhook_url=given["webhook_url"],
        ),
        keys=given["keys"],
        journal_max=given["journal_max"],
        allowed_hosts=given["allowed_host"],
        admin_token=given["admin_token"],
        strict=given["strict"],
        tls=given["tls"],
        tls_cert=given["tls_cert"],
        tls_key=given["tls_key"],
        ready_file=given["ready_file"],
    )
