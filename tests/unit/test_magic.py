"""Magic asset ids: the table as it is promised, and what its rows do as values."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from screenplay_mock.core.assets import LONGEST_VIDEO, MAGIC, UploadStatus, plausible_video, reason_against
from screenplay_mock.core.errors import ErrorKind
from screenplay_mock.core.lifecycle import Completed, Failed
from screenplay_mock.core.magic import MAGIC_IDS, AnswerLost, Goes, Is, Refused, bent, deciding, magic_asset
from screenplay_mock.core.plan import plan
from screenplay_mock.core.scenario import Fails, Fixed, Stuck, TaskLife, WebhookCall, WebhookRules

#: What users are promised, by the last three digits of the id.
PROMISED = {
    "001": "task completes at once",
    "002": "task fails half way (`error_code` `PROCESSING_FAILED`)",
    "003": "task runs for ever",
    "004": "completes, download says `No downloadable files found for this task.`",
    "005": "completes, download says `No result data available for this task.`",
    "006": "completes, webhook never comes",
    "007": "completes, webhook comes five times",
    "400": "submit: `Asset not found`",
    "402": "submit: insufficient balance (402)",
    "409": "submit: asset still `UPLOADING`",
    "413": "submit: video of five minutes or more",
    "415": "submit: asset is audio, not video",
    "429": "submit: rate limited the first time in a sandbox, then accepted",
    "500": "submit: 500 before acceptance the first time, then accepted",
    "503": "submit: accepted and charged, but the connection closes without an answer",
}
STATES = {"400", "409", "413", "415"}
OUTCOMES = sorted(PROMISED.keys() - STATES)


def magic(number: str) -> str:
    return f"re_000000000000000{number}"


def test_the_table_says_what_is_promised_in_this_order() -> None:
    assert {asset_id: row.words for asset_id, row in MAGIC_IDS.items()} == {
        magic(number): words for number, words in PROMISED.items()
    }
    assert list(MAGIC_IDS) == sorted(MAGIC_IDS)


def test_every_magic_id_begins_with_fifteen_zeros_and_looks_like_the_vendors() -> None:
    assert all(re.fullmatch(rf"{MAGIC}[0-9]{{3}}", asset_id) for asset_id in MAGIC_IDS)


@pytest.mark.parametrize("number", OUTCOMES)
def test_an_outcome_has_an_ordinary_video_that_can_be_submitted(number: str) -> None:
    asset = magic_asset(magic(number))
    assert asset == plausible_video(magic(number))
    assert reason_against(asset, 0) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("400", "Asset not found"),
        ("409", "Asset is not ready, current upload status: UPLOADING"),
        ("413", "Video must be under 5 minutes"),
        ("415", "Asset is not a video"),
    ],
)
def test_a_state_of_an_asset_is_a_reason_against_it(number: str, text: str) -> None:
    assert str(reason_against(magic_asset(magic(number)), 0)) == text


def test_the_states_differ_from_a_video_in_nothing_else() -> None:
    uploading, long = magic_asset(magic("409")), magic_asset(magic("413"))
    assert uploading == replace(plausible_video(magic("409")), status=UploadStatus.UPLOADING)
    assert long == replace(plausible_video(magic("413")), duration=LONGEST_VIDEO)


def test_the_first_magic_id_decides() -> None:
    three, nine = magic("003"), magic("409")
    assert deciding(["re_1", three, nine]) == Goes({"outcome": Stuck()})
    assert deciding(["re_1", nine, three]) == Is({"status": UploadStatus.UPLOADING})


def test_ids_that_are_not_in_the_table_decide_nothing() -> None:
    assert deciding([]) is None
    assert deciding(["re_1", magic("999"), magic(""), "re_9001", magic("001") + "0"]) is None


@pytest.mark.parametrize("number", OUTCOMES)
def test_only_how_a_task_goes_changes_its_life(number: str) -> None:
    does = MAGIC_IDS[magic(number)].does
    changed = bent(does, TaskLife(), WebhookRules()) != (TaskLife(), WebhookRules())
    assert changed is isinstance(does, Goes)
    assert bent(None, TaskLife(), WebhookRules()) == (TaskLife(), WebhookRules())


def test_a_task_completes_at_once_in_any_scenario() -> None:
    slow = TaskLife(Fixed(10**6), None, Fixed(10**6), Fails(), id_suffix="-x")
    life, _ = bent(MAGIC_IDS[magic("001")].does, slow, WebhookRules())
    assert plan(life, [90_000, 90_000], 7, 0)[-1] == Completed(7)
    assert life.id_suffix == "-x"


def test_a_task_fails_half_way_in_any_scenario() -> None:
    life, _ = bent(MAGIC_IDS[magic("002")].does, TaskLife(running_for=Fixed(100), outcome=Stuck()), WebhookRules())
    assert plan(life, [90_000], 0, 0)[-1] == Failed(2_050, "PROCESSING_FAILED", "The video could not be processed.")


def test_the_webhook_never_comes_or_comes_five_times_by_the_rules_of_the_scenario() -> None:
    rules = WebhookRules(Fixed(9), (1, 2), calls=(WebhookCall("started"),))
    never, five = (bent(MAGIC_IDS[magic(number)].does, TaskLife(), rules)[1] for number in ("006", "007"))
    assert never == replace(rules, calls=())
    assert [(call.at, call.copies) for call in five.calls] == [("end", 5)]
    assert replace(five, calls=rules.calls) == rules


def test_what_refuses_a_submission_and_how_often() -> None:
    refusals = {number: MAGIC_IDS[magic(number)].does for number in ("402", "429", "500", "503")}
    assert refusals == {
        "402": Refused(ErrorKind.NO_BALANCE),
        "429": Refused(ErrorKind.RATE_LIMITED, first_time=True),
        "500": Refused(ErrorKind.INTERNAL, first_time=True),
        "503": AnswerLost(),
    }
