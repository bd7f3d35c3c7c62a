"""Many cases in a run: judged, repeated where that is a surprise, broken off where somebody wants to stop."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.client.behaviour import Behaviour
from screenplay_contracts.client.case import Case
from screenplay_contracts.client.playing import Played, Setup
from screenplay_contracts.client.pool import play_all
from screenplay_contracts.client.process import CannotStart
from screenplay_contracts.client.silence import SentNothing
from screenplay_contracts.client.suite import Run, Suite
from screenplay_contracts.verdict import Check, Finding, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Outcome, Result

#: Exits with what its argument says, or, with `flaky`, with 1 the first time; with `hangs` never.
EXITS = """
import os, pathlib, sys, threading
case, (how, notes) = os.environ["SCREENPLAY_CASE"].replace("/", "_"), sys.argv[1:]
first = not pathlib.Path(notes, case).exists()
pathlib.Path(notes, case).write_text(str(os.getpid()))
if how == "hangs":
    threading.Event().wait()
sys.exit({"flaky": int(first)}.get(how) if how == "flaky" else int(how))
"""


def exits_with_0(seen: Observation) -> Iterable[Outcome]:
    code = seen.processes[0].exit_code
    yield None if code == 0 else Finding("exit code 0", str(code), measured=seen.case.name.startswith("t/"))


BEHAVIOURS = {"X": Behaviour(Check("X", Severity.MUST, "docs", "it succeeds"), "X", exits_with_0)}


def case(name: str, **more: Any) -> Case:
    return Case(name, ("X",), scenario="quick", quiet_seconds=0, **{"may_be_silent": True, **more})


@dataclass
class Heard:
    told: list[tuple[str, bool, bool]] = field(default_factory=list)

    def done(self, case: Case, played: Played | None, _: tuple[Result, ...], again: bool) -> None:  # noqa: FBT001
        self.told.append((case.name, played is not None, again))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "root").mkdir()
    return tmp_path / "notes"


def setup(notes: Path, how: str, **more: Any) -> Setup:
    argv = (sys.executable, "-c", EXITS, how, str(notes))
    return Setup(argv, notes.parent / "root", os.environ["PATH"], **more)


def run(notes: Path, how: str, cases: Sequence[Case], heard: Heard | None = None, jobs: int = 2) -> Run:
    return Run(Suite(BEHAVIOURS, setup(notes, how), jobs, (heard or Heard()).done), cases, ())


def test_results_are_in_the_order_of_the_cases_and_each_is_told(notes: Path) -> None:
    heard, cases = Heard(), [case(f"a/{number}") for number in range(5)]
    judged = run(notes, "0", cases, heard)
    judged.play()
    assert [(one.case, one.verdict) for one in judged.results] == [(each.name, Verdict.PASSED) for each in cases]
    assert sorted(heard.told) == [(each.name, True, False) for each in cases]
    assert judged.notes == ()


def test_cases_that_measure_time_come_last_and_alone(notes: Path) -> None:
    cases = [case("alone/1", alone=True), case("a/1"), case("alone/2", alone=True), case("a/2")]
    with closing(play_all(cases, setup(notes, "0"), jobs=4)) as done:
        names = [each.name for each, _ in done]
    assert (sorted(names[:2]), names[2:]) == (["a/1", "a/2"], ["alone/1", "alone/2"])


def test_what_is_not_declared_is_not_played_and_its_share_is_told(notes: Path) -> None:
    heard = Heard()
    judged = run(notes, "0", [case("a/1"), case("hook/1", needs=frozenset({"webhook"}))], heard)
    assert judged.count == 1
    judged.play()
    assert [one.verdict for one in judged.results] == [Verdict.PASSED, Verdict.SKIPPED]
    assert heard.told == [("a/1", True, False)]
    (note,) = judged.notes
    assert note == (
        "1 of 2 cases (50 % of the checks) were not judged, since they need webhook: --capability declares it"
    )


def test_surprising_failures_are_repeated_and_rescued_if_a_machine_can_be_their_cause(notes: Path) -> None:
    heard = Heard()
    judged = run(notes, "flaky", [case("t/1"), case("a/1")], heard, jobs=1)
    judged.play()
    first = judged.results
    judged.repeat(first)
    verdicts = [one.verdict for one in (*first, *judged.results)]
    assert verdicts == [Verdict.FAILED, Verdict.FAILED, Verdict.PASSED, Verdict.FAILED]
    assert judged.notes == (
        "t/1: X was rescued: failed at first (expected exit code 0; observed 1), passed when repeated alone",
        "a/1: X failed, but not every time: passed when repeated alone",
    )
    assert heard.told == [("t/1", True, False), ("a/1", True, False), ("t/1", True, True), ("a/1", True, True)]


def test_where_much_goes_wrong_nothing_is_repeated(notes: Path) -> None:
    heard = Heard()
    judged = run(notes, "1", [case(f"a/{number}") for number in range(9)], heard, jobs=4)
    judged.play()
    judged.repeat(judged.results)
    assert len(heard.told) == 9
    assert {one.verdict for one in judged.results} == {Verdict.FAILED}


def test_what_goes_well_is_not_repeated(notes: Path) -> None:
    heard = Heard()
    judged = run(notes, "0", [case("a/1")], heard)
    judged.play()
    judged.repeat(judged.results)
    assert len(heard.told) == 1


def test_a_case_that_cannot_be_played_is_an_error_and_the_others_go_on(notes: Path) -> None:
    heard = Heard()
    broken = Case("a/1", ("X",), scenario="no/such-scenario")
    judged = run(notes, "0", [broken, case("a/2")], heard)
    judged.play()
    assert [one.verdict for one in judged.results] == [Verdict.ERROR, Verdict.PASSED]
    assert "UnknownScenario" in judged.results[0].reason
    assert ("a/1", False, False) in heard.told


def test_a_client_that_breaks_down_before_it_sends_anything_ends_the_run_with_its_last_words(notes: Path) -> None:
    cases = [case("may/1"), *(case(f"a/{number}", may_be_silent=False) for number in range(5))]
    heard = Heard()
    judged = run(notes, "7", cases, heard, jobs=1)
    with pytest.raises(SentNothing, match="it sent nothing in a/0, a/1; exit code 7, without a word"):
        judged.play()
    assert [name for name, _, _ in heard.told] == ["may/1", "a/0", "a/1"]
    assert list((notes.parent / "root").iterdir()) == []


def test_what_a_client_that_sends_nothing_keeps_is_not_shown_and_the_reason_says_how_it_ended(notes: Path) -> None:
    judged = run(notes, "0", [case("may/1"), case("a/1", may_be_silent=False)])
    judged.play()
    may, must = judged.results
    assert (may.verdict, must.verdict) == (Verdict.PASSED, Verdict.INCONCLUSIVE)
    assert must.reason == "nothing was sent; exit code 0, without a word"


def test_that_nothing_was_ever_sent_is_told_with_the_way_out(notes: Path) -> None:
    judged = run(notes, "0", [case("a/1", may_be_silent=False), case("a/2", may_be_silent=False)])
    judged.play()
    (note,) = judged.notes
    assert note.startswith("it sent nothing in any case: `screenplay-check client smoke`")


def test_a_command_that_cannot_be_started_ends_the_run(notes: Path) -> None:
    nowhere = Setup(("/nowhere/client",), notes.parent / "root", "")
    with pytest.raises(CannotStart):
        Run(Suite(BEHAVIOURS, nowhere, 2, Heard().done), [case(f"a/{number}") for number in range(4)], ()).play()
    assert list((notes.parent / "root").iterdir()) == []


def is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False


def test_who_leaves_early_leaves_no_client_and_no_folder_behind(notes: Path) -> None:
    cases = [case("a/1"), case("hangs/1"), case("hangs/2")]
    with closing(play_all(cases, hanging(notes), jobs=3)) as done:
        next(done)
        pids = waited_for(notes, "hangs_1", "hangs_2")
    assert not any(map(is_alive, pids))
    assert list((notes.parent / "root").iterdir()) == []


def hanging(notes: Path) -> Setup:
    """A client that hangs where the case says so."""
    program = EXITS.replace('if how == "hangs"', 'if case.startswith("hangs")')
    return Setup((sys.executable, "-c", program, "0", str(notes)), notes.parent / "root", os.environ["PATH"])


def waited_for(notes: Path, *names: str) -> list[int]:
    """What the clients of these cases have noted: their process ids."""
    texts = [""]
    while not all(texts):
        texts = [(notes / name).read_text("utf-8") if (notes / name).exists() else "" for name in names]
    return [int(text) for text in texts]


FORKS = """
import subprocess, sys
for _ in range(5):
    subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
