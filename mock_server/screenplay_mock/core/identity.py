"""
Ids and seeds: everything that looks random is drawn from the sandbox's seed, its key and a count.

So the same requests with the same seed and key get the same answers, and no two tasks of a sandbox share an id.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from struct import unpack_from
from typing import NamedTuple

_ASSET_DIGITS = 10**17


class TaskIdentity(NamedTuple):
    """What one accepted submission draws: hexadecimal ids, and seeds (64 bit) of its plan and its result."""

    suffix: str
    request_id: str
    plan_seed: int
    result_seed: int


def _digest(*parts: object) -> bytes:
    return sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).digest()


@lru_cache(maxsize=1024)
def _two_numbers(kind: str, seed: int, key: str) -> tuple[int, int]:
    factor, offset = unpack_from(">QQ", _digest(kind, seed, key))
    return factor, offset


def task_identity(seed: int, key: str, count: int) -> TaskIdentity:
    """The identity of submission number *count* (from 1). The suffix is unique for 2^32 submissions."""
    factor, offset = _two_numbers("task", seed, key)
    # an odd factor makes this a permutation of the 32-bit numbers: no two counts meet
    suffix = (count * (factor | 1) + offset) % 2**32
    own = _digest("task", seed, key, count)
    return TaskIdentity(f"{suffix:08x}", own[:16].hex(), *unpack_from(">QQ", own, 16))


def task_id(mode: str, day: str, suffix: str) -> str:
    """The id of a task: *mode* is its part of an id, *day* is like `2026-03-13`."""
    # docs silent: the grammar of ids; the one example is ros-sd-20260313-a3f8c2b1
    return f"ros-{mode}-{day.replace('-', '')}-{suffix}"


def foreign_ids(mode: str, request_id: str) -> tuple[str, str]:
    """The id of a task and of its request that nobody was given, drawn from the *request_id* of a real one."""
    drawn = _digest("foreign", request_id).hex()
    return task_id(mode, "2000-01-01", drawn[:8]), drawn[:32]  # a day on which no sandbox was open


def asset_id(seed: int, key: str, count: int) -> str:
    """The id of upload number *count*: `re_9` and 17 digits, as the vendor's examples have 18 in all."""
    factor, offset = _two_numbers("asset", seed, key)
    factor = factor // 10 * 10 + 7  # coprime to ten, so again a permutation
    return f"re_9{(count * factor + offset) % _ASSET_DIGITS:017d}"


def upload_token(seed: int, key: str, count: int) -> str:
    """The secret part of a signed URL."""
    return _digest("token", seed, key, count).hex()


def draw_seed(seed: int, key: str, what: str) -> int:
    """The seed (64 bit) of a draw that is made for *what*, such as an asset's id, in a sandbox."""
    return int.from_bytes(_digest("draw", seed, key, what)[:8], "big")


def fraction(*parts: object) -> float:
    """A number in [0, 1) that depends on *parts* alone."""
    return int.from_bytes(_digest(*parts)[:7], "big") / 2**56
