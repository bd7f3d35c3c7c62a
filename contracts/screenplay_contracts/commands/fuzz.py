"""The command `screenplay-check client fuzz`: server behaviour is invented until a client breaks."""

from __future__ import annotations

import os
import shlex
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screenplay_contracts.commands.clients import environment_words, options, prepared
from screenplay_contracts.verdict import BROKEN, CANNOT_TELL, INTERRUPTED, KEPT_ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screenplay_contracts.client.fuzz.invariants import Invariant
    from screenplay_contracts.client.fuzz.search import Found, Search
    from screenplay_contracts.client.playing import Setup

EXAMPLES = 100
UNBOUNDED = 1_000_000  # examples, where only the time counts
TELL_EVERY = 5.0  # seconds
MOST_JOBS = 4


@click.command(
    options_metavar="[OPTIONS] --",
    epilog="""\b
    Examples:
      screenplay-check client fuzz -- python my_client.py
      screenplay-check client fuzz --capability webhook,cancel --time 300 -- node client.js
      screenplay-check client fuzz --adapter my_client:run --max-examples 500 --seed 7
      screenplay-check client fuzz --replay screenplay-fuzz-pays-once.yaml -- python my_client.py

    Each example is a scenario: how the task goes, what the webhook says, which faults strike. Whatever it is, a client
    pays once, ends in time, says what is true, keeps its key, and writes only where it may. What makes it break that is
    made as small as possible, and written down as a scenario file that `screenplay-mock serve --scenario` plays, too.

    --adapter names a Python callable, which is faster: it is called with the job and the environment, as two mappings,
    and returns an exit code, or a mapping with the members of a report.

    \b
    Exit codes:
      0    nothing was broken
      1    something was
      2    usage, or nothing could be played
      130  interrupted""",
)
@options
@click.option("--adapter", metavar="MODULE:OBJECT", help="The client is this callable; there is no command then.")
@click.option(
    "--max-examples",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"At most so many examples; {EXAMPLES} unless --time is given.",
)
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Search no longer than that.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Clients at a time; by default 2 to 4, and 1 for a callable.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where screenplay-fuzz-NAME.yaml is written; by default here.",
)
@click.option("--skip", multiple=True, metavar="NAME", help="Do not look for this, such as pays-once. May be repeated.")
@click.option(
    "--replay", metavar="FILE", help="Play nothing but this scenario, with the job that lies beside its file."
)
@click.pass_context
def fuzz(ctx: click.Context, /, **given: Any) -> None:
    """Invent server behaviour until a client breaks what always holds, and find the smallest that does it."""
    from screenplay_contracts.client.calling import BadAdapter

    if bool(given["adapter"]) == bool(given["command"]):
        raise click.UsageError("name a client: either its command behind --, or a callable with --adapter", ctx)
    try:
        with _prepared(ctx, given) as setup:
            code = _replayed(setup, given) if given["replay"] else _searched(setup, given)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BadAdapter as problem:
        raise click.UsageError(str(problem), ctx) from None
    ctx.exit(code)


@contextmanager
def _prepared(ctx: click.Context, given: Mapping[str, Any]) -> Iterator[Setup]:
    """The setup of the run, with the client wherever it is."""
    from screenplay_contracts.client.calling import CallSeat
    from screenplay_contracts.client.command import passed_on
    from screenplay_contracts.client.loading import NoSuchClient, load

    if given["command"]:
        with prepared(ctx, given) as setup:
            yield setup
        return
    try:
        client = load(given["adapter"], Path.cwd())
    except NoSuchClient as problem:
        raise click.BadParameter(str(problem), ctx, param_hint="--adapter") from None
    with prepared(ctx, {**given, "command": (sys.executable,)}) as setup:  # the program that runs a callable
        yield replace(setup, seat=partial(CallSeat, client, passed_on=passed_on(given["variables"], os.environ)))


def _searched(setup: Setup, given: Mapping[str, Any]) -> int:
    """Search, tell, and write down what was found; the exit code."""
    from screenplay_contracts.client.fuzz.player import Player
    from screenplay_contracts.client.fuzz.search import Limits, Search

    examples = given["max_examples"] or (UNBOUNDED if given["seconds"] else EXAMPLES)
    limits = Limits(given["seed"], examples, given["seconds"])
    progress = _Progress(given["max_examples"] or (None if given["seconds"] else EXAMPLES))
    # the seed is for what is drawn; the fake has that of `screenplay-mock serve`, which plays the finding again
    jobs, sought = given["jobs"] or _jobs(given), _sought(given["skip"])
    search = Search(Player(replace(setup, seed=0), jobs), limits, jobs, progress.example, progress.found, sought)
    found = search.run(given["capabilities"])
    if found is not None:
        _tell(found, search, given)
        return BROKEN
    if not search.requests:
        click.echo("it never sent anything: `screenplay-check client smoke` says what its adapter gets wrong")
        return CANNOT_TELL
    click.echo(f"nothing was broken in {search.played} situations, seed {given['seed']}")
    return KEPT_ALL


