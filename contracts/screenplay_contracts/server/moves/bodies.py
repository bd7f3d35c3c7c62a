"""Bodies of submissions: what can be asked for, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import magic, shapes
from screenplay_contracts.server.model.submission import RULED_OUT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screenplay_contracts.server.model.allowed import Reading

#: What a submission may ask for.
CONFIGS: tuple[Mapping[str, Any], ...] = (
    {},
    {"language": "zh-CN", "use_face_recognition": True},
    {"require_xlsx": True, "concurrency": 1},
    {"require_json": False, "require_merge_xlsx": True},
)

#: One thing each that is wrong with a submission, by what it is in words: it replaces members, None takes them away.
WRONG: Mapping[str, Any] = {
    "without a mode": {"mode": None},
    "without episodes": {"episodes": None},
    "without a config": {"config": None},
    "of an unknown mode": {"mode": "long_drama"},
    "whose mode is a number": {"mode": 1},
    "of no episode": {"episodes": {}},
    "whose episodes are a list": {"episodes": ["re_1"]},
    "whose asset is a number": {"episodes": {"1": 1}},
    "whose asset is an empty text": {"episodes": {"1": ""}},
    "whose config is a list": {"config": []},
    "whose language is a number": {"config": {"language": 1}},
    "with a flag that is a text": {"config": {"require_json": "true"}},
    "with no concurrency at all": {"config": {"concurrency": 0}},
    # docs silent: these were chosen
    "of a mode that is coming soon": {"mode": "korean_drama"},
    "whose episode is called 01": {"episodes": {"01": "re_1"}},
    "whose episode is called one": {"episodes": {"one": "re_1"}},
    "without any output": {"config": {"require_json": False}},
    "that an account without money makes": {"episodes": {"1": magic.BROKE}},
    "that is a list": [],
}


def body_of(assets: Sequence[str], config: Mapping[str, Any]) -> dict[str, Any]:
    return {"mode": "short_drama", "episodes": numbered(assets), "config": dict(config)}


def numbered(assets: Sequence[str]) -> dict[str, str]:
    return {str(number): asset_id for number, asset_id in enumerate(assets, 1)}


def wrong_body(what: str, asset_id: str) -> Any:
    """A submission of *asset_id* with what *what* says."""
    changes = WRONG[what]
    if not isinstance(changes, dict):
        return changes
    body: dict[str, Any] = {**body_of([asset_id], {}), **changes}
    return {name: value for name, value in body.items() if value is not None}


def wrongs(reading: Reading) -> list[str]:
    """What can be tried: of a server whose choices are not known only what the submit-task page rules out."""
    return [what for what in WRONG if reading.fake or shapes.faults(wrong_body(what, "re_1")) & RULED_OUT]
