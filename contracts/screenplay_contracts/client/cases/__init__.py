"""
The cases: one situation for a client, one row in its area's table CASES.

To add one: a row in the file of its area; its scenario, if there is none yet, in screenplay_mock/scenarios/builtin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.cases import (
    assets,
    download,
    lifecycle,
    polling,
    request_form,
    retry,
    submit,
    tolerance,
    transport,
    webhook,
)

if TYPE_CHECKING:
    from screenplay_contracts.client.case import Case

__all__ = ["CASES"]

#: Every case, in the order in which they are listed and reported.
CASES: tuple[Case, ...] = (
    *request_form.CASES,
    *submit.CASES,
    *retry.CASES,
    *polling.CASES,
    *tolerance.CASES,
    *webhook.CASES,
    *download.CASES,
    *transport.CASES,
    *lifecycle.CASES,
    *assets.CASES,
)
