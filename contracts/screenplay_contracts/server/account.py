"""One account of the server, as a run uses it: what costs goes through the budget, and time passes as it can."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from screenplay_contracts.server import money
from screenplay_contracts.server.client import NOTHING, Client, multipart
from screenplay_contracts.server.operations import below, found
from screenplay_contracts.server.recording import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.operations import Operation
    from screenplay_contracts.server.target import Target

TASKS = "/screenplay/tasks"
#: Operations whose answer says what has been made, and where.
NAMES: Mapping[str, str] = {"submitTask": "task_id", "uploadAsset": "asset_id"}
MOST_STEPS = 200  # events of a task, until it is given up
MOST_POLLS = 10_000
LIMITED = 429
PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds; rate-limit page: back off from 1 s, doubling


class CannotGoOn(Exception):
    """The server did not give what the rest of a chapter needs; the checks say what was wrong."""


def data_of(exchange: Exchange | None) -> Mapping[str, Any]:
    """`data` of an answer; empty where there is none."""
    answer = exchange.answer if exchange is not None else None
    data = answer.get("data") if isinstance(answer, dict) else None
    return data if isinstance(data, dict) else {}


def succeeded(exchange: Exchange | None) -> bool:
    return exchange is not None and exchange.status is not None and 200 <= exchange.status < 300  # noqa: PLR2004


class Account:
    """`admin` is the client of the admin API for this account's sandbox, None where there is none."""

    def __init__(self, target: Target, client: Client, admin: Client | None, *, webhook_url: str | None = None) -> None:
        self.target, self.client, self._admin = target, client, admin
        self.webhook_url = webhook_url
        self.started: dict[str, bool] = {}  # tasks that were accepted, and whether they have ended
        self.assets: list[str] = []  # that were uploaded, and not deleted since
        self.lost: Counter[str] = Counter()  # what may have been done although no answer said so, by operation
        self._known: dict[str, Any] = {}
        self._signed: dict[str, str] = {}  # the assets of signed URLs
        self._last_sent = 0.0

    @property
    def label(self) -> str:
        return self.client.account

    @property
    def has_admin(self) -> bool:
        return self._admin is not None

    # Requests

    def send(
        self,
        method: str,
        path: str,
        body: Any = NOTHING,
        *,
        headers: Mapping[str, str | None] | None = None,
        raw: bytes | None = None,
    ) -> Exchange | None:
        """
        The exchange, or None when the budget does not allow it.

        With another Authorization than its own it costs nothing: nobody is known who could pay.
        """
        anonymous = "Authorization" in (headers or {}) and "://" not in path
        operation, subject = (None, None) if anonymous else self._operation(method, path)
        held = money.most(operation, subject, body, len(raw or b""), self._known)
        if not self.target.budget.allows(held):
            return None
        exchange = self._in_turn(
            lambda: self._counted(
                operation, held, lambda: self.client.call(method, path, body, headers=headers, raw=raw)
            )
        )
        self._remember(exchange)
        if operation is not None and operation.id == "deleteAsset" and subject in self.assets and succeeded(exchange):
            self.assets.remove(subject)
        return exchange

    def upload(
        self, content: bytes, filename: str, *, path: str = "/upload", headers: Mapping[str, str | None] | None = None
    ) -> Exchange | None:
        raw, content_type = multipart(content, filename)
        exchange = self.send("POST", path, raw=raw, headers={"Content-Type": content_type, **(headers or {})})
        told = data_of(exchange).get("asset_id") if succeeded(exchange) else None
        asset_id = told if isinstance(told, str) else self._signed.get(path)
        if asset_id is not None and exchange is not None and not money.is_refused(exchange):
            self._known[f"bytes:{asset_id}"] = max(len(content), self._known.get(f"bytes:{asset_id}", 0))
            if asset_id not in self.assets:
                self.assets.append(asset_id)
        return exchange

    def uploaded(self, content: bytes, filename: str) -> str | None:
        """The id of an upload whose metadata have been looked at; None where there is none."""
        asset_id = data_of(self.upload(content, filename)).get("asset_id")
        if not isinstance(asset_id, str):
            return None
        self.send("GET", f"/{asset_id}/metadata")
        return asset_id

    def _in_turn(self, call: Callable[[], Exchange]) -> Exchange:
        """What *call* gets, not faster than the target wants, and again when it was too fast nevertheless."""
        for pause in (*PAUSES, None) if self.target.foreign else (None,):
            wait = self._last_sent + self.target.pace - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self._last_sent = time.monotonic()
            exchange = call()
            if exchange.status != LIMITED or pause is None:
                return exchange
            time.sleep(pause)
        raise AssertionError("the last pause is None")

    def _operation(self, method: str, path: str) -> tuple[Operation | None, str | None]:
        if "://" in path:  # a signed URL
            path = below(urlsplit(path).path, urlsplit(self.target.base_url).path) or "/storage/elsewhere"
        return found(method, path.partition("?")[0]) or (None, None)

    def _counted(self, operation: Operation | None, held: int, call: Callable[[], Exchange]) -> Exchange:
        """What *call* gets; counted is what it cost, and whether something may have come of it that has no name."""
        exchange = None
        try:
            exchange = call()
            return exchange
        finally:  # also where it is interrupted
            self.target.budget.spend(money.cost(operation, held, exchange))
            name = NAMES.get(operation.id) if operation is not None and held else None
            if operation is not None and name is not None and not _is_settled(exchange, name):
                self.lost[operation.id] += 1

    def _remember(self, exchange: Exchange) -> None:
        data = data_of(exchange)
        task_id, status, asset_id, url = (data.get(name) for name in ("task_id", "status", "asset_id", "signed_url"))
        if isinstance(asset_id, str) and isinstance(url, str) and succeeded(exchange):
            self._signed[url] = asset_id
        if not isinstance(task_id, str) or not succeeded(exchange):
            return
        if exchange.method == "POST":
            self.started[task_id], self._known[task_id] = False, True
        if isinstance(status, str) and status in TERMINAL and task_id in self.started:
            self.started[task_id] = True

    # Operations

    def submit(self, *assets: str, config: Mapping[str, Any] | None = None, mode: str = "short_drama") -> str | None:
        """The id of a new task of these episodes, numbered from 1; None if the server did not accept it."""
        episodes = {str(number): asset for number, asset in enumerate(assets, 1)}
        exchange = self.send("POST", TASKS, {"mode": mode, "episodes": episodes, "config": dict(config or {})})
        task_id = data_of(exchange).get("task_id")
        return task_id if succeeded(exchange) and isinstance(task_id, str) and task_id else None

    def submitted(self, *assets: str, config: Mapping[str, Any] | None = None) -> str:
        """As `submit`. Raises CannotGoOn."""
        task_id = self.submit(*assets, config=config)
        if task_id is None:
            raise CannotGoOn("a submission was not accepted, or the budget did not allow it")
        return task_id

    def status(self, task_id: str) -> str | None:
        status = data_of(self.send("GET", f"{TASKS}/{quote(task_id, safe='')}")).get("status")
        return status if isinstance(status, str) else None

    def cancel(self, task_id: str) -> Exchange | None:
        return self.send("DELETE", f"{TASKS}/{quote(task_id, safe='')}")

    def download(self, task_id: str) -> Exchange | None:
        return self.send("GET", f"{TASKS}/{quote(task_id, safe='')}/download")

    def knows_length(self, asset_id: str, seconds: float) -> None:
        """What an asset costs as an episode is known from now on: of two lengths the longer one counts."""
        before = self._known.get(asset_id)
        self._known[asset_id] = max(float(seconds), before if isinstance(before, float) else 0.0)

    # Time

    def watch(self, task_id: str, *, until: Sequence[str] = tuple(TERMINAL)) -> str | None:
        """Ask how the task is until its status is one of *until*; at each event of its life, where time is virtual."""
        deadline = time.monotonic() + self.target.waits_for
        for _ in range(MOST_STEPS if self.has_admin else MOST_POLLS):
            status = self.status(task_id)
            if status in until or status in TERMINAL or status is None or time.monotonic() > deadline:
                return status
            if self._admin is None:
                time.sleep(self.target.polls_every)
            elif not _events(self.advance(to="next")):
                return status
        return None

    def advance(self, *, seconds: float | None = None, to: str | None = None) -> Exchange:
        """Let virtual time pass. Only with an admin API."""
        return self.admin("POST", "/clock/advance", {"seconds": seconds} if to is None else {"to": to})

    def settle(self) -> None:
        """Let time pass until nothing is planned any more, and look what the account was charged and told."""
        if self.has_admin:
            self.advance(to="idle")
            self.look()

    def look(self) -> None:
        if self.has_admin:
            self.admin("GET", "/account")
            self.admin("GET", "/deliveries")

    def admin(self, method: str, path: str, body: Any = NOTHING) -> Exchange:
        assert self._admin is not None, "only where there is an admin API"
        exchange = self._admin.call(method, path, body)
        now = exchange.answer.get("now") if isinstance(exchange.answer, dict) else None
        if isinstance(now, str) and path.startswith(("/clock", "/reset")):
            self.client.virtual_at = self._admin.virtual_at = now
        return exchange

    def close(self) -> None:
        self.client.close()
        if self._admin is not None:
            self._admin.close()


def _events(exchange: Exchange) -> int:
    """How many events happened in an advance."""
    events = exchange.answer.get("events") if isinstance(exchange.answer, dict) else None
    return events if isinstance(events, int) else 0


def _is_settled(exchange: Exchange | None, name: str) -> bool:
    """Whether an answer tells what has become of a request: that nothing has, or under which name."""
    if exchange is None:
        return False
    return money.is_refused(exchange) or (money.is_answered(exchange) and isinstance(data_of(exchange).get(name), str))
