"""
The checks of a server: one promise, one small pure function over a recording, one row in its file's table RULES.

To add one: the function and its row in the file of its area, a broken server in tests/broken_servers that it catches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server.checks import (
    balances,
    bodies,
    callbacks,
    cancels,
    charges,
    door,
    downloads,
    envelope,
    forms,
    library,
    limits,
    lives,
    metadata,
    results,
    schema,
    signed_urls,
    submissions,
    times,
    webhooks,
    worlds,
)

if TYPE_CHECKING:
    from screenplay_contracts.server.rules import Rule

__all__ = ["RULES"]

#: Every check of a server, in the order in which they are listed and reported.
RULES: tuple[Rule, ...] = (
    *envelope.RULES,
    *schema.RULES,
    *door.RULES,
    *bodies.RULES,
    *forms.RULES,
    *submissions.RULES,
    *lives.RULES,
    *cancels.RULES,
    *downloads.RULES,
    *results.RULES,
    *charges.RULES,
    *balances.RULES,
    *callbacks.RULES,
    *webhooks.RULES,
    *times.RULES,
    *library.RULES,
    *metadata.RULES,
    *signed_urls.RULES,
    *limits.RULES,
    *worlds.RULES,
)
