"""One account's world, as a test sees it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from screenplay_mock.testing.admin import Admin
from screenplay_mock.testing.receiver import Receiver

if TYPE_CHECKING:
    from screenplay_mock.testing.admin import RunningServer

Json = dict[str, Any]
ScenarioLike = str | os.PathLike[str] | Json


class Screenplay:
    """
    The sandbox of one API key: what a client needs (`base_url`, `key`), what let time pass, and what was seen.

    Tasks, requests and so on are plain data, fetched anew at each access; times in them are ISO 8601 in UTC. What the
    admin API refuses is an AdminError.

    In an asyncio test whose receiver runs in the same loop use the methods that begin with `a`: the others block the
    loop until the receiver has answered, which then it cannot.
    """

    def __init__(self, server: RunningServer, key: str) -> None:
        self.base_url = server.base_url
        self.admin_url = server.admin_url
        self.key = key
        self._admin = Admin(server, key=key)
        self._receiver: Receiver | None = None

    def __repr__(self) -> str:
        from screenplay_mock.sandbox import shortened

        return f"<Screenplay {shortened(self.key)} at {self.base_url}>"

    def begin(
        self,
        *,
        scenario: ScenarioLike | None = None,
        seed: int = 0,
        dialect: str | Json | None = None,
        clock: str = "manual",
    ) -> None:
        """Make the sandbox anew, whatever a test that was killed may have left of it."""
        self.admin("DELETE", "/sandbox")
        self.admin("PUT", "/clock", {"mode": clock})
        if scenario is not None:
            self.use(scenario)
        if dialect is not None:
            self.admin("PUT", "/dialect", dialect)
        self.reset(seed=seed)  # after the clock's mode, so that it shows its beginning

    def close(self) -> None:
        """Delete the sandbox and close the receiver."""
        try:
            self.admin("DELETE", "/sandbox")
        finally:
            if self._receiver is not None:
                self._receiver.close()

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Whatever else the admin API can do: `screenplay.admin("PUT", "/clock", {"mode": "x60"})`."""
        return self._admin.call(method, path, body)

    # How the world is

    def use(self, scenario: ScenarioLike) -> None:
        """Play *scenario* from now on: a built-in name, a YAML file (a path, `.yaml` in a string), or as a dict."""
        if isinstance(scenario, os.PathLike) or (isinstance(scenario, str) and scenario.endswith((".yaml", ".yml"))):
            from screenplay_mock.scenarios import load_file, to_data

            scenario = to_data(load_file(os.fspath(scenario)))
        self.admin("PUT", "/scenario", scenario)

    def use_dialect(self, name: str | None = None, /, **switches: str) -> None:
        """Speak the dialect *name*, or the one spoken now, with *switches* set: `use_dialect(bearer="accept")`."""
        self.admin("PUT", "/dialect", switches if name is None else {"name": name, **switches})

    def set_account(self, **changes: Any) -> Json:
        """Set balance_micro_dollars, rate_limit (requests a second), webhook_url or disabled; the account after it."""
        return dict(self.admin("PATCH", "/account", changes))

    def add_asset(self, **properties: Any) -> str:
        """An uploaded asset with duration_seconds, kind, upload_status, original_filename; its id."""
        return str(self.admin("POST", "/assets", properties)["asset_id"])

    def reset(self, *, seed: int | None = None) -> None:
        """Empty the sandbox and start its clock again; scenario, dialect and webhook stay, without *seed* it too."""
        self.admin("POST", "/reset", {} if seed is None else {"seed": seed})

    # Time

    @property
    def now(self) -> str:
        return str(self.admin("GET", "/clock")["now"])

    def advance(self, seconds: float) -> Json:
        """Let time pass; when it returns, all webhooks due have been answered. `{now, events, deliveries}`."""
        return self._advance({"seconds": seconds})

    def advance_to_next(self) -> Json:
        """Let time pass until something happens to a task, or a webhook falls due. As `advance`."""
        return self._advance({"to": "next"})

    def advance_to_idle(self) -> Json:
        """Let time pass until nothing is planned any more, webhook retries included. As `advance`."""
        return self._advance({"to": "idle"})

    async def aadvance(self, seconds: float) -> Json:
        return await asyncio.to_thread(self.advance, seconds)

    async def aadvance_to_next(self) -> Json:
        return await asyncio.to_thread(self.advance_to_next)

    async def aadvance_to_idle(self) -> Json:
        return await asyncio.to_thread(self.advance_to_idle)

    def _advance(self, target: Json) -> Json:
        return dict(self.admin("POST", "/clock/advance", target))

    # What happens to a task now, whatever its plan was; the task after it. A webhook it causes has been answered then.

    def start(self, task_id: str) -> Json:
        return self._force(task_id, "start")

    def complete(self, task_id: str) -> Json:
        return self._force(task_id, "complete")

    def fail(self, task_id: str, *, error_code: str | None = None, error_message: str | None = None) -> Json:
        details = {"error_code": error_code, "error_message": error_message}
        return self._force(task_id, "fail", {name: value for name, value in details.items() if value is not None})

    def cancel(self, task_id: str) -> Json:
        return self._force(task_id, "cancel")

    async def acomplete(self, task_id: str) -> Json:
        return await asyncio.to_thread(self.complete, task_id)

    async def afail(self, task_id: str, *, error_code: str | None = None, error_message: str | None = None) -> Json:
        return await asyncio.to_thread(self.fail, task_id, error_code=error_code, error_message=error_message)

    def _force(self, task_id: str, what: str, details: Json | None = None) -> Json:
        return dict(self.admin("POST", f"/tasks/{quote(task_id, safe='')}/{what}", details))

    # What there is and what was seen

    @property
    def tasks(self) -> list[Json]:
        """`{task_id, status, past, planned, …}` each; past and planned are the events of its life."""
        return list(self.admin("GET", "/tasks")["tasks"])

    @property
    def assets(self) -> list[Json]:
        return list(self.admin("GET", "/assets")["assets"])

    @property
    def requests(self) -> list[Json]:
        """`{id, at, operation, method, path, headers, body, task_id, response, violations, …}` each; no keys."""
        return list(self.admin("GET", "/requests")["requests"])

    @property
    def violations(self) -> list[Json]:
        """`{request_id, operation, location, rule, severity, message}` each: what requests broke."""
        return list(self.admin("GET", "/violations")["violations"])

    @property
    def deliveries(self) -> list[Json]:
        """`{id, task_id, url, payload, attempts: [{at, status, error}], …}` each."""
        return list(self.admin("GET", "/deliveries")["deliveries"])

    @property
    def account(self) -> Json:
        """`{balance_micro_dollars, charges, rate_limit, webhook_url, disabled}`."""
        return dict(self.admin("GET", "/account"))

    @property
    def webhook(self) -> Receiver:
        """A real receiver on loopback. The first use makes it and sets its URL as the account's webhook."""
        if self._receiver is None:
            self._receiver = Receiver()
            self.set_account(webhook_url=self._receiver.url)
        return self._receiver
