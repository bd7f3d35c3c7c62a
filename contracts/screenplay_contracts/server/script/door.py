"""Every operation without a key and with wrong ones, every wrong method, paths that do not exist, bodies of no form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import magic
from screenplay_contracts.server.account import TASKS
from screenplay_contracts.server.client import JSON, NOTHING, multipart
from screenplay_contracts.server.media import VIDEO_SECONDS, tiny_mp4
from screenplay_contracts.server.operations import OPERATIONS, allowed

if TYPE_CHECKING:
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PATHS = {"task_id": magic.NOBODYS_TASK, "asset_id": magic.NOBODYS_ASSET, "token": "nobodys"}
UNKNOWN = ("/screenplay", "/screenplay/task", "/screenplay/tasks/a/b/c", "/upload/a/b", "/a/b/c/d")
TOO_LARGE = 2**20 + 1  # bytes
#: The body of a submission that asks for nothing, so that it cannot cost anything.
EMPTY: dict[str, Any] = {"mode": "short_drama", "episodes": {}, "config": {}}
NO_JSON = (b"", b"{", b'{"mode": "short_drama",}', b"[1, 2", b"mode=short_drama", b"\xff\xfe", b'{"mode": NaN}')


def play(session: Session) -> None:
    account = session.account()
    visitors = [account, session.visitor("invalid"), *([] if session.target.foreign else [session.visitor("disabled")])]
    for operation in OPERATIONS:
        path = operation.path.format(**PATHS)
        body = (
            EMPTY if operation.id == "submitTask" else {"original_filename": "a.mp4"} if "signed" in path else NOTHING
        )
        for visitor in visitors if operation.id != "storeAsset" else ():
            anonymous: dict[str, str | None] = {"Authorization": None} if visitor is account else {}
            visitor.send(operation.method, path, body, headers=anonymous)
        account.send(operation.method, path, body if operation.id == "submitTask" else NOTHING)
    account.send("GET", f"{TASKS}/{magic.NOBODYS_TASK}", headers={"Authorization": ""})
    account.send("GET", f"{TASKS}/{magic.NOBODYS_TASK}", headers={"Authorization": f"Bearer {account.client.key}"})
    _methods(account)
    for path in UNKNOWN:
        account.send("GET", path)


def _methods(account: Account) -> None:
    """Each path with each method that it does not have."""
    paths = {operation.path.format(**PATHS) for operation in OPERATIONS if not operation.legacy}
    for path in sorted(paths):
        for method in METHODS:
            if method not in allowed(path):
                account.send(method, path)


def bodies(session: Session) -> None:
    account = session.account()
    json_type = {"Content-Type": JSON}
    for path in (TASKS, "/upload/signed-url"):
        for raw in NO_JSON:
            account.send("POST", path, raw=raw, headers=json_type)
        for content_type in ("text/plain", "application/x-www-form-urlencoded", None):
            account.send("POST", path, raw=b"{}", headers={"Content-Type": content_type})
        account.send("POST", path, raw=b'{"mode": "' + b"a" * TOO_LARGE + b'"}', headers=json_type)
    nameless: tuple[Any, ...] = ({}, {"original_filename": ""}, {"original_filename": 7}, {"filename": "a.mp4"}, [])
    for body in nameless:
        account.send("POST", "/upload/signed-url", body)
    content = tiny_mp4(VIDEO_SECONDS)
    other_part, content_type = multipart(content, "a.mp4", part="video")
    account.send("POST", "/upload", raw=other_part, headers={"Content-Type": content_type})
    account.send("POST", "/upload", raw=content, headers={"Content-Type": "video/mp4"})
