"""What `serve` says: `ready URL` to programs, a banner to people, and how to get on when it cannot listen."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from errno import EACCES, EADDRINUSE
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from screenplay_mock import __version__

if TYPE_CHECKING:
    from screenplay_mock.serving import CannotBind, Server
    from screenplay_mock.settings import Settings

BODY = '{"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {"language": "en"}}'

log = logging.getLogger("screenplay_mock")


def say_ready(server: Server) -> None:
    """The first line on stdout, and the only one. That nobody reads it is no reason to end."""
    if sys.stdout is not None:
        with suppress(OSError):
            sys.stdout.write(f"ready {server.base_url}\n")
            sys.stdout.flush()


def greet(server: Server, settings: Settings, *, as_json: bool) -> None:
    """The banner on stderr, in JSON as a log line."""
    facts = _facts(server, settings)
    if as_json:
        log.info("ready", extra={"fields": facts})
        return
    lines = [
        f"screenplay-mock {__version__}, a local fake of the memories.ai Screenplay API",
        *(f"  {name.replace('_', ' '):10}{value}" for name, value in facts.items()),
        "Submit a task:" if settings.keys is None else "Submit a task, with one of the accepted keys in $KEY:",
        f"  {_curl(server, settings)}",
        "Stop with Ctrl-C, or SIGTERM.",
    ]
    with suppress(OSError):
        click.echo("\n".join(lines), err=True)


def _facts(server: Server, settings: Settings) -> dict[str, Any]:
    from screenplay_mock.core.dialect import name_of
    from screenplay_mock.core.listener import described, listener_faults

    defaults = settings.defaults
    listener = described(listener_faults(defaults.scenario))
    return {
        "base_url": server.base_url,
        "admin_url": server.admin_url,
        **({} if server.ca_file is None else {"ca_file": str(server.ca_file)}),
        **({"listener": listener} if listener else {}),
        "scenario": defaults.scenario.name,
        "clock": defaults.clock,
        "seed": defaults.seed,
        "dialect": name_of(defaults.scenario.dialect or defaults.dialect),
        "keys": "any" if settings.keys is None else f"{len(settings.keys)} accepted",
    }


def _curl(server: Server, settings: Settings) -> str:
    from screenplay_mock.sandbox import LOCAL_KEY

    key = f"'Authorization: {LOCAL_KEY}'" if settings.keys is None else '"Authorization: $KEY"'
    https = server.origin.startswith("https:")
    trust = (server.ca_file or settings.tls_cert) if https else None
    curl = "curl -s" if trust is None else f"curl -s --cacert {quote(str(trust))}"
    return f"{curl} {server.base_url}/screenplay/tasks -H {key} -H 'Content-Type: application/json' -d '{BODY}'"


def way_out(error: CannotBind) -> str:
    if error.errno == EADDRINUSE:
        return "another program listens there: choose another --port, or --port 0 for a free one"
    if error.errno == EACCES:
        return "ports below 1024 need special rights: choose a --port from 1024 up"
    return "choose a --host that is an address of this machine, such as 127.0.0.1"


def let_go_of_streams() -> None:
    """What could not be written because nobody reads it must not fail again, and spoil the exit code, at the end."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
