"""The README is run: its dialogue, its pytest example, its scenario, its tables."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.lifecycle import TERMINAL, TRANSITIONS, Status
from screenplay_mock.sandbox import Defaults
from screenplay_mock.scenarios import load_file, names
from screenplay_mock.scenarios.page import filled
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings
from screenplay_mock.web.admin.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SCENARIOS = (ROOT / "docs" / "scenarios.md").read_text("utf-8")
ORIGIN = "http://127.0.0.1:8787"


CLIENT = """
import http.client, json
from urllib.parse import urlsplit

class MyClient:
    def __init__(self, base_url, key):
        self.base, self.headers = urlsplit(base_url), {"Authorization": key, "Content-Type": "application/json"}
    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.base.netloc)
        connection.request(method, self.base.path + path, json.dumps(body) if body else None, self.headers)
        data = json.load(connection.getresponse())["data"]
        connection.close()
        return data
    def submit(self, episodes):
        body = {"mode": "short_drama", "episodes": episodes, "config": {}}
        self.task_id = self.call("POST", "/screenplay/tasks", body)["task_id"]
        return self
    def outcome(self):
        return self.call("GET", f"/screenplay/tasks/{self.task_id}")["status"]

"""


def block(language: str) -> str:
    """The one code block of the README in *language*."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    return str(found)


def dialogue() -> Iterator[tuple[str, str]]:
    """Each command of the README's dialogue with the answer that is printed below it."""
    for exchange in block("console").split("$ ")[1:]:
        command, _, answer = exchange.partition("\n")
        yield command, answer.strip()


def test_the_dialogue_gets_the_answers_that_are_printed(tmp_path: Path) -> None:
    with ServerThread(Settings(port=0, defaults=Defaults(clock="manual"))) as running:
        for command, answer in dialogue():
            done = subprocess.run(
                ["bash", "-c", command.replace(ORIGIN, running.server.origin)],  # noqa: S607
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=30,
                check=True,
            )
            assert done.stdout.strip() == answer, command


def test_the_pytest_example_passes(pytester: pytest.Pytester) -> None:
    (pytester.path / "test_example.py").write_text(CLIENT + block("python"))
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_scenario_is_one(tmp_path: Path) -> None:
    (tmp_path / "half-hour.yaml").write_text(block("yaml"))
    command = [sys.executable, "-m", "screenplay_mock", "scenarios", "check", "half-hour.yaml"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=30)


def diagram() -> str:
    """The table of transitions as the README draws it."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.PENDING}"]
    for status, ways_out in TRANSITIONS.items():
        lines += [f"    {status} --> {after}: {event.__name__}" for event, after in ways_out.items()]
    return "\n".join([*lines, *(f"    {status} --> [*]" for status in sorted(TERMINAL))]) + "\n"


def test_the_diagram_is_the_table_of_transitions() -> None:
    assert block("mermaid") == diagram()


def test_every_path_of_the_admin_api_is_in_the_table() -> None:
    (table,) = re.findall(r"^## Admin API\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)
    documented = set(re.findall(r"/[a-z.]+", table.replace("{id}", "")))
    paths = {"/" + path.split("/")[1] for _, path, _ in ROUTES}
    assert paths <= documented


def requests_of(page: str) -> list[tuple[str, str, str | None, Any]]:
    """(method, target, body, answer) of each example of *page*, in their order."""
    text = (ROOT / "docs" / page).read_text()
    examples = re.findall(r"^```http\n(\S+) (\S+)\n(.*?)```\n\n```json\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    return [(method, target, body.strip() or None, json.loads(answer)) for method, target, body, answer in examples]


def is_like(answer: Any, printed: Any) -> bool:
    """Whether *answer* is what is *printed*, in which "…" stands for anything."""
    if isinstance(printed, dict) and isinstance(answer, dict):
        return printed.keys() == answer.keys() and all(is_like(answer[name], printed[name]) for name in printed)
    if isinstance(printed, list) and isinstance(answer, list):
        return len(printed) == len(answer) and all(map(is_like, answer, printed))
    return printed in ("…", answer)


def test_every_example_of_the_admin_api_gets_the_answer_that_is_printed() -> None:
    examples = requests_of("admin-api.md")
    assert len(examples) > 25
    with ServerThread(Settings(port=0, defaults=Defaults(clock="manual"))) as running:
        for method, target, body, printed in examples:
            connection = http.client.HTTPConnection(running.server.origin.removeprefix("http://"), timeout=30)
            headers = {"Authorization": "sk-mai-demo", "Content-Type": "application/json"}
            connection.request(method, target, body, headers)
            answer = json.loads(connection.getresponse().read())
            connection.close()
            assert is_like(answer, printed), f"{method} {target}: {json.dumps(answer, indent=2)}"


def test_the_examples_show_every_path_of_the_admin_api() -> None:
    shown = {
        (method, target.partition("?")[0].removeprefix("/__admin"))
        for method, target, *_ in requests_of("admin-api.md")
    }
    forces = {("POST", f"/tasks/{{task_id}}/{verb}") for verb in ("start", "complete", "cancel")}  # like fail
    for method, path, _ in ROUTES:
        pattern = re.compile(re.sub(r"\{[a-z_]+\}", "[^/]+", path))
        known = any(method == other and pattern.fullmatch(target) for other, target in shown)
        assert known or (method, path) in {*forces, ("GET", "/openapi.json"), ("GET", "/requests")}, (method, path)


def test_the_tables_about_scenarios_are_those_of_the_catalogue() -> None:
    assert filled(SCENARIOS) == SCENARIOS, "python -m screenplay_mock.scenarios.page docs/scenarios.md"
    assert all(f"| `{name}`" in SCENARIOS for name in names())


def test_a_table_that_is_out_of_date_is_found() -> None:
    assert filled(SCENARIOS.replace("| `submit/402`", "| `submit/four-o-two`")) == SCENARIOS


@pytest.mark.parametrize("example", re.findall(r"^```yaml\n(.*?)^```", SCENARIOS, re.DOTALL | re.MULTILINE))
def test_the_examples_of_scenarios_are_right(tmp_path: Path, example: str) -> None:
    (tmp_path / "example.yaml").write_text(example)
    load_file(tmp_path / "example.yaml")
