"""The command `screenplay-check traffic`: was a server true to the contract in what was recorded."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from screenplay_contracts.commands.options import EXIT_CODES, finished, listed, selection, shared
from screenplay_contracts.commands.server import DIALECT_NAMES


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
@click.option("--base-url", metavar="URL", help="Whose traffic; by default all whose path has /serve/api/v2 in it.")
@click.option("--fake", is_flag=True, help="It was a fake: magic assets have their meaning.")
@click.option("--dialect", type=click.Choice(DIALECT_NAMES), default="documented", show_default=True)
@shared
@click.pass_context
def traffic(ctx: click.Context, /, **given: Any) -> None:
    """Judge recorded traffic by the checks of servers."""
    from screenplay_contracts.har import FAULT, BadHar, load
    from screenplay_contracts.server.checks import RULES
    from screenplay_contracts.server.dialect import DIALECTS
    from screenplay_contracts.server.operations import BASE_PATH
    from screenplay_contracts.traffic import NothingToJudge, judged_traffic

    chosen = selection(given["run"], given["skip"], [rule.check for rule in RULES])
    if given["list_checks"]:
        listed((rule.check for rule in RULES), chosen)
        return
    began, base_url = datetime.now(UTC), given["base_url"]
    try:
        exchanges, received = load(given["file"])
        if base_url is not None:
            exchanges = tuple(one for one in exchanges if one.url.startswith(base_url) or "/__admin/" in one.url)
        results = judged_traffic(
            exchanges,
            received,
            dialect=DIALECTS[given["dialect"]],
            selection=chosen,
            base_path=BASE_PATH if base_url is None else urlsplit(base_url).path.rstrip("/"),
            fake=given["fake"],
        )
    except (BadHar, NothingToJudge) as problem:
        raise click.UsageError(str(problem), ctx) from None
    spoiled = sum(one.note.startswith(FAULT) for one in exchanges)
    again = shlex.join(["screenplay-check", "traffic", str(given["file"]), "--dialect", given["dialect"]])
    code = finished(
        suite="traffic",
        subject=str(given["file"]),
        results=results,
        strict=given["strict"],
        accepted=given["accepted"],
        reports=given["reports"],
        again=again + (" --fake" if given["fake"] else ""),
        began=began,
        settings={"dialect": given["dialect"]},
        exchanges=exchanges,
        received=received,
        notes=(f"{spoiled} exchanges are not judged: a fault struck them",) if spoiled else (),
    )
    ctx.exit(code)
