"""What each JSON Schema refuses and accepts."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.dialect import SWITCHES
from screenplay_schemas import load, validator

if TYPE_CHECKING:
    from collections.abc import Iterator

# answers with an object in `data`, and the two without
WITH_DATA = (
    "cancel-response",
    "metadata-response",
    "signed-url-response",
    "status-response",
    "submit-response",
    "upload-response",
)
SUCCESSES = (*WITH_DATA, "delete-response", "envelope")
RESULTS = ("namelist", "storyboard", "transcript")
REQUESTS = ("signed-url-request", "submit-request")
ON_THE_WIRE = (*SUCCESSES, *REQUESTS, "callback", "error")
SHAPES = (*ON_THE_WIRE, *RESULTS)

GONE = object()


def changed(example: str, path: str, value: object) -> Any:
    """An example of a schema (`status-response/2`: its third) with the member at *path* set, or GONE."""
    name, _, number = example.partition("/")
    whole = copy.deepcopy(load(name)["examples"][int(number or 0)])
    *way, last = path.split(".")
    place = whole
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    if value is GONE:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return whole


def members(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The path and the value of everything inside *node*, at every depth."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield f"{path}{key}", value
        yield from members(value, f"{path}{key}.")


def complaints(example: str, path: str, value: object) -> set[str]:
    """The keywords that complain about the changed example."""
    name, _, _ = example.partition("/")
    return {str(error.validator) for error in validator(name).iter_errors(changed(example, path, value))}


EVERY_MEMBER = [
    (f"{name}/{number}", path, value)
    for name in SHAPES
    for number, example in enumerate(load(name)["examples"])
    for path, value in members(example)
]


@pytest.mark.parametrize("name", ON_THE_WIRE)
def test_an_unknown_member_is_no_error_on_the_wire(name: str) -> None:
    assert validator(name).is_valid(changed(name, "trace_id", "abc"))


LONG_SERIES = {str(number): "re_1" for number in range(1, 1002)}
FLAGS = ("use_face_recognition", "use_subtitle", "require_json", "require_xlsx", "require_merge_xlsx")
TIMES_THAT_ARE_NONE = (
    "2026-03-13 10:00:00Z",
    "2026-03-13",
    "2026-02-30T10:00:00Z",
    "2026-03-13T10:00:00Z\n",
)
RUNNING, COMPLETED, FAILED = "status-response/0", "status-response/1", "status-response/2"
TOLD_COMPLETED, TOLD_FAILED = "callback/0", "callback/1"
ROW = "data.resource.0"
SHOTS = "scenes.0.shots"

# example, path, value, the keyword that must complain, and none but it
REFUSED: list[tuple[str, str, object, str]] = [
    ("submit-request", "mode", "feature_film", "enum"),
    ("submit-request", "episodes", {}, "minProperties"),
    ("submit-request", "episodes", LONG_SERIES, "maxProperties"),
    ("submit-request", "episodes", ["re_1"], "type"),
    ("submit-request", "episodes.1", 657739295220518912, "type"),
    *(("submit-request", "episodes", {key: "re_1"}, "pattern")
      for key in ("0", "01", "-1", "1.0", "", "one", "10000", "1\n", " 1", "\N{ARABIC-INDIC DIGIT ONE}")),
    *(("submit-request", f"config.{flag}", value, "type") for flag in FLAGS for value in ("true", 1)),
    *(("submit-request", "config.concurrency", value, "type") for value in ("100", 1.5, True)),
    ("submit-request", "config.concurrency", 0, "minimum"),
    *((name, "code", code, "enum") for name in SUCCESSES for code in (0, 201, "0", "success", True)),
    *((name, "success", value, "const") for name in SUCCESSES for value in (False, 1, "true")),
    *((name, "failed", True, "const") for name in SUCCESSES),
    *((name, "msg", "SUCCESS", "const") for name in SUCCESSES),
    ("submit-response", "data.status", "running", "const"),
    ("submit-response", "data.mode", "drama", "enum"),
    *(("submit-response", "data.created_at", time, "anyOf") for time in TIMES_THAT_ARE_NONE),
    ("submit-response", "data.created_at", 1773396000000, "type"),
    ("submit-response", "data.total_duration_seconds", "450.5", "type"),
    (RUNNING, "data.progress.completed_episodes", "12", "type"),
    (RUNNING, "data.progress.total_episodes", 0, "minimum"),
    (COMPLETED, "data.status", "processing", "enum"),
    (FAILED, "data.error_code", 500, "type"),
    ("cancel-response", "data.status", "running", "const"),
    ("error", "code", 200, "minimum"),
    ("error", "code", 600, "maximum"),
    *(("error", "code", code, "pattern") for code in ("200", "0000", "4000", "401\n")),
    ("error", "failed", True, "dependentRequired"),
    ("error", "success", False, "dependentRequired"),
    ("error/4", "failed", False, "const"),
    ("error/4", "success", True, "const"),
    (TOLD_COMPLETED, "message", GONE, "anyOf"),
    (TOLD_COMPLETED, "code", 500, "enum"),
    (TOLD_COMPLETED, "data.status", "cancelled", "enum"),
    (TOLD_COMPLETED, "msg", 200, "type"),
    (TOLD_FAILED, "code", "", "minLength"),
    (TOLD_COMPLETED, "data.error_code", "PROCESSING_FAILED", "const"),
    *((name, "data.asset_id", value, "pattern") for name in ("upload-response", "signed-url-response")
      for value in ("re_", "660727003963174912", "re_66\n", "re_abc")),
    ("signed-url-response", "data.signed_url", "/storage/abc", "pattern"),
    ("signed-url-response", "data.expires_in", "93600", "type"),
    ("signed-url-response", "data.expires_in", 0, "minimum"),
    ("metadata-response", "data.resource", {}, "type"),
    ("metadata-response", "data.total", "1", "type"),
    ("metadata-response", f"{ROW}.file_size", 133652816, "type"),
    ("metadata-response", f"{ROW}.file_size", "127 MB", "pattern"),
    ("metadata-response", f"{ROW}.create_time", "2025-12-29T06:21:57Z", "pattern"),
    ("metadata-response", f"{ROW}.modify_time", "1766989317192.5", "pattern"),
    ("metadata-response", f"{ROW}.upload_status", "success", "enum"),
    ("metadata-response", f"{ROW}.duration", "4.5", "type"),
    ("metadata-response", f"{ROW}.duration", -1, "minimum"),
    ("delete-response", "data", {}, "type"),
    ("transcript", "episode", 1, "type"),
    ("transcript", "episode", "1\n", "pattern"),
    ("storyboard", "episode", "01", "pattern"),
    ("transcript", "lines.0.start", "00:00:03", "type"),
    ("transcript", "lines.0.mood", "calm", "additionalProperties"),
    ("storyboard", "scenes.0.scene", 0, "minimum"),
    ("storyboard", f"{SHOTS}.0.shot", 0, "minimum"),
    ("storyboard", f"{SHOTS}.0.shot", "1", "type"),
    ("namelist", "names.0.episodes", [], "minItems"),
    ("namelist", "names.0.episodes", ["1", "1"], "uniqueItems"),
    ("namelist", "names.0.aliases", ["Yue", "Yue"], "uniqueItems"),
    ("storyboard", "scenes.0.characters", ["Lin Yue", "Lin Yue"], "uniqueItems"),
    ("namelist", "names.0.episodes.0", "0", "pattern"),
]  # fmt: skip


@pytest.mark.parametrize(("example", "path", "value", "keyword"), REFUSED)
def test_a_wrong_shape_is_refused_for_its_reason(example: str, path: str, value: object, keyword: str) -> None:
    assert complaints(example, path, value) == {keyword}


def test_a_value_that_is_no_object_is_refused() -> None:
    assert [name for name in SHAPES if validator(name).is_valid(None) or validator(name).is_valid([])] == []


def test_only_the_data_of_an_error_and_of_a_deletion_may_be_null() -> None:
    taken = [(at, path) for at, path, _ in EVERY_MEMBER if not complaints(at, path, None)]
    may_be = {"delete-response": "data", "envelope": "data", "error": "data"}
    assert taken == [(at, path) for at, path, _ in EVERY_MEMBER if may_be.get(at.partition("/")[0]) == path]


def test_only_options_and_episodes_may_be_left_out() -> None:
    named = [(at, path) for at, path, _ in EVERY_MEMBER if not path.rpartition(".")[2].isdecimal()]
    left_out = {(at, path) for at, path in named if not complaints(at, path, GONE)}
    assert left_out == {(at, path) for at, path in named if path.startswith("config.")}
    assert complaints("submit-request", "episodes.1", GONE) == set()


def test_only_texts_that_say_nothing_to_a_program_may_be_empty() -> None:
    texts = [(at, path) for at, path, value in EVERY_MEMBER if isinstance(value, str)]
    taken = [(at.split("/")[0], path.split(".")[-1]) for at, path in texts if not complaints(at, path, "")]
    assert set(taken) == {
        ("callback", "error_message"),
        ("callback", "message"),
        ("metadata-response", "extension"),
        ("metadata-response", "original_filename"),
        ("status-response", "error_message"),
        ("storyboard", "description"),
        ("storyboard", "location"),
    }


def test_no_number_is_negative() -> None:
    numbers = [(at, path) for at, path, value in EVERY_MEMBER if type(value) in {int, float}]
    taken = [(at, path) for at, path in numbers if not complaints(at, path, -1)]
    assert taken == [(TOLD_FAILED, "code")]  # docs silent: the code of a failed task


def test_a_running_task_must_show_progress() -> None:
    assert complaints(RUNNING, "data.progress", GONE) == {"required"}


@pytest.mark.parametrize("status", ["pending", "completed", "cancelled"])
def test_only_a_running_task_shows_progress(status: str) -> None:
    assert complaints(RUNNING, "data.status", status) == {"const"}
    assert complaints(FAILED, "data.progress", {"total_episodes": 2, "completed_episodes": 1}) == {"const"}


@pytest.mark.parametrize("member", ["error_code", "error_message"])
def test_exactly_a_failed_task_names_its_error(member: str) -> None:
    assert complaints(FAILED, f"data.{member}", GONE) == {"required"}
    assert complaints(COMPLETED, f"data.{member}", "PROCESSING_FAILED") == {"const"}
    assert complaints(RUNNING, f"data.{member}", "PROCESSING_FAILED") == {"const"}


@pytest.mark.parametrize("status", ["pending", "completed", "cancelled"])
def test_the_other_statuses_stand_alone(status: str) -> None:
    assert complaints(COMPLETED, "data.status", status) == set()


@pytest.mark.parametrize("name", SUCCESSES)
@pytest.mark.parametrize("code", SWITCHES["success_code"])
def test_every_reading_of_the_success_code_is_accepted(name: str, code: int | str) -> None:
    assert complaints(name, "code", code) == set()


@pytest.mark.parametrize("code", [400, 401, 404, 429, 503, "400", "429", "0429"])
@pytest.mark.parametrize("flags", [{}, {"success": False, "failed": True}])
def test_every_reading_of_an_error_is_accepted(code: int | str, flags: dict[str, bool]) -> None:
    assert validator("error").is_valid({"code": code, "msg": "Unauthorized", "data": None} | flags)


@pytest.mark.parametrize("text_member", SWITCHES["callback_text_member"])
@pytest.mark.parametrize("code", SWITCHES["success_code"])
@pytest.mark.parametrize("told", [TOLD_COMPLETED, TOLD_FAILED])
def test_every_reading_of_a_callback_is_accepted(text_member: str, code: int | str, told: str) -> None:
    callback = changed(told, "code", code)
    callback[text_member] = callback.pop("message")
    assert validator("callback").is_valid(callback)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("metadata-response", f"{ROW}.duration", 4.5),  # the switch metadata_duration
        ("submit-request", "config.concurrency", 1.0),  # to JSON Schema 1.0 is an integer
        ("submit-request", "episodes", {"1": "re_abc001", "9999": "anything", "30": "re_abc001"}),
        ("submit-request", "config", {}),
        ("submit-response", "data.created_at", "2026-03-13T18:00:00.123+08:00"),
        ("submit-response", "data.created_at", "2026-03-13T10:00:00"),
        ("error", "data", {"reasons": []}),
        ("transcript", "lines", []),
    ],
)
def test_what_the_documents_leave_open_is_accepted(name: str, path: str, value: object) -> None:
    assert complaints(name, path, value) == set()
