"""A key is in nothing that is written down, however it is written; what holds no key is not touched."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from urllib.parse import quote

import pytest

from screenplay_contracts.exchange import is_secret, masked, redacted, unmasked, url_without, without

KEY = "sk-mai-0123456789"
ODD = 'sk/mai+"短"'


@pytest.mark.parametrize(
    "form",
    [
        ODD,
        quote(ODD, safe=""),
        json.dumps(ODD)[1:-1],
        json.dumps(ODD, ensure_ascii=False)[1:-1],
        json.dumps(ODD)[1:-1].replace("/", r"\/"),
    ],
)
def test_a_key_is_found_in_every_form_that_urls_and_json_give_it(form: str) -> None:
    assert without(f"<{form}>", ODD) == "<[redacted]>"
    assert masked(f"<{form}>".encode(), ODD).startswith(b"<[redacted]")
    assert unmasked(masked(f"<{form}>".encode(), ODD).decode(), ODD) == f"<{form}>"


def test_a_key_with_a_line_end_is_found_without_it() -> None:
    assert without(f"ValueError: Invalid header value b'{KEY}\\n'", f"{KEY}\n") == (
        "ValueError: Invalid header value b'[redacted]\\n'"
    )


def test_a_body_keeps_its_size_and_every_byte_beside_the_key() -> None:
    body = f'{{"msg": "no key {KEY}, nor {KEY}-check-1"}}'.encode()
    assert masked(body, KEY, f"{KEY}-check-1") == (
        b'{"msg": "no key [redacted]*******, nor [redacted]***************"}'
    )
    assert masked(b"PK\xff" + KEY.encode() + b"\x00\xfe", KEY) == b"PK\xff[redacted]*******\x00\xfe"


def test_a_body_without_a_key_is_the_same_body() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", f'{{"a": "{KEY}"}}')
    for body in (b"", b"\xff\xfe\x00", gzip.compress(KEY.encode()), packed.getvalue(), b'{"msg": "sk-mai-"}'):
        assert masked(body, KEY) == body


@pytest.mark.parametrize("key", ["", "k", "abc", "data", "task", "task_id", "2026", "0000", "screenplay"])
def test_what_is_short_or_a_word_of_the_contract_is_only_redacted_where_keys_belong(key: str) -> None:
    body = b'{"code": "0000", "msg": "kabc", "data": {"task_id": "ros-sd-20260313", "mode": "screenplay"}}'
    assert masked(body, key) == body
    assert without(body.decode(), key) == body.decode()
    headers = redacted([("Authorization", key or "x"), ("Content-Type", f"application/{key}")], key)
    assert headers == (("Authorization", "[redacted]"), ("Content-Type", f"application/{key}"))


def test_keys_as_the_vendor_gives_them_are_secrets() -> None:
    assert is_secret(KEY)
    assert is_secret("sk-mai-check")
    assert is_secret("ab12")


def test_the_name_of_a_header_is_redacted_too() -> None:
    assert redacted([(f"X-{KEY}", "1")], KEY) == (("X-[redacted]", "1"),)


def test_the_origin_of_a_url_stays_so_that_it_is_a_url() -> None:
    assert url_without("http://local1:8787/a?key=local1", "local1") == "http://local1:8787/a?key=[redacted]"
    assert url_without("/a/local1", "local1") == "/a/[redacted]"
