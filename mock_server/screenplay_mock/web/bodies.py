"""Reading request bodies: JSON within a bound, and multipart files into a temporary file."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections import Counter
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from aiohttp import BodyPartReader, ClientPayloadError, MultipartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.journal import Violation
from screenplay_mock.library import Upload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import StreamReader

    from screenplay_mock.web.exchange import Call

MOST_JSON = 2**20  # bytes; docs silent: a thousand episodes are a tenth of it
MOST_UPLOAD = 512 * 2**20  # bytes of a whole multipart body; docs silent: five minutes of video at 13 Mbit/s
MOST_PARTS = 100  # of a multipart body; the vendor documents one
MOST_FILENAME = 255  # characters; docs silent: what file systems take. signed-url-request.schema.json says so too
IN_MEMORY = 2**20  # bytes of an upload before it moves to disk
CHUNK = 64 * 1024  # bytes of a part read at a time
#: Real seconds for a whole JSON body, and for each step forward of a multipart one. docs silent: neither may hold the
#: server for ever.
BODY_SECONDS = 60
MOST_PROBLEMS = 100  # violations listed for one body
MOST_MESSAGE = 300  # characters of one violation


#: What aiohttp raises when the connection ends before the body does.
CUT_OFF = (ConnectionError, ClientPayloadError, web.RequestPayloadError)
#: What aiohttp's reader raises of a malformed multipart body.
NOT_MULTIPART = (ValueError, AssertionError, RuntimeError, BadHttpMessage)


async def json_body(call: Call, schema: str, accepts: Callable[[Any], bool]) -> dict[str, Any]:
    """
    The JSON body, which has the shape of *schema*. Raises ApiError.

    *accepts* is a fast look that may only say yes to what the schema accepts; the schema is the judge of the rest.
    """
    if call.request.content_type != "application/json":
        message = f"Content-Type must be application/json, not {call.request.content_type!r}"
        raise call.refuse(ErrorKind.UNSUPPORTED_TYPE, Violation("header Content-Type", "body/content-type", message))
    body = _parsed(call, await _read(call))
    if accepts(body):
        return cast("dict[str, Any]", body)
    from screenplay_schemas import validator

    problems = list(islice(validator(schema).iter_errors(body), MOST_PROBLEMS))
    if problems:
        raise call.refuse(
            ErrorKind.INVALID,
            *(
                Violation(problem.json_path, f"schema/{problem.validator}", problem.message[:MOST_MESSAGE])
                for problem in problems
            ),
        )
    return cast("dict[str, Any]", body)


async def _read(call: Call) -> bytes:
    try:
        if call.request.content.is_eof():  # it has all arrived, as small ones have
            call.body = await call.request.read()
        else:
            async with asyncio.timeout(BODY_SECONDS):
                call.body = await call.request.read()
    except TimeoutError:
        raise ApiError(ErrorKind.TIMEOUT) from None
    except web.HTTPRequestEntityTooLarge:
        raise _too_large(call, MOST_JSON) from None
    except CUT_OFF:
        raise _cut_off(call) from None
    call.body_size = len(call.body)
    return call.body


def _cut_off(call: Call) -> ApiError:
    message = "the body ended before it was complete"
    return call.refuse(ErrorKind.INVALID, Violation("body", "body/cut-off", message))


def _too_large(call: Call, most: int) -> ApiError:
    message = f"the body is larger than {most} bytes"
    return call.refuse(ErrorKind.TOO_LARGE, Violation("body", "body/too-large", message))


def _parsed(call: Call, body: bytes) -> Any:
    repeated: list[str] = []
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text.removeprefix("\ufeff"), parse_constant=_refuse_constant, object_pairs_hook=partial(_object, repeated)
        )
    except (ValueError, RecursionError) as error:
        message = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise call.refuse(ErrorKind.INVALID, Violation("body", "body/json", f"not JSON: {message}")) from None
    if text.startswith("\ufeff"):
        call.note("body", "body/bom", "JSON must not begin with a byte order mark (RFC 8259, 8.1)")
    for name in repeated:
        call.note("body", "body/repeated-member", f"the member {name!r} is given twice; the last one counts")
    return value


def _object(repeated: list[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The JSON object of *pairs*; names that it has twice are added to *repeated*."""
    members = dict(pairs)
    if len(members) < len(pairs) and len(repeated) < MOST_PROBLEMS:
        counts = Counter(name for name, _ in pairs)
        repeated += [name for name, count in counts.items() if count > 1]
    return members


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class Incoming:
    """
    A multipart body on its way in, for aiohttp's reader to read: every byte is counted, and no read waits for ever.

    Here and not around the parts, since the reader also reads what is before, between and after them.
    """

    def __init__(self, content: StreamReader, most: int, seconds: float) -> None:
        self._content = content
        self._most, self._seconds = most, seconds
        self._size = 0

    async def read(self, size: int) -> bytes:
        return await self._next(self._content.read(size))

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        return await self._next(self._content.readline(max_line_length=max_line_length))

    async def _next(self, read: Awaitable[bytes]) -> bytes:
        async with asyncio.timeout(self._seconds):
            data = await read
        self._size += len(data)
        if self._size > self._most:
            raise web.HTTPRequestEntityTooLarge(self._most, self._size)
        return data

    def unread_data(self, data: bytes) -> None:
        self._size -= len(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # aiohttp's own reader has no other way either
            self._content.unread_data(data)

    def at_eof(self) -> bool:
        return self._content.at_eof()


async def uploaded_file(call: Call, *, most: int = MOST_UPLOAD, seconds: float = BODY_SECONDS) -> Upload:
    """
    The part `file` of a multipart body, in a temporary file that the caller closes. Raises ApiError.

    *most* bytes the whole body may have, and so many real *seconds* may pass until more of it arrives.
    """
    if call.request.content_type != "multipart/form-data":
        message = f"Content-Type must be multipart/form-data, not {call.request.content_type!r}"
        raise call.refuse(ErrorKind.UNSUPPORTED_TYPE, Violation("header Content-Type", "body/content-type", message))
    try:
        return await _file_of(call, Incoming(call.request.content, most, seconds))
    except TimeoutError:
        raise ApiError(ErrorKind.TIMEOUT) from None
    except web.HTTPRequestEntityTooLarge:
        raise _too_large(call, most) from None
    except CUT_OFF:
        raise _cut_off(call) from None
    except NOT_MULTIPART as error:
        raise call.refuse(
            ErrorKind.INVALID, Violation("body", "body/multipart", f"not multipart: {error}"[:MOST_MESSAGE])
        ) from None


async def _file_of(call: Call, incoming: Incoming) -> Upload:
    upload: Upload | None = None
    parts = 0
    with ExitStack() as closed_on_errors:
        async for part in MultipartReader(call.request.headers, cast("StreamReader", incoming)):
            parts += 1
            if parts > MOST_PARTS:
                message = f"the body has more than {MOST_PARTS} parts"
                raise call.refuse(ErrorKind.TOO_LARGE, Violation("body", "body/too-many-parts", message))
            if not isinstance(part, BodyPartReader):
                message = "a part has parts of its own, which RFC 7578 (4.3) does not allow"
                raise call.refuse(ErrorKind.INVALID, Violation("body", "body/multipart", message))
            if upload is None and part.name == "file" and part.filename:
                file = closed_on_errors.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
                upload = await _received(call, part, cast("BinaryIO", file))
            else:
                call.note("body", "body/unknown-part", _not_taken(part, upload))
                while await part.read_chunk(CHUNK):
                    pass  # counted by `incoming`, and of no use
        if upload is None:
            message = "the part 'file' with a file name is missing"
            raise call.refuse(ErrorKind.INVALID, Violation("body", "body/missing-part", message))
        closed_on_errors.pop_all()
    return upload


def _not_taken(part: BodyPartReader, upload: Upload | None) -> str:
    """Why *part* is not the upload, when *upload* is what has been taken before it."""
    if part.name != "file":
        return f"the vendor documents one part, 'file', not {part.name!r}"[:MOST_MESSAGE]
    if upload is None:
        return "the part 'file' needs a file name in its Content-Disposition; without one it is no file"
    return "the vendor documents one file for an upload: the first part 'file' is taken, this one is not"


async def _received(call: Call, part: BodyPartReader, file: BinaryIO) -> Upload:
    from screenplay_mock.media import probe

    filename = str(part.filename)
    if len(filename) > MOST_FILENAME:
        message = f"the file name has {len(filename)} characters; at most {MOST_FILENAME} are taken"
        raise call.refuse(ErrorKind.INVALID, Violation("body", "body/filename", message))
    digest, size = sha256(), 0
    while chunk := await part.read_chunk(CHUNK):
        size += len(chunk)
        digest.update(chunk)
        file.write(chunk)
    call.body_size = size
    media = probe(file, filename)
    file.seek(0)
    return Upload(file, size, digest.hexdigest(), filename, media)
