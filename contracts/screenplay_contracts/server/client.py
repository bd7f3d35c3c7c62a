"""An HTTP client that writes everything down and judges nothing: an HTTP status never raises, nor does no answer."""

from __future__ import annotations

import http.client
import json
import select
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from screenplay_contracts.exchange import SECRET_HEADERS, Exchange, masked, redacted, unmasked, url_without, without
from screenplay_contracts.recorder import wall_now
from screenplay_contracts.server import trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from screenplay_contracts.recorder import Recorder

JSON = "application/json"
BOUNDARY = "----screenplay-check"  # fixed, so that the same run sends the same bytes

#: Not given, as opposed to None, which is `null` as JSON.
NOTHING: Any = object()


class Client:
    """
    One account's way to one server. `account` is the label under which its exchanges are recorded, `note` what the
    next ones are for, `virtual_at` what time it is in the account's sandbox, where that is known. `secrets` are written
    down nowhere, whoever says them: the key, what stands in the secret ones of *headers*, and those that are given.

    Not for several threads at once: it keeps one connection.
    """

    def __init__(  # noqa: PLR0913 - all by name
        self,
        base_url: str,
        key: str,
        recorder: Recorder,
        *,
        account: str,
        headers: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
        timeout: float = 20,
    ) -> None:
        self.base_url, self.key, self.account = base_url.rstrip("/"), key, account
        self.note = ""
        self.virtual_at: str | None = None
        self._recorder, self._headers, self._timeout = recorder, dict(headers or {}), timeout
        told = (value for name, value in self._headers.items() if name.lower() in SECRET_HEADERS)
        self.secrets = (key, *secrets, *told)
        self._connection: http.client.HTTPConnection | None = None

    def call(
        self,
        method: str,
        path: str,
        body: Any = NOTHING,
        *,
        headers: Mapping[str, str | None] | None = None,
        raw: bytes | None = None,
    ) -> Exchange:
        """
        Send to *path*, which is below the base URL or a whole URL, and record it.

        *body* goes as JSON, *raw* as it is. A header None is left out, also one that would be sent otherwise. Where the
        server put the key into an id or a URL, which was recorded without it, it gets that back with the key.
        """
        content = raw if body is NOTHING else unmasked(json.dumps(body, ensure_ascii=False), self.key).encode()
        given: dict[str, str | None] = {"Authorization": self.key, **self._headers}
        if body is not NOTHING:
            given["Content-Type"] = JSON
        given.update(headers or {})
        path = unmasked(path, self.key)
        url = path if "://" in path else self.base_url + path
        return self._recorder.write(self._sent(method, url, content, {k: v for k, v in given.items() if v is not None}))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _sent(self, method: str, url: str, content: bytes | None, headers: dict[str, str]) -> Exchange:
        began, at = time.monotonic(), wall_now()
        answer = self._answer(method, url, content, headers)
        if answer.error is not None:
            self.close()
        return Exchange(
            number=0,
            account=self.account,
            method=method,
            url=url_without(url, *self.secrets),
            status=answer.status,
            request_headers=redacted(headers.items(), *self.secrets),
            request_body=masked(content or b"", *self.secrets),
            response_headers=redacted(answer.headers, *self.secrets),
            response_body=masked(answer.body, *self.secrets),
            at=at,
            seconds=time.monotonic() - began,
            virtual_at=self.virtual_at,
            note=self.note,
            error=answer.error and without(answer.error, *self.secrets),
        )

    def _answer(self, method: str, url: str, content: bytes | None, headers: dict[str, str]) -> _Answer:
        parts, own = urlsplit(url), urlsplit(self.base_url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):  # such as a signed URL
            stranger = self._opened(parts.scheme, parts.netloc)
            try:
                return _asked(stranger, method, target, content, headers)
            finally:
                stranger.close()
        if self._connection is None or _is_closed(self._connection):
            self.close()
            self._connection = self._opened(own.scheme, own.netloc)
        return _asked(self._connection, method, target, content, headers)

    def _opened(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(netloc, timeout=self._timeout, context=trust.context())
        return http.client.HTTPConnection(netloc, timeout=self._timeout)


def multipart(content: bytes, filename: str, *, part: str = "file") -> tuple[bytes, str]:
    """A multipart body with *content* as its one part, and its Content-Type."""
    disposition = f'form-data; name="{part}"; filename="{filename}"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back. With an `error` it is no whole answer."""

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    error: str | None = None


def _asked(
    connection: http.client.HTTPConnection, method: str, target: str, content: bytes | None, headers: dict[str, str]
) -> _Answer:
    try:
        connection.request(method, target, content, headers)
        response = connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return _Answer(error=f"{type(problem).__name__}: {problem}")
    given = tuple(response.getheaders())
    try:
        return _Answer(response.status, given, response.read())
    except http.client.IncompleteRead as cut:
        return _Answer(response.status, given, cut.partial, f"the body was cut: {cut}")
    except (OSError, http.client.HTTPException) as problem:
        return _Answer(response.status, given, error=f"{type(problem).__name__}: {problem}")


def _is_closed(connection: http.client.HTTPConnection) -> bool:
    """Whether the server has hung up meanwhile: to find that out by sending could pay for a submission twice."""
    if connection.sock is None:
        return True
    readable, _, _ = select.select([connection.sock], [], [], 0)
    return bool(readable)
