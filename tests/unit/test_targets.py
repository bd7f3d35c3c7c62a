"""Which server a run is about: what is a URL of one, what a header can carry, whose certificates are trusted."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from screenplay_contracts.server import trust
from screenplay_contracts.server.budget import Budget
from screenplay_contracts.server.fuzzing.configuration import configuration
from screenplay_contracts.server.magic import word
from screenplay_contracts.server.target import Target, is_graphic, problem_with

BASE_URL = "http://127.0.0.1:8787/serve/api/v2"


@pytest.mark.parametrize(
    "url", [BASE_URL, "https://mavi-backend.memories.ai/serve/api/v2/", "http://[::1]:1", "HTTP://a"]
)
def test_a_url_of_a_server_is_one(url: str) -> None:
    assert problem_with(url) is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "is no URL"),
        ("mavi", "is no URL"),
        ("127.0.0.1:8787", "is no URL"),
        ("http:///serve", "is no URL"),
        ("ftp://127.0.0.1/a", "is no URL"),
        ("http://[::1/x", "is no URL"),
        ("http://127.0.0.1:abc/x", "is no URL"),
        ("http://127.0.0.1:70000/x", "is no URL"),
        ("http://127.0.0.1:0/x", "is no URL"),
        ("http://a:b@127.0.0.1/x", "has a user"),
        ("http://127.0.0.1/x?", "has a query"),
        ("http://127.0.0.1/x#a", "has a query"),
        ("http://127.0.0.1/a b", "no URL may have"),
        ("http://127.0.0.1/a\n", "no URL may have"),
        ("http://127.0.0.1/é", "no URL may have"),
    ],
)
def test_what_is_no_url_of_a_server_is_told(url: str, problem: str) -> None:
    assert problem in (problem_with(url) or "")


@pytest.mark.parametrize("text", ["a b", "a\n", "a\0", "é", "\x7f", " a"])
def test_what_no_header_carries_is_not_graphic(text: str) -> None:
    assert not is_graphic(text)
    assert is_graphic("sk-mai-!~")


def test_the_words_of_magic_keys_are_known_wherever_they_stand() -> None:
    assert [word(key) for key in ("sk-invalid", "xBROKEx", "disabled", "sk-mai-check")] == [
        "invalid",
        "broke",
        "disabled",
        None,
    ]


def test_the_first_variable_that_is_set_says_whom_all_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(BASE_URL, "sk-mai-a", budget=Budget(None))
    for ours, theirs, wanted in (("a.pem", "b.pem", "a.pem"), ("", "b.pem", "b.pem")):
        monkeypatch.setenv("SSL_CERT_FILE", ours)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", theirs)
        assert trust.authorities() == wanted
        assert configuration(target, "sk-mai-a", seed=0, max_examples=1)["tls-verify"] == wanted


def test_without_a_variable_there_are_authorities_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in trust.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert Path(trust.authorities()).exists()
    assert trust.context().verify_mode is ssl.CERT_REQUIRED
