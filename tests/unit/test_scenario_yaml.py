"""How the YAML of a scenario is read: what is text, where it stands, what is not read at all, and the bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.scenario import Stuck
from screenplay_mock.scenarios import load_file
from screenplay_mock.scenarios.yaml_source import DEEPEST, LARGEST, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Told = Callable[[str | bytes], str]

# scalars as they are written in YAML, what is read
SCALARS: dict[str, Any] = {
    "on": "on",
    "no": "no",
    "Yes": "Yes",
    "010": "010",
    "1_000": "1_000",
    "0x1f": "0x1f",
    "1:30": "1:30",
    "2026-03-13": "2026-03-13",
    "2026-03-13T10:00:00Z": "2026-03-13T10:00:00Z",
    ".inf": ".inf",
    ".nan": ".nan",
    "=": "=",
    "1.2.3": "1.2.3",
    '"5"': "5",
    "'true'": "true",
    "true": True,
    "False": False,
    "null": None,
    "~": None,
    "": None,
    "0": 0,
    "-7": -7,
    "+7": 7,
    "2.50": 2.5,
    ".5": 0.5,
    "1e3": 1000.0,
    "1e-6": 1e-6,
    "9" * 18: 10**18 - 1,
    "9" * 5000: math.inf,  # Python refuses to read so many digits as an integer
    "|-\n  on\n  off": "on\noff",
}


# YAML that is not read, and what is said of it
NOT_READ: tuple[tuple[str, str], ...] = (
    ("name: x\nassets: strict\nname: y", "3:1: name: is given twice, first on line 1; keep one"),
    ("tasks: {outcome: failed, outcome: stuck}", "1:26: tasks.outcome: is given twice, first on line 1; keep one"),
    (
        "name: &a x\ndescription: *a",
        "2:14: description: the alias *a is not read; write the value out",
    ),
    ("*a : x", "1:1: the alias *a is not read; write the value out"),
    ("name: !!str 5", "1:7: name: a tag (the word after !) is not read; remove it"),
    ("!!map {name: x}", "1:1: a tag (the word after !) is not read; remove it"),
    ("name: !!python/object:os.system x", "1:7: name: a tag (the word after !) is not read; remove it"),
    ("!!str name: x", "1:1: a tag (the word after !) is not read; remove it"),
    ("? [name]\n: x\n", "1:3: a key is text, not a list or a mapping"),
    ("name: x\n---\nname: y", "2:1: a second document begins here; a file holds one scenario"),
)

# not YAML at all: the text, the place and the beginning of the message; the rest is the parser's
NOT_YAML: tuple[tuple[str, str], ...] = (
    ("name: x\ntasks: a: b", "2:9: not YAML: mapping values are not allowed"),
    ("tasks:\n\tassets: strict", r"2:1: not YAML: '\t' cannot stand here; indent with spaces"),
    ("name: @x", "1:7: not YAML: '@' cannot stand here; put the value in quotes"),
    ("name: 'x", "1:9: not YAML: "),
    ("tasks: [1s,\n  a: b: c]", "2:7: not YAML: "),
)


def test_a_byte_order_mark_and_crlf_do_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"\xef\xbb\xbfname: x\r\ntasks:\r\n  outcome: stuck\r\n")
    assert load_file(file).tasks.outcome == Stuck()


@pytest.mark.parametrize(("written", "value"), SCALARS.items(), ids=lambda each: repr(each)[:30])
def test_only_json_is_more_than_text(written: str, value: Any) -> None:
    data = read(f"key: {written}\n".encode(), "x.yaml").data
    assert data == {"key": value}
    assert type(data["key"]) is type(value)


def test_keys_stay_as_they_are_written() -> None:
    assert list(read(b"on: 1\n010: 2\n~: 3\n1.50: 4\n", "x.yaml").data) == ["on", "010", "~", "1.50"]


def test_every_value_and_key_has_its_line_and_column() -> None:
    document = read(b"# first\nwebhook:\n  retries:\n  - 5s\n  - 1m\nname: x\n", "x.yaml")
    assert document.values == {
        (): (2, 1),
        ("webhook",): (3, 3),
        ("webhook", "retries"): (4, 3),
        ("webhook", "retries", 0): (4, 5),
        ("webhook", "retries", 1): (5, 5),
        ("name",): (6, 7),
    }
    assert document.keys == {("webhook",): (2, 1), ("webhook", "retries"): (3, 3), ("name",): (6, 1)}


@pytest.mark.parametrize(("written", "problem"), NOT_READ)
def test_what_is_not_read_is_told_with_its_place(written: str, problem: str, told: Told) -> None:
    assert told(written) == problem


@pytest.mark.parametrize(("written", "beginning"), NOT_YAML)
def test_what_is_not_yaml_is_told_with_its_place(written: str, beginning: str, told: Told) -> None:
    assert told(written).startswith(beginning)


def test_what_an_open_bracket_leaves_open_is_told_with_the_line_where_it_began(told: Told) -> None:
    assert told("tasks: [1s,\n  2s\nname: x\n").endswith("that begins on line 1")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"name: a\xff", "1:8: the byte 0xff is not UTF-8; save the file as UTF-8"),
        ("name: \u00e9\u00e9".encode() + b"\xc3", "1:9: the byte 0xc3 is not UTF-8; save the file as UTF-8"),
        ("{}".encode("utf-16"), "1:1: the byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"name: x\n\xc3\xa9: \x07", "2:4: the character U+0007 may not stand in YAML; remove it"),
        (b"a: \xef\xbb\xbf", "1:4: the character U+FEFF may not stand in YAML; remove it"),
    ],
)
def test_what_is_not_text_is_told_with_its_place(raw: bytes, problem: str, told: Told) -> None:
    assert told(raw) == problem


def test_a_file_of_more_than_a_mebibyte_is_not_read(told: Told, tmp_path: Path) -> None:
    fits = b"name: x\n#"
    largest = tmp_path / "largest.yaml"
    largest.write_bytes(fits.ljust(LARGEST, b"x"))
    assert load_file(largest).name == "x"
    assert told(fits.ljust(LARGEST + 1, b"x")) == ("is larger than 1 MiB, the most that is read; is it a scenario?")


@pytest.mark.parametrize("depth", [DEEPEST + 2, 50_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "{", "[{a: "])
def test_nesting_is_bounded(opening: str, depth: int, told: Told) -> None:
    said = told(opening * depth)
    assert said.endswith(f"more than {DEEPEST} lists and mappings are within one another; no scenario needs them")


def test_as_many_levels_as_are_allowed_are_read() -> None:
    data = read(b"[" * DEEPEST + b"]" * DEEPEST, "x.yaml").data
    for _ in range(DEEPEST - 1):
        (data,) = data
    assert data == []


def test_an_alias_bomb_does_not_go_off(told: Told) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    said = told("\n".join(lines)).splitlines()
    assert len(said) == 9 * 29 + 30  # every alias, and every key
