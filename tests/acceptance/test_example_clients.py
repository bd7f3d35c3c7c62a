"""The clients in examples/: each brings home a result, and each pays as often as its page says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.conftest import Serving

CLIENTS = Path(__file__).parents[2] / "examples" / "clients"
KEY = "sk-mai-examples"
PATIENCE = 60  # real seconds after which a client hangs
JOB = {
    "version": 1,
    "submit": {"mode": "short_drama", "episodes": {"1": "re_abc001", "2": "re_abc002"}, "config": {"language": "en"}},
    "uploads": {},
    "wait": "poll",
    "poll_seconds": 0.2,
    "deadline_seconds": 30,
    "request_timeout_seconds": 5,
    "download": True,
    "cancel_when": None,
}
LAUNCHERS = {".py": sys.executable, ".mjs": "node", ".java": "java", ".sh": "bash"}
TOOLS = {"client.sh": ("curl", "unzip"), "naive_wget.sh": ("wget", "unzip"), "naive_fetch.mjs": ("unzip",)}
REPORTING = ("careful.py", "careful.mjs", "Careful.java", "client.sh")

#: Every client, and how many times it pays if the answer to its submission is lost.
PAYS = {
    "careful.py": 1,
    "careful.mjs": 1,
    "Careful.java": 1,
    "client.sh": 1,
    "naive_requests.py": 1,
    "naive_urllib3.py": 1,
    "naive_urllib.py": 1,
    "naive_fetch.mjs": 1,
    "NaiveHttpClient.java": 1,
    "NaiveUrlConnection.java": 2,
    "naive_wget.sh": 3,
}


@pytest.fixture(scope="session")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled Java clients: `java FILE` would compile at each start."""
    compiler = shutil.which("javac")
    if compiler is None:
        pytest.skip("the Java clients need a JDK")
    folder = tmp_path_factory.mktemp("classes")
    subprocess.run([compiler, "-d", str(folder), *map(str, CLIENTS.glob("*.java"))], check=True, timeout=PATIENCE)
    return folder


@pytest.fixture(params=PAYS)
def name(request: pytest.FixtureRequest) -> str:
    """Each client in turn; skipped where there is nothing to run it with."""
    for tool in (LAUNCHERS[Path(request.param).suffix], *TOOLS.get(request.param, ())):
        if shutil.which(tool) is None:
            pytest.skip(f"{request.param} needs {tool}")
    return str(request.param)


@pytest.fixture
def command(name: str, request: pytest.FixtureRequest) -> list[str]:
    """How the client is run."""
    path = CLIENTS / name
    if path.suffix == ".java":
        return ["java", "-XX:TieredStopAtLevel=1", "-cp", str(request.getfixturevalue("classes")), path.stem]
    return [LAUNCHERS[path.suffix], str(path)]


def play(command: list[str], server: Serving, folder: Path) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run *command* to its end in *folder*: how it ended, and the kinds of what it was charged for."""
    out, job = folder / "out", folder / "job.json"
    out.mkdir()
    job.write_text(json.dumps(JOB), "utf-8")
    told = {"BASE_URL": server.base_url, "API_KEY": KEY, "JOB": str(job), "OUT": str(out)}
    environment = os.environ | {f"SCREENPLAY_{name}": value for name, value in told.items()} | {"HOME": str(folder)}
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    _, account = server.ask("GET", "/__admin/account", Authorization=KEY)
    return done, [charge["kind"] for charge in account["charges"]]


def test_it_is_known_of_every_client_how_often_it_pays() -> None:
    assert {path.name for path in CLIENTS.iterdir() if path.suffix in LAUNCHERS} == set(PAYS)


def test_a_client_brings_a_result_home_and_pays_once(
    command: list[str], serve: Callable[..., Serving], tmp_path: Path
) -> None:
    done, charges = play(command, serve("--scenario", "quick"), tmp_path)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "out" / "result").iterdir()}
    assert names == {f"{n}_{kind}.json" for n in (1, 2) for kind in ("transcript", "storyboard")} | {"namelist.json"}
    assert charges == ["submit", "download"]


def test_a_client_whose_submission_gets_no_answer_pays_as_often_as_its_library_repeats_it(
    name: str, command: list[str], serve: Callable[..., Serving], tmp_path: Path
) -> None:
    done, charges = play(command, serve("--scenario", "submit/close-after-accept"), tmp_path)
    assert done.returncode != 0
    assert charges == ["submit"] * PAYS[name]
    if name in REPORTING:
        line: Any = json.loads(done.stdout.splitlines()[-1])
        assert (line["outcome"], line["task_id"]) == ("unknown", None)
