"""Finding and reading scenarios: by name, from a file, from plain data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.scenario import HAPPY
from screenplay_mock.scenarios.document import Document
from screenplay_mock.scenarios.errors import Problem, ScenarioError, UnknownScenario

if TYPE_CHECKING:
    from screenplay_mock.core.scenario import Scenario

_BUILTIN = Path(__file__).parent / "builtin"


def names() -> tuple[str, ...]:
    """The names of the built-in scenarios, sorted: `("broke", "failing", "happy", …)`."""
    return tuple(sorted(file.stem for file in _BUILTIN.glob("*.yaml")))


@cache
def builtin(name: str) -> Scenario:
    """The built-in scenario *name*. Raises UnknownScenario."""
    return HAPPY if name == HAPPY.name else load_file(_file_of(name))


def text(name: str) -> str:
    """The YAML of the built-in scenario *name*, comments and all. Raises UnknownScenario."""
    return _file_of(name).read_text(encoding="utf-8")


def resolve(name_or_path: str) -> Scenario:
    """
    What a command line means: a built-in name, or the path of a file, which has a slash or ends in .yaml.

    Raises UnknownScenario for another name, ScenarioError for a file that cannot be read.
    """
    if name_or_path == HAPPY.name or name_or_path in names():
        return builtin(name_or_path)
    path = Path(name_or_path)
    if path.name != name_or_path or path.suffix.lower() in {".yaml", ".yml"}:
        return load_file(name_or_path)
    raise UnknownScenario(name_or_path, names())


def load_file(path: str | Path) -> Scenario:
    """The scenario in the file *path*, named like the file if it names itself not. Raises ScenarioError."""
    from screenplay_mock.scenarios.yaml_source import LARGEST, read

    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _unreadable(path, "there is no such file") from None
    except IsADirectoryError:
        raise _unreadable(path, "this is a directory; name a file in it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise _unreadable(path, f"the file cannot be read: {reason}") from None
    return _scenario(read(raw, str(path)))


def from_data(data: Any, *, source: str = "inline") -> Scenario:
    """
    The scenario that plain data (decoded JSON) says, in the shape of a file; *source* names it in problems,
    and is its name if it has none. Raises ScenarioError with problems by path, without lines.
    """
    return _scenario(Document(source, data))


def _scenario(document: Document) -> Scenario:
    from pydantic import ValidationError

    from screenplay_mock.scenarios.explanation import explained
    from screenplay_mock.scenarios.model import ScenarioFile

    try:
        file = ScenarioFile.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError([*document.flaws, *explained(error, document)]) from None
    if document.flaws:
        raise ScenarioError(document.flaws)
    return file.value(default_name=Path(document.source).stem)


def _file_of(name: str) -> Path:
    if name not in names():  # asked before the path is made, so that `../x` finds nothing
        raise UnknownScenario(name, names())
    return _BUILTIN / f"{name}.yaml"


def _unreadable(path: str | Path, message: str) -> ScenarioError:
    return ScenarioError([Problem(str(path), None, None, "", message)])
