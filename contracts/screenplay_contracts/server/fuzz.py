"""Schemathesis plays its requests, and what came of it: its own checks, and what was sent, for ours."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from traceback import format_exc
from typing import TYPE_CHECKING, Any

from screenplay_contracts.exchange import without
from screenplay_contracts.server.aside import hypothesis_aside
from screenplay_contracts.server.checks.looking import KEY_REFUSED
from screenplay_contracts.server.connecting import base_path
from screenplay_contracts.server.fuzzing.boundaries import drawn_boundaries
from screenplay_contracts.server.fuzzing.configuration import configuration
from screenplay_contracts.server.fuzzing.contract import broken_alone, registered
from screenplay_contracts.server.fuzzing.interactions import exchange_of, key_of
from screenplay_contracts.server.fuzzing.promises import CHECKS, PREFIX
from screenplay_contracts.server.fuzzing.triggers import is_triggered, looks
from screenplay_contracts.server.rules import Need
from screenplay_contracts.verdict import Finding, failed_to_judge, judged, skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session
    from screenplay_contracts.verdict import Check, Result

log = logging.getLogger(__name__)

EXAMPLES = 50  # unless a run says how many
#: Each look at a task lets so much time pass, so that tasks end while they are looked at.
CLOCK = "poll:3s"
MOST_FINDINGS = 20  # of one check


def fuzz(
    session: Session, *, seed: int, max_examples: int, progress: Callable[[str], None] = lambda _: None
) -> list[Result]:
    """
    What each check of Schemathesis says after *max_examples* of each operation, of those it thinks out by itself, and
    of chains along the links; the same requests for the same *seed*.

    Against somebody else's server only of operations that are free and change nothing. What was done is told to
    *progress*.
    """
    before = len(session.recorder.exchanges)
    account = session.account()
    if account.has_admin:
        account.admin("PUT", "/clock", {"mode": CLOCK})
    seen = _Seen(session, account, few=max_examples < EXAMPLES)
    try:
        settings = configuration(session.target, account.client.key, seed=seed, max_examples=max_examples)
        with hypothesis_aside(), drawn_boundaries(seed):
            problems = _play(seen, settings)
    except Exception as problem:  # noqa: BLE001 - Schemathesis itself
        log.error("Schemathesis cannot go on: %s", _clean(account, format_exc()))  # noqa: TRY400 - it would tell keys
        problems = [f"{type(problem).__name__}: {problem}"]
    account.settle()
    progress(f"Schemathesis: {len(session.recorder.exchanges) - before} requests")
    if problems:
        reason = _clean(account, problems[0])
        return [failed_to_judge(check, f"Schemathesis could not go on: {reason}") for check in CHECKS]
    return [seen.result(check) for check in CHECKS]


def _play(seen: _Seen, settings: dict[str, Any]) -> list[str]:
    """Play, and leave what is to be seen to *seen*; what was wrong with the play itself."""
    import requests
    import schemathesis
    from schemathesis.engine import StopReason, events, from_schema

    from screenplay_schemas import bundle

    schema = schemathesis.openapi.from_dict(bundle(), config=schemathesis.Config.from_dict(settings))
    problems: list[str] = []
    with registered(seen.broken_alone):
        for event in from_schema(schema).execute():
            match event:
                case events.ScenarioFinished():
                    seen.scenario(event.phase.value, event.recorder)
                case events.NonFatalError() if not isinstance(event.value, requests.RequestException):
                    problems.append(f"{event.label}: {event.value}")  # a lost answer is a matter of our own checks
                case events.FatalError():
                    raise event.exception
                case events.EngineFinished() if event.stop_reason is StopReason.INTERRUPTED:
                    raise KeyboardInterrupt
    return problems


@dataclass
class _Seen:
    """How often each check looked, and what it found: the smallest example of each kind."""

    session: Session
    account: Account
    few: bool  # whether fewer examples than usual are played
    met: Counter[str] = field(default_factory=Counter)
    found: dict[str, dict[Any, Finding]] = field(default_factory=lambda: defaultdict(dict))

    def scenario(self, phase: str, recorder: Any) -> None:
        """Write down what was sent in a scenario, in order, and what the checks said of it."""
        exchanges: dict[str, Exchange] = {}
        for case_id, one in recorder.interactions.items():
            note = f"schemathesis, {phase}: {recorder.label}"
            exchanges[case_id] = self.session.recorder.write(
                self._exchange(one.request, one.response, note, one.timestamp)
            )
            if exchanges[case_id].status in KEY_REFUSED:
                self.session.stranger(key_of(one.request) or "")
        seen = looks(recorder)
        for case_id, nodes in recorder.checks.items():
            for node in nodes:
                self.met[node.name] += node.failure_info is not None or is_triggered(node.name, seen.get(case_id))
                if node.failure_info is not None:
                    self._failed(node.name, node.failure_info.failure, recorder, case_id, exchanges)

    def _failed(self, name: str, failure: Any, recorder: Any, case_id: str, exchanges: dict[str, Exchange]) -> None:
        chain = [case.id for case in recorder.iter_chain_cases(case_id=failure.case_id or case_id)]
        evidence = tuple(exchanges[one] for one in reversed(chain) if one in exchanges)
        operation = recorder.cases[case_id].value.operation.label
        expected = _clean(self.account, f"{operation} without this: {failure.title}")
        finding = Finding(expected, _clean(self.account, " ".join(failure.message.split())), evidence)
        kind = (operation, failure.title)
        before = self.found[name].get(kind)
        if before is None or _size(evidence) < _size(before.evidence):
            self.found[name][kind] = finding

    def broken_alone(self, request: Any, response: Any) -> str | None:
        session = self.session
        path, fake = base_path(session.target.base_url), Need.MAGIC not in session.target.missing
        return broken_alone(self._exchange(request, response), session.dialect, path, fake=fake)

    def _exchange(self, request: Any, response: Any, note: str = "", at: float | None = None) -> Exchange:
        return exchange_of(request, response, self.account.client, note=note, at=at)

    def result(self, check: Check) -> Result:
        name = check.name.removeprefix(PREFIX)
        findings = list(self.found[name].values())
        if not self.met[name] and (self.session.target.foreign or self.few):
            return skipped(check, "so few examples did not come to it")
        return judged(check, [*findings[:MOST_FINDINGS], *[None] * (self.met[name] - len(findings))])


def _clean(account: Account, words: str) -> str:
    """*words* of Schemathesis, which may repeat what the server said."""
    return without(words, *account.client.secrets)


def _size(evidence: Iterable[Any]) -> int:
    return sum(100 + len(one.request_body or b"") for one in evidence)
