"""The command that starts a client under test, and the environment that it gets."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from screenplay_contracts.client import paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from screenplay_contracts.client.folders import Folders

#: Where programs of several languages look for certificates of authorities to trust.
CA_VARIABLES = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SCREENPLAY_CA_FILE")
#: What a client is told, or must not be: the user cannot set them. Proxies would take it away from the fake.
OURS = frozenset({"PATH", "LANG", "TZ", "HOME", "TMPDIR", *CA_VARIABLES})
_OURS_IN_ANY_CASE = re.compile(r"SCREENPLAY_.*|(HTTPS?|ALL|NO|FTP)_PROXY", re.IGNORECASE)
#: What a program needs to start at all, beside PATH; of ours nothing else is passed on unless the user says so.
_NEEDED = ("SYSTEMROOT", "PATHEXT") if sys.platform == "win32" else ()


class BadVariable(ValueError):
    """What is to be passed on to a client cannot be; the text says why."""


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

    Raises NoSuchCommand.
    """
    program, *arguments = argv
    is_named = paths.has_folder(program)
    found = shutil.which(folder / program if is_named else program, path=path)
    if found is None:
        raise NoSuchCommand(_why_not(program, folder, is_named=is_named))
    return os.path.abspath(found), *paths.absolute(arguments, folder)  # noqa: PTH100 - links stay links


def _why_not(program: str, folder: Path, *, is_named: bool) -> str:
    """Why *program* cannot be run, and the way out."""
    there = folder / program
    if is_named and there.is_dir():
        return f"{program!r} is a folder; name the program in it"
    if is_named and there.is_file():
        return (
            f"{program!r} is there, but may not be executed: `chmod +x {shlex.quote(program)}`,"
            f" or put its interpreter in front, such as `python {shlex.quote(program)}`"
        )
    if not is_named and there.is_file():
        return f"there is no program {program!r} in PATH; the one in this folder is called './{program}'"
    where = folder if is_named else "PATH"
    return f"there is no program {program!r} in {where}; what stands behind -- starts your client"


def environment(
    told: Told, folders: Folders, job_file: Path, path: str, passed_on: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """All that a client gets, and nothing else; *passed_on* are what the user wants it to have beside ours."""
    variables = {
        **passed_on,
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
    return variables | {name: os.environ[name] for name in _NEEDED if name in os.environ}


def passed_on(wanted: Iterable[str], ours: Mapping[str, str]) -> dict[str, str]:
    """The variables that *wanted* names: NAME as it is in *ours*, NAME=VALUE as it says. Raises BadVariable."""
    found = {}
    for text in wanted:
        name, has_value, value = text.partition("=")
        if not name or "\0" in text:
            raise BadVariable(f"{text!r} is neither NAME nor NAME=VALUE")
        if name in OURS or _OURS_IN_ANY_CASE.fullmatch(name):
            raise BadVariable(f"{name} is not yours to set: it is set for each case, or taken away")
        if not has_value and name not in ours:
            raise BadVariable(f"{name} is not set here, so it cannot be passed on; {name}=VALUE sets it")
        found[name] = value if has_value else ours[name]
    return found