"""
CLIENTS: list[tuple[str, Callable[[Observation], bool]]] = [
    ("import threading; threading.Event().wait()", lambda o: o.processes[0].forced == "2 s"),
    ("import os\nwhile True: os.write(1, bytes(65536))", lambda o: o.processes[0].forced == "2 s"),
    ("import os\nfor _ in range(100): os.write(2, bytes(10**6))", lambda o: len(o.processes[0].stderr) < 10**6),
    (
        FORKS,
        lambda o: len(o.processes[0].left_behind) == 5,
    ),
    ("with open('big', 'wb') as f:\n while True: f.write(bytes(10**5))", lambda o: o.processes[0].exit_code is None),
]


@pytest.mark.parametrize(("program", "as_it_is"), CLIENTS)
def test_whatever_a_client_does_there_is_a_verdict_and_the_run_goes_on(
    notes: Path, program: str, as_it_is: Callable[[Observation], bool]
) -> None:
    seen: list[Observation] = []

    def done(_: Case, played: Played | None, __: tuple[Result, ...], ___: bool) -> None:  # noqa: FBT001
        assert played is not None
        seen.append(played.observation)

    misbehaving = Setup((sys.executable, "-c", program), notes.parent / "root", os.environ["PATH"], timeout=2)
    judged = Run(
        Suite(BEHAVIOURS, misbehaving, 1, done), [case(f"a/{number}", disk_bytes=10**7) for number in range(2)], ()
    )
    judged.play()
    assert [one.case for one in judged.results] == ["a/0", "a/1"]
    assert Verdict.ERROR not in {one.verdict for one in judged.results}
    assert all(map(as_it_is, seen))
