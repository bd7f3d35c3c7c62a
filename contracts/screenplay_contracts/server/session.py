"""A run against one server: its accounts, and what it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import answers
from screenplay_contracts.server.account import Account, succeeded
from screenplay_contracts.server.client import Client
from screenplay_contracts.server.recording import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.recorder import Recorder
    from screenplay_contracts.server.dialect import Dialect
    from screenplay_contracts.server.receiver import Receiver
    from screenplay_contracts.server.target import Target

#: What is made, and what may have become of it, by operation.
LOST: Mapping[str, tuple[str, str]] = {"submitTask": ("submission", "accepted"), "uploadAsset": ("upload", "stored")}
TRIES = 3  # to cancel a task that is left behind

#: How the sandboxes of a run behave, unless a chapter says otherwise.
SCENARIO: Mapping[str, Any] = {
    "name": "check",
    "tasks": {"pending_for": "2s", "per_episode": "3s", "outcome": "completed"},
    "webhook": {"delay": "0s", "retries": ["5s", "5m"], "timeout": "10s"},
}


class Session:
    """
    Where there is an admin API each account is a sandbox of its own: key KEY-check-1, label check-1, and so on, its
    clock manual, its webhook the *receiver*. Else there are two: that of the key and that of the other one.
    """

    def __init__(self, target: Target, dialect: Dialect, recorder: Recorder, receiver: Receiver) -> None:
        self.target, self.dialect, self.recorder, self.receiver = target, dialect, recorder, receiver
        self.note = ""  # which chapter is played
        self._accounts: list[Account] = []
        self._plain: dict[str, Account] = {}
        self._strangers: set[str] = set()
        self._secrets = tuple(filter(None, (target.key, target.other_key, target.admin_token)))
        receiver.secrets = self._secrets

    @property
    def has_admin(self) -> bool:
        return self.target.admin_url is not None

    def account(
        self,
        *,
        suffix: str = "",
        scenario: Mapping[str, Any] | None = None,
        webhook: bool = True,
        again: Account | None = None,
    ) -> Account:
        """
        A new account; its key ends in *suffix*. Without an admin API always the same one.

        *again*: the sandbox of that account, begun anew, under a label of its own.
        """
        if not self.has_admin:
            return self._only("key", self.target.key)
        label = f"check-{len(self._accounts) + 1}{suffix}" if again is None else f"{again.label}-again"
        key = f"{self.target.key}-{label}" if again is None else again.client.key
        account = self._opened(key, label, self.receiver.url(label) if webhook else None)
        self._prepare(account, {**SCENARIO, **(scenario or {})})
        return account

    def other(self) -> Account | None:
        """Somebody else's account, if there is one."""
        if self.has_admin:
            return self.account()
        return None if self.target.other_key is None else self._only("other", self.target.other_key)

    def visitor(self, suffix: str) -> Account:
        """Somebody whose key is no good, and who must not have a sandbox prepared."""
        return self._only(suffix, f"{self.target.key}-check-{suffix}")

    def stranger(self, key: str) -> None:
        """Somebody came with this *key*, which is no good, and was refused."""
        if key:  # without one it would be the sandbox of those who have none
            self._strangers.add(key)

    def _only(self, label: str, key: str) -> Account:
        if label not in self._plain:
            self._plain[label] = Account(self.target, self._client(self.target.base_url, key, label), None)
        account = self._plain[label]
        account.client.note = self.note
        return account

    def _opened(self, key: str, label: str, webhook_url: str | None) -> Account:
        assert self.target.admin_url is not None
        client = self._client(self.target.base_url, key, label)
        admin = self._client(self.target.admin_url, key, label, self.target.admin_headers)
        account = Account(self.target, client, admin, webhook_url=webhook_url)
        self._accounts.append(account)
        return account

    def _client(self, url: str, key: str, label: str, headers: Mapping[str, str] | None = None) -> Client:
        client = Client(url, key, self.recorder, account=label, headers=headers, secrets=self._secrets)
        client.note = self.note
        return client

    def _prepare(self, account: Account, scenario: Mapping[str, Any]) -> None:
        """Make the sandbox anew, whatever a run that was killed may have left of it."""
        account.admin("DELETE", "/sandbox")
        account.admin("PUT", "/clock", {"mode": "manual"})
        account.admin("PUT", "/scenario", scenario)
        account.admin("POST", "/reset", {"seed": self.target.seed})  # after the clock's mode: it shows its beginning
        if account.webhook_url is not None:
            account.admin("PATCH", "/account", {"webhook_url": account.webhook_url})

    def clean(self) -> list[str]:
        """Cancel and delete what the run has left, and say in words what could not be."""
        left: list[str] = []
        self.note = "cleaning up"
        for account in self._accounts:
            account.client.note = self.note
        kept = sum(not succeeded(account.admin("DELETE", "/sandbox")) for account in self._accounts)
        if self.target.admin_url is None:
            left += [words for account in self._plain.values() for words in _cleaned(account, self.dialect)]
        else:
            self._strangers |= {account.client.key for account in self._plain.values()}
            kept += sum(not succeeded(self._forgotten(key)) for key in sorted(self._strangers))
        for account in (*self._accounts, *self._plain.values()):
            account.close()
        return [*left, f"{_many(kept, 'sandbox', 'es')} of the run could not be deleted"] if kept else left

    def _forgotten(self, key: str) -> Exchange:
        """A fake opens a sandbox even for a key that it refuses."""
        assert self.target.admin_url is not None
        admin = self._client(self.target.admin_url, key, "stranger", self.target.admin_headers)
        try:
            return admin.call("DELETE", "/sandbox")
        finally:
            admin.close()


def _cleaned(account: Account, dialect: Dialect) -> Iterator[str]:
    """Cancel and delete what *account* has left; what could not be, and what nobody knows of, in words."""
    for task_id in [task_id for task_id, ended in account.started.items() if not ended]:
        for _ in range(TRIES):
            account.cancel(task_id)
            if account.started[task_id] or account.status(task_id) in TERMINAL:
                break
        else:
            yield f"task {task_id} could not be cancelled: it may go on"
    for asset_id in tuple(account.assets):
        exchange = account.send("DELETE", f"/{asset_id}")
        if not succeeded(exchange) and not _is_gone(exchange, dialect):
            yield f"asset {asset_id} could not be deleted: its storage is paid by the day"
    for operation, count in account.lost.items():
        what, become = LOST[operation]
        answers_of = "its answer was" if count == 1 else "their answers were"
        yield f"{_many(count, what)} may have been {become} though {answers_of} lost"


def _is_gone(exchange: Exchange | None, dialect: Dialect) -> bool:
    """Whether a deletion was answered that there is no such asset, in words that mean nothing else."""
    known = answers.no_asset(dialect)
    if exchange is None or exchange.status != known.status or known == answers.limited(dialect):
        return False
    return isinstance(exchange.answer, dict) and exchange.answer.get("msg") == known.text


def _many(count: int, what: str, ending: str = "s") -> str:
    return f"{count} {what}{ending if count > 1 else ''}"
