"""`screenplay-check client` as a command: what it tells, what it keeps, how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60  # real seconds after which a command that should have ended is held not to end

COMMAND = (
    sys.executable,
    "-c",
    "from screenplay_contracts.cli import main; main(prog_name='screenplay-check')",
    "client",
)
TIDY = (sys.executable, str(Path(__file__).parents[1] / "clients" / "tidy.py"))
#: Exits at once, and well, whatever it was told. Of these checks it shows nothing, since it sends nothing.
IDLE = (sys.executable, "-c", "pass")
NOT_SHOWN = ("SUB-*", "REQ-*", "POL-*", "HYG-01", "HYG-02", "HYG-04", "HYG-05")


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Ended]:
    """Run `screenplay-check client` with arguments to its end, in an empty folder."""

    def to_its_end(*arguments: str) -> Ended:
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return to_its_end


def test_the_installed_command_has_a_group_for_clients() -> None:
    installed = Path(sys.executable).with_name("screenplay-check")
    done = subprocess.run([installed, "client", "--help"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert "Usage: screenplay-check client [OPTIONS] -- [COMMAND]..." in done.stdout
    assert "smoke" in done.stdout


def test_what_is_judged_is_listed_by_case(check: Callable[..., Ended]) -> None:
    listed = check("--list", "--run", "submit/close-after-accept", "--severity", "must")
    assert (listed.code, listed.err) == (0, "")
    first, *rest = listed.out.splitlines()
    assert first == "submit/close-after-accept"
    assert "    SUB-03  [MUST]" in rest
    assert "[SHOULD]" not in listed.out


def test_a_client_that_behaves_passes_and_everything_is_told_and_kept(
    check: Callable[..., Ended], tmp_path: Path
) -> None:
    reports = [f"--report={form}={form}.out" for form in ("junit", "json", "markdown", "html", "har")]
    ended = check("--run", "submit/ok", *reports, "--results", "kept", "--name", "tidy", "--", *TIDY)
    assert ended.code == 0, ended.out
    assert "client tidy: " in ended.out
    assert ended.err.startswith("[1/1] submit/ok: ")
    told = json.loads((tmp_path / "json.out").read_text("utf-8"))
    assert ("submit/ok", "SUB-01", "passed") in {(one["case"], one["name"], one["verdict"]) for one in told["checks"]}
    names = [
        (one.get("classname"), one.get("name"))
        for one in ET.parse(tmp_path / "junit.out").iter("testcase")  # noqa: S314
    ]
    assert ("screenplay.submit", "ok: SUB-01") in names
    assert {one.name for one in (tmp_path / "kept" / "submit" / "ok").iterdir()} == {
        "result.json",
        "stderr.txt",
        "stdout.txt",
        "wire.har",
        "wire.ndjson",
    }
    rows = [json.loads(line) for line in (tmp_path / "kept" / "submit" / "ok" / "wire.ndjson").read_text().splitlines()]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert rows[0]["what"] == "process started"
    assert {"wire", "request", "process ended"} <= {row["what"] for row in rows}
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"sk-mai-" not in everything


def test_a_command_that_starts_no_client_is_2_after_two_cases_with_its_last_words(
    check: Callable[..., Ended], tmp_path: Path
) -> None:
    options = ("--run", "submit/*", "--jobs", "1", "--env", "SPELLING=odd", "--report", "json=report.json")
    ended = check(*options, "--", sys.executable, "no.py")
    assert ended.code == 2
    assert len([line for line in ended.err.splitlines() if line.startswith("[")]) == 2
    assert "can't open file" in ended.err.splitlines()[-1]
    note, hint, way_out, end = ended.out.splitlines()
    assert note.startswith("note: it sent nothing in submit/ok, submit/minimal; exit code 2, last words: ")
    assert hint.startswith("note: it seems to look for something that is not there.")
    assert way_out.endswith(f"screenplay-check client smoke --env SPELLING=odd -- {sys.executable} no.py")
    assert end.endswith("nothing was judged; it could not be told")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["checks"], report["exit_code"]) == ([], 2)


def test_last_words_are_told_without_the_key(check: Callable[..., Ended]) -> None:
    program = "import os, sys; sys.exit('no such user: ' + os.environ['SCREENPLAY_API_KEY'])"
    ended = check("--run", "submit/ok", "--", sys.executable, "-c", program)
    assert ended.code == 2
    assert "no such user: " in ended.out
    assert "sk-mai-" not in ended.out + ended.err


def test_a_client_that_does_nothing_does_not_pass(check: Callable[..., Ended]) -> None:
    ended = check("--run", "submit/ok", "--severity", "must", "--", *IDLE)
    assert ended.code == 1
    assert "inconclusive submit/ok: SUB-01 [MUST]" in ended.out
    assert "nothing was sent; exit code 0, without a word" in ended.out
    assert "passed" not in ended.out
    assert "[again] submit/ok" in ended.err


@pytest.mark.parametrize(("client", "code"), [("lazy", 0), ("busy", 1)])
def test_a_failure_is_accepted_of_the_client_that_has_it(
    check: Callable[..., Ended], tmp_path: Path, client: str, code: int
) -> None:
    entry = '[[accepted]]\ncheck = "HYG-03"\ncase = "submit/*"\nclient = "lazy"\nreason = "it is a stub"\n'
    (tmp_path / "accepted.toml").write_text(entry, "utf-8")
    skipped = [word for pattern in NOT_SHOWN for word in ("--skip", pattern)]
    arguments = ("--run", "submit/402", *skipped, "--name", client)
    ended = check(*arguments, "--accepted", "accepted.toml", "--", *IDLE)
    assert ended.code == code
    assert ("(accepted: it is a stub)" in ended.out) == (client == "lazy")
    assert ("[again]" in ended.err) == (client == "busy"), "what is known is no surprise"


def test_an_accepted_failure_that_is_none_any_more_is_stale(check: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "accepted.toml").write_text('[[accepted]]\ncheck = "SUB-01"\nreason = "it was broken"\n', "utf-8")
    ended = check("--run", "submit/ok", "--accepted", "accepted.toml", "--", *TIDY)
    assert ended.code == 1
    assert "line 1: [[accepted]] check = 'SUB-01'" in ended.out


def test_undeclared_capabilities_are_named_with_their_share(check: Callable[..., Ended]) -> None:
    ended = check("--run", "submit/ok", "--run", "cancel/ok", "--severity", "must", "--", *TIDY)
    assert "1 of 2 cases (" in ended.out
    assert "since they need cancel: --capability declares it" in ended.out


ACCEPTED = {
    "check": 'check = "SUB-91"',
    "case": 'check = "SUB-01"\ncase = "submit/okk"',
    "pair": 'check = "SUB-03"\ncase = "poll/ok"',
}
WRONG = [
    (("--", "nosuchprogram"), "there is no program 'nosuchprogram' in PATH"),
    ((), "the command that starts your client is missing: put it behind --"),
    (("--run", "submit/okay", "--", "true"), "no check is called 'submit/okay'; did you mean 'submit/ok'?"),
    (("--capability", "webhooks", "--", "true"), "there is no capability 'webhooks'"),
    (("--report", "pdf=x", "--", "true"), "'pdf=x' is not FORMAT=PATH"),
    (("--results", "taken/x", "--", "true"), "--results taken/x cannot be written: "),
    (("--report", "json=taken/x.json", "--", "true"), "the report json=taken/x.json cannot be written: "),
    (("--report", "json=.", "--", "true"), "the report json=. cannot be written: "),
    (("--env", "SCREENPLAY_OUT=x", "--", "true"), "SCREENPLAY_OUT is not yours to set"),
    (("--accepted", "odd-check.toml", "--", "true"), "no check is called 'SUB-91'; did you mean 'SUB-19'?"),
    (("--accepted", "odd-case.toml", "--", "true"), "no case is called 'submit/okk'; did you mean 'submit/ok'?"),
    (
        ("--accepted", "odd-pair.toml", "--", "true"),
        "line 1: 'SUB-03' is not judged in 'poll/ok', but in submit/close-",
    ),
    (("smoke", "--", "nosuchprogram"), "there is no program 'nosuchprogram' in PATH"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_wrong_usage_is_2_and_says_what_would_be_right(
    check: Callable[..., Ended], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "taken").touch()
    for name, members in ACCEPTED.items():
        (tmp_path / f"odd-{name}.toml").write_text(f'[[accepted]]\n{members}\nreason = "odd"\n', "utf-8")
    ended = check(*arguments)
    assert ended.code == 2
    assert message in ended.err
    assert "[1/" not in ended.err, "it is found before the run"


def test_a_report_of_before_stays_until_there_is_another(check: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("old", "utf-8")
    reports = ("--report", "json=old.json", "--report", "html=new/x.html")
    assert check("--run", "submit/ok", *reports, "--", "nosuchprogram").code == 2
    assert (tmp_path / "old.json").read_text("utf-8") == "old"
    assert not (tmp_path / "new" / "x.html").exists()


def test_a_program_that_cannot_be_started_is_2(check: Callable[..., Ended], tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o755)
    ended = check("--run", "submit/*", "--", "./broken")
    assert ended.code == 2
    assert "broken cannot be started: " in ended.err


HANGS = """
import os, pathlib, sys, threading
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
threading.Event().wait()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("subcommand", [(), ("smoke",)])
def test_an_interrupt_ends_the_run_and_every_client(
    tmp_path: Path, number: signal.Signals, subcommand: tuple[str, ...]
) -> None:
    options = () if subcommand else ("--run", "submit/ok", "--report", "json=report.json")
    process = subprocess.Popen(
        [*COMMAND, *subcommand, *options, "--", sys.executable, "-c", HANGS, str(tmp_path / "pid")],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        pid = written(tmp_path / "pid", process)
        process.send_signal(number)
        out, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 130
    assert not is_alive(pid)
    if not subcommand:
        assert "interrupted" in out
        assert json.loads((tmp_path / "report.json").read_text("utf-8"))["complete"] is False


def test_who_interrupts_again_and_again_is_told_what_was_found_all_the_same(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--run", "submit/ok", "--", sys.executable, "-c", HANGS, str(tmp_path / "pid")],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        pid = written(tmp_path / "pid", process)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        out, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert (process.returncode, out.splitlines()[-1].endswith("interrupted"), is_alive(pid)) == (130, True, False)


def written(path: Path, process: subprocess.Popen[str]) -> str:
    """What stands in *path*, waited for as long as *process* lives."""
    while not (path.exists() and path.read_text("utf-8")):
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            raise AssertionError(process.communicate())
    return path.read_text("utf-8")


def is_alive(pid: str) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False


def test_smoke_finds_nothing_wrong_with_an_adapter_that_is_well_made(check: Callable[..., Ended]) -> None:
    ended = check("smoke", "--capability", "webhook", "--", *TIDY)
    assert ended.code == 0, ended.out
    assert ended.out.splitlines()[-1] == "the adapter is well made"
