"""Finding and reading scenarios: by name, from a file, from plain data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.scenario import HAPPY
from screenplay_mock.scenarios.document import Document
from screenplay_mock.scenarios.errors import Problem, ScenarioError, UnknownScenario

if TYPE_CHECKING:
    from screenplay_mock.core.faults import Fault
    from screenplay_mock.core.scenario import Scenario
    from screenplay_mock.scenarios.forms import Form

_BUILTIN = Path(__file__).parent / "builtin"


@cache
def names() -> tuple[str, ...]:
    """The names of the built-in scenarios, the plain ones first: `("broke", …, "happy", …, "submit/402", …)`."""
    files = (file.relative_to(_BUILTIN).with_suffix("").as_posix() for file in _BUILTIN.rglob("*.yaml"))
    return tuple(sorted(files, key=lambda name: ("/" in name, name)))


@cache
def builtin(name: str) -> Scenario:
    """The built-in scenario *name*. Raises UnknownScenario."""
    return HAPPY if name == HAPPY.name else _scenario(_document(_file_of(name)), name)


def area(name: str) -> str:
    """What a built-in scenario is about: `submit` for `submit/402` and `t/submit/slow-answer`, nothing for `happy`."""
    return name.removeprefix("t/").rpartition("/")[0].partition("/")[0]


def text(name: str) -> str:
    """The YAML of the built-in scenario *name*, comments and all. Raises UnknownScenario."""
    return _file_of(name).read_text(encoding="utf-8")


def whole_text(name: str) -> str:
    """The YAML of the built-in scenario *name* with everything that it extends written out. Raises UnknownScenario."""
    from screenplay_mock.scenarios.model import ScenarioFile
    from screenplay_mock.scenarios.yaml_text import written

    data = _data(name)
    return written({key: data[key] for key in ScenarioFile.model_fields if key in data and key != "extends"})


def resolve(name_or_path: str) -> Scenario:
    """
    What a command line means: a built-in name, or the path of a file: one that ends in .yaml, begins with a dot or
    at the root, or has a slash and exists.

    Raises UnknownScenario for another name, ScenarioError for a file that cannot be read.
    """
    if name_or_path == HAPPY.name or name_or_path in names():
        return builtin(name_or_path)
    if _is_path(name_or_path):
        return load_file(name_or_path)
    raise UnknownScenario(name_or_path, names())


def _is_path(text: str) -> bool:
    path = Path(text)
    if path.suffix.lower() in {".yaml", ".yml"} or text.startswith(".") or path.is_absolute():
        return True
    try:
        return path.name != text and path.exists()
    except OSError:  # it is not for us to look whether it is there
        return True


def load_file(path: str | Path) -> Scenario:
    """The scenario in the file *path*, named like the file if it names itself not. Raises ScenarioError."""
    return _scenario(_document(path), Path(path).stem)


def _document(path: str | Path) -> Document:
    from screenplay_mock.scenarios.yaml_source import LARGEST, read

    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        name = Path(path).with_suffix("").as_posix()
        hint = f"; the built-in scenario is {name!r}, without the ending" if name in names() else ""
        raise _unreadable(path, f"there is no such file{hint}") from None
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


def fault_from_data(data: Any, *, source: str = "inline") -> Fault:
    """The fault that plain data (decoded JSON) says, in the shape of one in a file. Raises ScenarioError, as above."""
    from screenplay_mock.scenarios.fault_form import FaultFile

    fault: Fault = _form(Document(source, data), FaultFile).value()
    return fault


def _scenario(document: Document, default_name: str) -> Scenario:
    from screenplay_mock.scenarios.extending import extended
    from screenplay_mock.scenarios.model import ScenarioFile

    scenario: Scenario = _form(extended(document, _base), ScenarioFile).value(default_name=default_name)
    return scenario


def _form(document: Document, form: type[Form]) -> Any:
    """What *document* holds in the shape of *form*. Raises ScenarioError."""
    from pydantic import ValidationError

    from screenplay_mock.scenarios.explanation import explained

    try:
        read = form.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError([*document.flaws, *explained(error, document, form)]) from None
    if document.flaws:
        raise ScenarioError(document.flaws)
    return read


def _base(name: str) -> dict[str, Any] | None:
    return _data(name) if name in names() else None


@cache
def _data(name: str) -> dict[str, Any]:
    """The data of the built-in scenario *name*, with that of what it extends. Raises UnknownScenario."""
    from screenplay_mock.scenarios.extending import extended

    data: dict[str, Any] = extended(_document(_file_of(name)), _base).data
    return data


def _file_of(name: str) -> Path:
    if name not in names():  # asked before the path is made, so that `../x` finds nothing
        raise UnknownScenario(name, names())
    return _BUILTIN / f"{name}.yaml"


def _unreadable(path: str | Path, message: str) -> ScenarioError:
    return ScenarioError([Problem(str(path), None, None, "", message)])
