"""Why a program that is there cannot be started, in words, and the way out."""

from __future__ import annotations

import shutil
from errno import EACCES, ENOENT, ENOEXEC
from pathlib import Path

LONGEST = 256  # bytes of a first line that are looked at, as Linux does (BINPRM_BUF_SIZE)


def cannot_start(program: str, error: OSError | ValueError) -> str:
    """A sentence about *program*, whose start raised *error*."""
    number = error.errno if isinstance(error, OSError) else None
    why = getattr(error, "strerror", None) or str(error)
    interpreter = _interpreter(program)
    if number in {ENOENT, EACCES} and interpreter is not None:
        why = _without_interpreter(interpreter)
    elif number == ENOEXEC:
        why += "; a script begins with #! and its interpreter, or has that in front on the command line: `sh SCRIPT`"
    return f"{program} cannot be started: {why}"


def _without_interpreter(named: bytes) -> str:
    shown = named.decode("utf-8", "replace")
    if named.endswith(b"\r"):
        return (
            f"the interpreter {shown!r} that its first line names does not exist, since its lines end as in Windows:"
            " save it with the line ends of Unix (`dos2unix`)"
        )
    other = shutil.which(Path(shown).name) if shown else None
    way_out = f"`#!/usr/bin/env {Path(shown).name}` finds it in PATH" if other else "install it, or name another"
    return f"the interpreter {shown!r} that its first line names does not exist, or may not be executed: {way_out}"


def _interpreter(program: str) -> bytes | None:
    """What stands behind #! in its first line, as the system reads it; None: it is no script."""
    try:
        with Path(program).open("rb") as file:
            first = file.readline(LONGEST)
    except OSError:
        return None
    if not first.startswith(b"#!"):
        return None
    words = first[2:].rstrip(b"\n").strip(b" \t").split(maxsplit=1)
    if not words:
        return b""
    return words[0] + (b"\r" if len(words) == 1 and first.endswith(b"\r\n") else b"")
