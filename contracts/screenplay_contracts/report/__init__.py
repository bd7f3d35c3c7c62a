"""What came of a run, as a value, and the formats in which it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from screenplay_contracts.server.operations import ADMIN
from screenplay_contracts.verdict import Verdict, counts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from screenplay_contracts.accepted import Stale
    from screenplay_contracts.exchange import Exchange, Received
    from screenplay_contracts.report.story import Story
    from screenplay_contracts.verdict import Result

OK = 200
FORMATS = ("junit", "json", "html", "har", "markdown")


@dataclass(frozen=True, slots=True)
class Report:
    """
    `suite` is server, client or traffic, `subject` what was judged: a URL, a command, a file. `settings` are what the
    verdicts depend on, such as the seed; `again` is the command that does it again. `notes` are sentences: what was
    spent, what was left behind, what could not go on. Not `complete`: the run was interrupted. `stories` are of the
    cases that were played with a client. `fake`: the server is known to be one.
    """

    suite: str
    subject: str
    results: tuple[Result, ...]
    again: str
    exit_code: int = 0
    version: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    complete: bool = True
    started_at: str = ""
    seconds: float = 0.0
    stale: tuple[Stale, ...] = ()
    notes: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    received: tuple[Received, ...] = ()
    stories: tuple[Story, ...] = ()
    fake: bool = False

    @property
    def tally(self) -> Mapping[str, int]:
        """How many results have each verdict; none is left out."""
        return {verdict.value: sum(one.verdict is verdict for one in self.results) for verdict in Verdict}

    @property
    def wrong(self) -> tuple[Result, ...]:
        """What somebody should look at: breaches, errors, what was not decided; those that count come first."""
        fine = {Verdict.PASSED, Verdict.SKIPPED}
        return tuple(sorted((one for one in self.results if one.verdict not in fine), key=self._weight))

    def _weight(self, result: Result) -> tuple[bool, bool, bool]:
        return not counts(result, strict=self.strict), result.excused, result.verdict is Verdict.INCONCLUSIVE

    def again_for(self, result: Result) -> str:
        """The command that judges one check, or one case, again; what stands behind -- in it is not ours."""
        options, dashes, command = self.again.partition(" -- ") if self.suite == "client" else (self.again, "", "")
        return f"{options} --run {result.case or result.check.name}{dashes}{command}"

    @property
    def is_of_fake(self) -> bool:
        """Clients are played with fakes only, and nothing else has an admin API that answers."""
        has_admin = any(one.path.startswith(ADMIN) and one.status == OK for one in self.exchanges)
        return self.fake or self.suite == "client" or has_admin


def write(report: Report, form: str, path: Path) -> None:
    """*report* in one of FORMATS, into a file. Raises OSError."""
    # a server may send half a surrogate pair, which UTF-8 cannot say: as \\ud800, as JSON has it
    text = rendered(report, form).encode("utf-8", "backslashreplace")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def rendered(report: Report, form: str) -> str:
    import json
    from importlib import import_module

    if form == "har":
        from screenplay_contracts.har import har

        log = har(report.exchanges, report.received, version=report.version, fake=report.is_of_fake)
        return json.dumps(log, ensure_ascii=False, indent=1)
    modules = {"json": "data"} | ({"html": "matrix"} if report.suite == "client" else {})
    module = import_module(f"screenplay_contracts.report.{modules.get(form, form)}")
    text: str = module.rendered(report)
    return text
