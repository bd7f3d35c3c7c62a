"""`screenplay-mock demo`: the tour of failure scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from screenplay_mock.demo.scenes import Scene


@click.command(
    epilog="""\b
    Examples:
      screenplay-mock demo
      screenplay-mock demo --only download/zip-slip --only chaos
      screenplay-mock demo --slow

    Exit codes: 0 the tour is over, 2 there is no such scene, 130 interrupted."""
)
@click.option("--only", multiple=True, metavar="NAME", help="Play this scene. May be given more than once.")
@click.option("--list", "listing", is_flag=True, help="List the scenes, a line each.")
@click.option("--slow", is_flag=True, help="Pause: a second between steps (or Enter), and for Enter between scenes.")
@click.option(
    "--seed", type=int, default=0, show_default=True, metavar="N", help="What ids and bad luck are drawn from."
)
def demo(*, only: tuple[str, ...], listing: bool, slow: bool, seed: int) -> None:
    """
    A tour of twelve failure scenarios: what happens, what it costs a naive client, what a careful one does.

    Both clients really run, against a fake of their own. Nothing leaves this machine; time is virtual.
    """
    import os
    import shutil
    import sys

    from screenplay_mock.demo.pauses import pauses_for
    from screenplay_mock.demo.style import style_for

    scenes = _scenes(only)
    if listing:
        width = max(len(scene.scenario) for scene in scenes)
        for scene in scenes:
            click.echo(f"{scene.scenario:{width}}  {scene.title}")
        return
    from screenplay_mock.demo.tour import tour

    style = style_for(sys.stdout, os.environ, shutil.get_terminal_size().columns)
    pauses = pauses_for(sys.stdin, slow=slow)
    if pauses:
        click.echo("Enter goes on: to the next scene, or at once to the next step.\n")
    tour(scenes, click.echo, style, pauses, seed=seed)


def _scenes(only: tuple[str, ...]) -> tuple[Scene, ...]:
    """The scenes of these names, in the order of the tour; all of them for none."""
    from screenplay_mock.demo.scenes import SCENES, names
    from screenplay_mock.scenarios.errors import shown, way_out

    for name in only:
        if name not in names():
            message = f"there is no scene {shown(name)}; {way_out(name, names())}"
            raise click.BadParameter(message, param_hint="'--only'")
    return tuple(scene for scene in SCENES if not only or scene.scenario in only)
