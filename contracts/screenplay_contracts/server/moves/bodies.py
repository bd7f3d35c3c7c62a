"""Bodies of submissions: what can be asked for, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import magic

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

NO_MONEY = "that an account without money makes"
#: One thing each that is wrong with a submission, by what it is in words: it replaces members, None takes them away.
#: Docs silent: whether more is refused; of that there are checks of their own.
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
    "whose concurrency is a text": {"config": {"concurrency": "1"}},
    NO_MONEY: {"episodes": {"1": magic.BROKE}},
}


def body_of(assets: Sequence[str], config: Mapping[str, Any]) -> dict[str, Any]:
    return {"mode": "short_drama", "episodes": numbered(assets), "config": dict(config)}


def numbered(assets: Sequence[str]) -> dict[str, str]:
    return {str(number): asset_id for number, asset_id in enumerate(assets, 1)}


def wrong_body(what: str, asset_id: str) -> Any:
    """A submission of *asset_id* with what *what* says."""
    body: dict[str, Any] = {**body_of([asset_id], {}), **WRONG[what]}
    return {name: value for name, value in body.items() if value is not None}


def wrongs(reading: Reading) -> list[str]:
    """What can be tried: without magic assets only what the submit-task page rules out."""
    return [what for what in WRONG if reading.fake or what != NO_MONEY]
