"""`screenplay-mock demo`: what it tells is what happens, and it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from screenplay_mock.cli import main
from screenplay_mock.demo import report
from screenplay_mock.demo.careful import Careful
from screenplay_mock.demo.naive import Naive
from screenplay_mock.demo.outcome import CRASHED, STOPPED, Outcome, findings
from screenplay_mock.demo.scenes import SCENES, Scene
from screenplay_mock.demo.stage import play
from screenplay_mock.demo.style import Style
from screenplay_mock.scenarios import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_mock.demo.machine import Machine
    from screenplay_mock.testing import RunningServer

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
DEMO = (sys.executable, "-m", "screenplay_mock", "demo")
PATIENCE = 60  # real seconds
BY_NAME = {scene.scenario: scene for scene in SCENES}


@pytest.fixture(scope="module")
def whole() -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(DEMO, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False)


def told(name: str, client: type[Naive | Careful], server: RunningServer) -> Outcome:
    """What comes of the one job of a scene."""
    (outcome,) = play(BY_NAME[name], client, server).outcomes
    return outcome


def test_the_tour_tells_every_scene_and_both_ends_of_it(whole: subprocess.CompletedProcess[bytes]) -> None:
    assert (whole.returncode, whole.stderr) == (0, b"")
    text = whole.stdout.decode("ascii")  # no lines, no colours
    assert "\x1b" not in text
    chapters = re.split(r"^== ", text, flags=re.MULTILINE)[1:]
    assert len(chapters) == len(SCENES) + 1 == 13
    for scene, chapter in zip(SCENES, chapters, strict=False):
        assert f"== {scene.title} ==" in chapter
        assert re.findall(r"The (\w+) client", chapter) == ["naive", "careful"]
        assert len(re.findall(r"^  => [A-Z]", chapter, re.MULTILINE)) == 2
        assert f"serve --scenario {scene.scenario}\n" in chapter
        assert len(re.findall(rf"^  {scene.scenario} +\$", chapters[-1], re.MULTILINE)) == 1


def test_no_line_is_wider_than_a_hundred_columns(whole: subprocess.CompletedProcess[bytes]) -> None:
    assert max(map(len, whole.stdout.splitlines())) <= 100


def test_nothing_in_the_tour_depends_on_the_run(whole: subprocess.CompletedProcess[bytes]) -> None:
    some = ("webhook/before-submit-response", "download/redirect-signed-url", "chaos")
    arguments = [text for name in some for text in ("--only", name)]
    done = subprocess.run([*DEMO, *arguments], capture_output=True, timeout=PATIENCE, check=True)
    first, again = (
        dict(re.findall(r"^== \d+ of \d+ == (.*?) =+\n(.*?)(?=^== )", text.decode(), re.DOTALL | re.MULTILINE))
        for text in (whole.stdout, done.stdout)
    )
    assert (len(first), list(again)) == (12, [BY_NAME[name].title for name in some])
    assert again == {title: first[title] for title in again}


def test_another_seed_is_another_day(screenplay_server: RunningServer) -> None:
    days = [play(BY_NAME["chaos"], Careful, screenplay_server, seed=seed).outcomes for seed in (0, 0, 1)]
    assert days[0] == days[1] != days[2]


@pytest.mark.parametrize(
    ("name", "naive"),
    [
        ("submit/close-after-accept", {"said": "error", "submissions": 3, "has_result": False}),
        ("submit/gateway-504-after-accept", {"said": "error", "submissions": 3, "has_result": False}),
        ("poll/429-burst", {"said": "error", "submissions": 3, "has_result": False}),
        ("webhook/forged-failed", {"said": "completed", "submissions": 3, "downloads": 3}),
        ("webhook/duplicate", {"said": "completed", "submissions": 1, "downloads": 5}),
        ("poll/failed", {"said": CRASHED, "downloads": 0, "no_archives": ("result.zip",)}),
        ("t/poll/never-ends", {"said": STOPPED, "requests": 241}),
        ("webhook/before-submit-response", {"said": STOPPED, "downloads": 0}),
        ("download/cut-close-delimited", {"said": CRASHED, "no_archives": ("result.zip",)}),
        ("download/zip-slip", {"said": "completed", "escaped": ("../../outside.txt", "../outside.txt")}),
        ("download/redirect-signed-url", {"said": "completed", "leaks": 1}),
    ],
)
def test_the_naive_client_is_hurt(name: str, naive: dict[str, Any], screenplay_server: RunningServer) -> None:
    outcome = told(name, Naive, screenplay_server)
    assert {member: getattr(outcome, member) for member in naive} == naive
    assert any(finding.bad for finding in findings([outcome]))


@pytest.mark.parametrize(
    ("name", "said", "downloads"),
    [
        ("submit/close-after-accept", "unknown", 0),
        ("submit/gateway-504-after-accept", "completed", 1),
        ("poll/429-burst", "completed", 1),
        ("webhook/forged-failed", "completed", 1),
        ("webhook/duplicate", "completed", 1),
        ("poll/failed", "failed", 0),
        ("t/poll/never-ends", "timeout", 0),
        ("webhook/before-submit-response", "completed", 1),
        ("download/cut-close-delimited", "error", 2),
        ("download/zip-slip", "error", 1),
        ("download/redirect-signed-url", "completed", 1),
    ],
)
def test_the_careful_client_is_not(name: str, said: str, downloads: int, screenplay_server: RunningServer) -> None:
    outcome = told(name, Careful, screenplay_server)
    assert (outcome.said, outcome.submissions, outcome.downloads) == (said, 1, downloads)
    assert outcome.has_result == (said == "completed")
    assert not any(finding.bad for finding in findings([outcome]))


@pytest.mark.parametrize(
    "name", ["t/retry/503x5", "poll/503-once", "poll/reset-once", "retry/after-garbage", "submit/429-then-ok"]
)
def test_trouble_that_passes_does_not_end_the_job_of_the_careful_client(
    name: str, screenplay_server: RunningServer
) -> None:
    (outcome,) = play(replace(SCENES[0], scenario=name), Careful, screenplay_server).outcomes
    assert (outcome.said, outcome.submissions, outcome.has_result) == ("completed", 1, True)


@pytest.mark.parametrize(
    "name", [name for name in names() if name.startswith(("submit/", "webhook/")) and name != "submit/refused-then-ok"]
)
def test_the_careful_client_never_pays_twice(name: str, screenplay_server: RunningServer) -> None:
    scene = replace(SCENES[0], scenario=name, webhook=name.startswith("webhook/"))
    (outcome,) = play(scene, Careful, screenplay_server).outcomes
    assert max(outcome.submissions, outcome.downloads) <= 1
    assert not any(finding.bad for finding in findings([outcome]))


def test_a_bad_day_costs_the_naive_client_more(screenplay_server: RunningServer) -> None:
    naive, careful = (play(BY_NAME["chaos"], client, screenplay_server).outcomes for client in (Naive, Careful))
    assert [one.submissions for one in careful] == [1] * 8
    assert sum(one.submissions for one in naive) > 8


@pytest.mark.parametrize("client", [Naive, Careful])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.scenario)
def test_where_all_goes_well_both_do_well_whatever_the_scene_says(
    scene: Scene, client: type[Naive | Careful], screenplay_server: RunningServer
) -> None:
    run = play(replace(scene, scenario="quick"), client, screenplay_server)
    assert {(one.said, one.submissions, one.downloads, one.has_result) for one in run.outcomes} == {
        ("completed", 1, 1, True)
    }
    text = "\n".join(report.performance(client.name, run, Style()))
    claim = "Pays $4.00, once. Has the result." if scene.jobs == 1 else "Has 8 of 8 results."
    assert claim in text


def test_a_client_that_loops_is_stopped(screenplay_server: RunningServer) -> None:
    class Loops(Naive):
        def run(self, _: object) -> str:
            while True:
                self._call("GET", "/screenplay/tasks/ros-sd-20260313-00000000")

    (outcome,) = play(BY_NAME["poll/failed"], Loops, screenplay_server).outcomes
    assert (outcome.said, outcome.requests) == (STOPPED, 500)


def test_a_webhook_that_breaks_its_receiver_is_answered_with_500(screenplay_server: RunningServer) -> None:
    class Breaks(Careful):
        def on_webhook(self, _: object) -> None:
            raise ValueError("no")

    def make(machine: Machine) -> Breaks:
        return Breaks(machine)

    events = play(BY_NAME["webhook/duplicate"], make, screenplay_server).events
    assert sum(event.text == "ValueError: no" for event in events) > 5  # five calls, and their retries


def test_only_some_scenes_are_played_in_the_order_of_the_tour(run: Callable[..., Any]) -> None:
    done = run("demo", "--only", "poll/failed", "--only", "submit/close-after-accept")
    assert done.code == 0
    assert re.findall(r"^== \d of 2 == (.*?) =", done.out, re.MULTILINE) == [
        "The answer that got lost",
        "Success: true, status: failed",
    ]


def test_an_unknown_scene_is_2_with_the_nearest() -> None:
    done = CliRunner().invoke(main, ["demo", "--only", "download/zipslip"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean 'download/zip-slip'?" in done.stderr


def test_the_list_has_a_line_for_each_scene() -> None:
    done = CliRunner().invoke(main, ["demo", "--list"])
    assert [tuple(line.split(maxsplit=1)) for line in done.output.splitlines()] == [
        (scene.scenario, scene.title) for scene in SCENES
    ]


def test_every_scene_is_a_built_in_scenario() -> None:
    assert {scene.scenario for scene in SCENES} <= set(names())


def test_slow_waits_for_nobody_where_nobody_could_press_a_key(run: Callable[..., Any]) -> None:
    assert run("demo", "--slow", "--only", "poll/failed").out == run("demo", "--only", "poll/failed").out


def on_a_terminal(tmp_path: Path, *arguments: str, **environment: str) -> str:
    """What the demo writes to a terminal at whose keyboard Enter has been pressed many times."""
    pty = pytest.importorskip("pty", reason="no terminals to be had here")
    ours, theirs = pty.openpty()
    written = tmp_path / "terminal"
    rest = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "COLUMNS")}
    variables = rest | {"TERM": "xterm", "PYTHONIOENCODING": "utf-8", **environment}
    with written.open("wb") as file:
        process = subprocess.Popen([*DEMO, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=variables)
        os.close(theirs)
        os.write(ours, b"\n" * 100)
        try:
            while piece := os.read(ours, 65_536):
                file.write(piece)
        except OSError:  # Linux: the other side has been closed
            pass
        assert process.wait(PATIENCE) == 0
    os.close(ours)
    return written.read_bytes().decode()


def test_a_terminal_gets_lines_and_colours_and_enter_goes_on(tmp_path: Path) -> None:
    text = on_a_terminal(tmp_path, "--slow", "--only", "poll/failed")
    assert text.startswith("\r\n")  # the echo of Enter
    assert "Enter goes on" in text
    assert "───▶│" in text
    assert "\x1b[31m" in text


def test_no_color_is_honoured_on_a_terminal(tmp_path: Path) -> None:
    text = on_a_terminal(tmp_path, "--only", "poll/failed", NO_COLOR="1")
    assert "───▶│" in text
    assert "\x1b" not in text


def test_an_interrupt_is_130_and_leaves_nothing(tmp_path: Path) -> None:
    variables = os.environ | {"TMPDIR": str(tmp_path)}
    process = subprocess.Popen(DEMO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables)
    assert process.stdout is not None
    next(line for line in process.stdout if line.startswith(b"== 1 of 12"))
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (130, b"")
    assert list(tmp_path.iterdir()) == []


def test_proxies_are_not_asked(tmp_path: Path) -> None:
    variables = os.environ | {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    command = [*DEMO, "--only", "webhook/duplicate"]
    done = subprocess.run(command, capture_output=True, env=variables, cwd=tmp_path, timeout=PATIENCE, check=True)
    assert b"Has the result." in done.stdout


def test_the_demo_is_loaded_when_it_is_asked_for() -> None:
    code = "import sys, screenplay_mock.cli; print([m for m in sys.modules if m.startswith('screenplay_mock.demo')])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=PATIENCE, check=True).stdout
        == b"[]\n"
    )


def test_its_help_has_examples_and_exit_codes() -> None:
    done = CliRunner().invoke(main, ["demo", "--help"])
    assert "  screenplay-mock demo --slow" in done.output.partition("Examples:")[2]
    assert all(code in done.output.partition("Exit codes:")[2] for code in (" 0 ", " 2 ", " 130 "))


def test_what_the_readme_shows_is_what_the_demo_tells(whole: subprocess.CompletedProcess[bytes]) -> None:
    (shown,) = re.findall(r"^```text\n(== 1 of 12 == .*?)^```", README, re.DOTALL | re.MULTILINE)
    assert shown in whole.stdout.decode()
