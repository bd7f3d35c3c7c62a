"""What is kept and told of a case: all of it in order, and the key nowhere."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from screenplay_contracts.client import records
from screenplay_contracts.client.case import Case
from screenplay_contracts.client.evidence import evidence
from screenplay_contracts.client.observation import Charge, Delivery, Files, Observation, Process, Report, Request
from screenplay_contracts.client.playing import Played
from screenplay_contracts.client.progress import Progress
from screenplay_contracts.client.telling import Telling
from screenplay_contracts.client.wire import Event
from screenplay_contracts.verdict import Check, Finding, Result, Severity, judged
from screenplay_mock.tap import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEY = "sk-mai-0123456789abcdef"
CASE = Case("submit/ok", ("A", "B"))
REQUEST = Request(
    number=1,
    at=0.25,
    listener="api",
    connection=3,
    method="POST",
    target=f"/x?key={KEY}",
    headers=(("authorization", KEY), ("X-Echo", f"<{KEY}>")),
    body=f"body {KEY}".encode(),
    status=200,
    answer=f"answer {KEY}".encode(),
    answer_headers=(("Location", f"http://x/{KEY}"),),
    answered_at=0.5,
    over_at=0.5,
    fault="status 503",
)
ELSEWHERE = Request(2, 0.7, "other", 4, "GET", "/y", (), b"", complete=False)
SEEN = Observation(
    case=CASE,
    key=KEY,
    base_url="http://127.0.0.1:8000/serve/api/v2",
    requests=(REQUEST, ELSEWHERE),
    connections=(),
    deliveries=(Delivery(0.6, "t1", {"key": KEY}, 204, None, 0.01),),
    processes=(
        Process(0.0, 0.9, -9, f"out {KEY}".encode(), b"\xff", 1_000, signalled_at=0.8),
        Process(1.0, 2.0, None, b"", f"err {KEY}".encode(), 1_000, forced="1 s"),
    ),
    files=(Files({"a.json": b"{}"}, {"log": 9}, outside=(f"home/{KEY}",)),),
    charges=(Charge("submit", "t1", 2_500_000),),
    tasks={"t1": "completed"},
    reports=(Report("completed", "t1", None, None),),
)
PLAYED = Played(SEEN, (Event(0.2, "api", 3, Kind.OPENED), Event(2.5, "api", 3, Kind.LOST, error=KEY)), 1_800_000_000.0)


def result(name: str, *outcomes: Finding | None) -> Result:
    return judged(Check(name, Severity.MUST, "s", "p"), outcomes, case=CASE.name)


RESULTS = (result("A", None), result("B", Finding("one", "two", evidence(SEEN, REQUEST))), result("C"))


def test_the_key_is_in_nothing_that_is_kept(tmp_path: Path) -> None:
    records.write(tmp_path / "submit" / "ok", PLAYED, RESULTS, version="0")
    kept = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert kept.keys() == {
        "wire.ndjson",
        "wire.har",
        "result.json",
        "stdout.txt",
        "stderr.txt",
        "stdout-2.txt",
        "stderr-2.txt",
    }
    assert not [name for name, content in kept.items() if KEY.encode() in content]
    assert (kept["stdout.txt"], kept["stderr.txt"], kept["stderr-2.txt"]) == (
        b"out [redacted]",
        b"\xff",
        b"err [redacted]",
    )


def test_everything_that_happened_is_in_one_row_of_time(tmp_path: Path) -> None:
    records.write(tmp_path, PLAYED, RESULTS, version="0")
    rows = [json.loads(line) for line in (tmp_path / "wire.ndjson").read_text("utf-8").splitlines()]
    assert [(row["what"], row["at"]) for row in rows] == [
        ("process started", 0.0),
        ("wire", 0.2),
        ("request", 0.25),
        ("delivery", 0.6),
        ("request", 0.7),
        ("signal sent", 0.8),
        ("process ended", 0.9),
        ("process started", 1.0),
        ("process ended", 2.0),
        ("wire", 2.5),
    ]
    assert rows[2]["fault"] == "status 503"


def test_the_outcome_of_a_case_is_kept_with_its_findings(tmp_path: Path) -> None:
    records.write(tmp_path, PLAYED, RESULTS, version="0")
    told = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert [(one["name"], one["verdict"]) for one in told["checks"]] == [
        ("A", "passed"),
        ("B", "failed"),
        ("C", "inconclusive"),
    ]
    assert told["checks"][1]["findings"] == [{"expected": "one", "observed": "two", "requests": [1]}]
    assert [one["forced"] for one in told["processes"]] == [None, "1 s"]
    assert told["files"][0]["result"] == ["a.json"]


def test_evidence_shows_when_and_where_and_how_it_ended() -> None:
    one, other = evidence(SEEN, REQUEST, ELSEWHERE)
    assert (one.number, one.url, one.status) == (1, "http://127.0.0.1:8000/x?key=[redacted]", 200)
    assert one.note == "at 0.25 s on connection 3, struck by status 503"
    assert (one.seconds, one.error) == (0.25, None)
    assert one.request_headers == (("authorization", "[redacted]"), ("X-Echo", "<[redacted]>"))
    assert (one.request_body, one.response_body) == (b"body [redacted]", b"answer [redacted]")
    assert (other.url, other.status, other.error) == ("other:/y", None, "the request did not come whole")


def test_the_requests_of_a_case_have_wall_times() -> None:
    assert [one.at for one in records.exchanges(PLAYED)] == ["2027-01-15T08:00:00.250Z", "2027-01-15T08:00:00.700Z"]


def progress(total: int, *told: tuple[Iterable[Result], bool]) -> str:
    stream = io.StringIO()
    lines = Progress(stream, total)
    for results, again in told:
        lines.tell(CASE, results, again=again)
    return stream.getvalue()


def test_progress_counts_cases_and_names_what_is_wrong() -> None:
    assert progress(12, (RESULTS[:1], False), (RESULTS, False), ((), False), (RESULTS[:1], True)) == (
        "[ 1/12] submit/ok: 1 passed\n"
        "[ 2/12] submit/ok: failed B, inconclusive C\n"
        "[ 3/12] submit/ok: nothing to judge\n"
        "[again] submit/ok: 1 passed\n"
    )


def test_a_repetition_is_kept_beside_the_first_time_and_requests_are_numbered_anew(tmp_path: Path) -> None:
    telling = Telling(io.StringIO(), tmp_path, keep_exchanges=True)
    telling.begin(1)
    telling.done(CASE, PLAYED, RESULTS, False)  # noqa: FBT003
    telling.done(CASE, PLAYED, RESULTS, True)  # noqa: FBT003
    telling.done(CASE, None, RESULTS, False)  # noqa: FBT003 - it could not be played
    assert (tmp_path / "submit/ok/result.json").exists()
    assert (tmp_path / "submit/ok/again/result.json").exists()
    assert [one.number for one in telling.exchanges] == [1, 2, 3, 4]
    assert telling.exchanges[0].note.startswith("submit/ok, at 0.25 s")
