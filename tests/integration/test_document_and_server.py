"""The OpenAPI document and the server are one: the same operations, and no answer that the document does not have."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest

from screenplay_mock.media import tiny_mp4
from screenplay_mock.web.routes import OPERATIONS
from screenplay_schemas import bundle, validator

MP4 = b"".join(tiny_mp4(61_500, 4_000))
UNKNOWN_TASK = "ros-sd-20260313-00000000"  # the one of the document's examples
JSON_BODIES = {
    "submitTask": {"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {"require_json": True}},
    "createSignedUrl": {"original_filename": "video.mp4"},
}
ROWS = {row.id: row for row in OPERATIONS if not row.legacy}
WITH_BODY = [name for name, row in ROWS.items() if row.takes_body]
WITH_KEY = [name for name, row in ROWS.items() if not row.open]
DOWNLOADS = ["downloadTask", "downloadAsset"]
OF_A_TASK = ["getTask", "cancelTask", "downloadTask"]
OF_AN_ASSET = ["getAssetMetadata", "deleteAsset", "downloadAsset"]


@cache
def the_bundle() -> dict[str, Any]:
    return bundle()


def resolved(node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        pointer, node = node["$ref"].removeprefix("#/").split("/"), the_bundle()
        for step in pointer:
            node = node[step]
    return node


def template(path: str) -> str:
    """The path of a route without the patterns of its parameters."""
    return re.sub(r"\{(\w+):.*?\}", r"{\1}", path)


def in_the_document() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Each operation's method, path template and content."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in the_bundle()["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def schema_name(reference: str) -> str:
    """`#/components/schemas/SubmitResponse` -> `submit-response`, the name of the schema's file."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", reference.rsplit("/", 1)[1]).lower()


def document_has(name: str, answer: Any) -> None:
    """Fail unless the document has this answer of operation *name*: status, media type, form, text of an error."""
    responses = in_the_document()[name][2]["responses"]
    assert str(answer.status) in responses, f"{name} answers {answer.status} {answer.body!r}"
    response = resolved(responses[str(answer.status)])
    media = response["content"][answer.headers["Content-Type"]]
    if "schema" in media:
        validator(schema_name(media["schema"]["$ref"])).validate(answer.json)
    if answer.status != 200:
        assert answer.msg in {resolved(example)["value"]["msg"] for example in media["examples"].values()}
    for header, content in response["headers"].items():
        assert header in answer.headers or not resolved(content).get("required")


@pytest.fixture
def ask(api: Any, screenplay: Any) -> Any:
    """Call an operation; with nothing else said, in a way that is answered 200."""
    made = api.call("POST", "/upload/signed-url", JSON_BODIES["createSignedUrl"]).data["signed_url"]
    ended, pending = api.submitted(require_json=True), api.submitted()
    screenplay.complete(ended)

    def send(name: str, content: bytes | None = None, content_type: str = "application/json", **ids: str) -> Any:
        known = {
            "task_id": pending if name == "cancelTask" else ended,
            "asset_id": "re_1",
            "token": urlsplit(made).path.rsplit("/", 1)[1],
        }
        method, path, _ = in_the_document()[name]
        target = api.base + path.format(**(known | ids))
        if content is None and name in {"uploadAsset", "storeAsset"}:
            return api.upload(MP4, path=target)
        if content is None and name in JSON_BODIES:
            content = json.dumps(JSON_BODIES[name]).encode()
        return api.send(method, target, content, **({} if content is None else {"Content-Type": content_type}))

    return send


def test_the_document_has_the_operations_of_the_server() -> None:
    document = {(name, method, path) for name, (method, path, _) in in_the_document().items()}
    assert document == {(name, row.method, template(row.path)) for name, row in ROWS.items()}


def test_exactly_what_takes_a_body_can_time_out_be_too_large_or_of_another_type() -> None:
    for status in ("408", "413", "415"):
        found = [name for name, (_, _, content) in in_the_document().items() if status in content["responses"]]
        assert sorted(found) == sorted(WITH_BODY)


def test_the_asset_operations_tell_of_the_other_paths() -> None:
    legacy = {row.id: template(row.path) for row in OPERATIONS if row.legacy}
    assert sorted(legacy) == sorted(OF_AN_ASSET)
    for name, path in legacy.items():
        description = in_the_document()[name][2]["description"]
        assert f"`{path}`" in description
        assert "`asset_paths: both`" in description


@pytest.mark.parametrize("name", ROWS)
def test_success_is_documented(ask: Any, name: str) -> None:
    answer = ask(name)
    assert answer.status == 200
    document_has(name, answer)


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_download_has_its_length(ask: Any, name: str) -> None:
    answer = ask(name)
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    header = resolved(resolved(in_the_document()[name][2]["responses"]["200"])["headers"]["Content-Length"])
    assert "always" in header["description"]


