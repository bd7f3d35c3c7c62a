"""The command `screenplay-check client matrix`: several runs side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screenplay_contracts.report.cells import Run

FORMATS = ("html", "markdown")


def _reports(_: click.Context, __: click.Parameter, given: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    wanted = []
    for text in given:
        form, found, path = text.partition("=")
        if not found or not path or form not in FORMATS:
            raise click.BadParameter(f"{text!r} is not FORMAT=PATH with a format of {', '.join(FORMATS)}")
        wanted.append((form, Path(path)))
    return tuple(wanted)


def _runs(_: click.Context, __: click.Parameter, paths: Sequence[Path]) -> tuple[Run, ...]:
    return tuple(map(_read, paths))


def _read(path: Path) -> Run:
    """A report of a client. Raises click.BadParameter for anything else."""
    from screenplay_schemas import validator

    try:
        run: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        raise click.BadParameter(f"{path} cannot be read as JSON: {problem}") from None
    error = next(iter(validator("check-report").iter_errors(run)), None)
    if error is not None:
        raise click.BadParameter(f"{path} is no report of ours: {error.json_path}: {error.message:.200}")
    if run["suite"] != "client":
        raise click.BadParameter(f"{path} is the report of a {run['suite']}; `client --report json=PATH` writes one")
    return dict(run)


@click.command(
    options_metavar="[OPTIONS]",
    epilog="""\b
    Examples:
      screenplay-check client --name old --report json=old.json -- ./old-client
      screenplay-check client --name new --report json=new.json -- ./new-client
      screenplay-check client matrix --report html=matrix.html old.json new.json

    \b
    Exit codes (what the runs found is not among them: each has told it itself):
      0    it is written
      2    usage, or a file that is no report of a client""",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    callback=_reports,
    metavar="FORMAT=PATH",
    help=f"Write the matrix: {', '.join(FORMATS)}. May be repeated; without it, the table is printed.",
)
@click.argument(
    "runs",
    nargs=-1,
    required=True,
    callback=_runs,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="REPORT.json…",
)
def matrix(*, reports: tuple[tuple[str, Path], ...], runs: tuple[Run, ...]) -> None:
    """Put runs side by side, cases by clients, from their reports as JSON."""
    from screenplay_contracts.report import matrix as html_format
    from screenplay_contracts.report import matrix_markdown

    texts = {"html": html_format.page, "markdown": matrix_markdown.table}
    if not reports:
        click.echo(matrix_markdown.table(runs), nl=False)
    for form, path in reports:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[form](runs), "utf-8")
        except OSError as problem:
            raise click.UsageError(f"the matrix {form}={path} cannot be written: {problem}") from None
