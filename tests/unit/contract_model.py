"""What the tests of the model of the contract share: readings, answers, submissions."""

from __future__ import annotations

import json
from typing import Any

from screenplay_contracts.exchange import Exchange
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.model import submission
from screenplay_contracts.server.model.allowed import Reading
from screenplay_contracts.server.model.task import Life

FAKE = Reading(DIALECTS["documented"], fake=True)
SOMEBODYS = Reading(DIALECTS["documented"], fake=False)
BEGIN = 1_773_396_000_000  # 2026-03-13T10:00:00Z
COMPLETES = Life(frozenset({"completed"}), pending_for=2_000, per_episode=3_000)


def answered(status: int, body: Any = None, *, media_type: str = "application/json") -> Exchange:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = (("Content-Type", media_type),)
    return Exchange(1, "a", "GET", "http://a/b", status, response_headers=headers, response_body=content)


def success(**data: Any) -> Exchange:
    return answered(200, {"code": 200, "msg": "success", "data": data})


def body_of(*assets: str, **config: Any) -> dict[str, Any]:
    episodes = {str(number): asset for number, asset in enumerate(assets, 1)}
    return {"mode": "short_drama", "episodes": episodes, "config": config}


def submitted(
    body: Any, states: Any, *, reading: Reading = FAKE, webhook: bool | None = True, now: int | None = None
) -> tuple[Any, ...]:
    return submission.to_submission(body, lambda asset_id: states[asset_id], reading, webhook=webhook, now=now)
