"""What a user gets: the names in the wheel, the files that the packages read, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "screenplay_mock": "mock_server",
    "screenplay_schemas": "schemas",
    "screenplay_contracts": "contracts",
}
#: One file of each kind that is no module, and the three marks that the packages are typed.
DATA = {
    "screenplay_schemas/openapi.yaml",
    "screenplay_schemas/submit-request.schema.json",
    "screenplay_schemas/check-report.schema.json",
    "screenplay_contracts/server/schemathesis.toml",
    "screenplay_mock/scenarios/builtin/happy.yaml",
    "screenplay_mock/samples_data/en.json",
    *(f"{package}/py.typed" for package in PACKAGES),
}


def build(source: Path, target: Path, *, through_sdist: bool) -> set[str]:
    """Build *source* and return the names of the files in its wheel."""
    what = [] if through_sdist else ["--wheel"]
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", *what, "--outdir", target, source],
        check=True,
        capture_output=True,
        timeout=100,
    )
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def complaints(names: set[str]) -> list[str]:
    """What is wrong with a wheel of these files."""
    tops = {name.partition("/")[0] for name in names}
    strangers = {top for top in tops if top not in PACKAGES and not top.endswith(".dist-info")}
    return [
        *(f"{top} would be installed beside its users' own packages" for top in sorted(strangers)),
        *(f"{package} is missing" for package in sorted(PACKAGES.keys() - tops)),
        *(f"{name} is missing" for name in sorted(DATA - names)),
        *(f"{name} is no file of a package" for name in sorted(names) if "__pycache__" in name),
    ]


def files() -> set[str]:
    """The files of the three packages, as they are named in a wheel."""
    return {
        str(path.relative_to(ROOT / folder))
        for package, folder in PACKAGES.items()
        for path in (ROOT / folder / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("through_sdist", [False, True], ids=["wheel", "sdist-to-wheel"])
def test_the_wheel_has_three_packages_with_all_their_files_and_nothing_else(
    tmp_path: Path, *, through_sdist: bool
) -> None:
    before = files()
    names = build(ROOT, tmp_path, through_sdist=through_sdist)
    assert complaints(names) == []
    assert {name.partition("-")[0] for name in names if ".dist-info/" in name} == {"screenplay_mock"}
    assert before & files() <= names  # what came or went during the build is not judged


def test_a_fourth_package_is_reported(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for folder in PACKAGES.values():
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree / name)
    (tree / "schemas" / "schemas").mkdir()
    (tree / "schemas" / "schemas" / "__init__.py").touch()
    before = (ROOT / "pyproject.toml").read_text("utf-8")
    after = before.replace('"mock_server/screenplay_mock",', '"mock_server/screenplay_mock", "schemas/schemas",')
    assert after != before
    (tree / "pyproject.toml").write_text(after, "utf-8")
    reported = complaints(build(tree, tmp_path / "dist", through_sdist=False))
    assert reported == ["schemas would be installed beside its users' own packages"]


def test_a_missing_file_and_a_missing_package_are_reported() -> None:
    assert complaints(DATA - {"screenplay_schemas/openapi.yaml"}) == ["screenplay_schemas/openapi.yaml is missing"]
    rest = {name for name in DATA if not name.startswith("screenplay_contracts/")}
    assert complaints(rest) == [
        "screenplay_contracts is missing",
        "screenplay_contracts/py.typed is missing",
        "screenplay_contracts/server/schemathesis.toml is missing",
    ]
