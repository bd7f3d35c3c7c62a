"""The tour: scene after scene, each client in turn, and what it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.demo import report
from screenplay_mock.demo.careful import Careful
from screenplay_mock.demo.naive import Naive
from screenplay_mock.demo.stage import play
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings
from screenplay_mock.testing import RunningServer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screenplay_mock.demo.pauses import Pauses
    from screenplay_mock.demo.scenes import Scene
    from screenplay_mock.demo.style import Style

CLIENTS = (Naive, Careful)


def tour(scenes: Sequence[Scene], write: Callable[[str], None], style: Style, pauses: Pauses, *, seed: int = 0) -> None:
    """Play *scenes* against a fake on a free port of loopback, and *write* what happens, as it happens."""
    played: list[report.Played] = []
    write(report.introduction(style))
    with ServerThread(Settings(port=0)) as thread:
        server = RunningServer(thread.server.origin)
        for number, scene in enumerate(scenes, start=1):
            pauses.scene()
            write(report.opening(scene, f"{number} of {len(scenes)}", style))
            runs = {}
            for client in CLIENTS:
                runs[client.name] = play(scene, client, server, seed=seed)
                for text in report.performance(client.name, runs[client.name], style):
                    write(text)
                    pauses.step()
            write(report.closing(scene, style))
            played.append((scene, runs))
    pauses.scene()
    write(report.summary(played, style))
