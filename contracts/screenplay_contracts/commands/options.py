"""Options that the commands share: which checks, what is accepted, which reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screenplay_contracts.accepted import BadAcceptedFile, Names, applied, load
from screenplay_contracts.report import FORMATS, write
from screenplay_contracts.selection import MatchesNothing, Selection
from screenplay_contracts.verdict import CANNOT_TELL, INTERRUPTED, exit_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screenplay_contracts.accepted import Accepted
    from screenplay_contracts.report import Report
    from screenplay_contracts.verdict import Check

ACCEPTED_FILE = f"{__name__}.accepted"  # in the context's meta

EXIT_CODES = """\b
    Exit codes:
      0    all MUST are kept (and what is not is accepted)
      1    a MUST is broken or inconclusive, with --strict also a SHOULD; or an accepted failure does not fail any more
      2    usage, the harness went wrong, or nothing was judged
      130  interrupted"""


def _reports(_: click.Context, __: click.Parameter, given: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    wanted: list[tuple[str, Path]] = []
    for text in given:
        form, found, path = text.partition("=")
        if not found or not path or form not in FORMATS:
            raise click.BadParameter(f"{text!r} is not FORMAT=PATH with a format of {', '.join(FORMATS)}")
        if any(other.resolve() == Path(path).resolve() for _, other in wanted):
            raise click.BadParameter(f"{path} is the file of two reports: the second would replace the first")
        wanted.append((form, Path(path)))
    return tuple(wanted)


def _accepted(ctx: click.Context, __: click.Parameter, path: Path | None) -> tuple[Accepted, ...]:
    ctx.meta[ACCEPTED_FILE] = path
    try:
        return () if path is None else load(path, names=_names(str(ctx.command.name)))
    except BadAcceptedFile as problem:
        raise click.BadParameter(str(problem)) from None


def accepted_file(ctx: click.Context) -> Path | None:
    """What --accepted said, whose value is the entries."""
    found: Path | None = ctx.meta.get(ACCEPTED_FILE)
    return found


def _names(command: str) -> Names:
    """What *command* judges. `traffic` has the checks of `server`, so that one file serves both."""
    if command == "client":
        from screenplay_contracts.client.behaviours import BEHAVIOURS
        from screenplay_contracts.client.cases import CASES

        return Names(tuple(BEHAVIOURS), tuple(case.name for case in CASES))
    from screenplay_contracts.server.run import checks

    return Names(tuple(check.name for check in checks()))


_pattern = partial(click.option, multiple=True, metavar="PATTERN")

SHARED = (
    click.option("--list", "list_checks", is_flag=True, help="List the checks with their sources, and judge nothing."),
    _pattern("--run", help="Only these checks: a name, or a pattern (* one part, ** anything). May be repeated."),
    _pattern("--skip", help="Not these checks. May be repeated."),
    click.option("--strict", is_flag=True, help="A SHOULD counts like a MUST."),
    click.option(
        "--accepted",
        callback=_accepted,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Failures that are known, as TOML: [[accepted]] check, message, reason, expires.",
    ),
    click.option(
        "--report",
        "reports",
        multiple=True,
        callback=_reports,
        metavar="FORMAT=PATH",
        help=f"Write a report: {', '.join(FORMATS)}. May be repeated.",
    ),
)


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """*command* with the options that all commands have."""
    for option in reversed(SHARED):
        command = option(command)
    return command


def selection(run: Iterable[str], skip: Iterable[str], checks: Iterable[Check]) -> Selection:
    """What --run and --skip say. Raises click.BadParameter for a pattern that fits none of *checks*."""
    chosen = Selection(tuple(run), tuple(skip))
    try:
        chosen.check(check.name for check in checks)
    except MatchesNothing as problem:
        raise click.BadParameter(str(problem)) from None
    return chosen


def listed(checks: Iterable[Check], chosen: Selection) -> None:
    """Print the checks: name, severity, source and promise."""
    for check in checks:
        if chosen.takes(check.name):
            click.echo(f"{check.name}  [{check.severity.upper()}]\n    {check.promise}\n    source: {check.source}")


def finished(  # noqa: PLR0913 - all but one by name
    report: Report,
    *,
    accepted: tuple[Accepted, ...],
    reports: Iterable[tuple[str, Path]],
    began: datetime,
    ended: int = INTERRUPTED,
    client: str | None = None,
) -> int:
    """
    Tell in the terminal and in *reports* what came of a run, of which *report* has all but its end; its exit code.

    *ended* is the code of a run that is not complete. *client*: who is accepted.
    """
    from importlib.metadata import version

    from screenplay_contracts.report.terminal import rendered

    now = datetime.now(UTC)
    marked, stale = applied(accepted, report.results, now.date(), client=client)
    code = exit_code(marked, strict=report.strict, stale=bool(stale)) if report.complete else ended
    whole = replace(
        report,
        results=marked,
        exit_code=code,
        version=version("screenplay-mock"),
        started_at=began.isoformat(timespec="seconds").replace("+00:00", "Z"),
        seconds=(now - began).total_seconds(),
        stale=stale,
    )
    click.echo(rendered(whole))
    return code if _written(whole, reports) or not report.complete else CANNOT_TELL


def _written(report: Report, reports: Iterable[tuple[str, Path]]) -> bool:
    """Whether all *reports* could be written."""
    wrong = 0
    for form, path in reports:
        try:
            write(report, form, path)
        except Exception as problem:  # noqa: BLE001 - the other reports are to be written whatever it is
            click.echo(f"Error: the report {form}={path} cannot be written: {problem}", err=True)
            wrong += 1
    return not wrong
