"""The command that starts a client under test, and the environment that it gets."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from screenplay_contracts.client.folders import Folders

#: Where programs of several languages look for certificates of authorities to trust.
CA_VARIABLES = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SCREENPLAY_CA_FILE")
#: What a program needs to start at all, beside PATH; of ours nothing else is passed on.
_NEEDED = ("SYSTEMROOT", "PATHEXT") if sys.platform == "win32" else ()


class NoSuchCommand(Exception):
    """Nothing that could be run has that name."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the environment tells a client, beside its folders. `listen` is where its receiver should be."""

    base_url: str
    key: str
    case: str
    listen: str | None = None
    ca_file: Path | None = None


def absolute(argv: Sequence[str], folder: Path, path: str) -> tuple[str, ...]:
    """
    *argv*, given in *folder*, as it can be run elsewhere: the program found along *path*, files by their whole names.

    What only looks like a name (`npm test`, and there is a folder `test`) stays as it is. Raises NoSuchCommand.
    """
    program, *arguments = argv
    has_folder = _has_folder(program)
    found = shutil.which(folder / program if has_folder else program, path=path)
    if found is None:
        where = folder if has_folder else "PATH"
        raise NoSuchCommand(f"there is no program {program!r} in {where}; what stands behind -- starts your client")
    return os.path.abspath(found), *(_absolute(one, folder) for one in arguments)  # noqa: PTH100 - links stay links


def _absolute(argument: str, folder: Path) -> str:
    there = folder / argument
    try:
        is_meant = there.is_file() or (_has_folder(argument) and there.exists())
    except (OSError, ValueError):  # no name of a file
        return argument
    return os.path.abspath(there) if argument and is_meant else argument  # noqa: PTH100


def _has_folder(name: str) -> bool:
    return "/" in name or os.sep in name


def environment(told: Told, folders: Folders, job_file: Path, path: str) -> dict[str, str]:
    """All that a client gets, and nothing else."""
    variables = {
        "PATH": path,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": str(folders.home),
        "TMPDIR": str(folders.tmp),
        "SCREENPLAY_BASE_URL": told.base_url,
        "SCREENPLAY_API_KEY": told.key,
        "SCREENPLAY_CASE": told.case,
        "SCREENPLAY_JOB": str(job_file),
        "SCREENPLAY_OUT": str(folders.out),
    }
    if told.listen is not None:
        variables["SCREENPLAY_WEBHOOK_LISTEN"] = told.listen
    if told.ca_file is not None:
        variables |= dict.fromkeys(CA_VARIABLES, str(told.ca_file))
    return variables | _passed_on(os.environ)


def _passed_on(ours: Mapping[str, str]) -> dict[str, str]:
    return {name: ours[name] for name in _NEEDED if name in ours}
