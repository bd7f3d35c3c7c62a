"""Mutants that cancel too often, or do not know what came of it."""

from __future__ import annotations

from tests.mutants.row import mutant

_DELETE = "            answer = self._api.delete(self._path)\n"

ROWS = (
    mutant("cancels twice", "CAN-01", "cancel/ok", (_DELETE, "            self._api.delete(self._path)\n" + _DELETE)),
    mutant(
        "takes every answer to a cancel for a yes",
        "CAN-02 CAN-03 CAN-05 HYG-03",
        "cancel/too-late cancel/race cancel/500",
        (
            "        status = status_in(answer.data) if answer.code == USABLE else None\n",
            '        status = Status("cancelled")\n',
        ),
    ),
    mutant(
        "downloads what it has cancelled",
        "CAN-04 CAN-06",
        "cancel/ok cancel/late-webhook",
        ('if status.name != "completed" or self.cancelling or not', 'if status.name == "failed" or not'),
        beside="POL-02",
    ),
    mutant(
        "cancels what it cannot ask for",
        "POL-03",
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
            except Ended:
                self._api.delete(self._path)
                raise
            if""",
        ),
        beside="RSP-* CAN-*",
    ),
    mutant(
        "does not hear signals",
        "CAN-07",
        "lifecycle/sigint lifecycle/sigterm",
        (
            "            signal.signal(getattr(signal, name), stop)\n",
            '            signal.signal(getattr(signal, name), stop if name == "SIGALRM" else signal.SIG_IGN)\n',
        ),
    ),
)
