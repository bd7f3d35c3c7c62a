"""docs/checking-clients.md is run: its adapters, its commands, its accepted failures, its workflow, its tables."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from screenplay_contracts.accepted import load
from screenplay_contracts.client.behaviours import BEHAVIOURS
from screenplay_contracts.client.job import Job, submission
from screenplay_contracts.client.reporting import OUTCOMES
from screenplay_contracts.selection import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[..., subprocess.CompletedProcess[str]]

PATIENCE = 100  # real seconds after which a command that should have ended is held not to end
CLIENTS = Path(__file__).parents[1] / "clients"
PAGE = (Path(__file__).parents[2] / "docs" / "checking-clients.md").read_text("utf-8")
CASES = ("poll/ok", "poll/failed", "submit/402", "download/ok")
COMMAND = (sys.executable, "-c", "from screenplay_contracts.cli import main; main(prog_name='screenplay-check')")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def adapter(language: str) -> str:
    """The adapter in *language*: the first of its blocks that speaks of the job."""
    return next(one for one in blocks(language) if "JOB" in one)


def untyped(code: str) -> str:
    """TypeScript without its types, as far as this page has any: newer Nodes do that themselves."""
    code = re.sub(r"^type .*;\n", "", code, flags=re.MULTILINE)
    return re.sub(r"(?<=[\w)]): (?:string|Job)(?: \| null)?(?= =|\))|(?<=\)): string(?= =>)", "", code)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the adapters, the client `acme` that they call, and accepted failures."""
    for name in ("acme.py", "acme.mjs"):
        shutil.copy(CLIENTS / name, tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "acme").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/acme.py" "$@"\n')
    (tmp_path / "bin" / "acme").chmod(0o755)
    (tmp_path / "adapter.sh").write_text(adapter("sh"))
    (tmp_path / "adapter.py").write_text(adapter("python"))
    (tmp_path / "adapter.mjs").write_text(untyped(adapter("ts")))
    (tmp_path / "accepted.toml").write_text(*blocks("toml"))
    return tmp_path


@pytest.fixture
def check(home: Path) -> Check:
    """Run `screenplay-check` with arguments in that folder."""
    path = os.pathsep.join([str(home / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])

    def run(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=home,
            env={**os.environ, "PATH": path, **(env or {})},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run


ADAPTERS = {"adapter.sh": ("sh", "jq", "unzip"), "adapter.py": (sys.executable,), "adapter.mjs": ("node", "unzip")}


@pytest.fixture(params=ADAPTERS)
def command(request: pytest.FixtureRequest) -> list[str]:
    program, *tools = ADAPTERS[request.param]
    for tool in (program, *tools):
        if shutil.which(tool) is None:
            pytest.skip(f"{request.param} needs {tool}")
    return [program, request.param]


def test_each_adapter_is_well_made_and_keeps_what_a_case_asks_of_it(check: Check, command: list[str]) -> None:
    smoke = check("client", "smoke", "--", *command)
    assert smoke.returncode == 0, smoke.stdout + smoke.stderr
    assert "hint" not in smoke.stdout
    chosen = [word for case in CASES for word in ("--run", case)]
    played = check("client", *chosen, "--severity", "must", "--", *command)
    assert played.returncode == 0, played.stdout + played.stderr
    assert " passed; all MUST are kept" in re.sub(r", \d+ skipped", "", played.stdout)


def test_an_adapter_that_always_exits_well_is_found(check: Check, home: Path) -> None:
    path = home / "adapter.py"
    path.write_text(path.read_text().replace('sys.exit(outcome != "completed")', "sys.exit(0)"))
    assert check("client", "smoke", "--", sys.executable, "adapter.py").returncode == 1


def in_a_table() -> list[list[str]]:
    """The command lines that stand in tables: of programs that look for something in the current folder."""
    return [shlex.split(line) for line in re.findall(r"^\|.*\| `screenplay-check (.*)` \|$", PAGE, re.MULTILINE)]


def test_a_module_of_python_is_found_as_the_page_says(check: Check, home: Path) -> None:
    (words,) = [words for words in in_a_table() if "PYTHONPATH=$PWD" in words]
    told = [word.replace("$PWD", str(home)) for word in words]
    done = check(told[0], "smoke", *told[1:])
    assert done.returncode == 0, done.stdout + done.stderr
    without = check("client", "smoke", "--", *told[told.index("--") + 1 :])
    assert without.returncode == 1
    assert "  - hint: it seems to look for something that is not there." in without.stdout


def test_the_options_of_the_page_are_there(check: Check) -> None:
    assert len(in_a_table()) >= 4
    for words in in_a_table():
        before = words[: words.index("--")]
        listed = check(*before, "--run", "poll/ok", "--list", env={"JAVA_HOME": "/opt/java"})
        assert listed.returncode == 0, listed.stderr


def commands() -> list[list[str]]:
    """Every command line of the page that begins with the tool's name."""
    (workflow,) = blocks("yaml")
    steps = yaml.safe_load(workflow)["jobs"]["contract"]["steps"]
    lines = [line for block in blocks("sh") for line in block.splitlines()] + [step.get("run", "") for step in steps]
    return [shlex.split(line)[1:] for line in lines if line.startswith("screenplay-check ")]


def shortened(words: list[str]) -> list[str]:
    """A command that plays cases: only one where it makes reports, otherwise they are listed as it chooses them."""
    if words[1] in {"smoke", "matrix"} or "--list" in words:
        return words
    return [words[0], *(("--run", "poll/ok") if "--report" in words else ("--list",)), *words[1:]]


def test_every_command_of_the_page_does_what_it_says(check: Check, home: Path) -> None:
    every = commands()
    assert len(every) >= 10
    for words in every:
        done = check(*shortened(words))
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    for made in ("old.json", "junit.xml", "matrix.html", "matrix.md", "report/matrix.html", "report/summary.md"):
        assert (home / made).stat().st_size > 0, made
    assert (home / "cases/poll/ok/stdout.txt").exists()


def test_accepted_failures_of_the_page_can_be_read_and_name_what_there_is(home: Path) -> None:
    entries = load(home / "accepted.toml")
    assert [bool(one.expires) for one in entries] == [True, False]
    for one in entries:
        assert any(fits(one.check, name) for name in BEHAVIOURS), one.check


def test_the_job_of_the_page_has_the_members_of_a_job() -> None:
    job, report = map(json.loads, blocks("json"))
    wanted: dict[str, Any] = Job(submission()).data()
    assert job.keys() == wanted.keys()
    assert all(f"| `{name}` |" in PAGE for name in wanted if name != "version")
    assert report["outcome"] in OUTCOMES
    assert all(f"`{name}`" in PAGE for name in OUTCOMES)
