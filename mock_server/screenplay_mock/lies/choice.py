"""Archives that hold something else than what was asked for (download-task-result page), well-formed as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.lies.honest import NOBODY
from screenplay_mock.lies.records import stored, zip_of

if TYPE_CHECKING:
    from screenplay_mock.lies.content import Content
    from screenplay_mock.lies.honest import Honest


def missing_entry(honest: Honest) -> Content:
    """The namelist is not in it, or the first member if there is none; an archive of one member is empty."""
    victim = honest.victim
    return zip_of([member for member in honest.members if member is not victim])


def extra_entry(honest: Honest) -> Content:
    """Beside what was asked for there is a file that nothing documents."""
    return honest.beside(stored("readme.txt", "Nobody asked for this file.\n"))


def duplicate_names(honest: Honest) -> Content:
    """
    One member is there twice, with different contents; readers take the first, or the last.

    APPNOTE does not forbid it. CWE-694: several resources with the same identifier.
    """
    return honest.beside(stored(honest.victim.name.decode(), NOBODY))


def case_clash(honest: Honest) -> Content:
    """Two names differ in nothing but case: one file where the file system ignores it (CWE-178)."""
    return honest.beside(stored(honest.victim.name.decode().upper(), NOBODY))
