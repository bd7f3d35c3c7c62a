"""Real programs that speak HTTP, for the proofs that need no word of ours: curl, wget and a Java class."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.wire.world import BASE

if TYPE_CHECKING:
    from tests.wire.world import World

SECONDS = 60  # after which a program hangs
JAVA = Path(__file__).parent / "Submit.java"


def skip_without(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


@dataclass(frozen=True)
class Ran:
    """What came of a program: its exit status, what it printed, and the file it wrote, if it did."""

    exit: int
    out: str
    file: bytes | None

    @property
    def json(self) -> Any:
        return json.loads(self.file or b"null")


def run(*command: str, folder: Path, file: str = "answer") -> Ran:
    """Run *command* in *folder* without proxies; *file* is what it is to write there."""
    ran = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    written = folder / file
    return Ran(ran.returncode, ran.stdout.strip(), written.read_bytes() if written.exists() else None)


def curl(world: World, path: str, *options: str, folder: Path, body: Any = None) -> Ran:
    """`curl` of a path of the API; it prints the HTTP status, and the file is the body."""
    given = [] if body is None else ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
    scheme = "http" if world.ca_file is None else "https"
    url = "{}://{}:{}{}{}".format(scheme, *world.address, BASE, path)
    said = ("-sS", "-o", "answer", "-w", "%{http_code}", "-H", f"Authorization: {world.key}")
    (folder / "answer").unlink(missing_ok=True)
    return run("curl", *said, *given, *options, url, folder=folder)
