"""Mutants that pay too often, or do not know what they have paid for."""

from __future__ import annotations

from tests.mutants.row import mutant

REPEATS = (
    mutant(
        "sends a submission again whose answer was lost",
        "SUB-01 SUB-02 SUB-03 SUB-04",
        "submit/reset-after-accept submit/close-after-accept t/submit/slow-answer",
        ("if lost.sent or lost.is_final or last:", "if lost.is_final or attempt:"),
    ),
    mutant(
        "sends a submission again that a server's error answered",
        "SUB-01 SUB-05 SUB-06",
        "submit/gateway-504-after-accept submit/500-after-accept",
        (
            "if not answer.is_limited or last:",
            "if not (answer.is_limited or (answer.code >= 500 and not attempt)) or last:",
        ),
    ),
    mutant(
        "submits again at once when it is limited",
        "SUB-07 SUB-08 REQ-14",
        "submit/429-then-ok submit/400-limit rate/documented-400",
        ("self.deadline.wait(max(wait, growing(1, attempt)))", "self.deadline.wait(0.02)"),
    ),
    mutant(
        "submits twice when it was refused a connection",
        "SUB-01 SUB-09",
        "submit/refused-then-ok",
        (
            "                answer, target = self._posted(url, body, kind)",
            """\
                if attempt and "refused" in trouble:
                    self._posted(url, make_body(), kind)
                answer, target = self._posted(url, body, kind)""",
        ),
    ),
    mutant(
        "posts again what was refused for good",
        "SUB-10 SUB-19 REQ-03 NET-14",
        "submit/402 submit/no-webhook-400 submit/403 upload/early-413",
        (
            "if not answer.is_limited or last:",
            "if not (answer.is_limited or (400 <= answer.code < 500 and not attempt)) or last:",
        ),
    ),
    mutant(
        "submits again a task that cannot be asked for",
        "SUB-01 POL-10 RTY-11",
        "poll/404-then-ok poll/500-once",
        (
            "                if not (answer.may_pass or answer.code == USABLE or unseen):",
            "                if answer.code in {404, 500} or not (answer.may_pass or answer.code == USABLE):",
        ),
        (
            "            status = self._followed(status)\n            if",
            """\
            try:
                status = self._followed(status)
            except Ended as over:
                if over.code not in {404, 500}:
                    raise
                status = self._submit(self._uploaded())
                continue
            if""",
        ),
        beside="RSP-02",
    ),
    mutant(
        "submits again when its task has failed, or was cancelled",
        "SUB-01",
        "poll/failed poll/cancelled",
        (
            "            status = self._followed(status)\n            if",
            """\
            status = self._followed(status)
            if status.name in {"failed", "cancelled"} and not (self.cancelling or attempt):
                status = self._submit(self._uploaded())
                continue
            if""",
        ),
    ),
    mutant(
        "pays for another archive when it has refused one",
        "SUB-01",
        "download/bad-crc download/no-end-record",
        (
            '                raise Ended("error", f"the result was refused, see refused.zip: {error}") from error',
            """\
                if not hasattr(self, "again"):
                    self.again = self._followed(self._submit(self._uploaded()))
                    return self._fetched()
                raise Ended("error", f"the result was refused, see refused.zip: {error}") from error""",
        ),
        beside="DLD-*",
    ),
    mutant(
        "submits again when a poll is answered with garbage",
        "SUB-01",
        "http/garbage-json http/204",
        (
            "                if not (answer.may_pass or answer.code == USABLE or unseen):",
            "                if answer.code == UNUSABLE or not (answer.may_pass or answer.code == USABLE or unseen):",
        ),
        (
            "            status = self._followed(status)\n            if",
            """\
            try:
                status = self._followed(status)
            except Ended as over:
                if attempt or "no usable body" not in over.message:
                    raise
                status = self._submit(self._uploaded())
                continue
            if""",
        ),
        beside="RSP-*",
    ),
    mutant(
        "takes another idempotency key for each attempt",
        "SUB-14",
        "submit/429-then-ok",
        ('"Connection": "close"}', '"Connection": "close", "Idempotency-Key": secrets.token_hex(8)}'),
    ),
    mutant(
        "posts again where 302 leads",
        "SUB-15",
        "submit/redirect-302",
        ("not in {307, 308}:", "not in {301, 302, 303, 307, 308}:"),
    ),
)

BELIEFS = (
    mutant(
        "looks at HTTP's status alone",
        "SUB-11 RSP-02",
        "submit/200-business-error envelope/200-with-402",
        ('if code in (None, 200, "200", "0000") and not denied:', "if code == code or denied:"),
        ('value if answer.code == USABLE and isinstance(value, str) and value.strip(" .") else None', "str(value)"),
        beside="SUB-12 SUB-13 SUB-10 REQ-03 SUB-19 DLD-03",
    ),
    mutant(
        "asks for the task None",
        "SUB-12 SUB-13",
        "submit/no-task-id submit/null-task-id",
        (
            'value if answer.code == USABLE and isinstance(value, str) and value.strip(" .") else None',
            "str(value) if answer.code == USABLE else None",
        ),
    ),
    mutant(
        "calls it failed when nobody knows what came of it",
        "SUB-13 HYG-03",
        "submit/reset-after-accept",
        ('"unknown" if job is not None and job.is_unknown', '"failed" if job is not None and job.is_unknown'),
    ),
    mutant(
        "knows only the success codes of other pages",
        "SUB-20 HYG-03",
        "envelope/code-200-int",
        ('if code in (None, 200, "200", "0000")', 'if code in (None, "200", "0000")'),
        ruins=True,
    ),
)

MEMORY = (
    mutant(
        "forgets what it was about",
        "SUB-17",
        "lifecycle/kill-after-submit lifecycle/kill-after-poll",
        ('parsed(path.read_bytes()) if path.exists() else {"job": this}', '{"job": this}'),
    ),
    mutant(
        "keeps the task id to itself",
        "SUB-18 SUB-17",
        "lifecycle/kill-after-poll",
        (
            """\
            self._state.keep(submitting=False, task_id=task_id)
            say(f"submitted as {task_id!r}")
""",
            "            self._state.values |= {'submitting': False, 'task_id': task_id}\n",
        ),
        ('            say(f"{self.task_id!r} is {status.name!r}")\n', ""),
    ),
)

ROWS = (*REPEATS, *BELIEFS, *MEMORY)
