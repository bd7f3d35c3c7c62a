"""One case with a real client: what it is told, and what is seen of it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.client.case import Case, Kill
from screenplay_contracts.client.job import Job, submission
from screenplay_contracts.client.observation import Report
from screenplay_contracts.client.playing import Setup, key_of, play
from screenplay_contracts.client.process import CannotStart
from screenplay_mock.lies.escapes import ABSOLUTE

if TYPE_CHECKING:
    from screenplay_contracts.client.observation import Observation

TIDY = Path(__file__).parents[1] / "clients" / "tidy.py"
OK = Case("submit/ok", (), quiet_seconds=0)
#: A client that says what it was told.
TELLS = """
import json, os, pathlib, sys
job = json.loads(pathlib.Path(os.environ["SCREENPLAY_JOB"]).read_text("utf-8"))
told = {name: value for name, value in os.environ.items() if name != "LC_CTYPE"}
print(json.dumps({"job": job, "told": told, "sizes": [os.path.getsize(one) for one in job["uploads"].values()]}))
"""
#: One that follows redirects with everything it has.
FOLLOWS = """
import os, urllib.request
url = os.environ["SCREENPLAY_BASE_URL"] + "/screenplay/tasks"
for _ in range(2):
    request = urllib.request.Request(url, b"{}", {"Authorization": os.environ["SCREENPLAY_API_KEY"]})
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        url = error.headers.get("Location")
"""
#: One that trusts whom it is told to trust.
TRUSTS = """
import os, urllib.request
names = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SCREENPLAY_CA_FILE")
print(len({os.environ[name] for name in names}), flush=True)
urllib.request.urlopen(os.environ["SCREENPLAY_BASE_URL"] + "/screenplay/tasks/x")
"""
ESCAPES = f"import pathlib; pathlib.Path({ABSOLUTE!r}).write_text('Unpacked from a result of screenplay-mock')"
FILLS = """
import os, pathlib
with pathlib.Path(os.environ["SCREENPLAY_OUT"], "big").open("wb") as file:
    while True:
        file.write(bytes(10_000))
"""
#: One that asks for a status until it is stopped, or started for the second time.
POLLS = """
import os, pathlib, sys, urllib.request
started = pathlib.Path(os.environ["SCREENPLAY_OUT"], "started")
with started.open("a") as file:
    file.write("x")
if started.read_text() == "xx":
    sys.exit(3)
request = urllib.request.Request(os.environ["SCREENPLAY_BASE_URL"] + "/screenplay/tasks/none")
while True:
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError:
        pass
