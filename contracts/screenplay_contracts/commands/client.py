"""The command `screenplay-check client`: does a client survive."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screenplay_contracts.commands.clients import environment_words, options, prepared, writable
from screenplay_contracts.commands.fuzz import fuzz
from screenplay_contracts.commands.matrix import matrix
from screenplay_contracts.commands.options import EXIT_CODES, finished, shared
from screenplay_contracts.commands.smoke import smoke
from screenplay_contracts.report import Report
from screenplay_contracts.verdict import CANNOT_TELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from screenplay_contracts.accepted import Accepted
    from screenplay_contracts.client.behaviour import Behaviour
    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.suite import Run
    from screenplay_contracts.verdict import Result

#: What may stand between `client` and the options.
SUBCOMMANDS: Mapping[str, click.Command] = {"smoke": smoke, "fuzz": fuzz, "matrix": matrix}
MOST_JOBS = 4
MOST_NAMED = 5  # cases


class _Client(click.Command):
    """Takes the word behind `client` for a subcommand, if it is one; what stands behind -- never is."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args and args[0] in SUBCOMMANDS:
            name, *rest = args
            return SUBCOMMANDS[name].make_context(f"{info_name} {name}", rest, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


def default_jobs() -> int:
    """Two a processor, since clients mostly wait."""
    return min(MOST_JOBS, 2 * (os.cpu_count() or 1))


@click.command(
    cls=_Client,
    options_metavar="[OPTIONS] --",
    epilog=f"""\b
    Examples:
      screenplay-check client smoke -- python my_client.py
      screenplay-check client -- python my_client.py
      screenplay-check client --capability webhook,cancel -- java -jar client.jar
      screenplay-check client --run 'submit/*' --run DLD-08 --results out -- ./client.sh
      screenplay-check client --accepted accepted.toml --report junit=junit.xml -- node client.js
      screenplay-check client matrix --report html=matrix.html old.json new.json
      screenplay-check client --list

    Begin with `smoke`: it tells in words whether the command is a well made adapter.

    For each case a fake is started, and COMMAND against it, without a shell, in an empty folder, with
    SCREENPLAY_BASE_URL, SCREENPLAY_API_KEY, SCREENPLAY_JOB (what to do, as a JSON file) and SCREENPLAY_OUT (where its
    files go), PATH, and no variable of yours but those of --env. Arguments that name a file, or a folder (./build, or
    behind an option: -cp build), become absolute. --run and --skip take names of cases and of checks.

    {EXIT_CODES}""",
)
@shared
@options
@click.option(
    "--severity",
    type=click.Choice(["must", "should", "may"]),
    default="may",
    show_default=True,
    help="Judge what is at least as binding.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=default_jobs,
    metavar="N",
    help="Clients at a time; by default 2 to 4.",
)
@click.option("--name", metavar="TEXT", help="What reports and accepted failures call the client, if not its command.")
@click.option(
    "--results",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep the wire log, stdout, stderr and the outcome of each case.",
)
@click.pass_context
def client(ctx: click.Context, /, **given: Any) -> None:
    """Judge a client, in any language: play every case with it, and watch the wire, its process and its files."""
    from screenplay_contracts.client.behaviours import BEHAVIOURS
    from screenplay_contracts.client.cases import CASES

    _accepts_what_there_is(given["accepted"], CASES)
    cases = _chosen(given, CASES, BEHAVIOURS)
    if given["list_checks"]:
        _list(cases, BEHAVIOURS)
    else:
        ctx.exit(_judge(ctx, given, cases, BEHAVIOURS))


def _accepts_what_there_is(entries: Iterable[Accepted], cases: Sequence[Case]) -> None:
    """Raises click.BadParameter for a check that is accepted in cases where it is not judged: it would be ignored."""
    from screenplay_contracts.selection import fits

    for one in entries:
        where = [case for case in cases if any(fits(one.check, name) for name in case.checks)]
        if not any(fits(one.case, case.name) for case in where):
            some = ", ".join(case.name for case in where[:MOST_NAMED])
            more = f" and {len(where) - MOST_NAMED} more" if len(where) > MOST_NAMED else ""
            raise click.BadParameter(
                f"line {one.line}: {one.check!r} is not judged in {one.case!r}, but in {some}{more}",
                param_hint="--accepted",
            )


def _chosen(given: Mapping[str, Any], cases: Sequence[Case], behaviours: Mapping[str, Behaviour]) -> Sequence[Case]:
    """Those that --run, --skip and --severity leave. Raises click.BadParameter for a pattern that fits nothing."""
    from screenplay_contracts.client.judging import selected
    from screenplay_contracts.selection import MatchesNothing, Selection
    from screenplay_contracts.verdict import Severity

    selection = Selection(tuple(given["run"]), tuple(given["skip"]))
    try:
        selection.check((*(case.name for case in cases), *behaviours))
    except MatchesNothing as problem:
        raise click.BadParameter(str(problem)) from None
    return selected(cases, behaviours, selection, severity=Severity(given["severity"]))


def _list(cases: Sequence[Case], behaviours: Mapping[str, Behaviour]) -> None:
    for case in cases:
        needs = f"  (needs {', '.join(sorted(case.needs))})" if case.needs else ""
        click.echo(f"{case.name}{needs}")
        for name in case.checks:
            check = behaviours[name].check
            click.echo(
                f"    {name}  [{check.severity.upper()}]\n        {check.promise}\n        source: {check.source}"
            )


def _judge(
    ctx: click.Context, given: Mapping[str, Any], cases: Sequence[Case], behaviours: Mapping[str, Behaviour]
) -> int:
    """Play *cases* with the client, and tell what came of it; the exit code."""
    from screenplay_contracts.client.suite import Run, Suite
    from screenplay_contracts.client.telling import Telling

    writable(ctx, given)
    began, name = datetime.now(UTC), given["name"] or shlex.join(given["command"])
    wants_har = any(form == "har" for form, _ in given["reports"])
    telling = Telling(sys.stderr, given["results"], keep_exchanges=wants_har)
    with prepared(ctx, given) as setup:
        run = Run(Suite(behaviours, setup, given["jobs"], telling.done), cases, given["capabilities"])
        telling.begin(run.count)
        played = _played(run, given, name)
    code = finished(
        Report(
            suite="client",
            subject=name,
            results=played.results,
            strict=given["strict"],
            again=_again(given),
            settings={"seed": str(given["seed"]), "capabilities": ", ".join(sorted(given["capabilities"])) or "none"},
            notes=played.notes,
            exchanges=telling.exchanges,
            stories=telling.stories,
            complete=played.complete,
        ),
        accepted=given["accepted"],
        reports=given["reports"],
        began=began,
        client=name,
    )
    return CANNOT_TELL if telling.lost and played.complete else code


@dataclass(frozen=True, slots=True)
class _Played:
    """What came of a run. Not *complete*: somebody interrupted it."""

    results: tuple[Result, ...]
    notes: tuple[str, ...]
    complete: bool = True


def _played(run: Run, given: Mapping[str, Any], name: str) -> _Played:
    """Play all of *run*, unless the client never sends anything: then nothing is judged."""
    from screenplay_contracts.accepted import applied
    from screenplay_contracts.client.silence import SentNothing, hint, last_words

    try:
        run.play()
        run.repeat(applied(given["accepted"], run.results, datetime.now(UTC).date(), client=name)[0])
    except KeyboardInterrupt:
        return _Played(run.results, run.notes, complete=False)
    except SentNothing as problem:
        for line in last_words(problem.seen.processes[-1], problem.seen.key):
            click.echo(f"    | {line}", err=True)
        said = hint(problem.seen)
        smoke = shlex.join(["screenplay-check", "client", "smoke", *environment_words(given), "--", *given["command"]])
        return _Played((), (str(problem), *(() if said is None else (said,)), f"to see what is wrong: {smoke}"))
    return _Played(run.results, run.notes)


def _again(given: Mapping[str, Any]) -> str:
    """The command line of this run, without what chooses checks."""
    words = ["screenplay-check", "client", "--seed", str(given["seed"])]
    if given["capabilities"]:
        words += ["--capability", ",".join(sorted(given["capabilities"]))]
    if given["timeout"] is not None:
        words += ["--timeout", f"{given['timeout']:g}"]
    words += environment_words(given)
    return shlex.join([*words, *(["--strict"] if given["strict"] else []), "--", *given["command"]])
