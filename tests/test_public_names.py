"""Public is what `__all__` says."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
ROOTS = {"screenplay_schemas": "schemas", "screenplay_mock": "mock_server", "screenplay_contracts": "contracts"}

#: What other programs are written against.
PROMISED = {
    "screenplay_schemas": {"load", "validator", "bundle", "names"},
    "screenplay_mock.scenarios": {"builtin", "from_data", "load_file", "names", "to_data"},
    "screenplay_mock.store": {"Space", "Store"},
}


def modules() -> Iterator[str]:
    for package, folder in ROOTS.items():
        yield package
        home = ROOT / folder / package
        yield from (each.name for each in pkgutil.walk_packages([str(home)], f"{package}."))


def file_of(module: str) -> Path:
    package, *rest = module.split(".")
    path = ROOT.joinpath(ROOTS[package], package, *rest)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def declares(source: str) -> bool:
    """Whether *source* says what is public; read, not imported, so that nothing heavy or half-written is run."""
    return any(
        isinstance(target, ast.Name) and target.id == "__all__"
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
    )


DECLARING = [module for module in modules() if declares(file_of(module).read_text("utf-8"))]


def positional_defaults(function: Callable[..., Any]) -> list[str]:
    """The arguments of *function* that have a default and may be given without their name."""
    return [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not parameter.empty and parameter.kind is not parameter.KEYWORD_ONLY
    ]


@pytest.mark.parametrize("module", DECLARING)
def test_every_public_name_exists_once(module: str) -> None:
    loaded = importlib.import_module(module)
    assert [name for name in loaded.__all__ if not hasattr(loaded, name)] == []
    assert len(set(loaded.__all__)) == len(loaded.__all__)


@pytest.mark.parametrize("module", DECLARING)
def test_arguments_with_defaults_of_public_functions_are_given_by_name(module: str) -> None:
    loaded = importlib.import_module(module)
    functions = {name: getattr(loaded, name) for name in loaded.__all__ if inspect.isfunction(getattr(loaded, name))}
    assert {name: wrong for name, each in functions.items() if (wrong := positional_defaults(each))} == {}


@pytest.mark.parametrize("module", PROMISED)
def test_what_is_promised_is_public(module: str) -> None:
    assert PROMISED[module] <= set(importlib.import_module(module).__all__)


def test_a_default_that_may_be_given_by_place_is_found() -> None:
    def wrong(_first: int, _second: int = 0, *, _third: int = 0) -> None: ...

    assert positional_defaults(wrong) == ["_second"]
