"""The ready file: what is replaced, what is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from screenplay_mock.ready_file import ReadyFile, ReadyFileError

if TYPE_CHECKING:
    from pathlib import Path

BEYOND = 2**22 + 1  # no Linux process has so high a number


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ready.json"


def write(path: Path) -> None:
    ReadyFile(path).write(base_url="http://b", admin_url="http://a")


def test_it_says_where_and_who(path: Path) -> None:
    write(path)
    assert json.loads(path.read_text()) == {"base_url": "http://b", "admin_url": "http://a", "pid": os.getpid()}
    assert list(path.parent.iterdir()) == [path]


STALE = {
    "empty": "",
    "dead": f'{{"pid": {BEYOND}}}',
    "no pid": f'{{"pid": {2**70}}}',
    "ours": f'{{"pid": {os.getpid()}}}',
}


@pytest.mark.parametrize("text", STALE.values(), ids=STALE)
def test_a_stale_one_is_replaced(path: Path, text: str) -> None:
    path.write_text(text)
    ReadyFile(path).check()
    write(path)
    assert "base_url" in json.loads(path.read_text())
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "text",
    ["precious", "7", "null", '{"pid": 0}', '{"pid": -1}', '{"pid": true}', '{"port": 1}', "[" * 50_000],
    ids=lambda text: text[:10],
)
def test_what_is_something_else_is_refused_and_kept(path: Path, text: str) -> None:
    path.write_text(text)
    for use in (ReadyFile(path).check, lambda: write(path)):
        with pytest.raises(ReadyFileError, match="something else"):
            use()
    ReadyFile(path).remove()
    assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]


def test_that_of_a_living_process_is_refused_and_kept(path: Path) -> None:
    parent = f'{{"pid": {os.getppid()}}}'
    path.write_text(parent)
    for use in (ReadyFile(path).check, lambda: write(path)):
        with pytest.raises(ReadyFileError, match=f"process {os.getppid()} uses it"):
            use()
    ReadyFile(path).remove()
    assert path.read_text() == parent


def test_where_no_file_can_be_is_said(path: Path) -> None:
    for impossible, why in ((path / "x", "folder does not exist"), (path.parent, "not a plain file")):
        with pytest.raises(ReadyFileError, match=why):
            ReadyFile(impossible).check()
        with pytest.raises(ReadyFileError, match="cannot be used"):
            write(impossible)


def test_a_dangling_link_is_replaced(path: Path) -> None:
    path.symlink_to("nowhere")
    write(path)
    assert path.is_file()


def test_only_our_own_is_removed(path: Path) -> None:
    ReadyFile(path).remove()  # there is none
    write(path)
    ReadyFile(path).remove()
    assert not path.exists()


ROUNDS = 200
RACE = f"""
import multiprocessing, sys
from pathlib import Path
from screenplay_mock.ready_file import ReadyFile, ReadyFileError

def race(path, barrier, winners):
    for _ in range({ROUNDS}):
        barrier.wait(20)
        try:
            ReadyFile(path).write(base_url="b", admin_url="a")
        except ReadyFileError:
            pass
        else:
            with winners.get_lock():
                winners.value += 1
        barrier.wait(20)

path = Path(sys.argv[1])
fork = multiprocessing.get_context("fork")
barrier, winners = fork.Barrier(4), fork.Value("i", 0)
racers = [fork.Process(target=race, args=(path, barrier, winners), daemon=True) for _ in range(3)]
for racer in racers:
    racer.start()
for _ in range({ROUNDS}):
    path.write_text('{{"pid": {BEYOND}}}')
    barrier.wait(20)
    barrier.wait(20)
print(winners.value)
"""


def test_of_all_who_replace_a_stale_one_at_once_one_gets_it(path: Path) -> None:
    """Hence the rounds: an interleaving that shows careless replacing is rare."""
    command = [sys.executable, "-c", RACE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == (f"{ROUNDS}\n", "")
