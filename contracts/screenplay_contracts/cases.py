"""
The cases for clients as tests, for a client that is a Python callable.

    from screenplay_contracts import cases

    @cases.parametrize(capabilities="webhook")
    def test_my_client(case):
        case.run(my_client)

*my_client* is called with the job and the environment that `screenplay-check client` gives to a command, as mappings,
and returns an exit code, or the report as a mapping. It runs in a thread, so what needs a process is skipped: signals,
and being started again.
"""

from __future__ import annotations

import warnings
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.client.calling import Client
    from screenplay_contracts.client.case import Capability, Case
    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Result

__all__ = ["ClientCase", "Warned", "all", "parametrize"]


class Warned(UserWarning):
    """A SHOULD is not kept."""


@dataclass(frozen=True, slots=True)
class ClientCase:
    """One case. `declared` is what the client can do; `strict`: a SHOULD counts like a MUST."""

    case: Case
    declared: frozenset[Capability]
    strict: bool = False
    seed: int = 0

    def __str__(self) -> str:
        return self.case.name

    def run(self, client: Client) -> None:
        """
        Play it with *client*. Warns of a SHOULD that is not kept.

        Raises AssertionError with what is wrong, unittest.SkipTest (which pytest knows) where there is nothing to be
        judged, TypeError for a client that returns something else than it may.
        """
        from screenplay_contracts.client import judging
        from screenplay_contracts.client.behaviours import BEHAVIOURS
        from screenplay_contracts.client.case import lacking
        from screenplay_contracts.verdict import JUDGED, counts

        if missing := lacking(self.case, self.declared):
            raise SkipTest(f"the client does not declare: {', '.join(sorted(missing))}")
        if self.case.kill is not None:
            raise SkipTest("a thread cannot be killed: `screenplay-check client` does it to a command")
        seen = _played(self.case, client, self.seed)
        results = judging.results(self.case, BEHAVIOURS, seen)
        wrong = [one for one in results if counts(one, strict=self.strict)]
        if wrong:
            raise AssertionError(_told(self, wrong, seen))
        for one in results:
            if one.findings:
                warnings.warn(_told(self, [one], seen), Warned, stacklevel=2)
        if not any(one.verdict in JUDGED for one in results):
            raise SkipTest("; ".join(f"{one.check.name}: {one.reason}" for one in results))


def all(  # noqa: A001, PLR0913 - `cases.all()` is how it is called; all by name
    *,
    run: Iterable[str] = (),
    skip: Iterable[str] = (),
    capabilities: str | Iterable[Capability] = (),
    severity: str = "may",
    strict: bool = False,
    seed: int = 0,
) -> list[ClientCase]:
    """
    The cases; *run*, *skip* and *severity* choose as the options of `screenplay-check client` do.

    Raises ValueError for a pattern that fits nothing, and for a capability or a severity that there is none of.
    """
    from screenplay_contracts.client.behaviours import BEHAVIOURS
    from screenplay_contracts.client.cases import CASES
    from screenplay_contracts.client.judging import selected
    from screenplay_contracts.selection import Selection
    from screenplay_contracts.verdict import Severity

    selection = Selection(tuple(run), tuple(skip))
    selection.check((*(case.name for case in CASES), *BEHAVIOURS))
    chosen = selected(CASES, BEHAVIOURS, selection, severity=Severity(severity))
    declared = _declared(capabilities)
    return [ClientCase(case, declared, strict, seed) for case in chosen]


def parametrize(**choice: Any) -> Any:
    """The decorator for a pytest test with the argument `case`; *choice* is that of `all`."""
    import pytest

    return pytest.mark.parametrize("case", all(**choice), ids=str)


def _declared(capabilities: str | Iterable[str]) -> frozenset[Capability]:
    from screenplay_contracts.client.case import CAPABILITIES

    names = capabilities.split(",") if isinstance(capabilities, str) else capabilities
    given = {name.strip() for name in names} - {""}
    if unknown := sorted(given - {*CAPABILITIES}):
        raise ValueError(f"there is no capability {unknown[0]!r}; there are: {', '.join(CAPABILITIES)}")
    return frozenset(name for name in CAPABILITIES if name in given)


def _played(case: Case, client: Client, seed: int) -> Observation:
    """What was seen of *client*; the fake runs in a thread, since a test may have an event loop of its own."""
    import os
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from screenplay_contracts.client.calling import CallSeat
    from screenplay_contracts.client.playing import Setup
    from screenplay_contracts.client.pool import play_all

    with TemporaryDirectory(prefix="screenplay-check-", ignore_cleanup_errors=True) as root:
        setup = Setup((), Path(root), os.environ.get("PATH", ""), seed, seat=partial(CallSeat, client))
        with closing(play_all([case], setup, jobs=1)) as done:
            (_, outcome) = next(done)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome.observation


def _told(this: ClientCase, results: Iterable[Result], seen: Observation) -> str:
    from screenplay_contracts.client.happenings import happenings

    lines = [f"{this}: the fake plays `screenplay-mock serve --scenario {this.case.plays}`"]
    for one in results:
        lines.append(f"{one.check.name} [{one.check.severity.upper()}] {one.check.promise} ({one.check.source})")
        lines += [f"    {finding.message}" for finding in one.findings] or [f"    {one.verdict}: {one.reason}"]
    return "\n".join([*lines, "what happened:", *(f"    {line}" for line in happenings(seen))])
