"""A client that is named as `module:object`."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

    from screenplay_contracts.client.calling import Client


class NoSuchClient(Exception):
    """Nothing that could be called has that name."""


def load(name: str, folder: Path) -> Client:
    """
    What `module:object` names, where modules in *folder* count, too; `object` may have dots.

    Raises NoSuchClient, and what the module raises when it is imported.
    """
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise NoSuchClient(f"{name!r} is not MODULE:OBJECT, such as my_client:run")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        found: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise  # one that it imports itself
        raise NoSuchClient(f"there is no module {error.name!r}, neither in {folder} nor installed") from None
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise NoSuchClient(f"there is no {part!r} in {module_name}")
        found = getattr(found, part)
    if not callable(found):
        raise NoSuchClient(f"{name} cannot be called: it is a {type(found).__name__}")
    return cast("Client", found)
