"""`screenplay-check client fuzz`, with real fakes and real clients: what it finds, writes down, and plays again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screenplay_mock.scenarios import builtin, load_file

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

CLIENTS = Path(__file__).parents[1] / "clients"
PATIENCE = 100  # real seconds after which a command that should have ended is held not to end
CHECK = (sys.executable, "-c", "from screenplay_contracts.cli import main; main(prog_name='screenplay-check')")
FUZZ = (*CHECK, "client", "fuzz")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the clients that are callables."""
    shutil.copy(CLIENTS / "in_process.py", tmp_path)
    return tmp_path


@pytest.fixture
def fuzz(home: Path) -> Run:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*FUZZ, *arguments],
            cwd=home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run


def adapter(client: str) -> tuple[str, str]:
    return "--adapter", f"in_process:{client}"


def left(home: Path) -> list[str]:
    return sorted({*os.listdir(home)} - {"in_process.py"})  # noqa: PTH208 - names are enough


def test_a_careful_client_breaks_nothing_and_nothing_is_left_behind(fuzz: Run, home: Path) -> None:
    done = fuzz(*adapter("careful"), "--capability", "webhook,cancel", "--max-examples", "15", "--seed", "3")
    assert (done.returncode, done.stdout) == (0, "nothing was broken in 15 situations, seed 3\n"), done.stderr
    assert left(home) == []


def test_a_client_that_loses_the_task_id_after_a_500_is_found_and_the_finding_plays_again(
    fuzz: Run, home: Path
) -> None:
    done = fuzz(*adapter("loses_the_id"))
    assert done.returncode == 1, done.stderr
    assert "tells-the-truth is broken" in done.stdout
    file, job = home / "screenplay-fuzz-tells-the-truth.yaml", home / "screenplay-fuzz-tells-the-truth.job.json"
    assert left(home) == sorted((file.name, job.name))
    assert len(load_file(file).faults) <= 2
    assert json.loads(job.read_text("utf-8"))["version"] == 1
    checked = [sys.executable, "-m", "screenplay_mock", "scenarios", "check", file]
    subprocess.run(checked, check=True, capture_output=True, timeout=PATIENCE)
    again = fuzz("--replay", file.name, *adapter("loses_the_id"))
    assert again.returncode == 1
    assert "tells-the-truth is broken" in again.stdout
    skipping = ("--skip", "tells-the-truth", "--replay", file.name)
    assert fuzz(*skipping, *adapter("loses_the_id")).returncode == 0
    assert fuzz("--replay", file.name, *adapter("careful")).returncode == 0


def test_a_client_that_submits_again_after_a_500_pays_twice(fuzz: Run, home: Path) -> None:
    (home / "screenplay-fuzz-pays-once.yaml").write_text("mine\n")
    done = fuzz(*adapter("submits_again"), "--seed", "5")
    assert done.returncode == 1, done.stderr
    assert "pays-once is broken" in done.stdout
    assert (home / "screenplay-fuzz-pays-once.yaml").read_text() == "mine\n"
    scenario = load_file(home / "screenplay-fuzz-pays-once-2.yaml")
    assert [one.on for one in scenario.faults] == [("submitTask",)]


def test_a_client_that_polls_on_needs_no_fault_to_be_found(fuzz: Run, home: Path) -> None:
    done = fuzz(*adapter("polls_on"), "--out", "found")
    assert done.returncode == 1, done.stderr
    assert "stops-at-the-end is broken" in done.stdout
    assert left(home) == ["found"]
    found = load_file(home / "found" / "screenplay-fuzz-stops-at-the-end.yaml")
    quick = builtin("quick")
    assert found == replace(quick, name=found.name, description="")


def test_a_client_that_trusts_success_takes_a_failed_task_for_a_completed_one(fuzz: Run) -> None:
    done = fuzz(*adapter("trusts_success"), "--seed", "2")
    assert done.returncode == 1, done.stderr
    assert "tells-the-truth is broken" in done.stdout


def test_a_command_is_fuzzed_too(fuzz: Run) -> None:
    done = fuzz("--max-examples", "3", "--time", "60", "--", sys.executable, str(CLIENTS / "tidy.py"))
    assert done.returncode in {0, 1}, done.stderr
    assert "situation" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "name a client"),
        (("--adapter", "in_process:careful", "--", "true"), "name a client"),
        (("--adapter", "in_process:nobody"), "there is no 'nobody' in in_process"),
        (("--", "no-such-program"), "there is no program"),
        (("--skip", "pays-twice", *adapter("careful")), "there is no 'pays-twice'; there are: pays-once"),
        (("--replay", "nowhere.yaml", *adapter("careful")), "there is no such file"),
        (("--replay", "submit/402x", *adapter("careful")), "submit/402"),
        (("--adapter", "in_process:Careful"), "it returns an exit code"),
    ],
)
def test_what_is_wrong_with_the_command_line_is_told(fuzz: Run, arguments: tuple[str, ...], complaint: str) -> None:
    done = fuzz(*arguments)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_a_client_that_sends_nothing_cannot_be_judged(fuzz: Run) -> None:
    done = fuzz("--", "true")
    assert (done.returncode, "never sent anything" in done.stdout) == (2, True), done.stderr


def test_an_interruption_ends_it_at_once_with_130(home: Path) -> None:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*FUZZ, *adapter("careful"), "--time", "300"]
    process = subprocess.Popen(command, cwd=home, env=environment, stdout=-1, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "situations, nothing so far" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert left(home) == []
