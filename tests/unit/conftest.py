"""What the unit tests of scenario files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screenplay_mock.scenarios import ScenarioError, load_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def told(tmp_path: Path) -> Callable[[str | bytes], str]:
    """What is said of a scenario file with this content, without its name."""

    def say(raw: str | bytes) -> str:
        file = tmp_path / "x.yaml"
        file.write_bytes(raw.encode() if isinstance(raw, str) else raw)
        with pytest.raises(ScenarioError) as caught:
            load_file(file)
        for problem in caught.value.problems:
            assert problem.source == str(file)
        return str(caught.value).replace(f"{file}:", "").removeprefix(" ")

    return say
