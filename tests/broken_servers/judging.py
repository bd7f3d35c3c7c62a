"""A run of the script, or of some chapters, against a broken server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from tests.broken_servers.proxy import Proxy

from screenplay_contracts.selection import Selection
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.operations import ADMIN, BASE_PATH
from screenplay_contracts.server.phases import SCRIPT, Options
from screenplay_contracts.server.run import run
from screenplay_contracts.server.target import Target
from screenplay_contracts.verdict import BREACHES, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.broken_servers.row import Broken

    from screenplay_contracts.verdict import Result


def judged(
    origin: str, broken: Broken, chapters: Iterable[str] | None, *, only: Iterable[str] = ()
) -> tuple[Result, ...]:
    """
    What the checks say of the fake at *origin* when it is broken so; after some chapters, or after all (None).

    *only* these checks judge; none given: all.
    """
    with Proxy(origin, broken.fault) as proxy:
        key = f"sk-mai-{crc32(broken.what.encode()):08x}"  # no words in it, since some are magic
        target = Target(proxy.url + BASE_PATH, key, admin_url=proxy.url + ADMIN)
        played = None if chapters is None else frozenset(chapters)
        options = Options(Selection(run=tuple(only)), chapters=played)
        return run(target, DIALECTS["documented"], options, phases=[SCRIPT]).results


def caught(results: Iterable[Result]) -> frozenset[str]:
    """The checks that say that something is broken, or that cannot judge."""
    return frozenset(one.check.name for one in results if one.verdict in BREACHES or one.verdict is Verdict.ERROR)
