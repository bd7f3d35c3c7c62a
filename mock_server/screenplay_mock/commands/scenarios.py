"""`screenplay-mock scenarios`: which there are, what they say, and whether one's own are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 120  # columns of a line in the list


@click.group(
    epilog="""\b
    Examples:
      screenplay-mock scenarios list --area submit
      screenplay-mock scenarios show happy > mine.yaml
      screenplay-mock scenarios check mine.yaml"""
)
def scenarios() -> None:
    """The built-in scenarios, and files of your own."""


@scenarios.command(
    "list",
    epilog="""\b
    Examples:
      screenplay-mock scenarios list
      screenplay-mock scenarios list --area webhook
      screenplay-mock scenarios list --names | grep zip""",
)
@click.option("--area", metavar="AREA", help="Only those of one area, such as submit.")
@click.option("--names", "only_names", is_flag=True, help="Names alone, for scripts.")
def list_(area: str | None, *, only_names: bool) -> None:
    """
    List the built-in scenarios, a line each: first the plain ones, then those for single situations of a client.

    Those that begin with t/ are about real time: they let a client wait for a few seconds, whatever the clock.
    """
    areas = _areas()
    if area is not None:
        wanted = _known_area(area, [*areas])
        areas = {wanted: areas[wanted]}
    if only_names:
        lines = (name for names in areas.values() for name in names)
    else:
        lines = (line for heading, names in areas.items() for line in _paragraph(heading, names))
    click.echo("\n".join(lines).strip("\n"))


def _areas() -> dict[str, list[str]]:
    """The names of the built-in scenarios by their areas; the plain ones, of none, first."""
    from screenplay_mock.scenarios import area, names

    found: dict[str, list[str]] = {one: [] for one in sorted({area(name) for name in names()})}
    for name in names():
        found[area(name)].append(name)
    return found


def _known_area(area: str, areas: Sequence[str]) -> str:
    from screenplay_mock.scenarios.errors import shown, way_out

    wanted = area.rstrip("/")
    if wanted not in areas or not wanted:
        message = f"there is no area {shown(area)}; {way_out(wanted, filter(None, areas))}"
        raise click.BadParameter(message, param_hint="--area")
    return wanted


def _paragraph(area: str, names: list[str]) -> Iterator[str]:
    from textwrap import shorten

    from screenplay_mock.scenarios import builtin

    yield from ["", f"{area}/"] if area else []
    indent, width = "  " if area else "", max(map(len, names))
    for name in names:
        start = f"{indent}{name:{width}}  "
        yield start + shorten(builtin(name).description, WIDTH - len(start), placeholder=" …")


@scenarios.command(
    epilog="""\b
    Examples:
      screenplay-mock scenarios show happy
      screenplay-mock scenarios show --whole submit/close-after-accept > mine.yaml"""
)
@click.argument("name")
@click.option("--whole", is_flag=True, help="With everything that it extends written out.")
def show(name: str, *, whole: bool) -> None:
    """Print the YAML of the built-in scenario NAME, to read or to begin one's own with."""
    from screenplay_mock.scenarios import UnknownScenario, text, whole_text

    try:
        click.echo(whole_text(name) if whole else text(name), nl=False)
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
