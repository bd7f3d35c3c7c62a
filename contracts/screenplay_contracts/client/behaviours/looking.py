"""What judges look for in an observation: requests by what they ask, what answers told, how it all ended."""

from __future__ import annotations

import json
import zipfile
import zlib
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.exchange import NOT_JSON
from screenplay_contracts.server.archives import DAMAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from screenplay_contracts.client.job import Job
    from screenplay_contracts.client.observation import Charge, Delivery, Files, Observation, Process, Report, Request

TERMINAL = frozenset({"completed", "failed", "cancelled"})
STATUSES = TERMINAL | {"pending", "running"}
OK, REDIRECTION, CLIENT_ERROR, SERVER_ERROR = 200, 300, 400, 500
REDIRECTS = (301, 302, 303, 307, 308)
RATE_LIMITED = 429
LIMIT_TEXT = "Request has exceeded the limit."  # upload page: of a rate limit that is told as 400
UPLOADS = ("uploadAsset", "storeAsset")
MOST_UNPACKED = 1 << 20  # bytes of an answer in gzip, which may be a bomb
MOST_OF_A_FILE = 1_000_000  # bytes that are kept of each file of a result
TOLERANCE = 0.75  # of an interval, as it is seen at the server
PATIENT = 0.5  # of a request's timeout: who had its answer by then has read it
GZIP = 31  # zlib's window for a gzip stream


def submits(o: Observation) -> tuple[Request, ...]:
    return o.of("submitTask")


def polls(o: Observation) -> tuple[Request, ...]:
    return o.of("getTask")


def downloads(o: Observation) -> tuple[Request, ...]:
    return o.of("downloadTask")


def cancels(o: Observation) -> tuple[Request, ...]:
    return o.of("cancelTask")


def uploads(o: Observation) -> tuple[Request, ...]:
    """The requests that bring a file, by either way."""
    return o.of(*UPLOADS)


def elsewhere(o: Observation) -> tuple[Request, ...]:
    """The requests to another origin than the API's."""
    return tuple(one for one in o.requests if one.listener != "api")


def struck(requests: Iterable[Request], *kinds: str) -> tuple[Request, ...]:
    """Those that a fault struck; with *kinds*: of one of these."""
    return tuple(one for one in requests if one.fault and (not kinds or any(kind in one.fault for kind in kinds)))


def with_status(requests: Iterable[Request], *statuses: int) -> tuple[Request, ...]:
    return tuple(one for one in requests if one.status in statuses)


def succeeded(request: Request) -> bool:
    """Whether its answer has a status that says so."""
    return request.status is not None and OK <= request.status < REDIRECTION


def clear(o: Observation, request: Request) -> bool:
    """Whether its answer was a success that its client has surely had, as the operation meant it."""
    patience = PATIENT * o.case.job.request_timeout_seconds
    at = request.answered_at
    return request.fault is None and request.status == OK and at is not None and at - request.at <= patience


def over(request: Request) -> float:
    """When its client had its answer, or knew that there would be none."""
    return request.at if request.over_at is None else request.over_at


def after(requests: Iterable[Request], one: Request) -> tuple[Request, ...]:
    """Those that came when *one* was over."""
    return tuple(each for each in requests if each.number != one.number and each.at > over(one))


def behind(requests: Iterable[Request], one: Request) -> tuple[Request, ...]:
    """Those that came later than *one*, be it over or not."""
    return tuple(each for each in requests if each.number > one.number)


def same_task(requests: Iterable[Request], one: Request) -> tuple[Request, ...]:
    return tuple(each for each in requests if each.task_id == one.task_id)


def headers_of_answer(request: Request, name: str) -> str | None:
    """A header of its answer; a repeated one is joined by commas."""
    values = [value for each, value in request.answer_headers if each.lower() == name.lower()]
    return ", ".join(values) if values else None


def answer(request: Request) -> Any:
    """The body of its answer as JSON, or NOT_JSON."""
    return _json(unpacked(request))


def sent(request: Request) -> Any:
    """Its own body as JSON, or NOT_JSON."""
    return _json(request.body)


