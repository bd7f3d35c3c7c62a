"""How a scenario is found: by its name, or by the path of a file; and what is said when it is not."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from screenplay_mock.scenarios import ScenarioError, UnknownScenario, builtin, names, resolve, text, whole_text


def test_a_name_comes_before_a_file_and_a_path_has_a_slash_or_an_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("stuck", "mine.yaml", "mine.YML", "mine"):
        Path(file).write_text("{description: a file}", encoding="utf-8")
    assert resolve("stuck") is builtin("stuck")
    for path in ("./stuck", "mine.yaml", "mine.YML", "./mine", str(tmp_path / "mine")):
        assert resolve(path).description == "a file"


GONE = "there is no such file"
HINT = "(a file is given by a path with a slash, or one that ends in .yaml)"


@pytest.mark.parametrize("find", [builtin, text, whole_text, resolve])
def test_an_unknown_name_is_told_with_the_nearest(find: Any) -> None:
    with pytest.raises(UnknownScenario) as caught:
        find("hapy")
    assert str(caught.value) == f"there is no scenario 'hapy'; did you mean 'happy'? {HINT}"
    assert caught.value.nearest == "happy"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own


def test_an_unknown_name_that_is_like_no_other_is_told_with_the_plain_ones() -> None:
    plain = ", ".join(name for name in names() if "/" not in name)
    with pytest.raises(UnknownScenario) as caught:
        builtin("zzz")
    assert str(caught.value) == (
        f"there is no scenario 'zzz'; there are: {plain}, and more: screenplay-mock scenarios list {HINT}"
    )
    assert caught.value.nearest is None


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("submit/402x", "submit/402"), ("sbmit/402", "submit/402"), ("close-after-accept", "submit/close-after-accept")],
)
def test_an_unknown_name_with_a_slash_is_told_with_the_nearest_too(name: str, nearest: str) -> None:
    with pytest.raises(UnknownScenario) as caught:
        resolve(name)
    assert caught.value.nearest == nearest


def test_a_folder_without_a_file_of_that_name_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("submit").mkdir()
    Path("submit/mine").write_text("{description: a file}", encoding="utf-8")
    assert resolve("submit/mine").description == "a file"
    assert resolve("submit/402") is builtin("submit/402")
    for name in ("submit/mne", "x\0/y", "submit/mine/x"):
        with pytest.raises(UnknownScenario):
            resolve(name)


def test_a_path_that_the_system_cannot_be_asked_about_is_told_all_the_same() -> None:
    with pytest.raises((ScenarioError, UnknownScenario)):  # Python 3.14 says of it that it does not exist
        resolve(f"{'x' * 300}/y")


@pytest.mark.parametrize("name", ["../happy", "builtin/happy", "happy.yaml", "", "/etc/passwd"])
def test_a_built_in_name_is_no_path(name: str) -> None:
    with pytest.raises(UnknownScenario):
        builtin(name)
    with pytest.raises(UnknownScenario):
        text(name)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("./nope", f"./nope: {GONE}"),
        ("mine.yml", f"mine.yml: {GONE}"),
        ("happy.yml", f"happy.yml: {GONE}; the built-in scenario is 'happy', without the ending"),
        (
            "submit/402.yaml",
            "submit/402.yaml: there is no such file; the built-in scenario is 'submit/402', without the ending",
        ),
        ("./folder", "./folder: this is a directory; name a file in it"),
        ("x\0/y.yaml", "x\0/y.yaml: the file cannot be read: embedded null byte"),
        ("./file/x", "./file/x: the file cannot be read: Not a directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_as_it_was_given(
    path: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ScenarioError) as caught:
        resolve(path)
    assert str(caught.value) == problem
