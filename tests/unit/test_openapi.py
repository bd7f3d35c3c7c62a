"""The OpenAPI document in one piece: valid, complete, and its examples and links keep it."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from screenplay_schemas import bundle, load, names
from screenplay_schemas.ecma import EcmaValidator, format_checker

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATIONS = {
    "submitTask": ("post", "/screenplay/tasks"),
    "getTask": ("get", "/screenplay/tasks/{task_id}"),
    "cancelTask": ("delete", "/screenplay/tasks/{task_id}"),
    "downloadTask": ("get", "/screenplay/tasks/{task_id}/download"),
    "uploadAsset": ("post", "/upload"),
    "createSignedUrl": ("post", "/upload/signed-url"),
    "storeAsset": ("post", "/storage/{token}"),
    "getAssetMetadata": ("get", "/{asset_id}/metadata"),
    "deleteAsset": ("delete", "/{asset_id}"),
    "downloadAsset": ("get", "/{asset_id}/download"),
}
LINKS = {
    "submitTask": {"getTask", "cancelTask", "downloadTask"},
    "getTask": {"cancelTask", "downloadTask"},
    "uploadAsset": {"submitTask", "getAssetMetadata", "deleteAsset", "downloadAsset"},
    "createSignedUrl": {"submitTask", "getAssetMetadata", "deleteAsset", "downloadAsset"},
}
ERRORS = {
    "submitTask": {"400", "401", "402", "403", "408", "409", "413", "415", "429", "500"},
    "getTask": {"400", "401", "403", "404", "429", "500"},
    "cancelTask": {"400", "401", "403", "404", "409", "429", "500"},
    "downloadTask": {"400", "401", "402", "403", "404", "429", "500"},
    "uploadAsset": {"400", "401", "403", "408", "413", "415", "429", "500"},
    "createSignedUrl": {"400", "401", "403", "408", "413", "415", "429", "500"},
    "storeAsset": {"400", "403", "404", "408", "409", "413", "415", "429", "500"},
    "getAssetMetadata": {"400", "401", "403", "429", "500"},
    "deleteAsset": {"400", "401", "403", "429", "500"},
    "downloadAsset": {"400", "401", "402", "403", "429", "500"},
}
# a schema of the fake's own files; whoever adds another one decides whether the document shows it
NOT_OF_THE_API = {"check-report", "scenario"}
# the vendor's own example stands in the document and in the schema
DOCUMENTED = {
    "submitTask": "submit-response",
    "getTask": "status-response",
    "cancelTask": "cancel-response",
    "uploadAsset": "upload-response",
    "createSignedUrl": "signed-url-response",
    "getAssetMetadata": "metadata-response",
    "deleteAsset": "delete-response",
}


@cache
def the_bundle() -> dict[str, Any]:
    return bundle()


def at(pointer: str, whole: Any) -> Any:
    """What *whole* has at a JSON pointer; KeyError or IndexError where there is nothing."""
    for part in pointer.removeprefix("#").split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        whole = whole[int(step)] if isinstance(whole, list) else whole[step]
    return whole


def resolved(node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        node = at(node["$ref"], the_bundle())
    return node


def operation(name: str) -> dict[str, Any]:
    method, path = OPERATIONS[name]
    found: dict[str, Any] = the_bundle()["paths"][path][method]
    return found


def parameters(name: str) -> set[str]:
    """The names of the path parameters of an operation; none of ours has others."""
    item = the_bundle()["paths"][OPERATIONS[name][1]]
    listed = [resolved(each) for each in [*item.get("parameters", []), *operation(name).get("parameters", [])]]
    assert all(each["in"] == "path" and each["required"] for each in listed)
    return {each["name"] for each in listed}


def responses(name: str) -> dict[str, Any]:
    return {status: resolved(response) for status, response in operation(name)["responses"].items()}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def media_types() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each JSON media type of a request, a response or a webhook, with where it stands."""
    calls = {name: operation(name) for name in OPERATIONS}
    calls |= {name: item["post"] for name, item in the_bundle()["webhooks"].items()}
    for name, call in calls.items():
        bodies = {"request": call.get("requestBody", {}), **call["responses"]}
        for place, body in bodies.items():
            for kind, media in resolved(body).get("content", {}).items():
                if kind == "application/json":
                    yield f"{name} {place}", media


def errors_of(schema: dict[str, Any], value: object) -> list[str]:
    """What a schema of the bundle has against *value*."""
    registry: Registry[Any] = Registry().with_resource("urn:bundle", DRAFT202012.create_resource(the_bundle()))
    checker = EcmaValidator({"$ref": f"urn:bundle{schema['$ref']}"}, registry=registry, format_checker=format_checker())
    return [error.message for error in checker.iter_errors(value)]


def test_the_document_is_valid_openapi_3_1() -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    assert [error.message for error in OpenAPIV31SpecValidator(the_bundle()).iter_errors()] == []

    broken = bundle()
    del broken["paths"]["/{asset_id}"]["parameters"]
    broken["components"]["schemas"]["Error"]["type"] = "objekt"
    assert len(list(OpenAPIV31SpecValidator(broken).iter_errors())) == 2


def test_the_document_is_json_and_a_fresh_copy() -> None:
    assert json.loads(json.dumps(the_bundle())) == bundle()  # no dates made by YAML, no numbers as keys
    assert the_bundle() is not bundle()


def test_every_reference_points_inside_and_to_something() -> None:
    found = set(references(the_bundle()))
    assert "#/components/schemas/SubmitRequest" in found
    for reference in found:
        assert reference.startswith("#/")
        assert at(reference, the_bundle()) is not None


