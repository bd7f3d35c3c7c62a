"""What comes to the client's receiver."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.unit.client_builders import (
    OTHER_TASK,
    TASK,
    fetch,
    hook,
    nothing,
    poll,
    post,
    process,
    request,
    run,
)

if TYPE_CHECKING:
    from tests.unit.observed import Table

    from screenplay_contracts.client.observation import Delivery, Request

WAITS = {"webhook": True, "wait": "webhook"}
POSTED = post()
RUNNING = poll("running", 0.4)
ENDED = (POSTED, RUNNING, poll("completed", 1.0), fetch())
FAILED = (POSTED, RUNNING, poll("failed", 1.0))


def heard(*deliveries: Delivery, requests: tuple[Request, ...] = ENDED, code: int | None = 0, **how: Any) -> Any:
    """A client that waits for a webhook, and gets these."""
    return run(*requests, code=code, deliveries=deliveries, case=WAITS, **how)


def unheard(one: Delivery, error: str = "Cannot connect") -> Delivery:
    return replace(one, status=None, error=error)


def answered(one: Delivery, status: int) -> Delivery:
    return replace(one, status=status)


def odd(payload: Any, at: float = 0.2, **how: Any) -> Delivery:
    return replace(hook(at), payload=payload, **how)


END, AGAIN = hook(1.0), hook(1.05)
TWICE = (*ENDED, fetch(1.2))
OLD = hook(1.15, "running")
LATE = hook(1.2)
LONG = process(0, ended_at=3.0)
STRANGE = hook(0.4, task=OTHER_TASK)
ASKED = poll("", 0.45, task=OTHER_TASK, status=400)
FETCHED = fetch(0.45, task=OTHER_TASK, status=400)
FORGED = hook(0.4)
LIED = hook(0.4, "failed")
NEW = hook(0.4, "archived")
TEMPTING = hook(more={"result_url": "http://127.0.0.1:9/canary/x/result.zip"})
FOLLOWED = request("GET", "/canary/x/result.zip", 1.05, listener="other", status=401)
HASTY = (POSTED, RUNNING, fetch(0.45))
GARBAGE = (odd('{"code": 200, "data": {', status=400), odd("<task>", 0.25, status=415), odd(None, 0.3, status=405))

KEEPS: Table = {
    "WHK-01": (heard(END), heard(hook(0.2, seconds=2.0), END), heard(END, unheard(hook(1.2)))),
    "WHK-02": (heard(END, AGAIN), heard(END, AGAIN, unheard(hook(1.25)))),
    "WHK-03": (heard(END, OLD), heard(OLD)),
    "WHK-04": (
        heard(hook(0.15), requests=(post(took=0.6), poll("completed", 0.9), fetch())),
        heard(answered(hook(0.15), 404), hook(0.8), requests=(post(took=0.6), poll("completed", 0.9), fetch())),
    ),
    "WHK-05": (heard(LATE),),
    "WHK-06": (heard(),),
    "WHK-07": (heard(END),),
    "WHK-08": (heard(STRANGE, END), heard(STRANGE, requests=(*ENDED, ASKED)), heard(answered(STRANGE, 404))),
    "WHK-09": (heard(FORGED, requests=FAILED, code=1), heard(END)),
    "WHK-10": (heard(LIED, END),),
    "WHK-13": (
        heard(*GARBAGE, END),
        heard(*GARBAGE, unheard(hook(0.35, "running"), "Connection reset"), END),
        heard(*GARBAGE, END, unheard(odd("<task/>", 1.2), "Connection reset")),  # again, when the receiver was closed
    ),
    "WHK-14": (heard(END, AGAIN),),
    "WHK-15": (heard(*[END] * 50), heard(*[END] * 40, *[unheard(END)] * 10)),
    "WHK-16": (heard(FORGED),),
    "WHK-17": (heard(NEW, END),),
    "WHK-18": (heard(TEMPTING),),
}
BREAKS: Table = {
    "WHK-01": (
        heard(answered(END, 500)),
        heard(replace(END, seconds=8.0)),
        heard(unheard(hook(0.2)), requests=(POSTED,), processes=(LONG,)),
    ),
    "WHK-02": (heard(END, answered(AGAIN, 409)), heard(END, AGAIN, requests=TWICE)),
    "WHK-03": (
        heard(END, answered(OLD, 500)),
        heard(END, OLD, requests=TWICE),
        heard(END, OLD, code=1),
    ),
    "WHK-04": (
        heard(unheard(hook(0.15)), requests=(post(took=0.6), poll("completed", 0.9), fetch())),
        heard(answered(hook(0.15), 404), requests=(post(took=0.6), poll("completed", 0.9), fetch())),
        heard(hook(0.15), requests=(post(took=0.6),), code=1),
    ),
    "WHK-05": (heard(answered(LATE, 500)), heard(LATE, requests=TWICE)),
    "WHK-06": (heard(requests=(POSTED,), code=1), heard(requests=(POSTED,), code=None)),
    "WHK-07": (
        heard(END, requests=(*ENDED, poll("", 1.05, task="f00d", status=400))),
        heard(END, code=1),
        heard(answered(END, 404)),
    ),
    "WHK-08": (
        heard(STRANGE, requests=(*ENDED, FETCHED)),
        heard(STRANGE, requests=(*ENDED, ASKED, replace(ASKED, at=0.5))),
        heard(answered(STRANGE, 500)),
    ),
    "WHK-09": (heard(FORGED, requests=HASTY, code=1), heard(END, requests=(POSTED, fetch()))),
    "WHK-10": (
        heard(LIED, requests=(POSTED, RUNNING), code=1),
        heard(LIED, requests=(POSTED, RUNNING), code=1, tasks={TASK: "running"}),  # nobody waited for its end
        heard(LIED, requests=(*ENDED, post(0.5))),
    ),
    "WHK-13": (
        heard(answered(GARBAGE[0], 500), END),
        heard(unheard(GARBAGE[1]), END),
        heard(*GARBAGE, unheard(hook(0.9)), requests=(POSTED,), processes=(LONG,)),
        heard(*GARBAGE, END, code=1),
    ),
    "WHK-14": (heard(END, AGAIN, requests=TWICE), heard(END, answered(AGAIN, 500))),
    "WHK-15": (
        heard(*[END] * 49, answered(END, 503)),
        heard(*[hook(0.1)] * 12, *[unheard(hook(0.1))] * 3),
        heard(*[END] * 50, requests=TWICE),
    ),
    "WHK-16": (heard(FORGED, requests=HASTY, code=1), heard(FORGED, requests=(POSTED, RUNNING), code=1)),
    "WHK-17": (
        heard(answered(NEW, 400), END),
        heard(NEW, requests=HASTY),
        heard(NEW, requests=(POSTED, RUNNING), code=1),
    ),
    "WHK-18": (heard(TEMPTING, requests=(*ENDED, FOLLOWED)),),
}
MISSES: Table = {
    "WHK-01": (heard(), nothing(), heard(unheard(hook(1.2)))),
    "WHK-02": (heard(), heard(END), run()),
    "WHK-03": (heard(END), heard(hook(0.3, "running"))),
    "WHK-04": (heard(END), run()),
    "WHK-05": (heard(), run(), nothing()),
    "WHK-06": (run(), heard(END)),
    "WHK-07": (heard(), heard(hook(more={"task_id": TASK}))),
    "WHK-08": (heard(END),),
    "WHK-09": (heard(), heard(hook(status="failed"))),
    "WHK-10": (heard(END), heard(LIED, requests=FAILED, code=1, tasks={TASK: "failed"})),
    "WHK-13": (heard(END),),
    "WHK-15": (heard(END, AGAIN),),
    "WHK-16": (heard(), heard(hook(1.2))),
    "WHK-17": (heard(END),),
    "WHK-18": (heard(END),),
}
SKIPS: Table = {
    "WHK-02": (heard(END, unheard(AGAIN)),),
    "WHK-03": (heard(END, unheard(OLD)),),
    "WHK-05": (heard(unheard(LATE)), heard(END, requests=(POSTED,), code=1)),
    "WHK-14": (heard(END, unheard(AGAIN)),),
}
