"""The operations on assets, through the real server."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

import pytest

from screenplay_mock.media import probe, tiny_mp4
from screenplay_schemas import validator

MP4 = b"".join(tiny_mp4(61_500, 4_000))
KEY = "sk-mai-0123456789abcdef"


def test_an_uploaded_video_can_be_seen_submitted_and_downloaded(api: Any, screenplay: Any) -> None:
    answer = api.upload(MP4, "第1集.mp4")
    validator("upload-response").validate(answer.json)
    asset_id = answer.data["asset_id"]
    assert asset_id.startswith("re_9")

    metadata = api.call("GET", f"/{asset_id}/metadata")
    validator("metadata-response").validate(metadata.json)
    (resource,) = metadata.data["resource"]
    expected = {"asset_id": asset_id, "extension": "mp4", "file_size": "4000", "upload_status": "SUCCESS"}
    assert {name: resource[name] for name in expected} == expected
    assert resource["original_filename"] == "第1集.mp4"

    submitted = api.submit(asset_id)
    assert submitted.data["total_duration_seconds"] == 61.5
    download = api.call("GET", f"/{asset_id}/download")
    assert download.body == MP4
    assert download.headers["Content-Type"] == "video/mp4"
    assert "filename*=UTF-8''%E7%AC%AC1%E9%9B%86.mp4" in download.headers["Content-Disposition"]
    assert [charge["kind"] for charge in screenplay.account["charges"]] == ["submit", "asset_download"]


def test_bytes_without_a_known_header_count_as_what_their_name_says(api: Any) -> None:
    first = api.upload(b"not really a video", "a.mp4").data["asset_id"]
    again = api.upload(b"not really a video", "b.mp4").data["asset_id"]
    assert first != again
    durations = [api.submit(asset).data["total_duration_seconds"] for asset in (first, again)]
    assert durations[0] == durations[1]
    assert 0 < durations[0] < 300


def test_a_text_file_can_be_uploaded_but_not_submitted(api: Any) -> None:
    asset_id = api.upload(b"hello", "notes.txt").data["asset_id"]
    assert api.submit(asset_id).msg == "Asset is not a video"


def test_a_signed_url_takes_the_content_once_without_a_key(api: Any, screenplay: Any) -> None:
    answer = api.call("POST", "/upload/signed-url", {"original_filename": "video.mp4"})
    validator("signed-url-response").validate(answer.json)
    assert answer.data["expires_in"] == 93600
    asset_id, path = answer.data["asset_id"], urlsplit(answer.data["signed_url"]).path
    assert api.call("GET", f"/{asset_id}/metadata").data["resource"][0]["upload_status"] == "WAITING"
    assert "WAITING" in api.submit(asset_id).msg

    key, api.key = api.key, ""
    stored = api.upload(MP4, path=path)
    assert (stored.status, stored.data) == (200, {"asset_id": asset_id})
    assert api.upload(MP4, path=path).status == 409
    api.key = key
    assert api.call("GET", f"/{asset_id}/metadata").data["resource"][0]["upload_status"] == "SUCCESS"
    assert [one["operation"] for one in screenplay.requests].count("storeAsset") == 2


def test_a_signed_url_expires_on_the_clock_of_its_sandbox(api: Any, screenplay: Any) -> None:
    path = urlsplit(api.call("POST", "/upload/signed-url", {"original_filename": "a.mp4"}).data["signed_url"]).path
    screenplay.advance(93600)
    answer = api.upload(MP4, path=path)
    assert answer.status == 403
    validator("error").validate(answer.json)
    assert api.upload(MP4, path=f"{api.base}/storage/{'0' * 64}").status == 404


@pytest.mark.screenplay(scenario={"uploads": {"ready_after": "30s"}})
def test_an_upload_is_processed_before_it_is_ready(api: Any, screenplay: Any) -> None:
    asset_id = api.upload(MP4).data["asset_id"]
    assert api.submit(asset_id).msg == "Asset is not ready, current upload status: UPLOADING"
    screenplay.advance(30)
    assert api.submit(asset_id).status == 200


@pytest.mark.parametrize("asset_id", ["re_abc001", "re_657739295220518912"])
def test_an_asset_that_nobody_uploaded_is_there_until_it_is_deleted(api: Any, asset_id: str) -> None:
    (resource,) = api.call("GET", f"/{asset_id}/metadata").data["resource"]
    content = api.call("GET", f"/{asset_id}/download").body
    assert len(content) == int(resource["file_size"])
    seconds = api.submit(asset_id).data["total_duration_seconds"]
    assert probe(io.BytesIO(content), "x").duration == seconds * 1000

    deleted = api.call("DELETE", f"/{asset_id}")
    validator("delete-response").validate(deleted.json)
    assert deleted.status == 200
    for answer in (
        api.call("GET", f"/{asset_id}/metadata"),
        api.call("GET", f"/{asset_id}/download"),
        api.call("DELETE", f"/{asset_id}"),
        api.submit(asset_id),
    ):
        assert (answer.status, answer.msg) == (400, "Asset not found")


def test_an_asset_of_another_key_does_not_exist(api: Any, another_api: Any) -> None:
    asset_id = api.upload(MP4).data["asset_id"]
    assert another_api("other").submit(asset_id).msg == "Asset not found"


@pytest.mark.screenplay(scenario={"assets": "strict"})
def test_a_strict_scenario_knows_only_what_was_uploaded(api: Any) -> None:
    assert api.submit("re_abc001").msg == "Asset not found"
    assert api.submit(api.upload(MP4).data["asset_id"]).status == 200


def test_what_is_not_multipart_or_has_no_file_is_refused(api: Any) -> None:
    upload = f"{api.base}/upload"
    assert api.send("POST", upload, b"x", Content_Type="video/mp4").status == 415
    assert api.send("POST", upload, b"x", Content_Type="multipart/form-data").status == 400
    part = b'--b\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nx\r\n--b--\r\n'
    answer = api.send("POST", upload, part, Content_Type="multipart/form-data; boundary=b")
    assert (answer.status, answer.violations) == (400, ["body/unknown-part", "body/missing-part"])


@pytest.mark.parametrize("body", [{}, {"original_filename": ""}, {"original_filename": 3}, []])
def test_a_signed_url_needs_a_file_name(api: Any, body: Any) -> None:
    assert api.call("POST", "/upload/signed-url", body).status == 400


def test_the_clients_path_of_assets_exists_where_the_dialect_says_so(api: Any) -> None:
    assert api.call("DELETE", "/asset/re_1").status == 404
    assert api.call("GET", "/asset/re_1").status == 404
    api.admin("PUT", "/dialect", {"asset_paths": "both"})
    assert api.call("GET", "/asset/re_1/download").status == 200
    assert api.call("GET", "/asset/re_1").status == 405
    assert api.call("DELETE", "/asset/re_1").status == 200


@pytest.mark.parametrize(("length", "status"), [(255, 200), (256, 400), (900_000, 400)])
def test_a_file_name_has_at_most_255_characters(api: Any, length: int, status: int) -> None:
    answer = api.call("POST", "/upload/signed-url", {"original_filename": "x" * length})
    assert answer.status == status
    assert answer.violations == ([] if status == 200 else ["schema/maxLength"])


@pytest.mark.parametrize(("length", "violations"), [(255, []), (256, ["body/filename"])])
def test_the_file_name_of_an_upload_has_at_most_255_characters(api: Any, length: int, violations: list[str]) -> None:
    answer = api.upload(MP4, "x" * length)
    assert (answer.status, answer.violations) == (400 if violations else 200, violations)
