"""How the folder of the result is seen to grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.growth import Growth, seldom

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_that_is_filled_shows_every_stage_once(tmp_path: Path) -> None:
    growth = Growth(tmp_path / "result")
    growth.look()
    assert growth.stages == ()
    (tmp_path / "result" / "sub").mkdir(parents=True)
    growth.look()
    (tmp_path / "result" / "sub" / "a").write_bytes(b"12")
    growth.look()
    growth.look()
    (tmp_path / "result" / "sub" / "a").write_bytes(b"1234")
    growth.look()
    assert growth.stages == ((0, 0), (1, 2), (1, 4))


def test_a_finished_folder_that_is_renamed_into_place_shows_one_stage(tmp_path: Path) -> None:
    growth = Growth(tmp_path / "result")
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "unfinished" / "a").write_bytes(b"12")
    growth.look()
    (tmp_path / "unfinished").rename(tmp_path / "result")
    growth.look()
    growth.look()
    assert growth.stages == ((1, 2),)


def test_what_takes_long_is_looked_at_seldom() -> None:
    times = iter((0.0, 1.0, 5.0, 10.9, 11.1, 11.2))  # a look of 1 s, two questions too early, a look of 0.1 s
    looked = seldom(lambda: "seen", clock=lambda: next(times))
    assert [looked() for _ in range(4)] == ["seen", None, None, "seen"]
