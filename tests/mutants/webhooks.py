"""Mutants whose receiver says the wrong thing, or who believe what anybody can say."""

from __future__ import annotations

from tests.mutants.row import mutant

_TOLD = "                self._told.add(task_id)\n"
_WOKEN = "            if task_id == self._ours:\n                self.wake.set()\n"
_ANSWER = "return 200 if event else 400"
_WAITED = "            self._receiver.wake.clear()\n"
_IN_PLACE = '            (unfinished / "result").rename(self._out / "result")\n'
_FOLLOWED = "            self._wait(status)\n"

ANSWERS = (
    mutant(
        "answers a webhook with 500",
        "WHK-01",
        "webhook/ok",
        (_ANSWER, "return 500 if event else 400"),
        beside="WHK-* CAN-06",
    ),
    mutant("answers garbage with 500", "WHK-13", "webhook/garbage", (_ANSWER, "return 200 if event else 500")),
)

EFFECTS = (
    mutant(
        "downloads for the poll, and again for the webhook",
        "POL-14 WHK-02 WHK-03 WHK-05 WHK-14 WHK-15",
        "webhook/race-with-poll webhook/duplicate webhook/out-of-order webhook/late webhook/retry-after-500 "
        "webhook/burst",
        (
            _IN_PLACE,
            _IN_PLACE
            + """\
            if self._receiver is not None and self.task_id in self._receiver._told:
                self._downloaded(self._out / "told.zip")
""",
        ),
        beside="WHK-* DLD-02",
    ),
    mutant(
        "waits for a webhook that comes once, behind the answer",
        "WHK-04 WHK-06 WHK-16",
        "webhook/before-submit-response webhook/lost webhook/ahead-of-status",
        ("            if task_id in self._told:\n                self.wake.set()\n", "            self.wake.clear()\n"),
        ("self._api.deadline.wait(4 * self._api.gap,", "self._api.deadline.wait(60,"),
        beside="WHK-10 WHK-17 WHK-09 HYG-03",
    ),
    mutant(
        "asks for the task whose id is at the top of a webhook",
        "WHK-07",
        "webhook/two-ids",
        (_WOKEN, _WOKEN + '                self.top = str(event.get("task_id"))\n'),
        (
            _WAITED,
            _WAITED
            + """\
            if hasattr(self._receiver, "top"):
                self._api._read(self._api._get(f"/screenplay/tasks/{segment(self._receiver.top)}")[0])
""",
        ),
    ),
    mutant(
        "downloads whatever a webhook names",
        "WHK-08",
        "webhook/unknown-task",
        (
            _WAITED,
            _WAITED
            + """\
            for told in {*self._receiver._told} - {self.task_id}:
                self._api.download(f"/screenplay/tasks/{segment(told)}/download", self._out / "told.zip")
""",
        ),
    ),
    mutant(
        "believes what a webhook says",
        "WHK-09 WHK-10 WHK-16 WHK-17 HYG-03",
        "webhook/forged-completed webhook/forged-failed webhook/ahead-of-status webhook/unknown-status",
        (_WOKEN, _WOKEN + '                self.end = data.get("status")\n'),
        (
            _FOLLOWED,
            _FOLLOWED
            + """\
            end = getattr(self._receiver, "end", None)
            if end not in {None, "pending", "running"}:
                return Status(end if end in ENDS else "completed")
""",
        ),
        beside="CAN-06 POL-14 WHK-*",
    ),
    mutant(
        "follows a URL in a webhook",
        "WHK-18",
        "webhook/url-in-payload",
        (
            _TOLD,
            _TOLD
            + """\
            if isinstance(event.get("result_url"), str):
                requests.get(event["result_url"], timeout=2)
""",
        ),
    ),
)

ROWS = (*ANSWERS, *EFFECTS)
