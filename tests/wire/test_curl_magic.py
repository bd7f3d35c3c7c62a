"""Each magic asset id does what its row says, from plain curl."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.wire.claims.submit import NO_BALANCE
from tests.wire.commands import curl, skip_without

from screenplay_mock.core.magic import MAGIC_IDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.conftest import Playing


@dataclass(frozen=True)
class Accepted:
    """A task: its status at once and in the end, the download's HTTP status and text, and how often its end is told."""

    at_once: str = "pending"
    end: str = "completed"
    download: tuple[str, str | None] = ("200", None)
    told: int = 1


@dataclass(frozen=True)
class Refused:
    """A refusal with this HTTP status and text; of each submission, or of the first and then it is accepted."""

    status: str
    text: str
    first_time: bool = False


LOST = "charged, and curl gets nothing"
RUNNING = "Task is not completed yet, current status: running"
FAILED = "Task is not completed yet, current status: failed"

#: What a user of curl sees of each id: re_ and fifteen zeros come before it.
SEEN: dict[str, Accepted | Refused | str] = {
    "001": Accepted(at_once="completed"),
    "002": Accepted(end="failed", download=("400", FAILED)),
    "003": Accepted(end="running", download=("400", RUNNING), told=0),
    "004": Accepted(download=("400", "No downloadable files found for this task.")),
    "005": Accepted(download=("400", "No result data available for this task.")),
    "006": Accepted(told=0),
    "007": Accepted(told=5),
    "400": Refused("400", "Asset not found"),
    "402": Refused("402", NO_BALANCE),
    "409": Refused("400", "Asset is not ready, current upload status: UPLOADING"),
    "413": Refused("400", "Video must be under 5 minutes"),
    "415": Refused("400", "Asset is not a video"),
    "429": Refused("429", "Rate limit exceeded", first_time=True),
    "500": Refused("500", "Internal server error", first_time=True),
    "503": LOST,
}


def test_every_magic_id_is_seen() -> None:
    assert [f"re_000000000000000{number}" for number in SEEN] == list(MAGIC_IDS)


@skip_without("curl")
@pytest.mark.parametrize("number", SEEN)
def test_a_magic_id_does_what_its_row_says(number: str, playing: Playing, tmp_path: Path) -> None:
    expected = SEEN[number]
    body = {"mode": "short_drama", "episodes": {"1": f"re_000000000000000{number}"}, "config": {}}
    with playing("happy") as world:
        receiver = world.receiver
        first, again = (curl(world, "/screenplay/tasks", folder=tmp_path, body=body) for _ in range(2))
        if isinstance(expected, Refused):
            assert (first.exit, first.out, first.json["msg"]) == (0, expected.status, expected.text)
            assert again.out == ("200" if expected.first_time else expected.status)
            assert world.charges == (["submit"] if expected.first_time else [])
            return
        assert world.charges == ["submit", "submit"]
        if expected == LOST:
            assert (first.exit, first.out, first.file) == (52, "000", None)
            return
        assert isinstance(expected, Accepted)
        task = f"/screenplay/tasks/{first.json['data']['task_id']}"
        assert curl(world, task, folder=tmp_path).json["data"]["status"] == expected.at_once
        world.advance(seconds=86_400)
        assert curl(world, task, folder=tmp_path).json["data"]["status"] == expected.end
        ran = curl(world, f"{task}/download", folder=tmp_path)
        assert (ran.out, None if ran.out == "200" else ran.json["msg"]) == expected.download
        assert len(receiver.calls) == 2 * expected.told
