"""
The behaviours of a robust client: one promise, one small pure judge over an observation, one row in its file's table.

To add one: the judge and its row in the file of its area, a case that triggers it, in tests/unit a client that keeps
it and one that breaks it, and in tests/mutants a change of the careful client that breaks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours import (
    archives,
    assets,
    cancel,
    download,
    hygiene,
    pacing,
    polling,
    refusals,
    request_form,
    retry,
    rumours,
    statuses,
    submit,
    texts,
    tolerance,
    transport,
    webhook,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.client.behaviour import Behaviour

__all__ = ["BEHAVIOURS", "NOT_JUDGED"]

#: The areas, by the first part of an id, in the order in which they are listed.
_AREAS = ("REQ", "SUB", "RTY", "POL", "RSP", "WHK", "DLD", "NET", "CAN", "AST", "HYG")

_ROWS: tuple[tuple[str, Behaviour], ...] = (
    *request_form.BEHAVIOURS,
    *pacing.BEHAVIOURS,
    *submit.BEHAVIOURS,
    *refusals.BEHAVIOURS,
    *retry.BEHAVIOURS,
    *polling.BEHAVIOURS,
    *statuses.BEHAVIOURS,
    *tolerance.BEHAVIOURS,
    *texts.BEHAVIOURS,
    *webhook.BEHAVIOURS,
    *rumours.BEHAVIOURS,
    *download.BEHAVIOURS,
    *archives.BEHAVIOURS,
    *transport.BEHAVIOURS,
    *cancel.BEHAVIOURS,
    *assets.BEHAVIOURS,
    *hygiene.BEHAVIOURS,
)

#: Every behaviour that is judged, by its id.
BEHAVIOURS: Mapping[str, Behaviour] = dict(
    sorted(_ROWS, key=lambda row: (_AREAS.index(row[0].partition("-")[0]), row[0])),
)

#: Those that no observation shows, and why.
NOT_JUDGED: Mapping[str, str] = {
    "RTY-13": "a quota of retries over many tasks: here each job has a process of its own, and a quota lives in one",
    "WHK-11": "signatures of webhooks, checked over the raw body: the vendor documents none, so there are none to send",
    "WHK-12": "old signed webhooks refused: the vendor documents no signatures, so there are no signed times",
    "NET-10": "one name with a dead IPv6 and a live IPv4 address: that is the resolver's doing, not the server's",
    "CAN-08": "no refund is promised behind a cancel: what a text promises, no program can read",
}
