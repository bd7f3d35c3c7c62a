"""Ids look random, never meet, and are the same whenever seed, key and count are."""

from __future__ import annotations

import re
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay_mock.core.identity import asset_id, foreign_ids, fraction, task_id, task_identity, upload_token

quick = settings(max_examples=100, deadline=None)

seeds = st.integers(0, 2**64)
keys = st.text(max_size=30)
counts = st.integers(1, 2**31)
MANY = 20_000


def everything(seed: int, key: str, count: int) -> str:
    """All that is drawn for one count, as one text."""
    drawn = (task_identity(seed, key, count), asset_id(seed, key, count), upload_token(seed, key, count))
    return repr((*drawn, fraction(seed, key, count)))


def test_no_two_of_twenty_thousand_tasks_share_an_id() -> None:
    drawn = [task_identity(7, "sk-mai-a", count) for count in range(1, MANY + 1)]
    assert len({identity.suffix for identity in drawn}) == MANY
    assert len({identity.request_id for identity in drawn}) == MANY
    assert len({identity.plan_seed for identity in drawn}) == MANY
    assert len({identity.result_seed for identity in drawn}) == MANY


def test_no_two_of_twenty_thousand_uploads_share_an_id_or_a_token() -> None:
    assert len({asset_id(7, "sk-mai-a", count) for count in range(1, MANY + 1)}) == MANY
    assert len({upload_token(7, "sk-mai-a", count) for count in range(1, MANY + 1)}) == MANY


def test_counts_that_are_far_apart_share_no_id_either() -> None:
    for seed in range(50):
        near, far = 1, 1 + 2**31
        assert task_identity(seed, "k", near).suffix != task_identity(seed, "k", far).suffix
        assert asset_id(seed, "k", near) != asset_id(seed, "k", 1 + 10**17 // 2)


@quick
@given(seeds, keys, counts, counts)
def test_two_counts_never_share_an_id(seed: int, key: str, one: int, other: int) -> None:
    same = one == other
    assert (task_identity(seed, key, one).suffix == task_identity(seed, key, other).suffix) is same
    assert (asset_id(seed, key, one) == asset_id(seed, key, other)) is same


@quick
@given(seeds, keys, counts)
def test_ids_have_the_form_of_the_vendors_examples(seed: int, key: str, count: int) -> None:
    identity = task_identity(seed, key, count)
    assert re.fullmatch("[0-9a-f]{8}", identity.suffix)
    assert re.fullmatch("[0-9a-f]{32}", identity.request_id)
    assert re.fullmatch("re_9[0-9]{17}", asset_id(seed, key, count))
    assert re.fullmatch("[0-9a-f]{64}", upload_token(seed, key, count))
    assert 0 <= identity.plan_seed < 2**64
    assert 0 <= identity.result_seed < 2**64


@quick
@given(seeds, keys, counts)
def test_what_is_drawn_for_one_purpose_tells_nothing_of_another(seed: int, key: str, count: int) -> None:
    identity = task_identity(seed, key, count)
    assert identity.plan_seed != identity.result_seed
    assert identity.request_id not in upload_token(seed, key, count)


def test_every_key_and_every_seed_has_ids_of_its_own() -> None:
    worlds = [(seed, key) for seed in range(20) for key in ("sk-mai-a", "sk-mai-b", "sk-mai-A", "")]
    for draw in (task_identity, asset_id, upload_token):
        assert len({draw(seed, key, 1) for seed, key in worlds}) == len(worlds)


@quick
@given(st.lists(st.text() | st.integers(), max_size=4))
def test_a_fraction_is_from_zero_up_to_but_not_one(parts: list[str | int]) -> None:
    assert 0 <= fraction(*parts) < 1


def test_fractions_are_spread_evenly() -> None:
    tenths = [int(fraction("x", number) * 10) for number in range(2_000)]
    assert all(150 < tenths.count(tenth) < 250 for tenth in range(10))


def test_ids_are_the_same_in_another_process_with_other_hashes() -> None:
    code = (
        "from screenplay_mock.core.identity import *\n"
        "drawn = (task_identity(7, 'k', 3), asset_id(7, 'k', 3), upload_token(7, 'k', 3))\n"
        "print(repr((*drawn, fraction(7, 'k', 3))))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }
    assert said == {everything(7, "k", 3)}


def test_a_key_that_is_not_unicode_has_ids_too() -> None:
    assert task_identity(0, "sk-\udcff", 1) != task_identity(0, "sk-\udcfe", 1)


def test_the_id_of_a_task_is_like_the_vendors_example() -> None:
    assert task_id("sd", "2026-03-13", "a3f8c2b1") == "ros-sd-20260313-a3f8c2b1"


@quick
@given(st.sampled_from(["sd", "kd", "ps"]), seeds, keys, counts)
def test_foreign_ids_have_the_same_form_and_are_nobodys(mode: str, seed: int, key: str, count: int) -> None:
    identity = task_identity(seed, key, count)
    foreign, request = foreign_ids(mode, identity.request_id)
    assert re.fullmatch(rf"ros-{mode}-[0-9]{{8}}-[0-9a-f]{{8}}", foreign)
    assert re.fullmatch("[0-9a-f]{32}", request)
    assert request != identity.request_id
    assert foreign.split("-")[2] < "2026"  # no clock of a sandbox begins earlier
    assert foreign_ids(mode, identity.request_id) == (foreign, request)
