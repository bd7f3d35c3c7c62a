"""Verdicts and exit codes; accepted failures; which checks a pattern takes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from screenplay_contracts.accepted import Accepted, BadAcceptedFile, Names, applied, load
from screenplay_contracts.selection import MatchesNothing, Selection, fits
from screenplay_contracts.verdict import (
    Check,
    Finding,
    Result,
    Severity,
    Verdict,
    excused,
    exit_code,
    failed_to_judge,
    judged,
    skipped,
)

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 3, 13)
MUST = Check("status/known-values", Severity.MUST, "a page", "A promise.")
SHOULD = Check("status/never-back", Severity.SHOULD, "a page", "A promise.")
WRONG = Finding("pending", "queued")


def test_a_check_is_judged_by_what_came_of_each_trigger() -> None:
    assert judged(MUST, [None, None]).verdict is Verdict.PASSED
    assert judged(MUST, [None, WRONG]).verdict is Verdict.FAILED
    assert judged(SHOULD, [WRONG, None]).verdict is Verdict.WARNED
    assert judged(MUST, []).verdict is Verdict.INCONCLUSIVE
    assert judged(MUST, [None, WRONG, None]).met == 3
    assert judged(MUST, [None, WRONG]).findings == (WRONG,)


KEPT, BROKEN, WARNED, OPEN = judged(MUST, [None]), judged(MUST, [WRONG]), judged(SHOULD, [WRONG]), judged(MUST, [])
ERROR, SKIPPED = failed_to_judge(MUST, "it fell over"), skipped(MUST, "it costs money")


@pytest.mark.parametrize(
    ("results", "code", "strict_code"),
    [
        ([KEPT], 0, 0),
        ([KEPT, SKIPPED], 0, 0),
        ([KEPT, WARNED], 0, 1),
        ([KEPT, judged(SHOULD, [])], 0, 1),
        ([KEPT, BROKEN], 1, 1),
        ([KEPT, OPEN], 1, 1),
        ([KEPT, excused(BROKEN, "known")], 0, 0),
        ([KEPT, BROKEN, ERROR], 2, 2),
        ([KEPT, ERROR], 2, 2),
        ([SKIPPED], 2, 2),
        ([OPEN], 2, 2),
        ([], 2, 2),
    ],
)
def test_the_exit_code_of_results(results: list[Result], code: int, strict_code: int) -> None:
    assert exit_code(results) == code
    assert exit_code(results, strict=True) == strict_code


def test_a_stale_accepted_failure_is_1_even_when_all_is_kept() -> None:
    assert exit_code([KEPT], stale=True) == 1
    assert exit_code([ERROR, KEPT], stale=True) == 2


def test_an_accepted_failure_is_excused_and_told() -> None:
    (result,), stale = applied([Accepted("status/*", "the vendor knows")], [BROKEN], TODAY)
    assert (result.accepted, result.verdict, stale) == ("the vendor knows", Verdict.FAILED, ())


def test_it_excuses_only_what_begins_with_its_message() -> None:
    entries = [Accepted("**", "known", message="expected pending; observed queued"), Accepted("**", "no", message="x")]
    (result,), stale = applied(entries, [BROKEN], TODAY)
    assert result.accepted == "known"
    assert [one.entry.message for one in stale] == ["x"]


def test_a_result_with_another_finding_is_not_excused() -> None:
    other = judged(MUST, [WRONG, Finding("pending", "lost")])
    (result,), _ = applied([Accepted("**", "known", message="expected pending; observed queued")], [other], TODAY)
    assert result.accepted is None


def test_one_that_passes_again_is_stale_and_says_which_line_to_delete() -> None:
    _, (stale,) = applied([Accepted("status/known-values", "known", line=7)], [KEPT], TODAY)
    assert str(stale).startswith("line 7: ")
    assert str(stale).endswith("delete it")


@pytest.mark.parametrize("unjudged", [SKIPPED, OPEN, ERROR])
def test_one_whose_check_was_not_judged_is_not_stale(unjudged: Result) -> None:
    _, stale = applied([Accepted("status/known-values", "known")], [unjudged], TODAY)
    assert stale == ()


def test_one_that_has_expired_excuses_nothing_and_is_stale() -> None:
    (result,), (stale,) = applied([Accepted("**", "known", expires=date(2026, 3, 12))], [BROKEN], TODAY)
    assert result.accepted is None
    assert "2026-03-12" in str(stale)
    (result,), none = applied([Accepted("**", "known", expires=TODAY)], [BROKEN], TODAY)
    assert (result.accepted, none) == ("known", ())


def test_cases_and_clients_are_matched_too() -> None:
    in_case = judged(MUST, [WRONG], case="poll/slow")
    entry = Accepted("**", "known", case="poll/*", client="careful*")
    assert applied([entry], [in_case], TODAY, client="careful.py")[0][0].excused
    assert not applied([entry], [in_case], TODAY, client="naive.py")[0][0].excused
    assert not applied([entry], [judged(MUST, [WRONG], case="rate/x")], TODAY, client="careful.py")[0][0].excused


def test_a_file_of_accepted_failures_is_read(tmp_path: Path) -> None:
    file = tmp_path / "accepted.toml"
    second = '[[accepted]]\ncheck="c/*"\nreason="s"\nexpires=2026-12-31\n'
    file.write_text(f'# known\n[[accepted]]\ncheck = "a/b"\nreason = "r"\n\n{second}')
    assert load(file) == (
        Accepted("a/b", "r", line=2),
        Accepted("c/*", "s", expires=date(2026, 12, 31), line=6),
    )


def test_no_entry_is_lost_however_its_header_is_written(tmp_path: Path) -> None:
    file = tmp_path / "accepted.toml"
    entry = 'check = "a/{}"\nreason = """r\n[[accepted]]\n"""\n'
    headers = ("[[ accepted ]]", "[[accepted]]", '  [["accepted"]] # known', "[[accepted]]#")
    text = "".join(f"{header}\n{entry.format(place)}" for place, header in enumerate(headers))
    file.write_text(f"\ufeff# a \u2028 line\n{text}", "utf-8")
    assert [(one.check, one.line) for one in load(file)] == [("a/0", 2), ("a/1", 7), ("a/2", 12), ("a/3", 17)]
    file.write_text('accepted = [\n  {check = "a/b", reason = "r"},\n  {check = "a/c", reason = "s"},\n]\n', "utf-8")
    assert [(one.check, one.line) for one in load(file)] == [("a/b", 1), ("a/c", 1)]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('check = "auth/bearr"', "a.toml:1: no check is called 'auth/bearr'; did you mean 'auth/bearer'?"),
        ('check = "aut/*"', "no check is called 'aut/\\*'"),
        ('check = "auth/*"\ncase = "poll/okk"', "no case is called 'poll/okk'; did you mean 'poll/ok'?"),
    ],
)
def test_a_name_that_there_is_not_is_told_with_the_nearest(tmp_path: Path, entry: str, complaint: str) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f'[[accepted]]\nreason = "r"\n{entry}\n')
    with pytest.raises(BadAcceptedFile, match=complaint.replace("?", r"\?")):
        load(file, names=Names(("auth/bearer",), ("poll/ok",)))


def test_names_that_there_are_and_patterns_of_them_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('[[accepted]]\ncheck = "auth/*"\ncase = "poll/*"\nreason = "r"\n')
    assert load(file, names=Names(("auth/bearer",), ("poll/ok",))) == (Accepted("auth/*", "r", case="poll/*", line=1),)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[accepted]]\ncheck = "a/b"\n', "a.toml:1: reason is missing"),
        ('\n[[accepted]]\nreason = "r"\n', "a.toml:2: check is missing"),
        ('[[accepted]]\ncheck = "a/b"\nreason = "r"\nuntil = 1\n', "there is no 'until'; there are: check, case"),
        ('[[accepted]]\ncheck = "a/b"\nreason = "r"\nexpires = "soon"\n', "expires must be a date"),
        ('[[accepted]]\ncheck = 7\nreason = "r"\n', "check must be a text"),
        ('[accepted]\ncheck = "a/b"\n', "double brackets"),
        ("[[excused]]\n", "there is nothing called 'excused'"),
        ("[[accepted", "a.toml"),
        ('\n[[ accepted ]]\ncheck = "a/b"\n', "a.toml:2: reason is missing"),
        (
            '[[accepted]]\ncheck = "a/b"\nreason = "r"\nexpires = 2027-01-31T00:00:00Z\n',
            "a.toml:1: expires must be a date",
        ),
        ("# none\naccepted = [1, 2]\n", "a.toml:2: entries begin with [[accepted]], in double brackets; 1 is none"),
        ("accepted = " + "[" * 5_000, "a.toml"),
    ],
)
def test_a_wrong_file_says_where_and_why(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text)
    with pytest.raises(BadAcceptedFile, match=complaint.replace("[", r"\[")):
        load(file)


def test_a_star_is_one_part_and_two_are_anything() -> None:
    assert fits("status/*", "status/never-back")
    assert fits("*/never-*", "status/never-back")
    assert not fits("*", "status/never-back")
    assert fits("**", "status/never-back")
    assert fits("**back", "status/never-back")
    assert not fits("status", "status/never-back")
    assert not fits("status.never-back", "status/never-back")


def test_a_selection_runs_and_skips() -> None:
    chosen = Selection(run=("status/*",), skip=("**back",))
    assert chosen.takes("status/known-values")
    assert not chosen.takes("status/never-back")
    assert not chosen.takes("cancel/answer")
    assert Selection().takes("anything/at-all")


def test_a_pattern_that_fits_nothing_is_told_with_the_nearest_name() -> None:
    with pytest.raises(MatchesNothing, match="did you mean 'status/never-back'"):
        Selection(run=("status/never-bakc",)).check(["status/never-back", "cancel/answer"])
    with pytest.raises(MatchesNothing, match="--list"):
        Selection(skip=("zzz",)).check(["status/never-back"])
