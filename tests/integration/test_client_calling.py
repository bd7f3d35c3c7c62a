"""A client that is a callable: what it gets, what counts as its end, and what is seen of it."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.clients.in_process import careful

from screenplay_contracts.client.calling import BadAdapter, CallSeat
from screenplay_contracts.client.case import Case
from screenplay_contracts.client.job import Job, submission
from screenplay_contracts.client.loading import NoSuchClient, load
from screenplay_contracts.client.observation import Report
from screenplay_contracts.client.playing import Setup, play

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.client.calling import Client
    from screenplay_contracts.client.observation import Observation

OK = Case("submit/ok", (), quiet_seconds=0)
COMPLETED = {"outcome": "completed", "task_id": "t", "error_code": None, "error_message": None}


async def seen(client: Client, root: Path, case: Case = OK) -> Observation:
    played = await play(case, Setup((), root, os.environ["PATH"], seat=partial(CallSeat, client)))
    assert os.listdir(root) == [], "everything has been cleared away"  # noqa: PTH208 - one look, of a test
    return played.observation


async def test_a_job_that_goes_well_is_seen_as_of_a_command(tmp_path: Path) -> None:
    o = await seen(careful, tmp_path)
    assert [one.operation for one in o.requests if one.operation != "getTask"] == ["submitTask", "downloadTask"]
    (task_id,) = o.tasks
    assert o.reports == (Report("completed", task_id, None, None),)
    (process,), (files,) = o.processes, o.files
    assert (process.exit_code, process.forced, process.said_key) == (0, None, False)
    assert files.result is not None
    assert "namelist.json" in files.result
    assert (files.others, files.outside) == ({}, ())


async def test_it_gets_the_job_and_the_environment_of_a_command(tmp_path: Path) -> None:
    told: list[Any] = []

    def client(job: Mapping[str, Any], environment: Mapping[str, str]) -> int:
        told.extend((job, environment, json.loads(Path(environment["SCREENPLAY_JOB"]).read_text("utf-8"))))
        return 0

    case = Case(
        "webhook/ok", (), Job(submission(0), {"1": "第一集.mp4"}, wait="webhook"), webhook=True, quiet_seconds=0
    )
    o = await seen(client, tmp_path, case)
    job, environment, on_disk = told
    assert job == on_disk
    assert Path(job["uploads"]["1"]).name == "第一集.mp4"
    assert environment["SCREENPLAY_API_KEY"] == o.key
    assert environment["SCREENPLAY_BASE_URL"] == o.base_url
    assert environment["SCREENPLAY_WEBHOOK_LISTEN"].startswith("127.0.0.1:")
    assert "SCREENPLAY_OUT" not in os.environ


def leaves(code: object) -> Client:
    def client(*_: object) -> object:
        raise SystemExit(code)

    return client


async def waits(*_: object) -> object:
    await asyncio.sleep(0)
    return 3


def fails(*_: object) -> object:
    raise ZeroDivisionError("oh")


ENDS: list[tuple[Client, int, Report | None]] = [
    (lambda *_: None, 0, None),
    (lambda *_: 7, 7, None),
    (lambda *_: COMPLETED, 0, Report("completed", "t", None, None)),
    (lambda *_: {"outcome": "failed", "error_code": 5}, 1, Report("failed", None, "5", None)),
    (lambda *_: {**COMPLETED, "exit_code": 1}, 1, Report("completed", "t", None, None)),
    (leaves(None), 0, None),
    (leaves(4), 4, None),
    (leaves("not today"), 1, None),
    (waits, 3, None),
    (fails, 1, None),
]


@pytest.mark.parametrize(("client", "code", "report"), ENDS)
async def test_its_end_is_what_it_returns_or_raises(
    tmp_path: Path, client: Client, code: int, report: Report | None
) -> None:
    o = await seen(client, tmp_path)
    assert (o.processes[0].exit_code, o.reports) == (code, (report,))


async def test_what_it_raises_is_told_as_python_does(tmp_path: Path) -> None:
    assert (await seen(leaves("not today"), tmp_path)).processes[0].stderr == b"not today\n"
    stderr = (await seen(fails, tmp_path)).processes[0].stderr
    assert stderr.startswith(b"Traceback (most recent call last)")
    assert stderr.endswith(b"ZeroDivisionError: oh\n")


@pytest.mark.parametrize("returned", ["completed", True, 1.5, {"exit_code": True}])
async def test_anything_else_is_the_adapters_mistake(tmp_path: Path, returned: object) -> None:
    with pytest.raises(BadAdapter, match="it returns an exit code, or a mapping"):
        await seen(lambda *_: returned, tmp_path)


async def test_what_it_prints_is_its_output_from_its_own_threads_too(tmp_path: Path) -> None:
    def client(_: object, environment: Mapping[str, str]) -> None:
        sys.stdout.write("plain\n")
        sys.stderr.write("wrong\n")
        sys.stdout.buffer.write(b"\xff raw\n")
        one = threading.Thread(target=print, args=("beside", environment["SCREENPLAY_API_KEY"]))
        one.start()
        one.join()

    before = sys.stdout, sys.stderr
    o = await seen(client, tmp_path)
    assert (sys.stdout, sys.stderr) == before
    (process,) = o.processes
    assert process.stdout == b"plain\n\xff raw\n" + f"beside {o.key}\n".encode()
    assert process.stderr == b"wrong\n"
    assert process.said_key


async def test_clients_that_run_together_do_not_mix_up_what_they_print(tmp_path: Path) -> None:
    def client(_: object, environment: Mapping[str, str]) -> int:
        sys.stdout.write(f"{environment['SCREENPLAY_OUT']}\n")
        return 0

    o = await seen(client, tmp_path, Case("submit/parallel-8", (), together=8, quiet_seconds=0))
    printed = [one.stdout for one in o.processes]
    assert len({*printed}) == 8
    assert all(one.count(b"\n") == 1 for one in printed)


async def test_one_that_hangs_is_given_up_at_its_limit_and_stopped_if_it_is_python(tmp_path: Path) -> None:
    stopped = threading.Event()

    def client(*_: object) -> None:
        try:
            while True:
                pass
        except SystemExit:
            stopped.set()
            raise

    o = await seen(client, tmp_path, Case("submit/ok", (), limit_seconds=0.2, quiet_seconds=0))
    assert (o.processes[0].exit_code, o.processes[0].forced) == (None, "0.2 s")
    assert await asyncio.to_thread(stopped.wait, 20)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it is stopped before it can close
async def test_one_that_asks_without_end_is_given_up(tmp_path: Path) -> None:
    gone = threading.Event()

    def client(job: Any, environment: Any) -> None:
        try:
            while True:
                careful({**job, "submit": None}, environment)
        finally:
            gone.set()

    setup = Setup((), tmp_path, os.environ["PATH"], most_requests=5, seat=partial(CallSeat, client))
    o = (await play(OK, setup)).observation
    assert o.processes[0].forced is not None
    assert o.processes[0].forced.endswith("requests")
    assert await asyncio.to_thread(gone.wait, 20)
    gc.collect()


def test_a_client_is_named_by_module_and_object(tmp_path: Path) -> None:
    (tmp_path / "my_very_own_client.py").write_text(
        "class Api:\n    @staticmethod\n    def run(job, environment): ...\n"
    )
    assert load("my_very_own_client:Api.run", tmp_path).__name__ == "run"
    (tmp_path / "my_broken_client.py").write_text("import no_such_library\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        load("my_broken_client:run", tmp_path)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("my_client", "is not MODULE:OBJECT"),
        (":run", "is not MODULE:OBJECT"),
        ("no_such_module:run", "there is no module 'no_such_module'"),
        ("json:no_such_name", "there is no 'no_such_name' in json"),
        ("json:__name__", "cannot be called: it is a str"),
    ],
)
def test_a_client_that_is_none_is_told(tmp_path: Path, name: str, complaint: str) -> None:
    with pytest.raises(NoSuchClient, match=complaint):
        load(name, tmp_path)
