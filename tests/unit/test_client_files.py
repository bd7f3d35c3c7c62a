"""What a client leaves in its folders, and where it should have left nothing."""

from __future__ import annotations

import os
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screenplay_contracts.client.files import MOST_OF_RESULT, OF_A_LIE, before, survey
from screenplay_contracts.client.folders import CANARY, Folders
from screenplay_contracts.client.output import Output
from screenplay_mock.lies import escapes

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-mai-0123456789abcdef"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    made = Folders(tmp_path / "client")
    made.make()
    return made


def test_the_result_is_told_apart_from_other_files(folders: Folders) -> None:
    earlier = before(folders)
    (folders.out / "result" / "sub").mkdir(parents=True)
    (folders.out / "result" / "sub" / "第一集.json").write_bytes(b"{}")
    (folders.out / "state.json").write_bytes(b"[1]")
    seen = survey(folders, earlier, KEY)
    assert seen.result == {"sub/第一集.json": b"{}"}
    assert (seen.others, seen.texts) == ({"state.json": 3}, {"state.json": b"[1]"})
    assert (seen.outside, seen.with_key, seen.links) == ((), (), {})


def test_a_result_without_files_is_there_and_none_is_not(folders: Folders) -> None:
    earlier = before(folders)
    assert survey(folders, earlier, KEY).result is None
    (folders.out / "result").write_bytes(b"not a folder")
    assert (survey(folders, earlier, KEY).result, survey(folders, earlier, KEY).others) == (None, {"result": 12})
    (folders.out / "result").unlink()
    (folders.out / "result").mkdir()
    assert survey(folders, earlier, KEY).result == {}


def test_what_is_written_or_changed_or_deleted_outside_is_named(folders: Folders) -> None:
    (folders.job / "job.json").write_bytes(b"{}")
    earlier = before(folders)
    assert survey(folders, earlier, KEY).outside == ()
    (folders.home / ".wget-hsts").touch()
    (folders.tmp / "x").touch()
    (folders.work / "x").touch()
    (folders.out.parent / "outside.txt").touch()
    (folders.above / CANARY).write_bytes(b"touched")
    (folders.job / "job.json").unlink()
    expected = {"home/.wget-hsts", "tmp/x", "work/x", "above/around/outside.txt", f"above/{CANARY}", "job/job.json"}
    assert set(survey(folders, earlier, KEY).outside) == expected


def test_a_file_that_is_replaced_by_one_of_the_same_size_is_named(folders: Folders) -> None:
    earlier = before(folders)
    path = folders.above / CANARY
    path.write_bytes(b"x" * path.stat().st_size)
    assert survey(folders, earlier, KEY).outside == (f"above/{CANARY}",)


def test_who_climbs_out_of_result_by_two_folders_is_still_caught(folders: Folders) -> None:
    earlier = before(folders)
    (folders.out / "result").mkdir()
    (folders.out / "result" / ".." / "outside.txt").touch()
    (folders.out / "result" / ".." / ".." / "outside.txt").touch()
    seen = survey(folders, earlier, KEY)
    assert (set(seen.others), seen.outside) == ({"outside.txt"}, ("above/around/outside.txt",))


def test_links_are_told_and_not_followed(folders: Folders) -> None:
    earlier = before(folders)
    (folders.home / "secret").write_text(KEY, "utf-8")
    (folders.out / "result").mkdir()
    (folders.out / "result" / "link").symlink_to("..")
    (folders.out / "loop").symlink_to(folders.root)
    seen = survey(folders, earlier, KEY)
    assert seen.links == {"result/link": "..", "loop": str(folders.root)}
    assert (seen.result, seen.others, seen.with_key) == ({}, {}, ("home/secret",))


def test_the_key_is_found_in_any_file_wherever_in_it(folders: Folders) -> None:
    earlier = before(folders)
    (folders.out / "result").mkdir()
    (folders.out / "result" / "x.json").write_bytes(b"x" * (2**20 - 5) + KEY.encode())
    (folders.out / "log").write_text(f"Authorization: {KEY}\n", "utf-8")
    (folders.tmp / "log").write_text(KEY, "utf-8")
    (folders.out / "clean").write_text(KEY[:-1], "utf-8")
    assert set(survey(folders, earlier, KEY).with_key) == {"result/x.json", "log", "tmp/log"}


def test_of_a_large_file_the_beginning_is_kept(folders: Folders) -> None:
    earlier = before(folders)
    (folders.out / "result").mkdir()
    (folders.out / "result" / "big").write_bytes(bytes(MOST_OF_RESULT + 1))
    (folders.out / "big").write_bytes(bytes(MOST_OF_RESULT))
    seen = survey(folders, earlier, KEY)
    assert seen.result == {"big": bytes(MOST_OF_RESULT)}
    assert (seen.others["big"], len(seen.texts["big"])) == (MOST_OF_RESULT, 65_536)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_opened(folders: Folders) -> None:
    earlier = before(folders)
    os.mkfifo(folders.out / "pipe")
    os.mkfifo(folders.home / "pipe")
    seen = survey(folders, earlier, KEY)
    assert (seen.others, seen.outside) == ({"pipe": 0}, ("home/pipe",))


