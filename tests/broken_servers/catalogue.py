"""All broken servers: at least one for every check."""

from __future__ import annotations

from tests.broken_servers import at_the_door, bodies, library, lives, money, results, submissions, webhooks

ROWS = (
    *at_the_door.ROWS,
    *bodies.ROWS,
    *submissions.ROWS,
    *lives.ROWS,
    *results.ROWS,
    *money.ROWS,
    *webhooks.ROWS,
    *library.ROWS,
)
