"""Uploads: their form, their readiness, and that no submission is paid for without them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.looking import (
    after,
    behind,
    data,
    jobs,
    over,
    sent,
    struck,
    submits,
    succeeded,
    uploads,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Outcome

REFUSED = (429,)
TEN = 10  # episodes: from there on text sorts in another way than numbers


def file_is_a_part(o: Observation) -> Iterator[Outcome]:
    for one in uploads(o):
        if one.complete:
            wrong = _wrong_form(one)
            yield kept(o, wrong is None, "multipart/form-data with a part `file` and its name", wrong or "", one)


def _wrong_form(request: Request) -> str | None:
    content_type = request.header("Content-Type") or ""
    boundary = re.search(r'boundary=(?:"([^"]+)"|([^;\s]+))', content_type)
    if not content_type.lower().startswith("multipart/form-data") or boundary is None:
        return f"Content-Type {content_type!r}"
    line = b"--" + (boundary[1] or boundary[2]).encode("latin-1")
    if line not in request.body:
        return "another boundary in the body than in the header"
    # of a large body only the beginning is kept
    if len(request.body) == request.size and not request.body.rstrip(b"\r\n").endswith(line + b"--"):
        return "no last boundary"
    heads = [part.partition(b"\r\n\r\n")[0] for part in request.body.split(line)[1:]]
    files = [head for head in heads if re.search(rb'(?:^|[;\s])name="?file"?\s*(?:;|\r\n|$)', head)]
    if not files:
        return "no part named file"
    return None if re.search(rb'filename\*?="?[^"\r\n;]', files[0]) else "no file name"


def signed_url_gets_no_key(o: Observation) -> Iterator[Outcome]:
    stored = o.of("storeAsset")
    if not stored and uploads(o):
        raise Unjudged("it uploads without a signed URL")
    for one in stored:
        value = one.header("Authorization")
        yield kept(o, value is None, "no Authorization at a signed URL", "one", one)


def lost_upload_is_not_submitted(o: Observation) -> Iterator[Outcome]:
    for one in struck(uploads(o))[:1]:
        if not succeeded(one) and not any(succeeded(each) for each in uploads(o)):
            paid = behind(submits(o), one)
            yield kept(o, not paid, "nothing submitted without its upload", "submitted", one, *paid)


def ready_before_submitted(o: Observation) -> Iterator[Outcome]:
    ready_at = [over(one) for one in o.of("getAssetMetadata") if _says_success(one)]
    if uploads(o):
        for one in submits(o)[:1]:
            known = any(at <= one.at for at in ready_at)
            yield kept(o, known, "the upload_status SUCCESS seen before a submission", "none before", one)


def _says_success(request: Request) -> bool:
    resource = data(request).get("resource")
    first = resource[0] if isinstance(resource, list) and resource else None
    return isinstance(first, dict) and first.get("upload_status") == "SUCCESS"


def upload_is_kept(o: Observation) -> Iterator[Outcome]:
    refused = [one for one in with_status(submits(o), *REFUSED) if any(each.number < one.number for each in uploads(o))]
    for one in refused[:1]:
        if not after(submits(o), one):
            raise Unjudged("it does not submit again, which is its right")
        again = [each for each in uploads(o) if each.number > one.number]
        yield kept(o, not again, "the upload used again", "uploaded again", one, *again)


def order_is_of_numbers(o: Observation) -> Iterator[Outcome]:
    for one in submits(o):
        body = sent(one)
        episodes = body.get("episodes") if isinstance(body, dict) else None
        if isinstance(episodes, dict) and len(episodes) >= TEN and len(jobs(o)[0].submit["episodes"]) >= TEN:
            shown = list(episodes)
            right = shown == sorted(shown, key=lambda name: int(name) if name.isdecimal() else 0)
            yield kept(o, right, "episodes in the order of their numbers", ", ".join(shown), one)


BEHAVIOURS = (
    behaviour(
        "AST-01",
        MUST,
        "W",
        "upload page; RFC 7578",
        "An upload is multipart/form-data with a part `file` that has a name, also one that is not ASCII.",
        file_is_a_part,
    ),
    behaviour(
        "AST-02",
        MUST,
        "W",
        "get-upload-signed-url page",
        "A signed URL is used without the key.",
        signed_url_gets_no_key,
    ),
    behaviour(
        "AST-03",
        MUST,
        "W",
        "docs silent: chosen, because each accepted submission is paid for",
        "Where an upload fails, nothing is submitted.",
        lost_upload_is_not_submitted,
    ),
    behaviour(
        "AST-04",
        SHOULD,
        "W",
        "upload page: only SUCCESS can be used",
        "A submission waits until its uploads are ready.",
        ready_before_submitted,
    ),
    behaviour(
        "AST-05",
        SHOULD,
        "W",
        "docs silent: chosen, because an upload takes longer than a submission",
        "Who submits again does not upload again.",
        upload_is_kept,
    ),
    behaviour(
        "AST-06",
        SHOULD,
        "W",
        "docs silent: chosen, because people read it",
        "Episodes stand in the order of their numbers: 2 before 10.",
        order_is_of_numbers,
    ),
)