"""


async def seen(case: Case, root: Path, *argv: str, **settings: Any) -> Observation:
    command = (sys.executable, *(argv or (str(TIDY),)))
    played = await play(case, Setup(command, root, os.environ["PATH"], **settings))
    assert os.listdir(root) == [], "everything has been cleared away"  # noqa: PTH208 - one look, of a test
    return played.observation


async def test_a_job_that_goes_well_is_seen_from_all_sides(tmp_path: Path) -> None:
    o = await seen(OK, tmp_path)
    (submit,), (download,), (process,) = o.of("submitTask"), o.of("downloadTask"), o.processes
    assert json.loads(submit.body) == OK.job.submit
    assert submit.header("Authorization") == o.key == key_of(OK, 0)
    assert (process.exit_code, process.forced, process.left_behind, process.said_key) == (0, None, (), False)
    assert process.peak_bytes > 1_000_000
    (files,) = o.files
    assert files.result is not None
    assert {"1_transcript.json", "2_storyboard.json", "namelist.json"} <= set(files.result)
    assert (files.others, files.outside, files.with_key) == ({}, (), ())
    task_id = str(submit.task_id)
    assert o.tasks == {task_id: "completed"}
    assert [(one.kind, one.subject) for one in o.charges] == [("submit", task_id), ("download", task_id)]
    assert o.reports == (Report("completed", task_id, None, None),)
    assert {one.status for one in o.requests} == {200}
    assert len(o.connections) == len(o.requests), "tidy opens one for each"
    assert all(one.ended_by == "client" and not one.reset for one in o.connections)
    assert download.sent > 1_000


async def test_each_run_has_the_key_of_its_seed_and_case(tmp_path: Path) -> None:
    assert key_of(OK, 0) != key_of(OK, 1)
    assert key_of(OK, 0) != key_of(replace(OK, name="submit/402"), 0)
    o = await seen(replace(OK, key_suffix="\n"), tmp_path, "-c", TELLS)
    assert json.loads(o.processes[0].stdout)["told"]["SCREENPLAY_API_KEY"] == o.key + "\n"


async def test_a_client_is_told_its_job_and_finds_the_files_to_upload(tmp_path: Path) -> None:
    job = Job(submission(0), {"1": "第一集.mp4", "10": "ep 10.mp4"})
    o = await seen(replace(OK, job=job, upload_bytes=50_000), tmp_path, "-c", TELLS)
    told = json.loads(o.processes[0].stdout)
    assert told["sizes"] == [50_000, 50_000]
    assert [Path(path).name for path in told["job"]["uploads"].values()] == ["第一集.mp4", "ep 10.mp4"]
    assert o.jobs[0].data() == told["job"]
    assert told["told"]["SCREENPLAY_CASE"] == "submit/ok"
    assert not {"HTTP_PROXY", "http_proxy", "PYTHONPATH", "SCREENPLAY_WEBHOOK_LISTEN"} & told["told"].keys()


async def test_a_fault_is_told_of_the_request_that_it_struck(tmp_path: Path) -> None:
    o = await seen(Case("poll/503-once", (), quiet_seconds=0), tmp_path)
    assert [(one.status, bool(one.fault)) for one in o.of("getTask")][:3] == [(200, False), (503, True), (200, False)]


async def test_a_lost_answer_is_no_answer_and_its_task_is_known(tmp_path: Path) -> None:
    o = await seen(Case("submit/close-after-accept", (), quiet_seconds=0), tmp_path)
    (submit,) = o.of("submitTask")
    assert (submit.status, submit.sent, submit.answered_at) == (None, 0, None)
    assert [submit.task_id] == list(o.tasks)
    assert (o.connections[0].ended_by, o.connections[0].reset) == ("server", False)
    assert o.reports[0] is not None
    assert o.reports[0].outcome == "unknown"


async def test_a_receiver_is_seen_before_the_submission_and_its_answers_are_told(tmp_path: Path) -> None:
    o = await seen(Case("webhook/duplicate", (), webhook=True, quiet_seconds=0), tmp_path)
    assert o.ready_at is not None
    assert o.ready_at <= o.of("submitTask")[0].at
    answered = [one for one in o.deliveries if one.status is not None]
    assert answered
    assert {(one.status, one.task_id) for one in answered} == {(204, o.of("submitTask")[0].task_id)}
    assert all(0 < one.at < o.processes[0].ended_at and 0 <= one.seconds < 1 for one in answered)


async def test_a_receiver_that_is_not_there_is_not_seen(tmp_path: Path) -> None:
    o = await seen(Case("webhook/ok", (), webhook=True, limit_seconds=1, quiet_seconds=0), tmp_path, "-c", POLLS)
    assert o.ready_at is None


async def test_several_clients_at_once_have_one_key_and_folders_and_episodes_of_their_own(tmp_path: Path) -> None:
    o = await seen(Case("submit/parallel-8", (), together=3, quiet_seconds=0), tmp_path)
    assert len(o.processes) == len(o.files) == len(o.reports) == len(o.jobs) == len(o.tasks) == 3
    assert {one.header("Authorization") for one in o.requests} == {o.key}
    sent = [json.loads(one.body)["episodes"]["1"] for one in o.of("submitTask")]
    assert sorted(sent) == ["re_000001", "re_000001c1", "re_000001c2"]
    told = {None if one is None else one.task_id for one in o.reports}
    assert told == set(o.tasks)


async def test_a_killed_client_is_started_again_with_what_it_had(tmp_path: Path) -> None:
    case = Case("lifecycle/sigint", (), kill=Kill("KILL", "getTask:2", restart=True), quiet_seconds=0)
    o = await seen(case, tmp_path, "-c", POLLS)
    first, second = o.processes
    assert (first.exit_code, second.exit_code, second.forced) == (-9, 3, None)
    assert first.signalled_at is not None
    assert first.signalled_at <= first.ended_at <= second.started_at
    assert o.files_when_killed is not None
    assert (o.files_when_killed.texts, o.files[0].texts) == ({"started": b"x"}, {"started": b"xx"})


async def test_a_client_can_be_stopped_in_the_middle_of_a_download(tmp_path: Path) -> None:
    case = Case(
        "lifecycle/kill-mid-download", (), kill=Kill("TERM", "downloadTask:100", restart=False), quiet_seconds=0
    )
    o = await seen(case, tmp_path)
    (process,), (download,) = o.processes, o.of("downloadTask")
    assert (process.exit_code, process.forced) == (-15, None)
    assert download.answered_at is None
    assert download.sent >= 100


async def test_who_would_be_killed_and_ends_before_is_left_alone(tmp_path: Path) -> None:
    o = await seen(replace(OK, kill=Kill("KILL", "getTask:500", restart=True)), tmp_path)
    (process,) = o.processes
    assert (process.exit_code, process.signalled_at, o.files_when_killed) == (0, None, None)


async def test_the_api_may_be_below_a_prefix(tmp_path: Path) -> None:
    o = await seen(replace(OK, prefix="/mounted/here"), tmp_path)
    assert o.base_url.endswith("/mounted/here/serve/api/v2")
    assert o.processes[0].exit_code == 0
    assert o.of("submitTask")[0].target == "/mounted/here/serve/api/v2/screenplay/tasks"


async def test_a_name_that_does_not_resolve_leads_nowhere(tmp_path: Path) -> None:
    o = await seen(replace(OK, host="screenplay.invalid"), tmp_path)
    assert "://screenplay.invalid:" in o.base_url
    assert (o.requests, o.connections, o.processes[0].exit_code) == ((), (), 1)


async def test_nobody_need_listen(tmp_path: Path) -> None:
    o = await seen(Case("net/refused", (), quiet_seconds=0), tmp_path)
    assert (o.requests, o.processes[0].exit_code) == ((), 1)


@pytest.mark.parametrize(("scenario", "requests"), [("tls/ok", 1), ("tls/expired", 0)])
async def test_certificates_are_told_by_all_their_variables(tmp_path: Path, scenario: str, requests: int) -> None:
    o = await seen(Case(scenario, (), quiet_seconds=0), tmp_path, "-c", TRUSTS)
    assert o.base_url.startswith("https://127.0.0.1:")
    assert o.processes[0].stdout == b"1\n"
    assert [one.status for one in o.requests] == [401] * requests


async def test_a_key_at_another_origin_is_seen_there(tmp_path: Path) -> None:
    o = await seen(Case("submit/redirect-307-cross", (), quiet_seconds=0), tmp_path, "-c", FOLLOWS)
    assert [(one.listener, one.operation, one.status) for one in o.requests] == [
        ("api", "submitTask", 307),
        ("other", None, 401),
    ]
    assert o.requests[1].header("authorization") == o.key


async def test_one_that_hangs_is_ended_and_described(tmp_path: Path) -> None:
    o = await seen(OK, tmp_path, "-c", "import threading; threading.Event().wait()", timeout=0.5)
    assert (o.processes[0].exit_code, o.processes[0].forced, o.requests) == (None, "0.5 s", ())


async def test_one_that_asks_without_end_is_ended(tmp_path: Path) -> None:
    o = await seen(OK, tmp_path, "-c", POLLS, most_requests=100)
    assert o.processes[0].exit_code is None
    assert str(o.processes[0].forced).endswith(" requests")
    assert len(o.requests) > 100
    assert {one.operation for one in o.requests} == {"getTask"}


async def test_one_that_fills_its_folder_is_ended(tmp_path: Path) -> None:
    o = await seen(replace(OK, disk_bytes=5_000_000), tmp_path, "-c", FILLS)
    assert o.processes[0].exit_code is None
    assert str(o.processes[0].forced).endswith(" MB written")
    assert o.files[0].others["big"] > 5_000_000


async def test_what_is_no_program_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o755)
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(CannotStart, match="broken cannot be started: "):
        await play(OK, Setup((str(broken),), root, os.environ["PATH"]))
    assert os.listdir(root) == []  # noqa: PTH208 - one look, of a test


async def test_an_archive_that_writes_to_an_absolute_path_is_caught_and_its_file_removed(tmp_path: Path) -> None:
    o = await seen(Case("download/absolute-path", (), quiet_seconds=0), tmp_path, "-c", ESCAPES)
    assert o.files[0].outside == (ABSOLUTE,)
    assert not Path(ABSOLUTE).exists()  # noqa: ASYNC240 - it is over
