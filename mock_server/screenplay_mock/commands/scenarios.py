"""`screenplay-mock scenarios`: which there are, what they say, and whether one's own are right."""

from __future__ import annotations

import click


@click.group(
    epilog="""\b
    Examples:
      screenplay-mock scenarios list
      screenplay-mock scenarios show happy > mine.yaml
      screenplay-mock scenarios check mine.yaml"""
)
def scenarios() -> None:
    """The built-in scenarios, and files of your own."""


@scenarios.command(
    "list",
    epilog="""\b
    Example:
      screenplay-mock scenarios list""",
)
def list_() -> None:
    """List the built-in scenarios, a line each."""
    from screenplay_mock.scenarios import builtin, names

    width = max(map(len, names()), default=0)
    for name in names():
        click.echo(f"{name:{width}}  {' '.join(builtin(name).description.split())}")


@scenarios.command(
    epilog="""\b
    Examples:
      screenplay-mock scenarios show happy
      screenplay-mock scenarios show happy > mine.yaml"""
)
@click.argument("name")
def show(name: str) -> None:
    """Print the YAML of the built-in scenario NAME, to read or to begin one's own with."""
    from screenplay_mock.scenarios import UnknownScenario, text

    try:
        click.echo(text(name), nl=False)
    except UnknownScenario as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None


@scenarios.command(
    epilog="""\b
    Example:
      screenplay-mock scenarios check mine.yaml others/*.yaml

    Exit codes: 0 all are right, 2 at least one is not."""
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.pass_context
def check(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Check scenario files; print every mistake as FILE:LINE:COLUMN."""
    from screenplay_mock.scenarios import ScenarioError, load_file

    wrong = False
    for file in files:
        try:
            load_file(file)
        except ScenarioError as error:
            wrong = True
            click.echo(str(error), err=True)
        else:
            click.echo(f"{file}: right")
    ctx.exit(2 if wrong else 0)
