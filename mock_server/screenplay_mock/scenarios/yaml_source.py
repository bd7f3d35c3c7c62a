"""
YAML text -> plain data with places.

Only what JSON could say as well is read: no tags, no aliases (the stuff of alias bombs), and of the plain
words only `null`, `true`, `false` and decimal numbers are not text. `on`, `no`, `010`, `1:30`, `0x1f` and
`2026-03-13` stay text, whatever YAML 1.1 made of them. What stands beside that is YAML 1.2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from screenplay_mock.scenarios.document import Document, Path, Place, dotted
from screenplay_mock.scenarios.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 1024 * 1024  # bytes of a file; the built-in ones have fewer than a thousand
DEEPEST = 16  # mappings and lists within one another; the deepest scenario has half as many
TOO_DEEP = f"more than {DEEPEST} lists and mappings are within one another; no scenario needs them"

# libyaml is ten times as fast; a PyYAML that was built without it has only the other
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# at most 18 digits: a longer one is read as a float, since Python refuses to read very long ones
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NOT_IN_YAML = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def read(raw: bytes, source: str) -> Document:
    """
    The document in *raw*, UTF-8; *source* is the name that its problems get.

    Twice given keys, aliases and tags are noted as `flaws` and got over, so that the rest can be checked too.
    Raises ScenarioError when nothing can be made of the text.
    """
    text = _decoded(raw, source)
    reader = _Reader(source, yaml.parse(text, Loader=_LOADER))
    try:
        data = reader.document()
    except yaml.MarkedYAMLError as error:
        raise ScenarioError([*reader.flaws, _syntax_problem(error, source, text)]) from None
    return Document(source, data, reader.values, reader.keys, tuple(reader.flaws), frozenset(reader.unread))


def _decoded(raw: bytes, source: str) -> str:
    if len(raw) > LARGEST:
        message = "is larger than 1 MiB, the most that is read; is it a scenario?"
        raise ScenarioError([Problem(source, None, None, "", message)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        message = f"the byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
    else:
        found = _NOT_IN_YAML.search(text)
        if found is None:
            return text
        before = text[: found.start()]
        message = f"the character U+{ord(found[0]):04X} may not stand in YAML; remove it"
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    raise ScenarioError([Problem(source, line, column, "", message)])


def _syntax_problem(error: yaml.MarkedYAMLError, source: str, text: str) -> Problem:
    mark, context = error.problem_mark, error.context_mark
    assert mark is not None  # what the parser raises always says where
    if "nesting" in str(error.problem):  # libyaml looks ahead, and finds a thousand levels before we have read any
        return Problem(source, mark.line + 1, mark.column + 1, "", TOO_DEEP)
    message = f"not YAML: {error.problem}"
    if "cannot start any token" in message:
        found = text.splitlines()[mark.line][mark.column]
        way_out = "indent with spaces" if found == "\t" else "put the value in quotes"
        message = f"not YAML: {found!r} cannot stand here; {way_out}"
    elif context and context.line != mark.line:
        message += f", {error.context} that begins on line {context.line + 1}"
    return Problem(source, mark.line + 1, mark.column + 1, "", message)


class _Reader:
    """Turns the events of the YAML parser into data, and writes down where they were."""

    def __init__(self, source: str, events: Iterator[yaml.Event]) -> None:
        self.source = source
        self.events = events
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.flaws: list[Problem] = []
        self.unread: set[Path] = set()

    def document(self) -> Any:
        """The only document of the stream, None when there is none."""
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            self.values[()] = (1, 1)
            return None
        data = self.value(next(self.events), ())
        next(self.events)  # the end of the document
        after = next(self.events)
        if isinstance(after, yaml.DocumentStartEvent):
            self.flaw(after, (), "a second document begins here; a file holds one scenario")
        return data

    def value(self, event: yaml.Event, path: Path) -> Any:
        self.values[path] = _place(event)
        if len(path) > DEEPEST:
            raise ScenarioError([*self.flaws, Problem(self.source, *_place(event), "", TOO_DEEP)])
        data: Any = None
        if isinstance(event, yaml.SequenceStartEvent):
            data = self.items(path)
        elif isinstance(event, yaml.MappingStartEvent):
            data = self.members(path)
        elif isinstance(event, yaml.ScalarEvent):
            data = _scalar(event)
        not_read = _not_read(event)
        if not_read:
            self.flaw(event, path, not_read)
            self.unread.add(path)
            return None
        return data

    def items(self, path: Path) -> list[Any]:
        data: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            data.append(self.value(event, (*path, len(data))))
        return data

    def members(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event, path)
            if key is None:
                self.value(next(self.events), (*path, "?"))
                continue
            at = (*path, key)
            if at in self.keys:
                self.flaw(event, at, f"is given twice, first on line {self.keys[at][0]}; keep one")
            self.keys[at] = _place(event)
            data[key] = self.value(next(self.events), at)
        return data

    def key(self, event: yaml.Event, path: Path) -> str | None:
        """A key as it is written (`on` and `1` are text too), None when it is none."""
        if isinstance(event, yaml.ScalarEvent) and not _not_read(event):
            return event.value
        before = len(self.flaws)
        self.value(event, (*path, "?"))
        del self.flaws[before:]  # one is enough to say of a key
        self.flaw(event, path, _not_read(event) or "a key is text, not a list or a mapping")
        return None

    def flaw(self, event: yaml.Event, path: Path, message: str) -> None:
        self.flaws.append(Problem(self.source, *_place(event), dotted(path), message))


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    assert mark is not None  # only events made by hand have none
    return mark.line + 1, mark.column + 1


def _not_read(event: yaml.Event) -> str:
    """Why an event is not read, empty when it is."""
    if isinstance(event, yaml.AliasEvent):
        return f"the alias *{event.anchor} is not read; write the value out"
    if getattr(event, "tag", None) is not None:
        return "a tag (the word after !) is not read; remove it"
    return ""


def _scalar(event: yaml.ScalarEvent) -> Any:
    in_quotes = not event.implicit[0]  # or a block of text
    return event.value if in_quotes else plain_value(event.value)


def plain_value(text: str) -> Any:
    """What *text* means when it stands without quotes: null, true, false, a number, or itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
