"""One account, what the model knows of it, and the moves that were made with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server.model.allowed import Reading, mismatch
from screenplay_contracts.server.model.promises import broken
from screenplay_contracts.server.model.task import Life
from screenplay_contracts.server.model.times import moment
from screenplay_contracts.server.model.world import World
from screenplay_contracts.server.rules import Need
from screenplay_contracts.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screenplay_contracts.exchange import Exchange, Received
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.model.allowed import Allowed
    from screenplay_contracts.server.moves.tally import Tally
    from screenplay_contracts.server.session import Session
    from screenplay_contracts.verdict import Check

#: What is asked of a sandbox, in milliseconds, and so known.
PENDING_FOR, PER_EPISODE, READY_AFTER = 2_000, 3_000, 4_000
SCENARIO = {
    "name": "model",
    "tasks": {
        "pending_for": f"{PENDING_FOR}ms",
        "per_episode": f"{PER_EPISODE}ms",
        "outcome": "completed",
    },
    "uploads": {"ready_after": f"{READY_AFTER}ms"},
}


class Stage:
    """
    Where there is an admin API it has a sandbox of its own, in which time stands; else the account of the key.

    What the model says of each move goes to *tally*.
    """

    def __init__(self, session: Session, tally: Tally) -> None:
        self.session, self._tally = session, tally
        self.account: Account = session.account(scenario=SCENARIO)
        self.world = _world(session, self.account)
        self._stranger: Account | None = None
        self._steps: list[str] = []
        self._seen: list[Exchange | Received] = []

    @property
    def reading(self) -> Reading:
        return self.world.reading

    @property
    def has_time(self) -> bool:
        """Whether time passes only when it is let pass."""
        return self.world.now is not None

    def stranger(self) -> Account | None:
        """Somebody else, if there is anybody."""
        if self._stranger is None:
            self._stranger = self.session.other()
        return self._stranger

    def ask(
        self, check: Check, words: str, allowed: Sequence[Allowed], send: Callable[[], Exchange | None], *, by: Account
    ) -> Exchange | None:
        """
        The exchange that *send* makes for the account *by*, if it got an *allowed* answer; None where that would cost
        too much. Raises Broken.
        """
        by.client.note = words
        exchange = send()
        if exchange is not None:
            self.note(words, exchange)
            self.judge(check, mismatch(allowed, exchange))
        return exchange

    def note(self, words: str, *seen: Exchange | Received) -> None:
        """A move was made."""
        self._steps.append(words)
        self._seen += seen

    def judge(self, check: Check, wrong: tuple[str, str] | None) -> None:
        """Count that *check* was put to the test. Raises Broken where something is *wrong*: expected, observed."""
        self._tally.met[check] += 1
        if wrong is not None:
            expected, observed = wrong
            steps = "; ".join(f"{number}. {words}" for number, words in enumerate(self._steps, 1))
            failure = broken(check, Finding(expected, f"{observed}; after: {steps}", _last_first(self._seen)))
            self._tally.failed(failure)
            raise failure

    def close(self) -> None:
        """Leave nothing behind that is not wanted any more."""
        if self.session.has_admin:
            for account in filter(None, (self.account, self._stranger)):
                account.client.note = "model: cleaning up"
                account.admin("DELETE", "/sandbox")
                account.close()


def _world(session: Session, account: Account) -> World:
    reading = Reading(session.dialect, fake=Need.MAGIC not in session.target.missing)
    now = moment(account.client.virtual_at)
    if now is None:
        return World(reading)
    usual = Life(frozenset({"completed"}), PENDING_FOR, PER_EPISODE)
    return World(reading, now, account.webhook_url is not None, usual, READY_AFTER)


def _last_first(seen: Sequence[Exchange | Received]) -> tuple[Exchange | Received, ...]:
    """What broke the promise, and then how it came to that."""
    return (*seen[-1:], *seen[:-1])
