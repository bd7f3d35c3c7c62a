"""The file that tells other programs where a server listens. It belongs to one living process at a time."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST = 64 * 1024  # characters; a ready file has some hundred


class ReadyFileError(Exception):
    """The ready file cannot be used. Its text says why, and the way out."""


class ReadyFile:
    def __init__(self, path: Path) -> None:
        self._path = path

    def check(self) -> None:
        """Raise ReadyFileError if `write` would, as far as can be seen without writing."""
        if not self._path.parent.is_dir():
            raise self._unusable("its folder does not exist; create it, or name another file")
        self._refuse_if_taken(self._path)

    def write(self, *, base_url: str, admin_url: str, ca_file: Path | None = None) -> None:
        """Put the file there whole, in place of a stale one. Raises ReadyFileError."""
        trust = {} if ca_file is None else {"ca_file": str(ca_file)}
        content = json.dumps({"base_url": base_url, "admin_url": admin_url, **trust, "pid": os.getpid()})
        new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            new.write_text(content + "\n", encoding="utf-8")
            self._place(new)
        except OSError as error:
            raise self._unusable(f"it cannot be written: {error.strerror}; name another file") from None
        finally:
            with suppress(OSError):
                new.unlink()

    def remove(self) -> None:
        """Remove the file, if it is still ours."""
        with suppress(OSError, ReadyFileError):
            if self._owner(self._path) == os.getpid():
                self._path.unlink()

    def _place(self, new: Path) -> None:
        """Give *new* the name of the file, unless that belongs to a living process."""
        with _alone_in(self._path.parent):
            self._refuse_if_taken(self._path)
            new.replace(self._path)

    def _refuse_if_taken(self, path: Path) -> None:
        owner = self._owner(path)
        if owner is not None and owner != os.getpid() and _is_living(owner):
            raise self._unusable(
                f"process {owner} uses it; stop that one, name another file, or delete the file"
                " if that process is no screenplay-mock"
            )

    def _owner(self, path: Path) -> int | None:
        """The process that a ready file names; None if there is no file, or an empty one as mktemp makes it."""
        if path.exists() and not path.is_file():
            raise self._unusable("it is not a plain file; name another")
        try:
            with path.open(encoding="utf-8") as file:
                text = file.read(_LARGEST)
            pid = json.loads(text)["pid"] if text else None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(f"it cannot be read: {error.strerror}; name another") from None
        except (ValueError, LookupError, TypeError, RecursionError):
            pid = 0
        if pid is None or (type(pid) is int and pid > 0):
            return pid
        raise self._unusable("it holds something else, which would be lost; name another file, or delete it")

    def _unusable(self, why: str) -> ReadyFileError:
        return ReadyFileError(f"the ready file {self._path} cannot be used: {why}")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time look at a ready file of *folder* and replace it."""
    if sys.platform == "win32":  # where folders cannot be locked: two that start in the same instant may both win
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_living(pid: int) -> bool:
    if sys.platform == "win32":  # where os.kill would end it
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x0010_0000, False, pid)  # noqa: FBT003 - SYNCHRONIZE, not inherited
        return bool(handle) and bool(ctypes.windll.kernel32.CloseHandle(handle))
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
