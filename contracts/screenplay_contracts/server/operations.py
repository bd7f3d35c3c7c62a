"""The operations of the API: which request means which, and what each is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

BASE_PATH = "/serve/api/v2"
ADMIN = "/__admin"

_SEGMENT = "([^/]+)"
_ASSET = "((?!(?:upload|screenplay|storage|asset)(?:/|$))[^/]+)"


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` is below the base path; {task_id}, {asset_id} or {token} is what a request is about."""

    id: str
    method: str
    path: str
    takes_body: bool = False
    free: bool = True  # it costs nothing by the documented prices, whatever it is asked
    legacy: bool = False  # a path that only the switch `asset_paths` allows

    @property
    def pattern(self) -> re.Pattern[str]:
        pattern = self.path.replace("{task_id}", _SEGMENT).replace("{token}", _SEGMENT)
        return re.compile(pattern.replace("{asset_id}", _SEGMENT if self.legacy else _ASSET))


OPERATIONS = (
    Operation("submitTask", "POST", "/screenplay/tasks", takes_body=True, free=False),
    Operation("getTask", "GET", "/screenplay/tasks/{task_id}"),
    Operation("cancelTask", "DELETE", "/screenplay/tasks/{task_id}"),
    Operation("downloadTask", "GET", "/screenplay/tasks/{task_id}/download", free=False),
    Operation("uploadAsset", "POST", "/upload", takes_body=True, free=False),  # storage is paid by the day
    Operation("createSignedUrl", "POST", "/upload/signed-url", takes_body=True),
    Operation("storeAsset", "POST", "/storage/{token}", takes_body=True, free=False),
    Operation("getAssetMetadata", "GET", "/{asset_id}/metadata"),
    Operation("deleteAsset", "DELETE", "/{asset_id}"),
    Operation("downloadAsset", "GET", "/{asset_id}/download", free=False),
    Operation("getAssetMetadata", "GET", "/asset/{asset_id}/metadata", legacy=True),
    Operation("deleteAsset", "DELETE", "/asset/{asset_id}", legacy=True),
    Operation("downloadAsset", "GET", "/asset/{asset_id}/download", free=False, legacy=True),
)
_PATTERNS = tuple((operation, operation.pattern) for operation in OPERATIONS)


def below(path: str, base_path: str) -> str | None:
    """The rest of *path* after *base_path*, with whatever stands before that; None if it is not below it."""
    if path.startswith(ADMIN):
        return None
    before, found, rest = path.partition(base_path) if base_path else ("", "/", path)
    return rest if found and (rest.startswith("/") or not rest) and ADMIN not in before else None


def found(method: str, path: str) -> tuple[Operation, str | None] | None:
    """The operation that *method* and *path* (below the base path) ask for, and what it is about."""
    for operation, pattern in _PATTERNS:
        match = pattern.fullmatch(path)
        if match is not None and operation.method == method:
            return operation, unquote(match[1]) if match.groups() else None
    return None


def allowed(path: str, *, legacy: bool = False) -> frozenset[str]:
    """The methods that exist for *path*; empty when the path does not exist."""
    return frozenset(
        operation.method
        for operation, pattern in _PATTERNS
        if pattern.fullmatch(path) and (legacy or not operation.legacy)
    )