def test_every_schema_file_of_the_api_is_a_component() -> None:
    components = the_bundle()["components"]["schemas"]
    in_camel_case = {name.title().replace("-", ""): name for name in names() if name not in NOT_OF_THE_API}
    assert set(components) == set(in_camel_case)
    assert list(components) == sorted(components)
    for component, name in in_camel_case.items():
        assert not {"$id", "$schema"} & set(components[component])
        assert components[component]["title"] == load(name)["title"]


def test_the_operations_are_those_that_are_fixed() -> None:
    found = {
        call["operationId"]: (method, path)
        for path, item in the_bundle()["paths"].items()
        for method, call in item.items()
        if method != "parameters"
    }
    assert found == OPERATIONS
    assert the_bundle()["servers"][0]["url"] == "/serve/api/v2"


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    call = operation(name)
    assert call["summary"]
    assert call["description"]
    assert call["x-source"].startswith("vendor page: ")
    assert set(call["tags"]) < {tag["name"] for tag in the_bundle()["tags"]}


def test_the_key_is_sent_as_it_is() -> None:
    assert the_bundle()["security"] == [{"apiKey": []}]
    scheme = the_bundle()["components"]["securitySchemes"]["apiKey"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    without_key = {name for name in OPERATIONS if operation(name).get("security") == []}
    assert without_key == {"storeAsset"}  # the signed URL is the permission


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_names_its_errors(name: str) -> None:
    assert set(responses(name)) == {"200"} | ERRORS[name]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_may_tell_what_the_request_broke(name: str) -> None:
    for response in responses(name).values():
        assert resolved(response["headers"]["X-Screenplay-Violations"])["schema"]["type"] == "string"


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_code_of_an_error_is_the_http_status(name: str) -> None:
    for status in ERRORS[name]:
        media = responses(name)[status]["content"]["application/json"]
        assert media["schema"] == {"$ref": "#/components/schemas/Error"}
        assert media["examples"]
        for example in media["examples"].values():
            assert resolved(example)["value"]["code"] == int(status)


@pytest.mark.parametrize("name", ["downloadTask", "downloadAsset"])
def test_a_download_names_its_file_and_its_size(name: str) -> None:
    answer = responses(name)["200"]
    assert {"Content-Disposition", "Content-Length"} < set(answer["headers"])
    assert "application/json" not in answer["content"]


@pytest.mark.parametrize(("place", "media"), [pytest.param(*found, id=found[0]) for found in media_types()])
def test_every_example_keeps_its_schema(place: str, media: dict[str, Any]) -> None:
    assert media["examples"], place
    for example in media["examples"].values():
        assert errors_of(media["schema"], resolved(example)["value"]) == []
        assert errors_of(media["schema"], []) != []


def test_a_broken_example_would_be_seen() -> None:
    schema = {"$ref": "#/components/schemas/StatusResponse"}
    running = {"task_id": "ros-sd-1", "status": "running"}
    answer = {"code": 200, "msg": "success", "data": running, "success": True, "failed": False}
    assert errors_of(schema, answer) == ["'progress' is a required property"]


@pytest.mark.parametrize(("name", "schema"), DOCUMENTED.items())
def test_the_documented_example_is_the_same_in_both_places(name: str, schema: str) -> None:
    media = responses(name)["200"]["content"]["application/json"]
    assert resolved(media["examples"]["documented"])["value"] == load(schema)["examples"][0]


def filled(node: Any, example: Any) -> Any:
    """The value of a link's expressions, wherever they stand in *node*, for the answer *example*."""
    if isinstance(node, dict):
        return {key: filled(value, example) for key, value in node.items()}
    if isinstance(node, str) and node.startswith("$"):
        assert node.startswith("$response.body#/")
        return at(node.removeprefix("$response.body"), example)
    return node


def links() -> Iterator[tuple[str, str, dict[str, Any], list[Any]]]:
    """Each link: the operation that has it, its name, itself, and the examples of the answer."""
    for name in OPERATIONS:
        for answer in responses(name).values():
            examples = [
                resolved(example)["value"]
                for media in answer["content"].values()
                for example in media.get("examples", {}).values()
            ]
            for link, content in answer.get("links", {}).items():
                yield name, link, resolved(content), examples


def test_the_links_are_those_that_make_sense() -> None:
    found: dict[str, set[str]] = {}
    for name, link, _, _ in links():
        found.setdefault(name, set()).add(link)
    assert found == LINKS


@pytest.mark.parametrize(
    ("name", "link", "content", "examples"),
    [pytest.param(*each, id=f"{each[0]}-{each[1]}") for each in links()],
)
def test_a_link_leads_to_a_call_that_is_valid(
    name: str, link: str, content: dict[str, Any], examples: list[Any]
) -> None:
    assert content["operationId"] == link != name
    assert set(content.get("parameters", {})) == parameters(link)
    assert examples
    for example in examples:
        assert all(filled(content.get("parameters", {}), example).values())
        if "requestBody" in content:
            media = operation(link)["requestBody"]["content"]["application/json"]
            assert errors_of(media["schema"], filled(content["requestBody"], example)) == []
        else:
            assert "requestBody" not in operation(link)


def test_the_webhook_is_the_callback() -> None:
    call = the_bundle()["webhooks"]["screenplayTaskEnded"]["post"]
    assert call["x-source"].startswith("vendor page: ")
    schema = call["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Callback"}
