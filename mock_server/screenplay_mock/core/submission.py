"""
The body of a submit request: a fast look at it, and its content as a value.

The JSON Schema `submit-request` is the judge of the shape; `accepts` says yes to the same bodies without
spending 150 microseconds, and where it says no the schema is asked and words the refusal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.errors import ApiError, ErrorKind

if TYPE_CHECKING:
    from screenplay_mock.core.scenario import SubmissionRules

MODES = {"short_drama": "sd", "korean_drama": "kd", "prompt_script": "ps"}  # each with its part of a task id
COMING_SOON = frozenset({"korean_drama", "prompt_script"})
MOST_EPISODES = 1_000  # docs silent: an example of the vendor has 87
MEMBERS = frozenset({"mode", "episodes", "config"})
FLAGS = ("use_face_recognition", "use_subtitle", "require_json", "require_xlsx", "require_merge_xlsx")
CONFIG_MEMBERS = frozenset({"language", "concurrency", *FLAGS})

_EPISODE = re.compile(r"[1-9][0-9]{0,3}").fullmatch


@dataclass(frozen=True, slots=True)
class Options:
    """The `config` of a submission with its defaults filled in (submit-task page)."""

    language: str = "en"  # docs silent: the default language
    use_face_recognition: bool = False  # docs silent: the default
    use_subtitle: bool = False  # docs silent: the default
    require_json: bool = True
    require_xlsx: bool = False
    require_merge_xlsx: bool = False
    concurrency: int = 100


@dataclass(frozen=True, slots=True)
class Submission:
    """A well-formed submission. `episodes` are (number, asset id) in the order of their numbers."""

    mode: str
    episodes: tuple[tuple[str, str], ...]
    options: Options


def accepts(body: Any) -> bool:
    """Whether *body* (any JSON value) has the shape of a submission."""
    if not isinstance(body, dict) or not isinstance(mode := body.get("mode"), str) or mode not in MODES:
        return False
    episodes, config = body.get("episodes"), body.get("config")
    if not isinstance(episodes, dict) or not 1 <= len(episodes) <= MOST_EPISODES:
        return False
    if not all(_EPISODE(number) and isinstance(asset, str) and asset for number, asset in episodes.items()):
        return False
    return isinstance(config, dict) and all(_accepts_option(name, value) for name, value in config.items())


def _accepts_option(name: str, value: Any) -> bool:
    if name == "language":
        return isinstance(value, str) and value != ""
    if name == "concurrency":
        # in JSON Schema 100.0 is an integer, and true is not
        whole = type(value) is int or (type(value) is float and value.is_integer())
        return whole and value >= 1
    return name not in FLAGS or isinstance(value, bool)


def submission(body: dict[str, Any]) -> Submission:
    """*body* as a value. Only for bodies that have the right shape."""
    config = {name: value for name, value in body["config"].items() if name in CONFIG_MEMBERS}
    if "concurrency" in config:
        config["concurrency"] = int(config["concurrency"])
    episodes = sorted(body["episodes"].items(), key=_number)
    return Submission(body["mode"], tuple(episodes), Options(**config))


def _number(episode: tuple[str, str]) -> int:
    return int(episode[0])


def unknown_members(body: dict[str, Any]) -> list[str]:
    """Where *body* says something that the vendor does not document, as JSON paths."""
    return [f"$.{name}" for name in body if name not in MEMBERS] + [
        f"$.config.{name}" for name in body["config"] if name not in CONFIG_MEMBERS
    ]


def refusal(wanted: Submission, rules: SubmissionRules) -> tuple[str, str] | None:
    """(location, message) of the first rule beyond the shape that *wanted* breaks, or None."""
    if wanted.mode in COMING_SOON and not rules.coming_soon_modes:
        return (
            "$.mode",
            f"mode {wanted.mode!r} is documented as coming soon; the one that works is 'short_drama'",
        )
    options = wanted.options
    if rules.require_output and not (options.require_json or options.require_xlsx or options.require_merge_xlsx):
        return "$.config", "at least one of require_json, require_xlsx and require_merge_xlsx must be true"
    return None


def together(errors: list[tuple[str, ApiError]], texts: dict[str, str]) -> ApiError:
    """
    One answer for all the episodes that were refused, as (number, error); *texts* are their messages.

    docs silent: the shape of the "specific reasons"; one reason is given alone, several each with its episode.
    """
    details = tuple((f"$.episodes['{number}']", str(error)) for number, error in errors)
    if len(errors) == 1:
        ((_, only),) = errors
        only.details = details
        return only
    reasons = "; ".join(f"Episode {number}: {texts[number]}" for number, _ in errors)
    return ApiError(ErrorKind.REASONS, details=details, reasons=reasons)
