"""The commands beside `serve`, and what holds for all of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from screenplay_mock.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = [sys.executable, "-m", "screenplay_mock"]
SCRIPT = Path(sys.executable).parent / "screenplay-mock"
BODY = {"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}
PATIENCE = 30

COMMANDS = [
    ["serve"],
    ["scenarios"],
    ["scenarios", "list"],
    ["scenarios", "show"],
    ["scenarios", "check"],
    ["openapi"],
    ["schema"],
    ["schema", "list"],
    ["schema", "show"],
    ["schema", "validate"],
]


def invoked(*arguments: str, stdin: str = "") -> Result:
    """What a command does, in this process: four times as fast."""
    return CliRunner().invoke(main, arguments, stdin)


def test_the_installed_command_is_the_module(run: Callable[..., Any]) -> None:
    script, module = run("--help", command=(str(SCRIPT),)), run("--help")
    assert script == module
    assert script.code == 0
    assert "Usage: screenplay-mock " in script.out


def test_the_version_is_printed(run: Callable[..., Any]) -> None:
    from screenplay_mock import __version__

    assert run("--version").out == f"screenplay-mock, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [(["serv"], "'serve'"), (["schema", "vaildate"], "'validate'"), (["openapi", "--outptu", "x"], "'--output'")],
)
def test_what_is_mistyped_is_2_with_the_nearest(arguments: list[str], nearest: str) -> None:
    done = invoked(*arguments)
    assert done.exit_code == 2
    assert f"Did you mean {nearest}?" in done.stderr


@pytest.mark.parametrize("command", [["scenarios", "show", "hapy"], ["schema", "show", "calback"]])
def test_an_unknown_name_is_2_with_the_nearest(command: list[str]) -> None:
    done = invoked(*command)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean '" in done.stderr


def test_openapi_prints_the_document_or_writes_it(run: Callable[..., Any], tmp_path: Path) -> None:
    from screenplay_schemas import bundle

    assert run("openapi", "--output", "api.json").code == 0
    assert (tmp_path / "api.json").read_text() == run("openapi").out
    assert json.loads((tmp_path / "api.json").read_text()) == bundle()
    done = run("openapi", "--output", "none/api.json")
    assert (done.code, "none/api.json" in done.err) == (2, True)


def test_schema_lists_and_shows_all(run: Callable[..., Any]) -> None:
    from screenplay_schemas import load, names

    assert tuple(line.split()[0] for line in run("schema", "list").out.splitlines()) == names()
    assert json.loads(run("schema", "show", "callback").out) == load("callback")


def test_a_valid_value_is_0(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text(json.dumps(BODY))
    assert run("schema", "validate", "submit-request", "body.json").code == 0
    assert run("schema", "validate", "submit-request", "-", stdin=json.dumps(BODY)).code == 0


def test_an_invalid_value_is_1_and_every_error_has_its_path(run: Callable[..., Any]) -> None:
    wrong = BODY | {"mode": "film", "config": {"language": 3}}
    done = run("schema", "validate", "submit-request", "-", stdin=json.dumps(wrong))
    assert done.code == 1
    assert sorted(line.partition(": ")[0] for line in done.out.splitlines()) == ["$.config.language", "$.mode"]


@pytest.mark.parametrize(
    ("name", "file", "stdin", "word"),
    [
        ("callback", "none.json", "", "none.json"),
        ("callback", "-", '{"a":\n x}', "<stdin>:2:2"),
        ("callback", "-", "NaN", "NaN"),
        ("callback", "-", "[" * 100_000, "nested too deeply"),
        ("calback", "-", "{}", "did you mean 'callback'?"),
    ],
    ids=["no file", "no JSON", "no number", "too deep", "no schema"],
)
def test_what_cannot_be_judged_is_2(name: str, file: str, stdin: str, word: str) -> None:
    done = invoked("schema", "validate", name, file, stdin=stdin)
    assert (done.exit_code, done.stdout) == (2, "")
    assert word in done.stderr


@pytest.mark.parametrize("command", [["scenarios", "show", "happy"], ["openapi"]])
def test_a_reader_that_leaves_is_no_reason_to_complain(command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        done = subprocess.run([*MODULE, *command], stdout=nobody, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", [["scenarios", "list"], ["demo"], ["--help"]], ids=" ".join)
def test_a_disk_that_is_full_is_2_and_said_so(command: list[str], unbuffered: str) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - no path of ours
        done = subprocess.run(
            [*MODULE, *command],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
    assert (done.returncode, done.stderr) == (2, b"Error: the output cannot be written: No space left on device\n")


def test_an_interrupt_is_130(tmp_path: Path) -> None:
    fifo = tmp_path / "body.json"
    os.mkfifo(fifo)
    command = [*MODULE, "schema", "validate", "callback", str(fifo)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    with fifo.open("w"):  # opens when the other side does
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert b"Traceback" not in said


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    done = invoked(*command, "--help")
    assert done.exit_code == 0
    _, _, examples = done.output.partition("Example")
    assert f"  screenplay-mock {' '.join(command)}" in examples


def test_the_help_of_serve_names_every_environment_variable_and_exit_code(run: Callable[..., Any]) -> None:
    from screenplay_mock.commands.serve import serve

    text = " ".join(run("serve", "--help").out.split())
    options = [one for one in serve.params if one.opts[0] != "--help"]
    assert len(options) > 15
    assert [one.opts[0] for one in options if f"SCREENPLAY_MOCK_{one.name.upper()}" not in text] == []
    for code in (" 0 ", " 1 ", " 2 ", " 3 ", " 130 "):
        assert code in text.partition("Exit codes:")[2]
    for later in ("--store", "--metrics"):
        assert later not in text
