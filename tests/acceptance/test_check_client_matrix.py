"""The matrix of runs that were really played: by `--report html=…`, and by `screenplay-check client matrix`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screenplay_contracts.client.cases import CASES
from screenplay_contracts.client.playing import key_of

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60  # real seconds after which a command that should have ended is held not to end
COMMAND = (sys.executable, "-c", "from screenplay_contracts.cli import main; main(prog_name='screenplay-check')")
TIDY = (sys.executable, str(Path(__file__).parents[1] / "clients" / "tidy.py"))
CASE = "submit/close-after-accept"
KEY = key_of(next(case for case in CASES if case.name == CASE), 0)
#: Submits twice whatever happens, and puts the key wherever it can.
PAYS_TWICE = """
import contextlib, json, os, sys, urllib.request
key, job = os.environ["SCREENPLAY_API_KEY"], json.load(open(os.environ["SCREENPLAY_JOB"]))
url = os.environ["SCREENPLAY_BASE_URL"] + "/screenplay/tasks?key=" + key
headers = {"Authorization": key, "Content-Type": "application/json", "X-Key": key}
for _ in range(2):
    with contextlib.suppress(OSError, urllib.error.URLError):
        urllib.request.urlopen(urllib.request.Request(url, json.dumps(job["submit"]).encode(), headers))
print(key)
sys.exit("no answer for " + key)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the reports of two clients: tidy.json, and twice.json with its page twice.html."""
    folder = tmp_path_factory.mktemp("runs")
    clients = {"tidy": TIDY, "twice": (sys.executable, "-c", PAYS_TWICE)}
    for name, client in clients.items():
        reports = ("--report", f"json={name}.json", "--report", f"html={name}.html")
        done = subprocess.run(
            [*COMMAND, "client", "--run", CASE, "--name", name, *reports, "--", *client],
            cwd=folder,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == (0 if name == "tidy" else 1), done.stderr
    return folder


@pytest.fixture
def matrix(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        words = [*COMMAND, "client", "matrix", *arguments]
        return subprocess.run(words, cwd=home, capture_output=True, text=True, timeout=PATIENCE, check=False)

    return run


def test_the_page_of_one_run_draws_what_was_paid_for_twice(home: Path) -> None:
    page = (home / "twice.html").read_text("utf-8")
    picture = page[page.index("<svg") : page.index("</svg>")]
    assert "pays twice" in page
    assert picture.count('class="badly request"') == 2
    assert picture.count('class="fault"') == 2
    assert "exit 1" in picture
    assert f"--run {CASE}" in page
    assert "<svg" not in (home / "tidy.html").read_text("utf-8"), "nothing is wrong, so nothing is drawn"


def test_the_key_is_in_no_report(home: Path) -> None:
    told = {path.name: path.read_text("utf-8") for path in home.iterdir()}
    assert "[redacted]" in told["twice.html"], "it was there to be redacted"
    assert [name for name, text in told.items() if KEY in text] == []


def test_runs_stand_side_by_side(matrix: Callable[..., subprocess.CompletedProcess[str]], home: Path) -> None:
    done = matrix("--report", "html=deep/both.html", "--report", "markdown=both.md", "tidy.json", "twice.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = (home / "deep/both.html").read_text("utf-8")
    assert "1 of 2 keep all they must" in page
    assert (home / "both.md").read_text("utf-8").splitlines() == [
        "|  | `tidy` | `twice` |",
        "| --- | --- | --- |",
        f"| `{CASE}` | ✓ | ✗ **pays twice** |",
    ]
    assert matrix("tidy.json", "twice.json").stdout == (home / "both.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no json", "cannot be read as JSON"),
        ("[1]", "is no report of ours: $: [1] is not of type 'object'"),
        ("{}", "is no report of ours"),
        (None, "is the report of a server"),
    ],
)
def test_a_file_that_is_no_report_of_a_client_is_refused(
    matrix: Callable[..., subprocess.CompletedProcess[str]], home: Path, content: str | None, said: str
) -> None:
    run = json.loads((home / "tidy.json").read_text("utf-8"))
    (home / "odd.json").write_text(json.dumps(run | {"suite": "server"}) if content is None else content)
    done = matrix("tidy.json", "odd.json")
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    (home / "odd.json").unlink()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument"),
        (("--report", "junit=x.xml", "tidy.json"), "is not FORMAT=PATH with a format of html, markdown"),
        (("--report", "html=tidy.json/x.html", "tidy.json"), "cannot be written"),
        (("none.json",), "does not exist"),
    ],
)
def test_wrong_usage_is_told(
    matrix: Callable[..., subprocess.CompletedProcess[str]], arguments: tuple[str, ...], said: str
) -> None:
    done = matrix(*arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
