"""Whether the server is still there: when it ends while it is judged, no check has to explain that."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screenplay_contracts.server.contact import UNKNOWN, is_there

if TYPE_CHECKING:
    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.target import Target

IN_A_ROW = 5  # requests without an answer, until it is asked whether it is there at all


class Gone(KeyboardInterrupt):
    """The server is not there any more. It ends the play as an interrupt does: Hypothesis lets nothing else through."""


class Watch:
    """
    Told each exchange, it raises Gone, once, when the server, or its admin API, does not answer any more.

    `since` is the first exchange that it did not answer then.
    """

    def __init__(self, target: Target) -> None:
        self.since: Exchange | None = None
        self._target, self._ended = target, False
        self._silent: dict[str, list[Exchange]] = {}
        self._asked = {_origin(target.base_url): (target.base_url, UNKNOWN)}
        if target.admin_url is not None:
            self._asked.setdefault(_origin(target.admin_url), (target.admin_url, "/version"))

    def __call__(self, exchange: Exchange) -> None:
        origin = _origin(exchange.url)
        if self._ended or origin not in self._asked:
            return
        silent = self._silent.setdefault(origin, [])
        if exchange.status is not None:
            silent.clear()
            return
        silent.append(exchange)
        if len(silent) == IN_A_ROW:
            self._look(origin)
            if self.since is not None:
                raise Gone

    def end(self) -> None:
        """Raise nothing from now on; what the last exchanges were like is looked at once more."""
        for origin, silent in self._silent.items():
            if silent and not self._ended:
                self._look(origin)
        self._ended = True

    def _look(self, origin: str) -> None:
        """See whether it is there, after a silence."""
        silent = self._silent[origin]
        if not is_there(self._target, *self._asked[origin]):
            self.since, self._ended = silent[0], True
        silent.clear()


def _origin(url: str) -> str:
    return "://".join(urlsplit(url)[:2])
