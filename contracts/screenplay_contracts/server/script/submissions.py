"""Submissions of every wrong shape, and of assets that cannot be episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import magic
from screenplay_contracts.server.account import TASKS
from screenplay_contracts.server.media import TINY_MP3, VIDEO_SECONDS, tiny_mp4

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session

VIDEO = "re_abc001"  # by which the fake finds a video, although nobody has uploaded it
MOST_EPISODES = 1_000


def shapes(session: Session) -> None:
    account = session.account()
    for body in wrong(VIDEO if not session.target.foreign else magic.NOBODYS_ASSET):
        account.send("POST", TASKS, body)
    if not session.target.foreign:
        _right(account)
    account.settle()


def _right(account: Account) -> None:
    """What is unusual, and nothing is wrong with."""
    unusual = {"language": "fr", "use_face_recognition": True, "use_subtitle": False, "concurrency": 1}
    account.submit(VIDEO, config=unusual)
    account.submit(VIDEO, config={"colour": "red"})
    body = {"mode": "short_drama", "episodes": {"9999": VIDEO}, "config": {"concurrency": 2.0}, "priority": 1}
    account.send("POST", TASKS, body)
    episodes = {str(number): VIDEO for number in range(1, MOST_EPISODES + 1)}
    account.send("POST", TASKS, {"mode": "short_drama", "episodes": episodes, "config": {}})


def wrong(video: str) -> Iterator[Any]:
    """Bodies with one thing wrong each."""
    good: dict[str, Any] = {"mode": "short_drama", "episodes": {"1": video}, "config": {}}
    yield from ([], "short_drama", 7, None, {})
    for member in good:
        yield {name: value for name, value in good.items() if name != member}
        yield good | {member: None}
    yield from (
        good | {"mode": mode} for mode in ("Short_Drama", "", 1, ["short_drama"], "korean_drama", "prompt_script")
    )
    yield from (good | {"episodes": episodes} for episodes in ({}, [video], {"1": 7}, {"1": ""}, {"1": None}, video))
    yield from (good | {"episodes": {name: video}} for name in ("0", "01", "-1", "one", "1.0", "10000", "", " 1"))
    yield good | {"episodes": {str(number): video for number in range(1, MOST_EPISODES + 2)}}
    no_objects: tuple[Any, ...] = ([], "en", 1)
    yield from (good | {"config": config} for config in no_objects)
    flags = ("use_face_recognition", "use_subtitle", "require_json", "require_xlsx", "require_merge_xlsx")
    yield from (good | {"config": {flag: value}} for flag in flags for value in ("true", 1, None))
    yield from (good | {"config": {"language": value}} for value in (7, "", None))
    yield from (good | {"config": {"concurrency": value}} for value in ("100", 0, -1, 1.5, True, None))
    yield good | {"config": {"require_json": False}}
    yield good | {"config": {"require_json": False, "require_xlsx": False, "require_merge_xlsx": False}}


def assets(session: Session) -> None:
    account = session.account()
    if not session.target.foreign:
        for magic_id in (magic.UNKNOWN, magic.UPLOADING, magic.TOO_LONG, magic.AUDIO):
            account.submit(magic_id)
        account.submit(magic.AUDIO, VIDEO, magic.TOO_LONG, magic.UNKNOWN)
    account.submit(magic.NOBODYS_ASSET)
    if session.has_admin:
        _added(account)
    _uploaded(account)
    account.settle()


def _added(account: Account) -> None:
    """Assets of every state that the admin API can make."""
    for properties in (
        {"kind": "image"},
        {"kind": "audio", "duration_seconds": 30},
        {"upload_status": "WAITING"},
        {"upload_status": "FAILED"},
        {"duration_seconds": 300},
        {"duration_seconds": 299.9},
    ):
        asset_id = account.admin("POST", "/assets", properties).answer
        if isinstance(asset_id, dict):
            account.submit(str(asset_id.get("asset_id")))


def _uploaded(account: Account) -> None:
    """A sound, and a film that is deleted before it is submitted."""
    sound = account.uploaded(TINY_MP3, "song.mp3")
    if sound is not None and account.has_admin:
        account.submit(sound)
    film = account.uploaded(tiny_mp4(VIDEO_SECONDS), "gone.mp4")
    if film is not None:
        account.send("DELETE", f"/{film}")
        account.submit(film)