def _sought(skip: Sequence[str]) -> tuple[Invariant, ...]:
    """The invariants but those of these names. Raises click.BadParameter for a name that there is none of."""
    from screenplay_contracts.client.fuzz.invariants import INVARIANTS

    names = [one.name for one in INVARIANTS]
    if unknown := [name for name in skip if name not in names]:
        raise click.BadParameter(f"there is no {unknown[0]!r}; there are: {', '.join(names)}", param_hint="--skip")
    return tuple(one for one in INVARIANTS if one.name not in skip)


def _jobs(given: Mapping[str, Any]) -> int:
    """One for callables: they share the variables of their modules. Commands mostly wait."""
    return 1 if given["adapter"] else min(MOST_JOBS, 2 * (os.cpu_count() or 1))


class _Progress:
    """What people see on stderr while examples are played."""

    def __init__(self, most: int | None) -> None:
        self._began, self._told_at = time.monotonic(), float("-inf")
        self._of = "" if most is None else f" of at most {most}"

    def example(self, search: Search) -> None:
        now = time.monotonic()
        if now - self._told_at >= TELL_EVERY:
            self._told_at = now
            so_far = "nothing so far" if search.found is None else f"{search.replayed} to make it smaller"
            click.echo(f"[{now - self._began:.0f} s] {search.played}{self._of} situations, {so_far}", err=True)

    def found(self, found: Found) -> None:
        self._told_at = time.monotonic()
        faults = len(found.situation.scenario.get("faults", ()))
        how = f"with {faults} fault{'' if faults == 1 else 's'}"
        click.echo(f"[{self._told_at - self._began:.0f} s] {found.invariant.name} is broken, {how}", err=True)


def _tell(found: Found, search: Search, given: Mapping[str, Any]) -> None:
    from screenplay_contracts.client.fuzz.telling import happened, job_file, smallest, told, written

    for line in (*told(found.invariant, found.finding), *happened(found.seen), *smallest(found)):
        click.echo(line)
    again = _again(given)
    try:
        path = written(found, given["out"], again)
    except OSError as problem:
        click.echo(f"  it cannot be written down: {problem}", err=True)
    else:
        click.echo(f"  written to {path}, its job to {job_file(path)}")
        click.echo(f"  again:   {again.replace('FILE', shlex.quote(str(path)))}")
        click.echo(f"  by hand: screenplay-mock serve --scenario {shlex.quote(str(path))}")
    click.echo(f"found in situation {search.played}, made smaller in {search.replayed} more; seed {given['seed']}")


def _again(given: Mapping[str, Any]) -> str:
    """The command line that plays FILE again."""
    client = ["--adapter", given["adapter"]] if given["adapter"] else ["--", *given["command"]]
    return f"screenplay-check client fuzz --replay FILE {shlex.join([*environment_words(given), *client])}"


def _replayed(setup: Setup, given: Mapping[str, Any]) -> int:
    """Play one scenario once; the exit code."""
    import asyncio

    from screenplay_contracts.client.fuzz.situation import JOB, case
    from screenplay_contracts.client.fuzz.telling import BadJob, happened, read_job, told
    from screenplay_contracts.client.playing import play
    from screenplay_mock.scenarios import ScenarioError, UnknownScenario

    sought = _sought(given["skip"])
    try:
        job = read_job(Path(given["replay"])) or JOB
        seen = asyncio.run(play(case(given["replay"], job), replace(setup, seed=0))).observation
    except (BadJob, ScenarioError, UnknownScenario) as problem:
        raise click.BadParameter(str(problem), param_hint="--replay") from None
    broken = [told(one, finding) for one in sought if (finding := one.finding(seen)) is not None]
    for line in (*chain(*broken), *happened(seen)):
        click.echo(line)
    click.echo(f"{len(broken)} of {len(sought)} promises broken")
    return BROKEN if broken else KEPT_ALL
