"""Another status, other headers, other members than the operation answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.edits import edited
from screenplay_mock.encoding import encoded

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Edit
    from screenplay_mock.web.exchange import Answer, Call


async def change(_: Call, answer: Answer, edit: Edit) -> Answer:
    headers = dict(answer.headers)
    for name, value in (edit.headers or {}).items():
        for old in [one for one in headers if one.lower() == name.lower()]:
            del headers[old]
        if value is not None:
            headers[name] = value
    omitted = tuple(name for name, value in (edit.headers or {}).items() if value is None)
    answer = replace(answer, headers=headers, omitted=omitted, status=edit.status or answer.status)
    body = _members(answer) if edit.set or edit.remove else None
    if body is None:
        return answer
    content = encoded(edited(body, edit.set or {}, edit.remove))
    return replace(answer, body=content, size=len(content))


def _members(answer: Answer) -> dict[str, Any] | None:
    """The JSON object that *answer* is, None when it is something else."""
    if not isinstance(answer.body, bytes):
        return None
    try:
        body = json.loads(answer.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
