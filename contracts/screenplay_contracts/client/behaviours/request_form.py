"""What requests look like: the key, the JSON, the headers, the paths."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from screenplay_contracts.client.behaviours.looking import jobs, over, sent, submits, uploads, with_status
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, kept
from screenplay_contracts.exchange import NOT_JSON
from screenplay_contracts.server.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screenplay_contracts.client.job import Job
    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Outcome

KEYED = frozenset(each.id for each in OPERATIONS) - {"storeAsset"}
TAKEN = {"downloadTask": ("application/zip", "application/octet-stream")}  # else JSON
PRODUCT = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/\S")
BOM = b"\xef\xbb\xbf"


def key_is_raw(o: Observation) -> Iterator[Outcome]:
    at_api = [one for one in o.requests if one.listener == "api"]
    if o.case.key_suffix:
        spoilt = [one for one in at_api if not one.method]
        # a key with a line end is stripped, or nothing is sent
        yield kept(o, not spoilt, "the line end of the key stripped", "a head that it cuts in two", *spoilt)
    for one in at_api:
        if one.operation in KEYED:
            value = one.header("Authorization")
            yield kept(o, value == o.key.strip(), "the raw key in Authorization", _unlike(value, o.key), one)


def _unlike(value: str | None, key: str) -> str:
    if value is None:
        return "no Authorization"
    before, found, behind = value.partition(key.strip())
    return f"the key between {before!r} and {behind!r}" if found else f"another value, of {len(value)} characters"


def key_not_in_url(o: Observation) -> Iterator[Outcome]:
    for one in o.requests:
        leaks = o.key in one.target or o.key in unquote(one.target) or o.key in _basic(one)
        yield kept(o, not leaks, "no key in a URL", "the key in its query, path or userinfo", one)


def _basic(request: Request) -> str:
    """What Basic authorization says, which is what becomes of userinfo in a URL."""
    scheme, _, value = (request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def refusal_is_final(o: Observation) -> Iterator[Outcome]:
    seen: set[tuple[str, str]] = set()
    for one in with_status((each for each in o.requests if each.listener == "api"), 401, 403):
        if (one.method, one.target) not in seen:
            seen.add((one.method, one.target))
            again = [
                each
                for each in o.requests
                if (each.method, each.target) == (one.method, one.target) and each.at > over(one)
            ]
            yield kept(o, not again, f"no repetition after {one.status}", "the same again", one, *again)


def json_is_utf8(o: Observation) -> Iterator[Outcome]:
    for one in o.of("submitTask", "createSignedUrl"):
        if one.complete:
            wrong = _wrong_json(one)
            yield kept(o, wrong is None, "JSON in UTF-8 that says what it is", wrong or "", one)


def _wrong_json(request: Request) -> str | None:
    media, _, parameters = (request.header("Content-Type") or "").lower().partition(";")
    charset = re.search(r'charset="?([^";\s]+)', parameters)
    if media.strip() != "application/json":
        return f"Content-Type {media.strip()!r}"
    if charset is not None and charset[1] not in ("utf-8", "utf8"):
        return f"charset {charset[1]!r}"
    if request.body.startswith(BOM):
        return "a byte order mark"
    return "no JSON in UTF-8" if sent(request) is NOT_JSON else None


def body_is_as_asked(o: Observation) -> Iterator[Outcome]:
    from screenplay_schemas import validator

    for one in submits(o):
        if one.complete:
            error = next(iter(validator("submit-request").iter_errors(sent(one))), None)
            if error is not None:
                where = f"at {error.json_path}: {error.message[:200]}"
                yield broken(o, "a body that fits the schema submit-request", where, one)
            else:
                fits = any(_asked(sent(one), job) for job in jobs(o))
                yield kept(o, fits, "all that the job file says under `submit`", "something else in the body", one)


def _asked(body: Mapping[str, Any], job: Job) -> bool:
    """Whether *body* has all that *job* submits; the ids of its uploads are for the client to know."""
    wanted = job.submit
    episodes, config = wanted.get("episodes", {}), wanted.get("config", {})
    return (
        _same(body.get("mode"), wanted.get("mode"))
        and body["episodes"].keys() == episodes.keys() | job.uploads.keys()
        and all(_same(body["episodes"].get(number), asset) for number, asset in episodes.items())
        and all(_same(body["config"].get(name), value) for name, value in config.items())
    )


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)  # True == 1 in Python


def nothing_added(o: Observation) -> Iterator[Outcome]:
    for one in submits(o):
        body = sent(one)
        if isinstance(body, dict):
            added = min((_added(body, job) for job in jobs(o)), key=len)
            yield kept(o, not added, "nothing but what the job file says", f"also {', '.join(added)}", one)


def _added(body: Mapping[str, Any], job: Job) -> list[str]:
    config, wanted = body.get("config"), job.submit.get("config", {})
    more = [f"config.{name}" for name in config if name not in wanted] if isinstance(config, dict) else []
    return [name for name in body if name not in job.submit] + more


def no_content(o: Observation) -> Iterator[Outcome]:
    for one in o.requests:
        if one.method in ("GET", "DELETE"):
            chunked = one.header("Transfer-Encoding") is not None
            yield kept(o, not one.size and not one.body and not chunked, "no content", f"{one.size} bytes", one)


def accepts_the_answer(o: Observation) -> Iterator[Outcome]:
    for one in o.of(*KEYED):
        wanted = TAKEN.get(one.operation or "", ("application/json",))
        value = one.header("Accept")
        ranges = {each.partition(";")[0].strip().lower() for each in (value or "*/*").split(",")}
        fits = ranges & {"*/*", "*", "application/*", *wanted}  # the JDK's old client says a bare *
        yield kept(o, bool(fits), f"an Accept that takes {wanted[0]}", f"Accept: {value}", one)


def says_who_it_is(o: Observation) -> Iterator[Outcome]:
    seen: set[str | None] = set()
    for one in o.requests:
        value = one.header("User-Agent")
        if one.operation is not None and value not in seen:
            seen.add(value)
            fits = value is not None and PRODUCT.match(value) is not None
            yield kept(o, fits, "a User-Agent with product/version", f"{value!r}", one)


def id_is_one_segment(o: Observation) -> Iterator[Outcome]:
    start = f"{urlsplit(o.base_url).path}/screenplay/tasks/"
    odd = [task_id for task_id in o.tasks if re.search(r"[^\w.~-]", task_id)]
    for one in o.requests if odd else ():
        if one.listener == "api" and one.method != "POST" and one.target.startswith(start):
            segment = one.target.removeprefix(start).partition("/")[0]
            fits = "?" not in segment and "#" not in segment and unquote(segment) in odd
            yield kept(o, fits, "the task id as one encoded segment", f"{one.target}", one)


def base_path_is_kept(o: Observation) -> Iterator[Outcome]:
    start = f"{urlsplit(o.base_url).path}/"
    for one in o.requests:
        if one.listener == "api" and one.method:
            fits = one.target.startswith(start) and "//" not in one.path
            yield kept(o, fits, f"a path that begins with {start}", one.path, one)


def needs_no_continue(o: Observation) -> Iterator[Outcome]:
    for one in uploads(o):
        yield kept(o, one.complete, "the body sent after a short wait for 100 Continue", f"{one.size} bytes of it", one)


BEHAVIOURS = (
    behaviour(
        "REQ-01",
        MUST,
        "W",
        "submit-task page (Authorization); RFC 9110 11.6.2",
        "Authorization is the raw key: no `Bearer `, quotes, spaces or line end.",
        key_is_raw,
    ),
    behaviour(
        "REQ-02",
        MUST,
        "W",
        "RFC 9110 4.2.4; RFC 6750 2.3, 5.3",
        "The key is never in the query or userinfo of a URL.",
        key_not_in_url,
    ),
    behaviour(
        "REQ-03",
        MUST,
        "W",
        "error-codes page; RFC 9110 15.5.2",
        "401 and 403 are final: nothing is repeated with the same key.",
        refusal_is_final,
    ),
    behaviour(
        "REQ-04",
        MUST,
        "W",
        "RFC 8259 8.1; RFC 9110 8.3",
        "A JSON body is in UTF-8 without a byte order mark, and its Content-Type is application/json.",
        json_is_utf8,
    ),
    behaviour(
        "REQ-05",
        MUST,
        "W",
        "submit-task page",
        "The body of a submission fits its schema, and has all that was asked for.",
        body_is_as_asked,
    ),
    behaviour(
        "REQ-06",
        SHOULD,
        "W",
        "submit-task page",
        "Options that were not asked for are left out, not null or empty, and no member is invented.",
        nothing_added,
    ),
    behaviour("REQ-07", SHOULD, "W", "RFC 9110 9.3.1, 9.3.5", "GET and DELETE have no content.", no_content),
    behaviour(
        "REQ-08",
        SHOULD,
        "W",
        "RFC 9110 12.5.1",
        "Accept, where it is sent, takes what is asked for: JSON, and of a download a zip.",
        accepts_the_answer,
    ),
    behaviour("REQ-09", SHOULD, "W", "RFC 9110 10.1.5", "A User-Agent names product and version.", says_who_it_is),
    behaviour(
        "REQ-10",
        MUST,
        "W",
        "RFC 3986 3.3",
        "A task id stands in the path as one percent-encoded segment.",
        id_is_one_segment,
    ),
    behaviour(
        "REQ-11",
        MUST,
        "W",
        "docs silent: chosen, because proxies and test servers have other addresses than the vendor",
        "The base URL is the one that was configured: its path prefix is kept, without double slashes.",
        base_path_is_kept,
    ),
    behaviour(
        "REQ-12",
        MUST,
        "TX",
        "RFC 9110 10.1.1",
        "A large upload goes on when 100 Continue does not come.",
        needs_no_continue,
    ),
)
