"""
Settings from a TOML file: one top-level key for each option of `serve`, spelled like its flag without the dashes.

Values become the text that they would be on the command line, so that one reading serves both; a list
stands for an option that may be given more than once.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screenplay_mock.scenarios.errors import shown, way_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Text = str | list[str]
Place = tuple[int, int]  # line and column, both from 1

_LARGEST = 64 * 1024  # bytes; all settings together need fewer than a thousand
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY = re.compile(r"""\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*=[ \t]*""")


class SettingsFileError(ValueError):
    """A settings file cannot be used. Its text has one line for each problem, with the place."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """`values` by the option's name (`journal-max`), and where in the file each of them begins."""

    source: str
    values: Mapping[str, Text]
    places: Mapping[str, Place]

    def place(self, name: str) -> str:
        """`screenplay-mock.toml:3:8`."""
        return _located(self.source, self.places[name])


def read(path: Path, options: Mapping[str, bool]) -> SettingsFile:
    """
    The settings in the file *path*, for *options* by name; true for those that take a list.

    Raises SettingsFileError, and FileNotFoundError when there is no such file.
    """
    source = str(path)
    text = _text(path)
    try:
        table = tomllib.loads(text)
    except ValueError as error:  # of a very long number it is not a TOMLDecodeError
        raise SettingsFileError(_syntax_problem(source, text, error)) from None
    except RecursionError:
        raise SettingsFileError(f"{source}: lists within lists without end; a setting is one value or a list") from None
    keys = {key: places for key, *places in _statements(text)}
    problems: list[str] = []
    values: dict[str, Text] = {}
    for key, value in table.items():
        name, (at_key, _) = key.replace("_", "-"), keys[key]
        problem = _problem(name, value, options, known=values)
        if problem:
            problems.append(f"{_located(source, at_key)}: {problem}")
        else:
            values[name] = [_as_text(one) for one in value] if isinstance(value, list) else _as_text(value)
    if problems:
        raise SettingsFileError("\n".join(problems))
    return SettingsFile(source, values, {key.replace("_", "-"): at_value for key, (_, at_value) in keys.items()})


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SettingsFileError(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > _LARGEST:
        raise SettingsFileError(f"{path} is larger than 64 KiB, the most that is read; is it a settings file?")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise SettingsFileError(f"{_located(str(path), place)}: {message}") from None


def _syntax_problem(source: str, text: str, error: ValueError) -> str:
    message = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "a number has too many digits"
    if found := _TOML_PLACE.search(message):
        message = message[: found.start()]
        end = text.count("\n") + 1, len(text) - text.rfind("\n")
        source = _located(source, (int(found[1]), int(found[2])) if found[1] else end)
    return f"{source}: not TOML: {message}; write such as: port = 8787"


def _statements(text: str) -> Iterator[tuple[str, Place, Place]]:
    """The keys of *text*, which is TOML, with the places of each and of its value: tomllib keeps none."""
    lines = text.split("\n")
    begin = 0
    for end in range(1, len(lines) + 1):
        try:
            table = tomllib.loads("\n".join(lines[begin:end]))
        except tomllib.TOMLDecodeError:
            continue  # the statement goes on in the next line
        line = lines[begin]
        indent = len(line) - len(line.lstrip())
        value = found.end() if (found := _KEY.match(line)) else indent
        for key in table:
            yield key, (begin + 1, indent + 1), (begin + 1, value + 1)
            if line.lstrip().startswith("["):
                return  # what follows is inside a table
        begin = end


def _problem(name: str, value: Any, options: Mapping[str, bool], *, known: Iterable[str]) -> str:
    """What is wrong with a setting, empty when nothing is."""
    if name not in options:
        return f"there is no setting {shown(name)}; {way_out(name, options)}"
    if name in known:
        return f"{name} is given twice, with a dash and with an underscore; keep one"
    if isinstance(value, list) and not options[name]:
        return f"{name} is one value, not a list"
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, list | dict) for item in items):
        return f"{name} is {'a list of values' if options[name] else 'one value'}, not a table or a list of lists"
    return ""


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _located(source: str, place: Place) -> str:
    return f"{source}:{place[0]}:{place[1]}"
