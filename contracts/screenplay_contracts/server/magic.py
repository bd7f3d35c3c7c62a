"""The fake's magic asset ids and keys: each provokes one outcome, so that it can be had without an admin API."""

from __future__ import annotations

import re

COMPLETES = "re_000000000000000001"  # at once
FAILS = "re_000000000000000002"  # half way
STUCK = "re_000000000000000003"  # runs for ever
NO_FILES = "re_000000000000000004"  # completes, and the download says so
NO_RESULT = "re_000000000000000005"
NO_WEBHOOK = "re_000000000000000006"  # completes, and nobody is told
FIVE_WEBHOOKS = "re_000000000000000007"
UNKNOWN = "re_000000000000000400"
BROKE = "re_000000000000000402"
UPLOADING = "re_000000000000000409"
TOO_LONG = "re_000000000000000413"
AUDIO = "re_000000000000000415"
LIMITED = "re_000000000000000429"  # the first time in a sandbox
ERROR = "re_000000000000000500"  # the first time in a sandbox
LOST = "re_000000000000000503"  # accepted and charged, without an answer

TASKS = frozenset({COMPLETES, FAILS, STUCK, NO_FILES, NO_RESULT, NO_WEBHOOK, FIVE_WEBHOOKS})
DECIDING = frozenset({BROKE, LIMITED, ERROR, LOST}) | TASKS
FAILURE_CODE = "PROCESSING_FAILED"

IS_VIDEO = re.compile(r"re_[A-Za-z0-9]+").fullmatch  # any such id is one, except:
GIVEN = "re_9"  # what uploads are given: one that was never given does not exist
RESERVED = "re_000000000000000"  # what is not above does not exist

NOBODYS_TASK = "ros-sd-20000101-00000000"  # the id of a day on which there was no such service
NOBODYS_ASSET = "re_900000000000000000"

KEYS = ("invalid", "disabled", "broke")  # refused with 401, with 403; without balance


def word(key: str) -> str | None:
    """What makes *key* a magic one; None if it is none."""
    return next((one for one in KEYS if one in key.lower()), None)
