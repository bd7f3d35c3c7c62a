"""What is kept of each case under --results: the wire, what the client printed, what came of it; the key nowhere."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from screenplay_contracts.client.evidence import exchange
from screenplay_contracts.exchange import REDACTED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.client.playing import Played
    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.verdict import Finding, Result

Json = dict[str, Any]


def write(folder: Path, played: Played, results: Iterable[Result], *, version: str) -> None:
    """
    wire.ndjson (all that happened, in order of time), wire.har, result.json, and stdout.txt and stderr.txt of each
    process, with -2 and so on in the names of those after the first. Raises OSError.
    """
    from screenplay_contracts.har import har

    seen = played.observation
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "wire.ndjson", "".join(f"{json.dumps(row)}\n" for row in timeline(played)), seen.key)
    _write(folder / "wire.har", json.dumps(har(exchanges(played), version=version), indent=1), seen.key)
    _write(folder / "result.json", json.dumps(_outcome(seen, results), indent=1), seen.key)
    for number, process in enumerate(seen.processes, start=1):
        suffix = "" if number == 1 else f"-{number}"
        for name, content in (("stdout", process.stdout), ("stderr", process.stderr)):
            clean = content.replace(seen.key.encode(), REDACTED.encode()) if seen.key else content
            (folder / f"{name}{suffix}.txt").write_bytes(clean)


def _write(path: Path, text: str, key: str) -> None:
    path.write_text(text.replace(key, REDACTED) if key else text, "utf-8")


def exchanges(played: Played) -> tuple[Exchange, ...]:
    """The requests as exchanges, each with its wall time."""
    seen = played.observation
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(seen.base_url))
    began = datetime.fromtimestamp(played.started_at, UTC)
    return tuple(
        replace(exchange(one, seen.key, origin), at=_wall(began + timedelta(seconds=one.at))) for one in seen.requests
    )


def _wall(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def timeline(played: Played) -> list[Json]:
    """Everything with a time, in its order: what crossed the wire, requests, webhook calls, processes."""
    seen = played.observation
    rows: list[Json] = [{"what": "wire", **asdict(event)} for event in played.events]
    rows += [
        {
            "what": "request",
            "at": one.at,
            "number": one.number,
            "listener": one.listener,
            "connection": one.connection,
            "method": one.method,
            "target": one.target,
            "operation": one.operation,
            "task_id": one.task_id,
            "status": one.status,
            "over_at": one.over_at,
            "in_flight": one.in_flight,
            "fault": one.fault,
        }
        for one in seen.requests
    ]
    rows += [{"what": "delivery", **asdict(one)} for one in seen.deliveries]
    for number, process in enumerate(seen.processes, start=1):
        rows.append({"what": "process started", "at": process.started_at, "process": number})
        end = {"at": process.ended_at, "process": number, "exit_code": process.exit_code, "forced": process.forced}
        rows.append({"what": "process ended", **end})
        if process.signalled_at is not None:
            rows.append({"what": "signal sent", "at": process.signalled_at, "process": number})
    rows.sort(key=lambda row: float(row["at"]))
    return [{**row, "at": round(row["at"], 6)} for row in rows]


def _outcome(seen: Observation, results: Iterable[Result]) -> Json:
    case = seen.case
    return {
        "case": case.name,
        "scenario": case.plays,
        "jobs": [job.data() for job in seen.jobs],
        "base_url": seen.base_url,
        "processes": [
            {
                "exit_code": one.exit_code,
                "forced": one.forced,
                "seconds": round(one.ended_at - one.started_at, 3),
                "peak_bytes": one.peak_bytes,
                "left_behind": list(one.left_behind),
            }
            for one in seen.processes
        ],
        "reports": [None if one is None else asdict(one) for one in seen.reports],
        "charges": [asdict(one) for one in seen.charges],
        "tasks": dict(seen.tasks),
        "files": [
            {
                "result": None if one.result is None else sorted(one.result),
                "others": dict(one.others),
                "outside": list(one.outside),
                "with_key": list(one.with_key),
                "links": dict(one.links),
            }
            for one in seen.files
        ],
        "checks": [_check(one) for one in results],
    }


def _check(result: Result) -> Json:
    return {
        "name": result.check.name,
        "severity": result.check.severity.value,
        "verdict": result.verdict.value,
        "met": result.met,
        "reason": result.reason or None,
        "findings": [_finding(one) for one in result.findings],
    }


def _finding(finding: Finding) -> Json:
    requests = [one.number for one in finding.evidence]
    return {"expected": finding.expected, "observed": finding.observed, "requests": requests}
