"""Mutants in polling, and in what they make of a status."""

from __future__ import annotations

from tests.mutants.row import mutant

_ASK = "            status = self._api.ask(self._path, status_in)\n"

WHEN = (
    mutant(
        "polls in a busy loop",
        "POL-01",
        "t/poll/long-pending",
        ("self._api.deadline.wait(self._api.gap if status.name else 0)", "self._api.deadline.wait(0.02)"),
    ),
    mutant(
        "polls once more behind the end",
        "POL-02",
        "poll/completed poll/failed poll/cancelled",
        (
            "        return status\n\n    def _cancelled",
            "        self._api.ask(self._path, status_in)\n        return status\n\n    def _cancelled",
        ),
    ),
    mutant(
        "asks a second time while an answer is late",
        "POL-11",
        "t/poll/slow-answers",
        (
            "                answer = self._read(self._get(path)[0])\n",
            """\
                def hedge(path: str = path) -> None:
                    with suppress(Exception):
                        Api(self._base, self.deadline, self._timeout, self.gap)._get(path)

                timer = threading.Timer(0.3, hedge)
                timer.daemon = True
                timer.start()
                try:
                    answer = self._read(self._get(path)[0])
                finally:
                    timer.cancel()
""",
        ),
        beside="POL-02 NET-12",  # on a busy machine any answer may be late
    ),
    mutant(
        "sends a validator, and does not know what 304 means",
        "POL-15",
        "poll/304",
        ("{UNUSABLE, 304, 408, 425}", "{UNUSABLE, 408, 425}"),
        ('"Accept-Encoding": "gzip", **headers}', '"Accept-Encoding": "gzip", "If-None-Match": \'"1"\', **headers}'),
    ),
)

STATUSES = (
    mutant(
        "takes a status that it does not know for a success",
        "POL-04",
        "poll/unknown-status",
        ("while status.name not in ENDS:", 'while status.name in {"", "pending", "running"}:'),
        (
            'if status.name != "completed" or self.cancelling',
            'if status.name in {"failed", "cancelled"} or self.cancelling',
        ),
    ),
    mutant(
        "refuses members that it does not know",
        "POL-05",
        "poll/extra-fields",
        (
            "                if answer.code == USABLE and (found",
            """\
                if answer.body.keys() - {"code", "msg", "data", "success", "failed"}:
                    raise Ended("error", "an unknown member")
                if answer.code == USABLE and (found""",
        ),
    ),
    mutant(
        "needs progress while a task is pending",
        "POL-06",
        "poll/pending-no-progress",
        (
            _ASK,
            _ASK.replace(
                "status_in", 'lambda data: data["status"] == "pending" and data["progress"] or status_in(data)'
            ),
        ),
        ruins=True,
    ),
    mutant(
        "counts with the progress",
        "POL-07",
        "poll/odd-progress",
        (
            '    name = data.get("status")\n',
            """\
    name = data.get("status")
    if name == "running":
        data["progress"]["completed_episodes"] / data["progress"]["total_episodes"]
""",
        ),
    ),
    mutant(
        "gives up a task that is pending again",
        "POL-08",
        "poll/regress",
        (
            _ASK,
            """\
            before, status = status, self._api.ask(self._path, status_in)
            if (before.name, status.name) == ("running", "pending"):
                raise Ended("error", "the task went back")
""",
        ),
    ),
    mutant(
        "does not believe a task that is completed at once",
        "POL-09",
        "poll/fast",
        (
            _ASK,
            """\
            before, status = status, self._api.ask(self._path, status_in)
            if before.name in {"", "pending"} and status.name == "completed" and not hasattr(self._api, "seen"):
                raise Ended("error", "nothing is that fast")
            self._api.seen = True
""",
        ),
        beside="WHK-* POL-10 RTY-* RSP-*",
    ),
    mutant(
        "exits with 0 when the task has failed",
        "POL-12 HYG-03 RSP-11 RSP-19",
        "poll/failed json/unicode poll/unknown-error-code",
        ('exit_code = 0 if status.name == "completed"', 'exit_code = 0 if status.name in {"completed", "failed"}'),
    ),
    mutant(
        "reports that a task is completed which has failed",
        "POL-12 HYG-03",
        "poll/failed",
        ("job.is_unknown else end[0]", 'job.is_unknown else {"failed": "completed"}.get(end[0], end[0])'),
    ),
    mutant(
        "reports another id than that of its task",
        "HYG-03",
        "poll/completed",
        ("None if job is None else job.task_id", "None if job is None else job.task_id and job.task_id[:-1]"),
        beside="REQ-13",
    ),
    mutant(
        "keeps the reason of a failure to itself",
        "POL-13",
        "poll/failed poll/failed-unicode-message",
        ("end = status.name, status.code, status.message", "end = status.name, None, None"),
        beside="RSP-11",
    ),
)

ROWS = (*WHEN, *STATUSES)
