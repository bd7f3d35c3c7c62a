"""
What HTTP libraries do by themselves is known from measurements: the cases must find it in clients that only use them.

https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2: a POST whose answer was lost may have taken effect.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.mutants.playing import BY_NAME
from tests.mutants.row import CAREFUL

from screenplay_contracts.client import judging
from screenplay_contracts.client.behaviours import BEHAVIOURS
from screenplay_contracts.client.playing import Setup, play
from screenplay_contracts.verdict import BREACHES

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS = CAREFUL.parent
#: (client, case, the checks that fail there)
KNOWN: tuple[tuple[str, str, set[str]], ...] = (
    ("NaiveUrlConnection.java", "submit/close-after-accept", {"SUB-01", "SUB-03"}),
    ("naive_wget.sh", "submit/close-after-accept", {"SUB-01", "SUB-03"}),
    ("naive_requests.py", "submit/close-after-accept", set()),
    ("naive_urllib3.py", "submit/redirect-302", {"SUB-15"}),
    ("naive_requests.py", "submit/redirect-302", set()),
    ("NaiveHttpClient.java", "submit/redirect-307-cross", {"SUB-16", "HYG-02"}),
    ("naive_requests.py", "submit/redirect-307-cross", set()),
    ("naive_urllib.py", "download/redirect-signed-url", {"DLD-15", "HYG-02"}),
    ("naive_requests.py", "download/redirect-signed-url", set()),
)


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled Java clients."""
    folder = tmp_path_factory.mktemp("classes")
    subprocess.run(
        [needed("javac"), "-d", str(folder), *map(str, CLIENTS.glob("Naive*.java"))], check=True, timeout=100
    )
    return folder


def needed(tool: str) -> str:
    """Where *tool* is; without it the test is skipped."""
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not here")
    return found


@pytest.fixture
def command(client: str, request: pytest.FixtureRequest) -> tuple[str, ...]:
    path = CLIENTS / client
    if path.suffix == ".java":
        needed("java")
        return (needed("java"), "-XX:TieredStopAtLevel=1", "-cp", str(request.getfixturevalue("classes")), path.stem)
    if path.suffix == ".sh":
        for tool in ("wget", "unzip"):
            needed(tool)
        return (needed("sh"), str(path))
    return (sys.executable, str(path))


@pytest.mark.parametrize(("client", "case", "breaks"), KNOWN, ids=[" in ".join(row[:2]) for row in KNOWN])
def test_what_a_library_does_by_itself_is_found(
    case: str, command: tuple[str, ...], breaks: set[str], tmp_path: Path
) -> None:
    seen = asyncio.run(play(BY_NAME[case], Setup(command, tmp_path, os.environ["PATH"]))).observation
    bad = {one.check.name for one in judging.results(seen.case, BEHAVIOURS, seen) if one.verdict in BREACHES}
    assert bad - {"HYG-04"} == breaks  # a stack trace is how naive clients tell any error
