"""Broken adapters, each made from a good one, and what smoke says of them."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screenplay_contracts.client import smoke
from screenplay_contracts.client.playing import Setup, play
from screenplay_contracts.client.smoke import problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.client.case import Case

TIDY = (Path(__file__).parents[1] / "clients" / "tidy.py").read_text("utf-8")


@dataclass(frozen=True, eq=False)
class Broken:
    """An adapter that has *new* instead of *old*, in the case where it shows; what is *said* of it."""

    case: Case
    old: str
    new: str
    said: str


BROKEN = [
    Broken(
        smoke.OK,
        "import http.client",
        "raise SystemExit('no way')",
        "it sent nothing to SCREENPLAY_BASE_URL, which was",
    ),
    Broken(smoke.OK, "import http.client", "raise SystemExit('no way')", "exit code 1, last words: 'no way'"),
    Broken(smoke.OK, "where.path + path", "'/api/v2' + path", "POST /api/v2/screenplay/tasks, which is no operation"),
    Broken(
        smoke.OK,
        'os.environ["SCREENPLAY_API_KEY"].strip()',
        '"sk-other"',
        "it did not send SCREENPLAY_API_KEY as it is",
    ),
    Broken(
        smoke.OK,
        'os.environ["SCREENPLAY_API_KEY"].strip()',
        "'Bearer ' + os.environ['SCREENPLAY_API_KEY']",
        "without Bearer",
    ),
    Broken(smoke.OK, 'JOB["submit"]', "{**JOB['submit'], 'config': {}}", "and not `submit` of the job file"),
    Broken(smoke.OK, 'JOB["poll_seconds"]', "0.01", "it polled faster than every 0.2 s"),
    Broken(
        smoke.OK,
        "watched(submitted())",
        "{'status': 'completed', 'task_id': submitted()}",
        "it should wait until that has ended",
    ),
    Broken(smoke.OK, 'if JOB["download"]', "if False", "it did not download the result"),
    Broken(smoke.OK, '(out / "partial").rename', "# ", "SCREENPLAY_OUT/result is not there"),
    Broken(smoke.OK, '(out / "partial").rename', "(out / 'result').mkdir() # ", "SCREENPLAY_OUT/result is empty"),
    Broken(
        smoke.OK,
        "zipfile.ZipFile(io.BytesIO(content)).extractall",
        "(out / 'partial').mkdir(); (out / 'partial/x.zip').write_bytes(content) #",
        "has the zip in it",
    ),
    Broken(smoke.OK, 'os.environ["SCREENPLAY_OUT"]', '"."', "SCREENPLAY_OUT/result is not there: the files"),
    Broken(
        smoke.OK,
        'os.environ["SCREENPLAY_OUT"]',
        'os.environ["SCREENPLAY_OUT"] + "/.."',
        "it wrote outside of SCREENPLAY_OUT, where all its files belong: above/around/result/",
    ),
    Broken(
        smoke.OK,
        "import http.client",
        "import http.client, tempfile; tempfile.mkstemp()",
        "hint: it left temporary files, of which the checks will warn: tmp/",
    ),
    Broken(smoke.OK, "print(json.dumps(run()))", "run()", "hint: its last line on stdout is no report"),
    Broken(smoke.OK, '"outcome": "completed"', '"outcome": "done"', "the outcome 'done' that it prints is none of"),
    Broken(
        smoke.OK, '"outcome": "completed"', '"outcome": "failed"', "it reports 'failed', though the task was completed"
    ),
    Broken(
        smoke.OK,
        "print(json.dumps(run()))",
        "print(json.dumps(run())); sys.exit(4)",
        "it did not exit with 0; exit code 4",
    ),
    Broken(smoke.OK, "print(json.dumps(run()))", "run(); threading.Event().wait()", "it did not end: after 6 s"),
    Broken(smoke.FAILED, "sys.exit(1)", "pass", "it exited with 0 though the task failed"),
    Broken(
        smoke.FAILED,
        "raise Trouble(task",
        "pathlib.Path(os.environ['SCREENPLAY_OUT'], 'result').mkdir(); raise Trouble(task",
        "there is SCREENPLAY_OUT/result, though the task failed",
    ),
    Broken(
        smoke.FAILED,
        'raise Trouble(task["status"]',
        "raise Trouble('error'",
        "it reports 'error', though the task failed",
    ),
    Broken(
        smoke.WEBHOOK,
        "if listen := os",
        "if listen := None and os",
        "nobody listened at SCREENPLAY_WEBHOOK_LISTEN when it submitted",
    ),
    Broken(smoke.WEBHOOK, "send_response(204)", "send_response(500)", "its receiver answered 500 to a POST"),
    Broken(smoke.UPLOAD, "import http.client", "import http.client ", "it uploaded nothing"),
    Broken(smoke.CANCEL, "import http.client", "import http.client ", "it did not cancel the task"),
    Broken(
        smoke.CANCEL,
        "task = watched(submitted())",
        "ask('DELETE', f'/screenplay/tasks/{submitted()}'); sys.exit(0)",
        "exits with 1",
    ),
]
GOOD = [
    Broken(case, "import http.client", "import http.client ", "") for case in (smoke.OK, smoke.FAILED, smoke.WEBHOOK)
] + [
    Broken(smoke.OK, "import http.client", f"import http.client, pathlib; {fresh}.touch()", "")
    for fresh in ("pathlib.Path.home().joinpath('.acmerc')", "pathlib.Path('log.txt')")
]


async def said_of(broken: Broken, folder: Path) -> tuple[str, ...]:
    assert broken.old in TIDY
    (folder / "client.py").write_text(TIDY.replace(broken.old, broken.new), "utf-8")
    (folder / "root").mkdir()
    setup = Setup((sys.executable, str(folder / "client.py")), folder / "root", os.environ["PATH"], timeout=6)
    return problems((await play(broken.case, setup)).observation)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Broken, tuple[str, ...]]:
    """What is said of each of them, tried all at once."""

    async def tried() -> list[tuple[str, ...]]:
        few = asyncio.Semaphore(6)

        async def one(broken: Broken) -> tuple[str, ...]:
            async with few:
                return await said_of(broken, tmp_path_factory.mktemp("adapter"))

        return await asyncio.gather(*map(one, [*BROKEN, *GOOD]))

    return dict(zip([*BROKEN, *GOOD], asyncio.run(tried()), strict=True))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.said)
def test_what_is_wrong_with_an_adapter_is_said(said: Mapping[Broken, tuple[str, ...]], broken: Broken) -> None:
    assert any(broken.said in one for one in said[broken]), said[broken]


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.case.name)
def test_nothing_is_said_of_one_that_is_well_made(said: Mapping[Broken, tuple[str, ...]], good: Broken) -> None:
    assert said[good] == ()


def test_a_capability_that_is_not_declared_is_not_tried() -> None:
    assert smoke.cases(frozenset()) == (smoke.OK, smoke.FAILED)
    assert smoke.cases(frozenset({"cancel", "webhook"})) == (smoke.OK, smoke.FAILED, smoke.WEBHOOK, smoke.CANCEL)
