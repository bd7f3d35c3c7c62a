"""What Schemathesis is told: the file beside this package, and what a run says."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import trust
from screenplay_contracts.server.operations import OPERATIONS

if TYPE_CHECKING:
    from screenplay_contracts.server.target import Target

#: Operations that cost, that make something which somebody else would have to keep, or that take something away.
NOT_ELSEWHERE = frozenset({one.id for one in OPERATIONS if not one.free} | {"createSignedUrl", "deleteAsset"})
EXAMPLES_ELSEWHERE = 3  # each takes a second


def configuration(target: Target, key: str, *, seed: int, max_examples: int) -> dict[str, Any]:
    """As `schemathesis.toml` would say it. Against somebody else's server only what makes nothing and is free."""
    settings = tomllib.loads(files("screenplay_contracts.server").joinpath("schemathesis.toml").read_text("utf-8"))
    settings |= {"base-url": target.base_url, "seed": seed, "auth": {"openapi": {"apiKey": {"api_key": key}}}}
    settings["tls-verify"] = trust.authorities()  # requests would look at variables of its own
    settings["generation"]["max-examples"] = max_examples
    if target.foreign:
        settings["generation"]["max-examples"] = min(max_examples, EXAMPLES_ELSEWHERE)
        if target.pace:
            settings["rate-limit"] = "1/s"  # rate-limit page: one request a second
        settings["phases"] |= {"coverage": {"enabled": False}, "stateful": {"enabled": False}}
        settings["operations"].insert(0, {"include-operation-id": sorted(NOT_ELSEWHERE), "enabled": False})
    return settings
