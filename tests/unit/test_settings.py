"""Reading settings: what texts mean, where things stand in a settings file, and the defaults."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from screenplay_mock.commands import values
from screenplay_mock.commands.serve import serve, settings_from
from screenplay_mock.core.dialect import DIALECTS
from screenplay_mock.settings import Settings
from screenplay_mock.settings_file import SettingsFileError, read

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = {"port": False, "seed": False, "journal-max": False, "strict": False, "keys": True}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes | str], Path]:
    """Write the settings file of the current folder."""
    monkeypatch.chdir(tmp_path)

    def written(content: bytes | str) -> Path:
        path = Path("s.toml")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def test_the_defaults_of_the_options_are_those_of_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings_from(given()) == Settings()


def test_values_are_the_text_that_they_would_be_on_the_command_line(file: Callable[[str], Path]) -> None:
    found = read(file('port = 8_787\nseed = "7"\nstrict = true\nkeys = ["a", 1]\n'), OPTIONS)
    assert found.values == {"port": "8787", "seed": "7", "strict": "true", "keys": ["a", "1"]}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("port=1", "s.toml:1:6"),
        ("# first\n\n  port = 1 # it\n", "s.toml:3:10"),
        ("keys = [\n  'port = 2',\n]\nport = 1", "s.toml:4:8"),
        ('seed = """\nport = 2\n"""\n"port" = 1', "s.toml:4:10"),
        ("seed = 1\r\nport = 1\r\n", "s.toml:2:8"),
        ("\ufeffport = 1", "s.toml:1:8"),
        ('"p\\u006frt" = 1', "s.toml:1:15"),
    ],
)
def test_the_place_of_a_value_is_known(file: Callable[[str], Path], text: str, place: str) -> None:
    assert read(file(text), OPTIONS).place("port") == place


def test_an_underscore_is_a_dash(file: Callable[[str], Path]) -> None:
    found = read(file("journal_max = 5"), OPTIONS)
    assert (found.values, found.place("journal-max")) == ({"journal-max": "5"}, "s.toml:1:15")


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("prot = 1\nsed = 1", ["s.toml:1:1: there is no setting 'prot'", "s.toml:2:1: there is no setting 'sed'"]),
        ("[serve]\nport = 1", ["s.toml:1:1: there is no setting 'serve'"]),
        ("seed = 1\n [port]\nseed = 2", ["s.toml:2:2: port is one value, not a table"]),
        ("a.b = 1", ["s.toml:1:1: there is no setting 'a'"]),
        ("port = [1]", ["s.toml:1:1: port is one value, not a list"]),
        ("keys = [[1]]", ["s.toml:1:1: keys is a list of values, not"]),
        ("journal-max = 1\njournal_max = 2", ["s.toml:2:1: journal-max is given twice"]),
        ("port = 1\nport = 2", ["s.toml:2:9: not TOML"]),
        ("keys = [", ["s.toml:1:9: not TOML"]),
        ("port = 1\nseed = " + "9" * 5_000, ["s.toml: not TOML: a number has too many digits"]),
        ("keys = " + "[" * 10_000, ["s.toml: lists within lists"]),
        (b"port = 1\nseed = '\xc3\xa4\xff'", ["s.toml:2:10: the byte 0xff is not UTF-8"]),
        ("#" * 70_000, ["s.toml is larger than 64 KiB"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_every_problem_has_its_place(
    file: Callable[[bytes | str], Path], content: bytes | str, problems: list[str]
) -> None:
    with pytest.raises(SettingsFileError) as caught:
        read(file(content), OPTIONS)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(problems)
    assert [line[: len(problem)] for line, problem in zip(lines, problems, strict=True)] == problems


def test_an_unknown_setting_gets_the_nearest_name(file: Callable[[str], Path]) -> None:
    with pytest.raises(SettingsFileError, match="did you mean 'port'"):
        read(file("prot = 1"), OPTIONS)


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (values.whole(least=0, most=65_535), "0", 0),
        (values.whole(least=0, most=65_535), "65535", 65_535),
        (values.whole(), "-7", -7),
        (values.whole(), "9" * 100, int("9" * 100)),
        (values.host_name, "Mock_1.Test", "mock_1.test"),
        (values.host_name, "[::1]", "::1"),
        (values.host_names, ["a, b", "10.0.0.1"], ("a", "b", "10.0.0.1")),
        (values.keys, ["any"], None),
        (values.keys, ["a, b", "c"], frozenset("abc")),
        (values.dialect, "legacy", DIALECTS["legacy"]),
        (values.clock, "poll:30s", "poll:30s"),
    ],
)
def test_a_text_is_read(reader: Callable[[Any], Any], text: str | list[str], value: Any) -> None:
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text", "way_out"),
    [
        (values.whole(least=0, most=65_535), "65536", "from 0 to 65535"),
        (values.whole(least=1), "0", "from 1 up"),
        *((values.whole(), text, "whole number") for text in ("", "1.5", "1_0", " 1", "٣", "9" * 5_000)),
        *((values.host_name, text, "the name or the address alone") for text in ("", "http://a", "a:80", "a b", "ä")),
        (values.keys, ["a,any"], "'any' alone"),
        (values.keys, [], "'any' alone"),
        *((values.keys, [text], "visible ASCII") for text in ("", "a,,b", "a b", "é")),
        (values.token, "", "visible ASCII"),
        (values.dialect, "lively", "did you mean 'live'?"),
        (values.one_of(["text", "json"]), "xml", "there are: text, json"),
        (values.clock, "x0", "x60"),
    ],
)
def test_a_wrong_text_is_told_what_is_right(reader: Callable[[Any], Any], text: str | list[str], way_out: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is looked at below
        reader(text)
    assert way_out in str(caught.value)


SECRET: list[tuple[Callable[[Any], Any], Any]] = [(values.keys, ["sk-secret x"]), (values.token, "sk-secret x")]


def test_a_message_about_a_secret_does_not_repeat_it() -> None:
    for reader, text in SECRET:
        with pytest.raises(ValueError, match="visible ASCII") as caught:
            reader(text)
        assert "secret" not in str(caught.value)


def given(*arguments: str) -> dict[str, Any]:
    return serve.make_context("serve", list(arguments)).params


def test_a_flag_switches_off_what_the_file_or_the_environment_switches_on(
    file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(file("strict = true"))
    monkeypatch.setenv("SCREENPLAY_MOCK_QUIET", "1")
    assert given("--config", path) | {"strict": True, "quiet": True} == given("--config", path)
    off = given("--config", path, "--no-strict", "--no-quiet")
    assert (off["strict"], off["quiet"]) == (False, False)


def test_an_empty_environment_variable_is_none(file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(file("seed = 5"))
    monkeypatch.setenv("SCREENPLAY_MOCK_SEED", "")
    monkeypatch.setenv("SCREENPLAY_MOCK_SCENARIO", "")
    assert settings_from(given("--config", path)).defaults.seed == 5


def test_the_source_of_a_bad_value_is_the_one_that_won(
    file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(file("seed = 'x'"))
    for variable, source in ((None, "'seed' at s.toml:1:8"), ("y", "SCREENPLAY_MOCK_SEED")):
        if variable is not None:
            monkeypatch.setenv("SCREENPLAY_MOCK_SEED", variable)
        with pytest.raises(click.BadParameter) as caught:
            given("--config", path)
        assert source in caught.value.format_message()
    with pytest.raises(click.BadParameter) as caught:
        given("--config", path, "--seed", "z")
    assert "'--seed': 'z'" in caught.value.format_message()
