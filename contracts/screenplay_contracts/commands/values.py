"""What options may say: each callback takes what was given, or says what would have been right."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

DOLLAR = 1_000_000
MOST_DOLLARS = 1_000_000  # nobody spends more on checks


def dollars(_: click.Context, __: click.Parameter, text: str | None) -> int | None:
    """Dollars as whole micro-dollars."""
    if text is None:
        return None
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= MOST_DOLLARS:
        raise click.BadParameter(f"{text!r} is no amount of dollars, such as 2.50")
    return int(amount * DOLLAR)


def server_url(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    """The URL of a server, without a slash at its end."""
    from screenplay_contracts.server.target import problem_with

    problem = None if text is None else problem_with(text)
    if problem is not None:
        raise click.BadParameter(f"{_public(text or '')!r} {problem}")
    return None if text is None else text.rstrip("/")


def _public(url: str) -> str:
    """*url* without whom it comes as."""
    before, at, rest = url.rpartition("@")
    return f"{before.partition('//')[0]}//…@{rest}" if at else url


def header(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    """What goes into a header as it is."""
    from screenplay_contracts.server.target import is_graphic

    if text is not None and not (text and is_graphic(text)):
        raise click.BadParameter("it is empty, or has characters that no header can carry: spaces, line ends, no ASCII")
    return text


def seconds(least: float, most: float) -> Callable[[click.Context, click.Parameter, float | None], float | None]:
    """A callback for seconds of which there are at least *least*, and no more than *most*."""

    def checked(_: click.Context, __: click.Parameter, given: float | None) -> float | None:
        if given is not None and (math.isnan(given) or not least <= given <= most):
            raise click.BadParameter(f"{given} is not between {least:g} and {most:g} seconds")
        return given

    return checked
