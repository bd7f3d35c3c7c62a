"""The story of a case: everything with a time, in its order; what was paid; the key nowhere."""

from __future__ import annotations

import io
import json
from dataclasses import replace

from tests.unit.client_builders import KEY, TASK, hook, poll, post, process, request, run

from screenplay_contracts.client.observation import Charge
from screenplay_contracts.client.playing import Played
from screenplay_contracts.client.story import MOST, story
from screenplay_contracts.client.telling import Telling
from screenplay_contracts.report.story import data
from screenplay_contracts.verdict import Check, Finding, Severity, judged

CHECK = Check("SUB-03", Severity.MUST, "RFC 9110 9.2.2", "It is not sent again.")


def test_all_that_has_a_time_is_told_in_its_order() -> None:
    seen = run(
        post(0.2),
        poll("pending", 0.4, status=503, fault="status"),
        request("GET", "/elsewhere", 0.6, listener="other", status=None),
        deliveries=(hook(0.5, status="completed"),),
        processes=(process(-9, signalled_at=0.7), process(None, started_at=1.0, ended_at=2.0, forced="1 s")),
    )
    told = [(one.what, one.name, one.status, one.note, one.fault) for one in story(seen, whole=True).happenings]
    assert told == [
        ("process", "process 1", -9, "", None),
        ("request", "POST /screenplay/tasks", 200, "", None),
        ("request", f"GET /screenplay/tasks/…{TASK[-8:]}", 503, "", "status"),
        ("delivery", "webhook call", 200, "", None),
        ("request", "other: GET /elsewhere", None, "no answer", None),
        ("signal", "process 1", None, "signal", None),
        ("process", "process 2", None, "ended by force: 1 s", None),
    ]


def test_what_was_paid_is_counted_by_its_kind() -> None:
    charges = (Charge("submit", "a", 1), Charge("download", "a", 1), Charge("submit", "b", 1))
    assert story(run(charges=charges), whole=False).paid == {"submit": 2, "download": 1}


def test_where_nothing_went_wrong_nothing_is_drawn() -> None:
    told = story(run(), whole=False)
    assert (told.happenings, told.left_out) == ((), 0)
    assert told.seconds > 1


def test_a_busy_loop_is_cut_and_counted() -> None:
    told = story(run(*(poll("pending", number / 1000) for number in range(MOST + 5))), whole=True)
    assert (len(told.happenings), told.left_out) == (MOST, 6), "the process is one, too"


def test_the_key_is_nowhere_in_it() -> None:
    seen = run(
        request("GET", f"/serve/api/v2/x?key={KEY}", 0.1),
        request(KEY, f"/{'x' * 190}{KEY}", 0.2),
        deliveries=(replace(hook(), status=None, error=f"refused {KEY}"),),
        processes=(process(stdout=KEY.encode()),),
    )
    text = json.dumps(data(story(seen, whole=True)))
    assert KEY not in text
    assert KEY[:12] not in text, "nor a part of it"
    assert text.count("[redacted]") >= 3


def test_the_stories_of_a_run_are_kept_whole_where_something_is_wrong() -> None:
    telling = Telling(io.StringIO(), None, keep_exchanges=False)
    telling.begin(2)
    fine, bad = (run(case={"name": name}) for name in ("poll/ok", "submit/ok"))
    telling.done(fine.case, Played(fine, (), 0.0), (judged(CHECK, [None], case="poll/ok"),), False)  # noqa: FBT003
    found = (judged(CHECK, [Finding("one", "two")], case="submit/ok"),)
    telling.done(bad.case, Played(bad, (), 0.0), found, False)  # noqa: FBT003
    assert [(one.case, bool(one.happenings)) for one in telling.stories] == [("poll/ok", False), ("submit/ok", True)]
