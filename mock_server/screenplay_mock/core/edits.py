"""Changes to a JSON body: members set, mapping by mapping, others removed by their dotted paths, and blanks filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def edited(body: Mapping[str, Any], wanted: Mapping[str, Any] | None, removed: Iterable[str] = ()) -> dict[str, Any]:
    """
    *body* with the members of *wanted* set, and then without the *removed* ones, such as `data.task_id`.

    A mapping is merged into a mapping; anything else takes the place of what was there, null too. A path that leads
    nowhere removes nothing. *body* stays as it is.
    """
    changed = _merged(body, wanted or {})
    for path in removed:
        changed = _without(changed, path)
    return changed


def _merged(body: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    changed = dict(body)
    for name, value in wanted.items():
        before = changed.get(name)
        changed[name] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return changed


def _without(body: dict[str, Any], path: str) -> dict[str, Any]:
    name, _, rest = path.partition(".")
    if path in body or not rest:  # a member may have a dot in its own name
        return {one: value for one, value in body.items() if one != path}
    inner = body.get(name)
    return {**body, name: _without(inner, rest)} if isinstance(inner, dict) else body


def filled(value: Any, blank: str, text: str) -> Any:
    """*value* (any JSON) with *text* for each `{blank}` in its texts; names of members stay as they are."""
    if isinstance(value, str):
        return value.replace(f"{{{blank}}}", text)
    if isinstance(value, dict):
        return {name: filled(one, blank, text) for name, one in value.items()}
    return [filled(one, blank, text) for one in value] if isinstance(value, list) else value
