"""
The readings of the vendor's documents where they contradict one another, as they are expected of a server.

Written from the documents, not from any server: what a server says of itself is compared with this.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT_TEXT = "Request has exceeded the limit."


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    One reading: a value for each switch. `name` is that of the set, `custom` if it has none.

    `success_codes` are the values that `code` may have in a success; the rest is as the switches are called.
    """

    name: str = "documented"
    success_codes: tuple[Any, ...] = (200,)
    error_flags: bool = True
    error_code_type: str = "integer"
    rate_limit: int = 429
    unknown_asset: str = "not_found"
    not_found_status: int = 400
    missing_webhook: str = "silent"
    callback_task_id: str = "request_id"
    callback_text_member: str = "message"
    asset_paths: str = "root"
    bearer: str = "reject"
    metadata_duration: bool = False


DIALECTS: Mapping[str, Dialect] = {
    "documented": Dialect(),
    "legacy": Dialect(
        name="legacy",
        success_codes=("0000",),
        error_code_type="string",
        callback_task_id="task_id",
        callback_text_member="msg",
        asset_paths="both",
    ),
    # clients logged 200 and "200"
    "live": Dialect(
        name="live",
        success_codes=(200, "200"),
        error_flags=False,
        rate_limit=400,
        unknown_asset="limit",
        missing_webhook="reject",
    ),
}


class UnknownSwitch(ValueError):
    """A server speaks of a switch that this version does not know."""


def from_switches(name: str, switches: Mapping[str, Any]) -> Dialect:
    """The reading that a server says it has: `{switch: value}`, and the *name* of the set. Raises UnknownSwitch."""
    values = {key: value for key, value in switches.items() if key != "success_code"}
    unknown = values.keys() - {field.name for field in fields(Dialect)} | ({"name"} & values.keys())
    if unknown:
        raise UnknownSwitch(f"the server has a switch {min(unknown)!r} that these checks do not know")
    if "success_code" in switches:
        values["success_codes"] = (switches["success_code"],)
    return replace(DIALECTS.get(name, Dialect()), **{**values, "name": name})
