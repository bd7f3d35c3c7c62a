"""What is wrong with the body of a submission, by the submit-task page; where that is silent, by the fake's choice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMBERS = ("mode", "episodes", "config")
MODES = ("short_drama", "korean_drama", "prompt_script")
COMING_SOON = frozenset(MODES[1:])
FLAGS = ("use_face_recognition", "use_subtitle", "require_json", "require_xlsx", "require_merge_xlsx")
OUTPUTS = {"require_json": True, "require_xlsx": False, "require_merge_xlsx": False}  # submit-task page: the defaults
OPTIONS = frozenset({"language", "concurrency", *FLAGS})
MOST_EPISODES = 1_000  # docs silent
#: What the pages show: the languages of submit-task, its concurrency, the episodes in the example of get-task-status.
LANGUAGES, CONCURRENCY, EPISODES = frozenset({"zh-CN", "en"}), 100, 87

_EPISODE = re.compile(r"[1-9][0-9]{0,3}").fullmatch  # docs silent: numbers from 1 to 9999


def faults(body: Any) -> frozenset[str]:
    """
    The kinds of what is wrong with *body*: object, members, mode, coming soon, episodes, names, count, config,
    options, values, output. Empty for a submission that may be accepted if its assets are.
    """
    return frozenset(_faults(body))


def _faults(body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        yield "object"
        return
    if any(name not in body for name in MEMBERS):
        yield "members"
    mode = body.get("mode", MODES[0])
    if mode not in MODES:
        yield "mode"
    elif mode in COMING_SOON:
        yield "coming soon"
    if "episodes" in body:
        yield from _episode_faults(body["episodes"])
    if "config" in body:
        yield from _config_faults(body["config"])


def _episode_faults(episodes: Any) -> Iterator[str]:
    if not isinstance(episodes, dict) or not episodes:
        yield "episodes"
        return
    if not all(isinstance(asset_id, str) and asset_id for asset_id in episodes.values()):
        yield "episodes"
    if not all(_EPISODE(name) for name in episodes):
        yield "names"
    if len(episodes) > MOST_EPISODES:
        yield "count"


def _config_faults(config: Any) -> Iterator[str]:
    if not isinstance(config, dict):
        yield "config"
        return
    if not all(_is_option(name, value) for name, value in config.items()):
        yield "options"
    elif config.get("language") == "" or config.get("concurrency", 1) < 1:
        yield "values"  # docs silent: their type alone is documented
    elif not any(flags(config).values()):
        yield "output"


def _is_option(name: str, value: Any) -> bool:
    if name == "language":
        return isinstance(value, str)
    if name == "concurrency":
        return type(value) is int or (type(value) is float and value.is_integer())  # as JSON Schema counts
    return name not in FLAGS or isinstance(value, bool)


def flags(config: Mapping[str, Any]) -> dict[str, bool]:
    """Which outputs a config asks for, with the documented defaults."""
    return {name: bool(config.get(name, default)) for name, default in OUTPUTS.items()}


def unknown_members(body: Any) -> bool:
    """Whether *body*, without faults, says something that the vendor does not document."""
    return any(name not in MEMBERS for name in body) or any(name not in OPTIONS for name in body["config"])


def is_plain(body: Any) -> bool:
    """
    Whether *body*, without faults, asks for nothing but what the pages show: docs silent on whether more is accepted.

    Episodes from 1 on without gaps, no more than in an example, each of another asset; a language that is named.
    """
    config, episodes = body["config"], body["episodes"]
    concurrency = config.get("concurrency", CONCURRENCY)
    return (
        not unknown_members(body)
        and episodes.keys() == {str(number) for number in range(1, len(episodes) + 1)}
        and len(set(episodes.values())) == len(episodes) <= EPISODES
        and config.get("language", "en") in LANGUAGES
        and type(concurrency) is int
        and concurrency <= CONCURRENCY
    )


def episodes_of(body: Any) -> tuple[tuple[str, str], ...]:
    """(number, asset id) in the order of the numbers; of a body without faults."""
    return tuple(sorted(body["episodes"].items(), key=lambda each: int(each[0])))