@pytest.mark.parametrize("name", WITH_BODY)
@pytest.mark.parametrize(("content_type", "status"), [("text/plain", 415), (None, 400)])
def test_a_wrong_body_is_documented(ask: Any, name: str, content_type: str | None, status: int) -> None:
    right = "application/json" if name in JSON_BODIES else "multipart/form-data; boundary=b"
    answer = ask(name, b"?", content_type or right)
    assert answer.status == status
    document_has(name, answer)


@pytest.mark.parametrize("name", JSON_BODIES)
def test_a_body_that_is_too_large_is_documented(ask: Any, name: str) -> None:
    answer = ask(name, b"[" * (2**20 + 1))
    assert answer.status == 413
    document_has(name, answer)


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("name", OF_A_TASK)
def test_an_unknown_task_is_documented(ask: Any, screenplay: Any, name: str, status: int) -> None:
    screenplay.use_dialect(not_found_status=status)
    answer = ask(name, task_id=UNKNOWN_TASK)
    assert answer.status == status
    document_has(name, answer)


@pytest.mark.parametrize("name", OF_AN_ASSET)
def test_an_unknown_asset_is_documented(ask: Any, name: str) -> None:
    answer = ask(name, asset_id="re_9")
    assert answer.status == 400
    document_has(name, answer)


def test_a_task_in_the_wrong_state_is_documented(ask: Any, api: Any, screenplay: Any) -> None:
    ended, running = api.submitted(), api.submitted()
    screenplay.complete(ended)
    screenplay.start(running)
    for name, task_id in (("cancelTask", ended), ("downloadTask", running)):
        answer = ask(name, task_id=task_id)
        assert answer.status == 400
        document_has(name, answer)


def test_a_signed_url_that_is_wrong_used_or_expired_is_documented(ask: Any, screenplay: Any) -> None:
    answers = [ask("storeAsset", token="0" * 64), ask("storeAsset"), ask("storeAsset")]
    another = ask("createSignedUrl").data["signed_url"].rsplit("/", 1)[1]
    screenplay.advance(93600)
    answers.append(ask("storeAsset", token=another))
    assert [answer.status for answer in answers] == [404, 200, 409, 403]
    for answer in answers:
        document_has("storeAsset", answer)


@pytest.mark.parametrize("name", WITH_KEY)
def test_a_missing_key_is_documented(ask: Any, api: Any, name: str) -> None:
    api.key = ""
    answer = ask(name)
    assert answer.status == 401
    document_has(name, answer)


@pytest.mark.parametrize("name", ["submitTask", *DOWNLOADS])
def test_an_empty_account_is_documented(ask: Any, screenplay: Any, name: str) -> None:
    screenplay.set_account(balance_micro_dollars=0)
    answer = ask(name)
    assert answer.status == 402
    document_has(name, answer)


@pytest.mark.parametrize("name", ROWS)
def test_a_disabled_account_is_documented(ask: Any, screenplay: Any, name: str) -> None:
    screenplay.set_account(disabled=True)
    answer = ask(name)
    assert (answer.status, answer.msg) == (403, "Forbidden")
    document_has(name, answer)


@pytest.mark.parametrize("status", [429, 400])
@pytest.mark.parametrize("name", ROWS)
def test_a_rate_limit_is_documented(ask: Any, screenplay: Any, name: str, status: int) -> None:
    screenplay.use_dialect(rate_limit=status)
    screenplay.set_account(rate_limit=1)
    ask(name)
    answer = ask(name)
    assert answer.status == status
    document_has(name, answer)


def test_the_example_of_the_violations_is_what_the_server_says(ask: Any) -> None:
    body = {**JSON_BODIES["submitTask"], "config": {"concurency": 100}}
    answer = ask("submitTask", json.dumps(body).encode())
    example = the_bundle()["components"]["headers"]["Violations"]["example"]
    assert answer.headers["X-Screenplay-Violations"] == example


@pytest.mark.parametrize("ending", ["completed", "failed"])
def test_the_example_of_a_callback_is_what_the_server_sends(api: Any, screenplay: Any, ending: str) -> None:
    task_id = api.submitted()
    _ = screenplay.webhook
    (screenplay.complete if ending == "completed" else screenplay.fail)(task_id)
    (delivery,) = screenplay.deliveries
    call = the_bundle()["webhooks"]["screenplayTaskEnded"]["post"]["requestBody"]["content"]["application/json"]
    examples = [call["examples"][ending]["value"], validator("callback").schema["examples"][ending == "failed"]]
    for example in examples:
        assert {**example, "data": None, "task_id": None} == {**delivery["payload"], "data": None, "task_id": None}
        assert example["data"].keys() == delivery["payload"]["data"].keys()
