"""Which module may import which, read from the source; and proof that the reading finds what is wrong."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "screenplay_schemas": "schemas",
    "screenplay_mock": "mock_server",
    "screenplay_contracts": "contracts",
}

#: The packages, each of which may import those before it.
ORDER = tuple(PACKAGES)

#: Inside the fake: a layer may import itself and those before it. A module that is not named is outermost.
LAYERS = (
    {"core"},
    {"clock", "encoding", "samples", "streams", "mp4", "media", "archive", "lies", "journal", "scenarios"},
    {"sandbox"},
    {"store", "settings"},
    {"sandboxes", "adversary", "deliveries", "timekeeper", "engine", "library"},
    {"web"},
    {"certificates", "tap", "listening", "sites", "serving"},
)

#: What the core may import beside itself: modules as a whole, or some names of a module.
PURE: dict[str, set[str] | None] = {
    "__future__": None,
    "collections.abc": None,
    "dataclasses": None,
    "datetime": {"UTC", "datetime", "timedelta"},
    "enum": None,
    "functools": None,
    "hashlib": {"sha256"},
    "itertools": None,
    "math": None,
    "random": {"Random"},
    "re": None,
    "struct": None,
    "typing": None,
}
#: What the checks of servers may import beside what they look at: they are pure functions of a recording.
LOOKING = {
    "__future__",
    "collections",
    "dataclasses",
    "datetime",
    "email.utils",
    "functools",
    "itertools",
    "json",
    "re",
    "typing",
    "screenplay_contracts.exchange",
    "screenplay_contracts.server",
    "screenplay_contracts.verdict",
    "screenplay_schemas",
}
#: What looks innocent and is not the same at every run, or is input and output.
IMPURE_CALLS = {"open", "print", "input", "hash", "id"}
IMPURE_ATTRIBUTES = {"now", "today", "utcnow"}

#: What only these modules of the fake may import.
ONLY = {
    "aiohttp.web": {"web", "sites", "serving"},  # sites: AppRunner, which runs what `web` has made
    "faker": {"samples"},
    "time": {"clock"},
}

#: What nobody in a package may import.
NEVER = {
    "screenplay_schemas": {"aiohttp", "hypothesis", "tests"},
    "screenplay_mock": {"hypothesis", "schemathesis", "tests"},
    "screenplay_contracts": {"screenplay_mock.web", "tests"},
}


class Source(NamedTuple):
    package: str
    module: str  # below the package: `core.plan`, or "" for the package itself
    where: str
    tree: ast.Module

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def sources(root: Path) -> Iterator[Source]:
    for package, folder in PACKAGES.items():
        home = root / folder / package
        for path in sorted(home.rglob("*.py")):
            parts = path.relative_to(home).with_suffix("").parts
            module = ".".join(part for part in parts if part != "__init__")
            yield Source(package, module, str(path.relative_to(root)), ast.parse(path.read_text("utf-8")))


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of all that is imported, also for type checkers alone; relative names begin with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ONLY:  # `import aiohttp`, then `aiohttp.web`
            yield node.lineno, ast.unparse(node)


def under(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def layer(module: str) -> int:
    top = module.partition(".")[0]
    return next((number for number, names in enumerate(LAYERS) if top in names), len(LAYERS))


def objections(source: Source, name: str, inner: set[str]) -> Iterator[str]:
    """What is wrong with *source* importing *name*; *inner* are the modules of the fake."""
    first, _, rest = name.partition(".")
    if not first:
        yield "imports are absolute"
    if first in ORDER and ORDER.index(first) > ORDER.index(source.package):
        yield f"{source.package} comes before {first}"
    if any(under(name, never) for never in NEVER[source.package]):
        yield f"nothing in {source.package} may import this"
    if under(name, "unittest.mock") or first == "mock":
        yield "what needs patching lacks an argument"
    if source.package != "screenplay_mock":
        return
    for what, whose in ONLY.items():
        if under(name, what) and source.top not in whose:
            yield f"only {', '.join(sorted(whose))} may import {what}"
    if source.top == "core" and not is_pure(name):
        yield "the core is pure: it imports itself and what PURE lists"
    if first == "screenplay_mock" and rest.partition(".")[0] in inner and layer(rest) > layer(source.module):
        yield "the layers look inwards"


def objections_to_a_judge(source: Source, name: str) -> Iterator[str]:
    """What is wrong with *source* importing *name*, if it judges servers."""
    if source.package != "screenplay_contracts" or source.top != "server":
        return
    if under(name, "screenplay_mock"):
        yield "what judges a server takes nothing from the fake"
    if source.module.startswith("server.checks") and not any(under(name, known) for known in LOOKING):
        yield "the checks of servers are pure: they import what LOOKING lists"


def is_pure(name: str) -> bool:
    module, _, last = name.rpartition(".")
    names = PURE.get(module, set())
    return under(name, "screenplay_mock.core") or names is None or last in names or PURE.get(name, names) is None


def impurities(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, what) the core does that has another result at the next run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in IMPURE_ATTRIBUTES:
            yield node.lineno, f".{node.attr}: time is an argument"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in IMPURE_CALLS:
                yield node.lineno, f"{node.func.id}(): the core is pure"
            if node.func.id == "Random" and not node.args:
                yield node.lineno, "Random(): randomness has a seed"


def complaints(root: Path) -> list[str]:
    """Everything that is wrong in the three packages below *root*."""
    found = []
    home = root / PACKAGES["screenplay_mock"] / "screenplay_mock"
    inner = {path.stem for path in home.iterdir()}
    for source in sources(root):
        for line, name in imports(source.tree):
            found += [
                f"{source.where}:{line}: {name}: {wrong}"
                for wrong in (*objections(source, name, inner), *objections_to_a_judge(source, name))
            ]
        pure = source.module.startswith("server.checks") or (source.package, source.top) == ("screenplay_mock", "core")
        if pure:
            found += [f"{source.where}:{line}: {what}" for line, what in impurities(source.tree)]
    return found


def test_imports_go_one_way_and_the_core_is_pure() -> None:
    assert complaints(ROOT) == []


def test_every_layer_names_modules_that_exist() -> None:
    home = ROOT / "mock_server" / "screenplay_mock"
    assert set().union(*LAYERS) <= {path.stem for path in home.iterdir()}


def test_the_tests_patch_nothing() -> None:
    assert [
        f"{path}:{line}: {name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for line, name in imports(ast.parse(path.read_text("utf-8")))
        if under(name, "unittest.mock") or name.startswith(".")
    ] == []


def test_the_pytest_plugin_imports_only_pytest_and_the_standard_library_at_the_top() -> None:
    body = ast.parse((ROOT / "mock_server/screenplay_mock/pytest_plugin.py").read_text("utf-8")).body
    imported = {
        name.partition(".")[0]
        for node in body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for _, name in imports(node)
    }
    assert imported <= {"pytest", *sys.stdlib_module_names}


BITES = [
    ("mock_server/screenplay_mock/core/plan.py", "import time", "plan.py:1: time: only clock may import time"),
    ("mock_server/screenplay_mock/core/plan.py", "import asyncio", "the core is pure"),
    ("mock_server/screenplay_mock/core/plan.py", "import os.path", "the core is pure"),
    ("mock_server/screenplay_mock/core/plan.py", "from random import randint", "the core is pure"),
    ("mock_server/screenplay_mock/core/plan.py", "import random", "the core is pure"),
    ("mock_server/screenplay_mock/core/plan.py", "import datetime", "the core is pure"),
    ("mock_server/screenplay_mock/core/plan.py", "from screenplay_mock import clock", "the core is pure"),
    ("mock_server/screenplay_mock/core/plan.py", "if True:\n    from uuid import uuid4", "plan.py:2: uuid.uuid4"),
    ("mock_server/screenplay_mock/core/plan.py", "at = datetime.now(UTC)", "time is an argument"),
    ("mock_server/screenplay_mock/core/plan.py", "random = Random()", "randomness has a seed"),
    ("mock_server/screenplay_mock/core/plan.py", "number = hash('a')", "the core is pure"),
    ("mock_server/screenplay_mock/core/plan.py", "from . import money", "imports are absolute"),
    ("mock_server/screenplay_mock/clock.py", "from screenplay_mock.engine import Engine", "the layers look inwards"),
    ("mock_server/screenplay_mock/store/sql.py", "import screenplay_mock.engine", "the layers look inwards"),
    ("mock_server/screenplay_mock/engine.py", "from screenplay_mock import web", "the layers look inwards"),
    ("mock_server/screenplay_mock/web/app.py", "from screenplay_mock.cli import main", "the layers look inwards"),
    (
        "mock_server/screenplay_mock/engine.py",
        "from aiohttp import web",
        "only serving, sites, web may import aiohttp.web",
    ),
    (
        "mock_server/screenplay_mock/engine.py",
        "import aiohttp\naiohttp.web.run_app",
        "only serving, sites, web may import",
    ),
    ("mock_server/screenplay_mock/archive.py", "from faker import Faker", "only samples may import faker"),
    ("mock_server/screenplay_mock/cli.py", "import screenplay_contracts.cli", "screenplay_mock comes before"),
    ("mock_server/screenplay_mock/cli.py", "from unittest import mock", "what needs patching lacks an argument"),
    ("schemas/screenplay_schemas/x.py", "import screenplay_mock", "screenplay_schemas comes before screenplay_mock"),
    ("contracts/screenplay_contracts/x.py", "from screenplay_mock.web.app import application", "nothing in"),
    ("contracts/screenplay_contracts/x.py", "import tests.conftest", "nothing in screenplay_contracts may import"),
    ("contracts/screenplay_contracts/server/x.py", "import screenplay_mock.core.errors", "takes nothing from the fake"),
    ("contracts/screenplay_contracts/server/checks/x.py", "import time", "the checks of servers are pure"),
    ("contracts/screenplay_contracts/server/checks/x.py", "import http.client", "the checks of servers are pure"),
    (
        "contracts/screenplay_contracts/server/checks/x.py",
        "from datetime import datetime\nat = datetime.now()",
        "time is an argument",
    ),
]


@pytest.mark.parametrize(("file", "source", "complaint"), BITES)
def test_a_broken_import_is_reported(tmp_path: Path, file: str, source: str, complaint: str) -> None:
    for known in ("core/plan", "core/money", "clock", "engine", "web/app", "cli"):
        path = tmp_path / "mock_server" / "screenplay_mock" / f"{known}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert complaints(tmp_path) == []
    broken = tmp_path / file
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text(source, "utf-8")
    reported = complaints(tmp_path)
    assert all(each.startswith(file) for each in reported)
    assert any(complaint in each for each in reported), reported