def test_a_file_of_a_lie_elsewhere_is_named_and_removed(folders: Folders, tmp_path: Path) -> None:
    elsewhere = tmp_path / "outside.txt"
    elsewhere.write_bytes(OF_A_LIE + b" of an earlier run")
    earlier = before(folders, (str(elsewhere),))
    assert not elsewhere.exists()
    assert survey(folders, earlier, KEY).outside == ()
    elsewhere.write_bytes(OF_A_LIE + b" of this run")
    assert survey(folders, earlier, KEY).outside == (str(elsewhere),)
    assert not elsewhere.exists()


def test_a_file_of_somebody_else_elsewhere_is_left_alone(folders: Folders, tmp_path: Path) -> None:
    elsewhere = tmp_path / "outside.txt"
    elsewhere.write_bytes(b"mine")
    earlier = before(folders, (str(elsewhere),))
    assert survey(folders, earlier, KEY).outside == ()
    assert elsewhere.read_bytes() == b"mine"


def test_the_lies_of_the_fake_begin_as_we_look_for_them() -> None:
    assert b"".join(escapes._evidence("x").content()).startswith(OF_A_LIE)  # noqa: SLF001 - the two must not part


def test_what_is_written_is_weighed_and_links_weigh_nothing_of_their_targets(folders: Folders) -> None:
    empty = folders.written()
    (folders.out / "big").write_bytes(os.urandom(1_000_000))
    (folders.out / "link").symlink_to("big")
    assert 1_000_000 <= folders.written() - empty < 1_200_000


def test_folders_are_removed_even_if_the_client_has_closed_them(folders: Folders) -> None:
    (folders.out / "a" / "b").mkdir(parents=True)
    (folders.out / "a" / "b" / "c").touch()
    (folders.out / "a" / "b").chmod(0)
    (folders.out / "a").chmod(0o500)
    folders.remove()
    assert not folders.root.exists()


@given(st.lists(st.binary(max_size=30), max_size=30), st.integers(0, 20))
def test_output_is_kept_at_both_ends_and_the_rest_counted(pieces: list[bytes], most: int) -> None:
    output, every = Output(b"", most=most), b"".join(pieces)
    for piece in pieces:
        output.add(piece)
    kept = output.kept
    assert output.size == len(every)
    if len(every) <= 2 * most:
        assert kept == every
    else:
        left_out = len(every) - 2 * most
        assert kept == every[:most] + b"\n... %d bytes left out here ...\n" % left_out + every[len(every) - most :]


def found(text: bytes, key: str, piece: int = 7) -> bool:
    """Whether *key* is found in *text*, which comes in pieces."""
    output = Output(key.encode(), most=1)
    for begin in range(0, len(text), piece):
        output.add(text[begin : begin + piece])
    return output.has_canary


SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - nobody's
LONG_KEY = f"sk-mai-{SECRET}"


@pytest.mark.parametrize("before", ["", ":", "u:", "user:", "Bearer ", '{"key": "'])
def test_a_key_is_found_in_base64_whatever_stands_before_it(before: str) -> None:
    text = b64encode(f"{before}{LONG_KEY}{before}".encode())
    assert found(b"Authorization: Basic " + text, LONG_KEY)
    assert not found(text.swapcase(), LONG_KEY)


@pytest.mark.parametrize("text", [LONG_KEY[:-4] + "****", SECRET[:20], SECRET[12:], SECRET[6:26], f"...{SECRET[5:]}"])
def test_most_of_a_key_gives_it_away(text: str) -> None:
    assert found(text.encode(), LONG_KEY)
    assert found("".join(f"%{sign:02X}" for sign in text.encode()).encode(), LONG_KEY)


@pytest.mark.parametrize("text", [f"{LONG_KEY[:8]}…{LONG_KEY[-4:]}", SECRET[:19], SECRET[13:], SECRET[6:25], "sk-mai-"])
def test_a_mask_is_no_key(text: str) -> None:
    assert not found(text.encode(), LONG_KEY)
    assert not found(b64encode(text.encode()), LONG_KEY)


@given(st.text("ab", min_size=1, max_size=4), st.lists(st.text("ab", max_size=3), max_size=12))
def test_a_canary_is_found_across_pieces(canary: str, pieces: list[str]) -> None:
    output = Output(canary.encode(), most=1)
    for piece in pieces:
        output.add(piece.encode())
    assert output.has_canary == (canary in "".join(pieces))
