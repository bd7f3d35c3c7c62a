"""
Play the cases that tell clients apart with every client in examples/clients, and put them side by side.

    python examples/matrix.py --html matrix.html --readme README.md

It takes some minutes. All are asked to go on after a kill, though only some declare that they can. Clients whose
language is not installed are left out, and named; those in Java need a JDK.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from screenplay_contracts.report import cells
from screenplay_contracts.report.matrix import page
from screenplay_contracts.report.matrix_markdown import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLIENTS = Path(__file__).parent / "clients"
CASES = (
    "submit/close-after-accept",
    "submit/gateway-504-after-accept",
    "t/submit/slow-answer",
    "lifecycle/kill-after-submit",
    "submit/redirect-302",
    "submit/redirect-307-cross",
    "submit/200-business-error",
    "submit/null-task-id",
    "poll/429-burst",
    "t/poll/never-ends",
    "download/short",
    "download/cut-close-delimited",
    "download/zip-slip",
    "download/redirect-signed-url",
)
#: What is left out of the table, because it is about texts: nearly all naive clients tell too little.
SKIPPED = ("HYG-04", "SUB-13")

LAUNCHERS = {".py": (sys.executable,), ".mjs": ("node",), ".sh": ("bash",)}
TOOLS = {"client.sh": ("curl", "unzip"), "naive_wget.sh": ("wget", "unzip"), "naive_fetch.mjs": ("unzip",)}
JAVA = ("java", "-XX:TieredStopAtLevel=1", "-cp")
BEGIN, END = "<!-- matrix -->\n", "<!-- /matrix -->"


def clients(classes: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and command of each client that can run here; the careful ones first."""
    has_java = shutil.which("javac") is not None and shutil.which("java") is not None
    if has_java:
        subprocess.run(["javac", "-d", classes, *CLIENTS.glob("*.java")], check=True)  # noqa: S603, S607
    every = [path for path in CLIENTS.iterdir() if path.suffix in {*LAUNCHERS, ".java"}]
    for path in sorted(every, key=lambda path: ("naive" in path.name.lower(), path.name.lower())):
        if path.suffix == ".java":
            command, can_run = (*JAVA, str(classes), path.stem), has_java
        else:
            command = (*LAUNCHERS[path.suffix], str(path))
            can_run = all(map(shutil.which, (command[0], *TOOLS.get(path.name, ()))))
        if can_run:
            yield path.name, command
        else:
            print(f"{path.name} is left out: what it needs is not here", file=sys.stderr)


def played(name: str, command: Sequence[str], folder: Path) -> dict[str, Any]:
    """The report of one client. Raises subprocess.CalledProcessError where nothing could be judged."""
    report = folder / f"{name}.json"
    options = [word for case in CASES for word in ("--run", case)] + [
        word for one in SKIPPED for word in ("--skip", one)
    ]
    options += ["--capability", "resume", "--name", name, "--report", f"json={report}"]
    program = [sys.executable, "-c", "from screenplay_contracts.cli import main; main()", "client"]
    print(name, file=sys.stderr)
    done = subprocess.run([*program, *options, "--", *command], stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if done.returncode > 1:
        raise subprocess.CalledProcessError(done.returncode, name)
    told: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return told


def told(runs: Sequence[dict[str, Any]]) -> str:
    """The table of those with anything wrong, and who has nothing."""
    wrong = [run for run in runs if any(cell.wrong for cell in cells.by_case(run).values())]
    fine = [f"`{run['subject']}`" for run in runs if run not in wrong]
    return f"{table(wrong)}\nNothing is wrong with {', '.join(fine) or 'none'}.\n"


def filled(page_text: str, text: str) -> str:
    """*page_text* with *text* between its marks."""
    before, _, rest = page_text.partition(BEGIN)
    return f"{before}{BEGIN}{text}{END}{rest.partition(END)[2]}"


def main() -> None:
    parser = argparse.ArgumentParser(description="The clients in examples/clients, side by side.")
    parser.add_argument("--html", type=Path, help="write the matrix as a page")
    parser.add_argument("--readme", type=Path, help="fill the table of this file")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="screenplay-matrix-") as folder:
        runs = [played(name, command, Path(folder)) for name, command in clients(Path(folder) / "classes")]
    if given.html is not None:
        given.html.write_text(page(runs), "utf-8")
    if given.readme is not None:
        given.readme.write_text(filled(given.readme.read_text("utf-8"), told(runs)), "utf-8")
    print(told(runs), end="")


if __name__ == "__main__":
    main()
