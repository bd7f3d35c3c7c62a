"""A finding in words, and as the files that bring it about again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from screenplay_contracts.client.happenings import happenings, one_line
from screenplay_contracts.client.job import VERSION, Job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screenplay_contracts.client.fuzz.invariants import Invariant
    from screenplay_contracts.client.fuzz.search import Found
    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Finding


class BadJob(Exception):
    """A file is no job file."""


def job_file(scenario: Path) -> Path:
    """Where the job is that belongs to a scenario file."""
    return scenario.with_suffix(".job.json")


def written(found: Found, folder: Path, again: str) -> Path:
    """
    The new scenario file in *folder*, whose job lies beside it; *again* begins the command line that plays it again.

    Raises OSError.
    """
    from screenplay_mock.scenarios.yaml_text import written as yaml

    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, f"screenplay-fuzz-{found.invariant.name}")
    notes = (
        f"It makes a client break {found.invariant.name}: {found.invariant.promise}",
        found.finding.message,
        f"Its job is in {job_file(path).name}. To play it again:",
        f"  {again.replace('FILE', path.name)}",
    )
    comment = "".join(f"# {one_line(note)}\n" for note in notes)
    with path.open("x", encoding="utf-8") as file:
        file.write(comment + yaml(found.situation.file))
    job = found.seen.case.job.data()
    job_file(path).write_text(json.dumps(job, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def _free(folder: Path, stem: str) -> Path:
    """A name that no file has, neither the scenario's nor the job's."""
    number = 1
    while True:
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}.yaml"
        if not path.exists() and not job_file(path).exists():
            return path
        number += 1


def read_job(scenario: Path) -> Job | None:
    """The job beside a scenario file; None: there is none. Raises BadJob."""
    path = job_file(scenario)
    try:
        data = json.loads(path.read_text("utf-8"))
        version = data.pop("version")
        job = Job(**data)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadJob(f"{path} is no job file: {error}") from None
    if version != VERSION:
        raise BadJob(f"{path} is a job file of version {version!r}; this is {VERSION}")
    return job


def told(invariant: Invariant, finding: Finding) -> Iterator[str]:
    """What was broken, line by line."""
    yield f"{invariant.name} is broken: {invariant.promise} ({', '.join(invariant.rows)})"
    yield f"  expected {one_line(finding.expected)}"
    yield f"  observed {one_line(finding.observed)}"


def happened(seen: Observation) -> Iterator[str]:
    """All that was seen, line by line."""
    yield "  what happened:"
    yield from (f"    {line}" for line in happenings(seen))


def smallest(found: Found) -> Iterator[str]:
    """The situation of a finding, line by line."""
    from screenplay_mock.scenarios.yaml_text import written as yaml

    yield "  the smallest scenario that does it:"
    yield from (f"    {line}" for line in yaml(found.situation.file).splitlines())
    if found.situation.job:
        yield f"  with a job in which {json.dumps(found.situation.job, ensure_ascii=False)}"
