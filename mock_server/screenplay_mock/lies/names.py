"""Archives with names that some systems cannot keep, or read in another way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from screenplay_mock.lies.records import stored

if TYPE_CHECKING:
    from screenplay_mock.lies.content import Content
    from screenplay_mock.lies.honest import Honest

LONGEST = 255  # bytes of a name that most file systems take

CJK = "角色表.json"
ODD = (
    "\u304c.json",  # one letter, composed (NFC) and
    "\u304b\u3099.json",  # decomposed (NFD): two names, one file where the file system normalises
    "CON.json",  # a device on Windows, whatever the extension
    "scene.",  # Windows drops a dot
    "scene ",  # and a space at the end
    f"{'long' * LONGEST}.json",
)


def no_utf8_flag(honest: Honest) -> Content:
    """
    A name in UTF-8 without general purpose bit 11, which would say so (APPNOTE 4.4.4, appendix D).

    By the letter it is in code page 437; tools on Linux and macOS used to write it so.
    """
    return honest.beside(replace(stored(CJK, "{}"), flags=0))


def odd_names(honest: Honest) -> Content:
    """Every name of ODD, correctly flagged (Unicode Standard Annex 15; "Naming Files" of Microsoft; NAME_MAX)."""
    return honest.beside(*(stored(name, "{}") for name in ODD))
