"""What is drawn is drawn from the seed: the same client meets the same bad day again, on a fresh server."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.wire.claims.lives import jobs, kind_of
from tests.wire.conftest import world_of
from tests.wire.world import opened

from screenplay_mock.sandbox import Defaults
from screenplay_mock.scenarios import builtin
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings

KEY = "sk-mai-0123456789abcdef"
JOBS = 30
#: What may differ: ports, and wall time in headers that a client compares with its own clock.
_PORT = re.compile(r"127\.0\.0\.1:[0-9]+")
_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT")


def day(name: str, seed: int) -> tuple[list[str], list[Any], list[Any]]:
    """What a client saw, in words; the journal; and the webhook calls: (task, attempts, payload)."""
    settings = Settings(port=0, defaults=Defaults(scenario=builtin(name), clock="manual", seed=seed))
    with ServerThread(settings) as running, opened(lambda: world_of(running.server, KEY)) as world:
        assert world.receiver.calls == []
        seen = [kind_of(one) for one in jobs(world, JOBS)]
        world.advance(to="idle")
        journal = world.admin("GET", "/requests")["requests"]
        deliveries = [
            (one["id"], one["payload"], [(attempt["at"], attempt["status"]) for attempt in one["attempts"]])
            for one in world.admin("GET", "/deliveries")["deliveries"]
        ]
    return seen, json.loads(_DATE.sub("DATE", _PORT.sub("HOST", json.dumps(journal)))), deliveries


@pytest.mark.parametrize("name", ["chaos", "flaky"])
def test_one_seed_twice_is_the_same_day_and_another_seed_is_another(name: str) -> None:
    first, again, other = day(name, 1), day(name, 1), day(name, 2)
    assert len(first[1]) > JOBS
    assert first == again
    for one, another in zip(first[:2], other[:2], strict=True):
        assert one != another
    struck, struck_too = ([entry["fault"] for entry in journal] for _, journal, _ in (first, other))
    assert set(struck) > {None}
    assert struck != struck_too
