"""Archives that did not survive: what a transfer that nobody checked, or a bad disk, leaves of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from screenplay_mock.lies.records import END_SIZE, placed, zip_of

if TYPE_CHECKING:
    from screenplay_mock.lies.content import Content
    from screenplay_mock.lies.honest import Honest


def truncated(honest: Honest) -> Content:
    """It ends in the middle of the last member: those before it are whole, the directory (APPNOTE 4.3.12) is gone."""
    *_, (last, at) = placed(honest.members)
    return zip_of(honest.members).first(at + last.local_size + last.packed // 2)


def bad_crc(honest: Honest) -> Content:
    """Both headers of one member have the same wrong CRC (APPNOTE 4.4.7); it unpacks, to other bytes than it says."""
    victim = honest.victim
    spoilt = replace(victim, crc=victim.crc ^ 0xFFFF_FFFF)
    return zip_of([spoilt if member is victim else member for member in honest.members])


def no_end(honest: Honest) -> Content:
    """The end of central directory record is missing (APPNOTE 4.3.16), all before it is there."""
    whole = zip_of(honest.members)
    return whole.first(whole.size - END_SIZE)


def empty(_honest: Honest) -> Content:
    """A valid zip with nothing in it: the end record alone (APPNOTE 4.3.1), 22 bytes."""
    return zip_of(())
