"""Below HTTP: silence, names, ports, certificates, connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.client_builders import (
    KEY,
    OTHER_TASK,
    PATH,
    TASK,
    bad_poll,
    fetch,
    line,
    nothing,
    poll,
    post,
    process,
    request,
    run,
)

from screenplay_contracts.client.observation import Files

if TYPE_CHECKING:
    from tests.unit.observed import Table

BRIEF = {"deadline_seconds": 3, "request_timeout_seconds": 1}
HANGING = process(None, ended_at=20.0, forced="17 s")
TRACE = b"Traceback (most recent call last):\nhttp.client.LineTooLong\n"
SILENT = post(status=None, answered=False, answer=b"")
GOES_ON = poll("completed", 0.6), fetch()


def silence(code: int | None = 1, ended_at: float = 1.5, *more: Any) -> Any:
    ends = (process(code, ended_at=ended_at),)
    return run(SILENT, *more, code=code, processes=ends, charges=(), tasks={}, case=BRIEF)


def unreachable(code: int | None = 1, ended_at: float = 1.5, stderr: bytes = b"cannot connect\n") -> Any:
    ends = (process(code, ended_at=ended_at, stderr=stderr),)
    return nothing(processes=ends, files=(Files(None, {}),), case=run(case=BRIEF).case)


def struck(fault: str, *more: Any, **how: Any) -> Any:
    one = bad_poll(0.3, 200, fault, answer=b"{}")
    return run(post(), one, *more, code=how.pop("code", 0 if more else 1), **how)


def tls(name: str, *requests: Any, code: int = 1) -> Any:
    case = run(case={"name": name}).case
    if not requests:
        return nothing(processes=(process(code),), files=(Files(None, {}),), case=case)
    return run(*requests, code=code, case={"name": name})


def downgraded(*more: Any) -> Any:
    return run(post(), bad_poll(0.3, 302, "redirect http"), *more, code=1)


def plain(key: str | None) -> Any:
    headers = {"Authorization": key}
    return request("GET", f"/canary/x{PATH}", 0.4, listener="other-plain", status=401, headers=headers)


def chain(length: int, gap: float = 0.001, **how: Any) -> Any:
    polls = [bad_poll(0.3 + n * gap, 302, "redirect same", took=0.0) for n in range(length)]
    return run(post(), *polls, code=1, case=BRIEF, **how)


def early(*more: Any) -> Any:
    """An upload that is refused before it has come whole."""
    sent = request("POST", f"{PATH}/upload", 0.1, operation="uploadAsset", status=413, complete=False, fault="receive")
    return run(sent, *more, code=1)


AGAIN = request("POST", f"{PATH}/upload", 0.5, operation="uploadAsset", status=413, complete=False)

KEEPS: Table = {
    "NET-01": (silence(), silence(ended_at=5.5)),
    "NET-02": (unreachable(), unreachable(ended_at=5.5)),
    "NET-03": (unreachable(), unreachable(ended_at=5.5)),
    "NET-04": (struck("close whole", *GOES_ON),),
    "NET-05": (struck("framing close", *GOES_ON),),
    "NET-06": (tls("tls/expired"), tls("tls/self-signed"), tls("tls/ok", *GOES_ON, code=0)),
    "NET-07": (tls("tls/old-version"),),
    "NET-08": (downgraded(), downgraded(plain(None))),
    "NET-09": (chain(1), chain(31), chain(200, gap=0.2)),
    "NET-11": (struck("drip 20", *GOES_ON), struck("framing long_head")),
    "NET-13": (struck("edit", *GOES_ON),),
    "NET-14": (early(),),
    "NET-15": (struck("framing http10", *GOES_ON),),
}
BREAKS: Table = {
    "NET-01": (silence(None, 10.0), silence(ended_at=8.0), silence(0), silence(1, 1.5, post(4.5, status=None))),
    "NET-02": (unreachable(None, 10.0), unreachable(ended_at=8.0), unreachable(0), unreachable(stderr=b"")),
    "NET-03": (unreachable(None, 10.0), unreachable(ended_at=8.0), unreachable(0), unreachable(stderr=b"")),
    "NET-04": (
        struck("close whole"),
        struck("close whole", *GOES_ON, tasks={TASK: "completed", OTHER_TASK: "completed"}),
    ),
    "NET-05": (struck("framing close"),),
    "NET-06": (tls("tls/expired", post()), tls("tls/wrong-host", *GOES_ON, code=0), tls("tls/ok")),
    "NET-07": (tls("tls/old-version", post()),),
    "NET-08": (downgraded(plain(KEY)),),
    "NET-09": (chain(61), chain(2, processes=(HANGING,))),
    "NET-11": (
        struck("framing long_head", processes=(process(1, stderr=TRACE),)),
        struck("drip 20", processes=(HANGING,)),
    ),
    "NET-13": (struck("edit"),),
    "NET-14": (early(AGAIN), early(post(0.5))),
    "NET-15": (struck("framing http10"),),
}
MISSES: Table = {
    "NET-01": (run(), nothing(), nothing(connections=(line(1),))),
    "NET-06": (nothing(case=tls("tls/expired").case), nothing(case=tls("tls/ok").case)),
    "NET-07": (nothing(case=tls("tls/old-version").case),),
}
SKIPS: Table = {}
