"""The cases fit together with the behaviours, the scenarios, and the page that lists them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from screenplay_contracts.client.behaviours import BEHAVIOURS, NOT_JUDGED
from screenplay_contracts.client.case import CAPABILITIES, Case
from screenplay_contracts.client.cases import CASES
from screenplay_contracts.client.cases.making import ALWAYS, case
from screenplay_contracts.client.job import Job
from screenplay_contracts.client.page import filled
from screenplay_mock.scenarios import builtin, names

PAGE = (Path(__file__).parents[2] / "docs" / "client-checks.md").read_text("utf-8")


def needed(one: Case) -> set[str]:
    """The capabilities without which *one* cannot be played."""
    job = one.job
    wanted = {
        "webhook": one.webhook or job.wait == "webhook",
        "cancel": job.cancel_when is not None,
        "upload": bool(job.uploads),
        "resume": one.kill is not None and one.kill.restart,
    }
    return {capability for capability, is_needed in wanted.items() if is_needed}


def test_every_case_has_a_name_of_its_own_and_a_scenario_that_exists() -> None:
    assert [name for name, count in Counter(one.name for one in CASES).items() if count > 1] == []
    assert {one.plays for one in CASES} <= set(names())


def test_every_behaviour_is_tried_and_nothing_else() -> None:
    assert {name for one in CASES for name in one.checks} == set(BEHAVIOURS)
    assert all(len(set(one.checks)) == len(one.checks) for one in CASES)


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_a_case_says_what_it_needs_and_leaves_a_client_its_time(one: Case) -> None:
    assert set(ALWAYS) <= set(one.checks)
    assert one.needs == needed(one)
    assert one.needs <= set(CAPABILITIES)
    assert one.limit_seconds > one.job.deadline_seconds + 2 * one.job.request_timeout_seconds


def test_what_a_scenario_is_said_to_try_is_judged_where_it_is_played() -> None:
    for scenario in {one.plays for one in CASES}:
        judged = {name for one in CASES if one.plays == scenario for name in one.checks}
        assert set(builtin(scenario).tries) - NOT_JUDGED.keys() <= judged, scenario


def test_every_scenario_for_clients_is_played_unless_it_is_the_same_as_another() -> None:
    areas = {one.plays.partition("/")[0] for one in CASES}
    unplayed = {name for name in names() if name.partition("/")[0] in areas} - {one.plays for one in CASES}
    assert unplayed == {"t/rate/outage-20-tasks"}  # its RTY-13 is not judged


def test_members_of_a_job_may_stand_among_those_of_a_case() -> None:
    made = case("poll/ok", "POL-01", fails=True, deadline_seconds=3, together=2, job=Job({}, poll_seconds=1))
    assert (made.job.poll_seconds, made.job.deadline_seconds, made.together) == (1, 3, 2)
    assert made.checks[0] == "POL-01"
    assert "HYG-04" in made.checks
    assert "REQ-02" not in case("net/refused", unseen=True).checks


def test_the_page_has_what_the_registries_have() -> None:
    assert filled(PAGE) == PAGE, "python -m screenplay_contracts.client.page docs/client-checks.md"
    assert all(f"| {name} |" in PAGE for name in [*BEHAVIOURS, *NOT_JUDGED])
    assert all(f"| `{one.name}` |" in PAGE for one in CASES)


def test_a_table_that_is_out_of_date_is_found() -> None:
    assert filled(PAGE.replace("| SUB-03 | MUST |", "| SUB-03 | MAY |")) == PAGE
