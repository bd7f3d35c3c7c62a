"""What requests look like, and several clients of one account."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import cancel, case
from screenplay_contracts.client.job import submission

ALL_OPTIONS = submission(
    3,
    language="zh-CN",
    use_face_recognition=True,
    use_subtitle=False,
    require_json=True,
    require_xlsx=True,
    require_merge_xlsx=True,
    concurrency=50,
)
MINIMAL = submission(1) | {"config": {}}

CASES = (
    case("auth/valid", "REQ-01", "REQ-09"),
    case("auth/key-with-newline", "REQ-01", scenario="auth/valid", key_suffix="\n", unseen=True),
    case("auth/invalid", "REQ-03", fails=True),
    case("auth/disabled", "REQ-03", fails=True),
    case("auth/revoked-midway", "REQ-03", fails=True),
    case("request/prefix", "REQ-11", scenario="poll/ok", prefix="/team/seven"),
    case("request/all-options", "REQ-05", "REQ-06", scenario="submit/ok", submit=ALL_OPTIONS),
    case("submit/ok", "REQ-04", "REQ-05", "REQ-11", "SUB-01"),
    case("submit/minimal", "REQ-05", "REQ-06", submit=MINIMAL),
    case("submit/odd-task-id", "REQ-10"),
    case("submit/parallel-8", "REQ-13", "SUB-01", "SUB-14", together=8),
    case("poll/ok", "REQ-07"),
    cancel("cancel/ok", "REQ-07", "CAN-01", "CAN-04", fails=True),
    case("rate/eight-tasks", "REQ-14", "NET-12", together=8, poll_seconds=1, deadline_seconds=5),
    case("rate/documented-400", "REQ-14", "SUB-08", together=3, poll_seconds=1, deadline_seconds=5),
)