def unpacked(request: Request) -> bytes:
    """The body of its answer, without gzip; of a bomb the beginning."""
    if "gzip" not in (headers_of_answer(request, "Content-Encoding") or "").lower():
        return request.answer
    try:
        return zlib.decompressobj(GZIP).decompress(request.answer, MOST_UNPACKED)
    except zlib.error:
        return b""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return NOT_JSON


def data(request: Request) -> Mapping[str, Any]:
    """`data` of its answer, empty where there is none."""
    body = answer(request)
    found = body.get("data") if isinstance(body, dict) else None
    return found if isinstance(found, dict) else {}


def told(request: Request) -> str | None:
    """The status of a task in an answer that succeeded."""
    status = data(request).get("status") if succeeded(request) else None
    return status if isinstance(status, str) else None


def telling(o: Observation, *statuses: str) -> tuple[Request, ...]:
    """The polls whose answers told one of these statuses."""
    return tuple(one for one in polls(o) if told(one) in statuses)


def text_of(request: Request) -> str:
    """`msg` or `message` of its answer."""
    body = answer(request)
    return str(body.get("msg") or body.get("message") or "") if isinstance(body, dict) else ""


def is_limit(request: Request) -> bool:
    """Whether it was refused for its rate, in one of the documented ways."""
    as_400 = request.status == CLIENT_ERROR and text_of(request) == LIMIT_TEXT
    return request.status == RATE_LIMITED or as_400


def pauses(requests: Iterable[Request], o: Observation) -> list[tuple[Request, Request, float]]:
    """
    (one, next, seconds between the answer to one and the next) of the same task, where nothing came between.

    A webhook, or another kind of request, is a reason to ask at once.
    """
    found = []
    by_task: dict[str | None, list[Request]] = {}
    for each in requests:
        by_task.setdefault(each.task_id, []).append(each)
    for series in by_task.values():
        for one, following in pairwise(series):
            if not _disturbed(o, one, following):
                found.append((one, following, following.at - over(one)))
    return found


def _disturbed(o: Observation, one: Request, following: Request) -> bool:
    called = any(one.at <= each.at <= following.at for each in o.deliveries)
    return called or any(
        one.number < each.number < following.number
        and each.operation != one.operation
        and each.task_id in (None, one.task_id)
        for each in o.requests
    )


def jobs(o: Observation) -> tuple[Job, ...]:
    """As the clients got them."""
    return o.jobs or (o.case.job,)


def finals(o: Observation) -> tuple[Process, ...]:
    """The process of each client that had the last word."""
    return o.processes[-1:] if o.case.kill is not None and o.case.kill.restart else o.processes


def went_well(o: Observation) -> bool:
    return all(one.exit_code == 0 for one in finals(o))


def output(process: Process) -> str:
    return (process.stdout + b"\n" + process.stderr).decode("utf-8", "replace")


def report(o: Observation) -> Report:
    """The last line of the one client. Raises Unjudged where it has written none."""
    for each in o.reports:
        if each is not None:
            return each
    raise Unjudged("the client prints no report")


def charged(o: Observation, kind: str = "submit") -> tuple[Charge, ...]:
    return tuple(one for one in o.charges if one.kind == kind)


def heard(o: Observation) -> tuple[Delivery, ...]:
    """The deliveries that the client's receiver has answered: one that is closed by now owes nothing."""
    return tuple(one for one in o.deliveries if one.status is not None)


def said(delivery: Delivery) -> str | None:
    """The status that it tells."""
    status = payload_data(delivery).get("status")
    return status if isinstance(status, str) else None


def payload_data(delivery: Delivery) -> Mapping[str, Any]:
    found = delivery.payload.get("data") if isinstance(delivery.payload, dict) else None
    return found if isinstance(found, dict) else {}


def entries(request: Request) -> dict[str, bytes] | None:
    """The files of the zip that it was answered with, of equal names the last; None where it cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(request.answer)) as archive:
            return {each.filename: archive.read(each) for each in archive.infolist() if not each.is_dir()}
    except DAMAGE:
        return None


def holds(files: Files, content: Mapping[str, bytes]) -> bool:
    """Whether the folder result has all of *content*, under whatever names."""
    there = set((files.result or {}).values())
    return all(each[:MOST_OF_A_FILE] in there for each in content.values())
