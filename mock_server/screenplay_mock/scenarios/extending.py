"""`extends`: what a file does not say is as in a built-in scenario, section by section and key by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_mock.scenarios.document import Document

Data = dict[str, Any]

#: Lists of which the first that fits counts: those of the file come before those that it extends.
IN_ORDER = ("rules", "faults")
#: What tells a scenario from the one that it extends.
OWN = ("extends", "name", "description", "tries")
#: Keys of a section that exclude each other.
RIVALS = {"running_for": "per_episode", "per_episode": "running_for"}


def extended(document: Document, builtin: Callable[[str], Data | None]) -> Document:
    """
    *document* with the data that it extends put in; *builtin* gives the data of a built-in scenario by its name.

    Of a scenario that does not exist, the reading of the file will tell.
    """
    data = document.data
    name = data.get("extends") if isinstance(data, dict) else None
    base = builtin(name) if isinstance(name, str) else None
    return document if base is None else replace(document, data=over(base, data))


def over(base: Data, own: Data) -> Data:
    """The data *own*, where it says nothing that of *base*."""
    merged = {key: value for key, value in base.items() if key not in OWN} | own
    for key in base.keys() & own.keys() - set(OWN):
        merged[key] = _together(key, base[key], own[key])
    return merged


def _together(key: str, base: Any, own: Any) -> Any:
    if key in IN_ORDER and isinstance(own, list):
        return own + base
    if not isinstance(base, dict) or not isinstance(own, dict) or key == "dialect":
        return own
    ruled_out = {RIVALS[name] for name in own if name in RIVALS}
    return {name: value for name, value in base.items() if name not in ruled_out} | own
