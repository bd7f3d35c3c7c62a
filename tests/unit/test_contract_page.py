"""docs/checking-servers.md says what is so: its options exist, its files are read, its check names are names."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click
import yaml

from screenplay_contracts.accepted import load
from screenplay_contracts.commands.server import server
from screenplay_contracts.commands.traffic import traffic
from screenplay_contracts.report import FORMATS
from screenplay_contracts.server.run import checks
from screenplay_contracts.verdict import Verdict

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "checking-servers.md").read_text("utf-8")
#: Options of other commands that the page shows.
OTHERS = {"--port", "--retry", "--retry-connrefused", "--tls"}


def options(command: click.Command) -> set[str]:
    given = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    return {name for one in given for name in (*one.opts, *one.secondary_opts)}


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


def test_its_options_exist_and_all_are_told() -> None:
    told = set(re.findall(r"--[a-z][a-z-]+", PAGE)) - OTHERS
    assert told <= options(server) | options(traffic)
    assert options(server) - told == {"--seed", "--max-examples", "--wait"}


def test_its_verdicts_and_formats_are_all_of_them() -> None:
    table = PAGE[PAGE.index("| verdict |") : PAGE.index("| exit code |")]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [
        one.value
        for one in (
            Verdict.PASSED,
            Verdict.FAILED,
            Verdict.WARNED,
            Verdict.SKIPPED,
            Verdict.INCONCLUSIVE,
            Verdict.ERROR,
        )
    ]
    assert all(f"`{form}`" in PAGE for form in FORMATS)


def test_its_accepted_failure_is_read(tmp_path: Path) -> None:
    (tmp_path / "accepted.toml").write_text(block("toml"), "utf-8")
    (entry,) = load(tmp_path / "accepted.toml")
    assert entry.check in {check.name for check in checks()}
    assert entry.expires == date(2027, 1, 31)


def test_its_workflow_is_yaml_and_runs_our_commands() -> None:
    steps = yaml.safe_load(block("yaml"))["jobs"]["server"]["steps"]
    commands = " ".join(step.get("run", "") for step in steps)
    assert set(re.findall(r"--[a-z-]+(?= )", commands)) - OTHERS <= options(server)
    assert "screenplay-check server" in commands
    assert "screenplay-mock[check]" in commands


def test_the_readme_does_not_boast() -> None:
    (count,) = re.findall(r"some (\d+)\nchecks", (ROOT / "README.md").read_text("utf-8"))
    assert abs(len(checks()) - int(count)) < 10


def test_every_check_has_a_name_in_two_parts_a_source_and_a_promise() -> None:
    for check in checks():
        assert re.fullmatch(r"[a-z0-9-]+/[a-z0-9_-]+", check.name)
        assert check.source
        assert check.promise.endswith((".", ".`"))
    assert len({check.name for check in checks()}) == len(checks())
