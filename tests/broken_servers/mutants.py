"""
The full cross: the whole script against every broken server, all checks judging. Run by `make mutants`, some minutes.

A file that pytest does not find by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.broken_servers.catalogue import ROWS
from tests.broken_servers.judging import caught, judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_servers.row import Broken

    from screenplay_mock.testing import RunningServer


@pytest.mark.parametrize("broken", ROWS, ids=lambda each: each.check)
def test_a_broken_server_is_caught_by_its_check_and_at_most_its_neighbours(
    screenplay_server: RunningServer, broken: Broken, record_property: Callable[[str, object], None]
) -> None:
    found = caught(judged(screenplay_server.origin, broken, None))
    record_property("broken server", (broken.what, sorted(found)))
    assert broken.check in found
    assert found <= broken.neighbours | {broken.check}
