"""Reading request bodies: JSON within a bound, and multipart files into a temporary file."""

from __future__ import annotations

import asyncio
import json
from hashlib import sha256
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from aiohttp import BodyPartReader, ClientPayloadError, web

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.journal import Violation
from screenplay_mock.library import Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_mock.web.exchange import Call

MOST_JSON = 2**20  # bytes; docs silent: a thousand episodes are a tenth of it
MOST_UPLOAD = 512 * 2**20  # bytes; docs silent: five minutes of video at 13 Mbit/s
IN_MEMORY = 2**20  # bytes of an upload before it moves to disk
BODY_SECONDS = 60  # real seconds without progress in a body; docs silent: it must not hold the server for ever
MOST_PROBLEMS = 100  # violations listed for one body
MOST_MESSAGE = 300  # characters of one violation


#: What aiohttp raises when the connection ends before the body does.
CUT_OFF = (ConnectionError, ClientPayloadError, web.RequestPayloadError)


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
        message = f"the body is larger than {MOST_JSON} bytes"
        raise call.refuse(ErrorKind.TOO_LARGE, Violation("body", "body/too-large", message)) from None
    except CUT_OFF:
        raise _cut_off(call) from None
    call.body_size = len(call.body)
    return call.body


def _cut_off(call: Call) -> ApiError:
    message = "the body ended before it was complete"
    return call.refuse(ErrorKind.INVALID, Violation("body", "body/cut-off", message))


def _parsed(call: Call, body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
        if text.startswith("\ufeff"):
            call.note("body", "body/bom", "JSON must not begin with a byte order mark (RFC 8259, 8.1)")
            text = text[1:]
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        message = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise call.refuse(
            ErrorKind.INVALID, Violation("body", "body/json", f"not JSON: {message}"[:MOST_MESSAGE])
        ) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


async def uploaded_file(call: Call) -> Upload:
    """The part `file` of a multipart body, in a temporary file that the caller closes. Raises ApiError."""
    if call.request.content_type != "multipart/form-data":
        message = f"Content-Type must be multipart/form-data, not {call.request.content_type!r}"
        raise call.refuse(ErrorKind.UNSUPPORTED_TYPE, Violation("header Content-Type", "body/content-type", message))
    upload: Upload | None = None
    try:
        async for part in await call.request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file" and part.filename and upload is None:
                upload = await _received(call, part)
            else:
                name = getattr(part, "name", None)
                call.note("body", "body/unknown-part", f"the vendor documents one part, 'file', not {name!r}")
                if part is not None:
                    await part.release()
    except TimeoutError:
        raise ApiError(ErrorKind.TIMEOUT) from None
    except CUT_OFF:
        raise _cut_off(call) from None
    except (ValueError, AssertionError) as error:  # aiohttp's reader says both of a malformed body
        raise call.refuse(
            ErrorKind.INVALID, Violation("body", "body/multipart", f"not multipart: {error}"[:MOST_MESSAGE])
        ) from None
    if upload is None:
        message = "the part 'file' with a file name is missing"
        raise call.refuse(ErrorKind.INVALID, Violation("body", "body/missing-part", message))
    return upload


async def _received(call: Call, part: BodyPartReader) -> Upload:
    from screenplay_mock.media import probe

    file = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - the caller closes it
    digest, size = sha256(), 0
    while True:
        async with asyncio.timeout(BODY_SECONDS):
            chunk = await part.read_chunk()
        if not chunk:
            break
        size += len(chunk)
        if size > MOST_UPLOAD:
            message = f"the file is larger than {MOST_UPLOAD} bytes"
            raise call.refuse(ErrorKind.TOO_LARGE, Violation("body", "body/too-large", message))
        digest.update(chunk)
        file.write(chunk)
    call.body_size = size
    filename = str(part.filename)
    media = probe(file, filename)
    file.seek(0)
    return Upload(file, size, digest.hexdigest(), filename, media)
