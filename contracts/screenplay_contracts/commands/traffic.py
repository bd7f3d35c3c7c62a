"""The command `screenplay-check traffic`: was a server true to the contract in what was recorded."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screenplay_contracts.commands.options import EXIT_CODES, accepted_file, finished, listed, selection, shared
from screenplay_contracts.commands.server import DIALECT_NAMES
from screenplay_contracts.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screenplay_contracts.addresses import Address
    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.selection import Selection

MOST_NAMED = 5  # base URLs in a hint


def _base_url(_: click.Context, __: click.Parameter, url: str | None) -> Address | None:
    from screenplay_contracts.addresses import NoBaseUrl, base_address

    try:
        return None if url is None else base_address(url)
    except NoBaseUrl as problem:
        raise click.BadParameter(str(problem)) from None


@click.command(
    epilog=f"""\b
    Examples:
      curl -s http://127.0.0.1:8787/__admin/requests.har -H 'Authorization: KEY' > session.har
      screenplay-check traffic session.har
      screenplay-check traffic browser.har --base-url https://mavi-backend.memories.ai/serve/api/v2 --dialect live

    FILE is a HAR: from a browser, from a proxy, from the fake, or from `screenplay-check server --report har=…`.
    A check that the recording does not trigger is skipped.

    {EXIT_CODES}"""
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--base-url",
    callback=_base_url,
    metavar="URL",
    help="Whose traffic; by default all whose path has /serve/api/v2 in it.",
)
@click.option(
    "--fake/--no-fake",
    default=None,
    help="It was a fake, or was none: magic assets have their meaning. By default as the recording says.",
)
@click.option("--dialect", type=click.Choice(DIALECT_NAMES), default="documented", show_default=True)
@shared
@click.pass_context
def traffic(ctx: click.Context, /, **given: Any) -> None:
    """Judge recorded traffic by the checks of servers."""
    from screenplay_contracts.har_reading import BadHar, load
    from screenplay_contracts.server.checks import RULES
    from screenplay_contracts.traffic import NothingToJudge

    chosen = selection(given["run"], given["skip"], [rule.check for rule in RULES])
    if given["list_checks"]:
        listed((rule.check for rule in RULES), chosen)
        return
    try:
        code = _judged(ctx, given, load(given["file"]), chosen)
    except (BadHar, NothingToJudge) as problem:
        raise click.UsageError(f"{given['file']}: {problem}", ctx) from None
    ctx.exit(code)


def _judged(ctx: click.Context, given: Mapping[str, Any], log: Mapping[str, Any], chosen: Selection) -> int:
    """Judge what *log* has of the API, and tell what came of it; the exit code. Raises BadHar and NothingToJudge."""
    from screenplay_contracts.addresses import is_for_api
    from screenplay_contracts.har_reading import is_of_fake, messages
    from screenplay_contracts.server.dialect import DIALECTS
    from screenplay_contracts.server.operations import BASE_PATH
    from screenplay_contracts.traffic import judged_traffic

    began, base = datetime.now(UTC), given["base_url"]
    fake = is_of_fake(log) if given["fake"] is None else given["fake"]
    exchanges, received = messages(log, lambda url: is_for_api(url, base))
    with _hinted(log):
        results = judged_traffic(
            exchanges,
            received,
            dialect=DIALECTS[given["dialect"]],
            selection=chosen,
            base_path=BASE_PATH if base is None else base.path,
            fake=fake,
        )
    return finished(
        Report(
            suite="traffic",
            subject=str(given["file"]),
            results=results,
            strict=given["strict"],
            again=_again(given, accepted_file(ctx)),
            settings={"dialect": given["dialect"], "fake": "yes" if fake else "no"},
            exchanges=exchanges,
            received=received,
            notes=tuple(_notes(exchanges)),
            fake=fake,
        ),
        accepted=given["accepted"],
        reports=given["reports"],
        began=began,
    )


@contextmanager
def _hinted(log: Mapping[str, Any]) -> Iterator[None]:
    """Where there is nothing to judge, say which base URLs there would be."""
    from screenplay_contracts.addresses import base_urls
    from screenplay_contracts.har_reading import urls
    from screenplay_contracts.traffic import NothingToJudge

    try:
        yield
    except NothingToJudge as problem:
        there = base_urls(urls(log))[:MOST_NAMED]
        hint = f"; it has requests for which --base-url is {' or '.join(there)}" if there else ""
        raise NothingToJudge(f"{problem}{hint}") from None


def _notes(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """What is not judged, and why."""
    from screenplay_contracts.har_reading import ASIDE, FAULT

    reasons = {FAULT: "a fault struck it", ASIDE: "without an answer, or a browser's own (CORS preflight)"}
    for mark, why in reasons.items():
        if count := sum(one.note.startswith(mark) for one in exchanges):
            yield f"{count} exchange{'' if count == 1 else 's'} not judged: {why}"


def _again(given: Mapping[str, Any], accepted: Path | None) -> str:
    """The command line of this run, without what chooses checks."""
    words = ["screenplay-check", "traffic", str(given["file"]), "--dialect", given["dialect"]]
    if given["base_url"] is not None:
        words += ["--base-url", str(given["base_url"])]
    if given["fake"] is not None:
        words.append("--fake" if given["fake"] else "--no-fake")
    if given["strict"]:
        words.append("--strict")
    if accepted is not None:
        words += ["--accepted", str(accepted)]
    return shlex.join(words)
