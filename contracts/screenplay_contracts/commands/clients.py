"""What the commands about clients share: their options, the setup of a run, and how they are interrupted."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from screenplay_contracts.client.case import Capability
    from screenplay_contracts.client.playing import Setup

#: Whose warnings are about what we do on purpose: faults, clients that hang up, handshakes that fail.
NOISY = ("aiohttp", "asyncio", "screenplay_mock")


def _declared(_: click.Context, __: click.Parameter, given: Sequence[str]) -> frozenset[Capability]:
    from screenplay_contracts.client.case import CAPABILITIES

    names = {name.strip() for text in given for name in text.split(",")} - {""}
    unknown = sorted(names - {*CAPABILITIES})
    if unknown:
        raise click.BadParameter(f"there is no capability {unknown[0]!r}; there are: {', '.join(CAPABILITIES)}")
    return frozenset(name for name in CAPABILITIES if name in names)


OPTIONS = (
    click.option(
        "--capability",
        "capabilities",
        multiple=True,
        callback=_declared,
        metavar="NAME,NAME",
        help="What the client can do: webhook, cancel, upload, resume. What is not named is not judged.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="Keys, ids and faults are drawn from it."),
    click.option(
        "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="No client gets longer."
    ),
    click.argument("command", nargs=-1, type=click.UNPROCESSED),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """*command* with the options that both have, and the client's command line as `command`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@contextmanager
def prepared(ctx: click.Context, given: Mapping[str, Any]) -> Iterator[Setup]:
    """
    The setup of a run, whose folder lives as long as the block. Raises click.UsageError for a command that is none,
    also where it only turns out in the block.
    """
    from screenplay_contracts.client.command import NoSuchCommand, absolute
    from screenplay_contracts.client.playing import Setup
    from screenplay_contracts.client.process import CannotStart

    if not given["command"]:
        raise click.UsageError("the command that starts your client is missing: put it behind --", ctx)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    path = os.environ.get("PATH", os.defpath)
    try:
        argv = absolute(given["command"], Path.cwd(), path)
        with TemporaryDirectory(prefix="screenplay-check-", ignore_cleanup_errors=True) as root, _interruptible():
            yield Setup(argv, Path(root), path, given["seed"], given["timeout"])
    except (NoSuchCommand, CannotStart) as problem:
        raise click.UsageError(str(problem), ctx) from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM interrupts like SIGINT; and once is enough: a second one must not keep us from ending the clients."""
    numbers = (signal.SIGINT, signal.SIGTERM)

    def interrupt(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
