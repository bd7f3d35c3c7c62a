"""What the commands about clients share: their options, the setup of a run, and how they are interrupted."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
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


def _passed_on(_: click.Context, __: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    from screenplay_contracts.client.command import BadVariable, passed_on

    try:
        passed_on(given, os.environ)
    except BadVariable as problem:
        raise click.BadParameter(str(problem)) from None
    return tuple(given)


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
    click.option(
        "--env",
        "variables",
        multiple=True,
        callback=_passed_on,
        metavar="NAME[=VALUE]",
        help="Pass this variable on to the client, or set it: it gets PATH, and no other of yours. May be repeated.",
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
    from screenplay_contracts.client.command import NoSuchCommand, absolute, passed_on
    from screenplay_contracts.client.orphans import adopted
    from screenplay_contracts.client.playing import Setup
    from screenplay_contracts.client.process import CannotStart
    from screenplay_contracts.client.seat import Seat

    if not given["command"]:
        raise click.UsageError("the command that starts your client is missing: put it behind --", ctx)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    path = os.environ.get("PATH", os.defpath)
    try:
        argv = absolute(given["command"], Path.cwd(), path)
        # what a callable starts are children of ours, and no orphans
        adopting = nullcontext() if given.get("adapter") else adopted()
        folder = TemporaryDirectory(prefix="screenplay-check-", ignore_cleanup_errors=True)
        with folder as root, _interruptible(), adopting:
            seat = partial(Seat, passed_on=passed_on(given["variables"], os.environ))
            yield Setup(argv, Path(root), path, given["seed"], given["timeout"], seat=seat)
    except (NoSuchCommand, CannotStart) as problem:
        raise click.UsageError(str(problem), ctx) from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """
    SIGTERM and SIGHUP interrupt like SIGINT. Once is enough: a second one must keep us neither from ending the clients
    nor, behind the block, from telling what was found.
    """
    hangup = getattr(signal, "SIGHUP", None)
    numbers = [signal.SIGINT, signal.SIGTERM]
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:  # as under nohup
        numbers.append(hangup)

    def interrupt(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            if signal.getsignal(number) is interrupt:
                signal.signal(number, handler)


def environment_words(given: Mapping[str, Any]) -> list[str]:
    """The options --env of a command line, as they were given."""
    return [word for text in given["variables"] for word in ("--env", text)]


def writable(ctx: click.Context, given: Mapping[str, Any]) -> None:
    """
    Raise click.UsageError unless --results and all reports can be written: a run takes minutes, and must not be lost.

    What is there stays as it is.
    """
    wanted = [(f"the report {form}={path}", path, _try_file) for form, path in given["reports"]]
    if given["results"] is not None:
        wanted.append((f"--results {given['results']}", given["results"], _try_folder))
    for what, path, try_it in wanted:
        try:
            try_it(path)
        except OSError as problem:
            raise click.UsageError(f"{what} cannot be written: {problem}", ctx) from None


def _try_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=path):
        pass


def _try_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    if not (is_new or path.is_file() or path.is_dir()):
        return  # a pipe: who reads it would take this for its end
    with path.open("ab"):
        pass
    if is_new:
        path.unlink()
