"""Reading what HTTP messages are made of, so that a fault can be sent as it is written: headers, ids, JSON."""

from __future__ import annotations

import re
from math import isfinite

from screenplay_mock.scenarios.errors import shown

# read by JSON Schema too, so they say only what ECMA 262 and Python read alike
HEADER_NAME_PATTERN = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"  # a token of RFC 9110
HEADER_PATTERN = r"^[^\x00-\x08\x0a-\x1f\x7f]*$"
ID_SUFFIX_PATTERN = r"^(?:[!-~][ -~]*)?$"
DEEPEST = 64  # mappings and lists within one another; no encoder of JSON minds so many

_HEADER_NAME = re.compile(HEADER_NAME_PATTERN.removesuffix("$"))
_HEADER = re.compile(HEADER_PATTERN.removesuffix("$"))
_ID_SUFFIX = re.compile(ID_SUFFIX_PATTERN.removesuffix("$"))


def header_name(value: str) -> str:
    if not _HEADER_NAME.fullmatch(value):
        raise ValueError(f"{shown(value)} is no name of a header; write letters, digits and dashes")
    return value


def header_value(value: str) -> str:
    if not _HEADER.fullmatch(value):
        raise ValueError(f"{shown(value)} has a line end or another control character, which a header cannot hold")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("holds half a character (a lone surrogate); write the character itself")
    return value


def id_suffix(value: str) -> str:
    """What may stand behind a task id: visible ASCII, and spaces after its first character."""
    if not _ID_SUFFIX.fullmatch(value):
        raise ValueError(f"{shown(value)} is not visible ASCII that begins without a space")
    return value


def json_members(value: object) -> object:
    """A mapping that holds only what JSON can."""
    if not isinstance(value, dict):
        raise ValueError(f"needs a mapping, not {shown(value)}")  # noqa: TRY004 - pydantic passes on ValueError
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:  # not recursive: a body of the admin API may be nested as deeply as it likes
        part, depth = waiting.pop()
        match part:
            case dict() | list() if depth > DEEPEST:
                raise ValueError(f"more than {DEEPEST} lists and mappings are within one another")
            case dict():
                if not all(isinstance(name, str) for name in part):
                    raise ValueError("a key must be text")
                waiting += ((inner, depth + 1) for inner in part.values())
            case list():
                waiting += ((inner, depth + 1) for inner in part)
            case float() if not isfinite(part):
                raise ValueError(f"holds {shown(part)}, which JSON cannot")
            case str() | int() | float() | None:
                pass
            case _:
                raise ValueError(f"holds {shown(part)}, which JSON cannot")
    return value
