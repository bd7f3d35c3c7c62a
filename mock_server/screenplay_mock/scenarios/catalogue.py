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
    """The names of the built-in scenarios, sorted: `("broke", …, "happy", …, "submit/402", …)`."""
    files = (file.relative_to(_BUILTIN).with_suffix("").as_posix() for file in _BUILTIN.rglob("*.yaml"))
    return tuple(sorted(files, key=lambda name: ("/" in name, name)))


@cache
def builtin(name: str) -> Scenario:
    """The built-in scenario *name*. Raises UnknownScenario."""
    return HAPPY if name == HAPPY.name else _scenario(_document(_file_of(name)), name)


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
    if path.suffix.lower() in {".yaml", ".yml"} or (path.name != name_or_path and path.exists()):
        return load_file(name_or_path)
    raise UnknownScenario(name_or_path, names())


def load_file(path: str | Path) -> Scenario:
    """The scenario in the file *path*, named like the file if it names itself not. Raises ScenarioError."""
    return _scenario(_document(path), Path(path).stem)


def _document(path: str | Path) -> Document:
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
    return read(raw, str(path))


def from_data(data: Any, *, source: str = "inline") -> Scenario:
    """
    The scenario that plain data (decoded JSON) says, in the shape of a file; *source* names it in problems,
    and is its name if it has none. Raises ScenarioError with problems by path, without lines.
    """
    return _scenario(Document(source, data), source)


def _scenario(document: Document, default_name: str) -> Scenario:
    from pydantic import ValidationError

    from screenplay_mock.scenarios.explanation import explained
    from screenplay_mock.scenarios.extending import extended
    from screenplay_mock.scenarios.model import ScenarioFile

    document = extended(document, _data)
    try:
        file = ScenarioFile.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError([*document.flaws, *explained(error, document)]) from None
    if document.flaws:
        raise ScenarioError(document.flaws)
    return file.value(default_name=default_name)


@cache
def _data(name: str) -> dict[str, Any] | None:
    """The data of the built-in scenario *name* with what it extends, None if there is none."""
    from screenplay_mock.scenarios.extending import extended

    if name not in names():
        return None
    data: dict[str, Any] = extended(_document(_file_of(name)), _data).data
    return data


def _file_of(name: str) -> Path:
    if name not in names():  # asked before the path is made, so that `../x` finds nothing
        raise UnknownScenario(name, names())
    return _BUILTIN / f"{name}.yaml"


def _unreadable(path: str | Path, message: str) -> ScenarioError:
    return ScenarioError([Problem(str(path), None, None, "", message)])
