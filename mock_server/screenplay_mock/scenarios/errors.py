"""What can be wrong with a scenario: every problem of a file at once, each with its place and a way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_SHOWN = 60  # characters of a value that a message repeats


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One mistake. *path* is dotted, `tasks.retries[2]`, and empty for the whole; *line* and *column* count
    from 1 and are None where there is no text (a body of the admin API, a file that cannot be read).
    """

    source: str
    line: int | None
    column: int | None
    path: str
    message: str

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}:{self.column}"
        return ": ".join(part for part in (place, self.path, self.message) if part)


class ScenarioError(ValueError):
    """A scenario cannot be read. Carries `problems`, all of them, in the order in which they stand."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda one: (one.line or 0, one.column or 0)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """One line for each problem: `file.yaml:3:5: tasks.pending_for: …`."""
        return "\n".join(map(str, self.problems))


class UnknownScenario(LookupError):
    """There is no built-in scenario *name*. Carries `name`, `known`, and `nearest`, a name or None."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.name = name
        self.known = known
        self.nearest = nearest(name, known)

    def __str__(self) -> str:
        return (
            f"there is no scenario {shown(self.name)}; {way_to_scenario(self.name, self.known)}"
            f" (a file is given by a path with a slash, or one that ends in .yaml)"
        )


def way_to_scenario(name: str, known: Iterable[str]) -> str:
    """The nearest scenario, or the plain ones: with all their areas they are too many to read."""
    known = tuple(known)
    if nearest(name, known):
        return way_out(name, known)
    return f"there are: {', '.join(one for one in known if '/' not in one)}, and more: screenplay-mock scenarios list"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word of *known* that is most like *word*, or None when none is alike."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:_LONGEST_SHOWN], known, n=1)), None)


def way_out(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or what there is when nothing is near."""
    known = tuple(known)
    near = nearest(word, known)
    return f"did you mean {near!r}?" if near else f"there are: {', '.join(known)}"


def shown(value: object) -> str:
    """*value* as a message repeats it, in the words of YAML: `'on'`, `true`, `null`, `a list`."""
    match value:
        case None | bool():
            return "null" if value is None else str(value).lower()
        case dict() | list() | tuple():
            return "a mapping" if isinstance(value, dict) else "a list"
        case int() if abs(value) >= 10**_LONGEST_SHOWN:  # Python refuses to write some of these out
            return "a number of so many digits"
        case str() if len(value) > _LONGEST_SHOWN:
            return repr(f"{value[:_LONGEST_SHOWN]}…")
        case _:
            return repr(value)
