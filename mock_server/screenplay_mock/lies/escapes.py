"""Archives whose members want out of the folder into which they are unpacked (CWE-22; APPNOTE 4.4.17.1)."""

from __future__ import annotations

from stat import S_IFLNK
from typing import TYPE_CHECKING

from screenplay_mock.lies.records import stored

if TYPE_CHECKING:
    from screenplay_mock.lies.content import Content
    from screenplay_mock.lies.honest import Honest
    from screenplay_mock.lies.records import Member

#: An absolute name that no program has a use for: whoever writes there overwrites nothing.
ABSOLUTE = "/tmp/screenplay-mock-outside.txt"  # noqa: S108 - we never open it

LINK = S_IFLNK | 0o777


def slip(honest: Honest) -> Content:
    """Names with `..`: one goes up a folder, one two (CWE-22, "Zip Slip")."""
    return honest.beside(_evidence("../outside.txt"), _evidence("../../outside.txt"))


def absolute_path(honest: Honest) -> Content:
    """A name from the root of the file system (CWE-36), which APPNOTE 4.4.17.1 forbids."""
    return honest.beside(_evidence(ABSOLUTE))


def windows_path(honest: Honest) -> Content:
    """A drive, and `..` with backslashes (CWE-22; APPNOTE 4.4.17.1 allows neither): harmless but on Windows."""
    return honest.beside(_evidence(r"C:\outside.txt"), _evidence(r"..\..\outside.txt"))


def symlink(honest: Honest) -> Content:
    """A symbolic link to the folder above, and a file through it (CWE-61): no name of them looks dangerous."""
    return honest.beside(stored("link", "..", mode=LINK), _evidence("link/outside.txt"))


def _evidence(name: str) -> Member:
    """A file that says where it comes from, to whoever finds it where it should not be."""
    return stored(name, f"Unpacked from a result of screenplay-mock that lies on purpose, where it is {name}\n")
