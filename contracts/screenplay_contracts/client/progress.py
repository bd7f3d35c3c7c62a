"""What people see on stderr while cases are played."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from screenplay_contracts.client.judging import is_doubtful
from screenplay_contracts.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.client.case import Case
    from screenplay_contracts.verdict import Result


class Progress:
    """A line for each of *total* cases as it is done."""

    def __init__(self, stream: IO[str], total: int) -> None:
        self._stream, self._total, self._done = stream, total, 0

    def tell(self, case: Case, results: Iterable[Result], *, again: bool) -> None:
        if again:
            self._say(f"{'again':>{self._width}}", case, results)
            return
        self._done += 1
        self._say(f"{self._done:>{len(str(self._total))}}/{self._total}", case, results)

    @property
    def _width(self) -> int:
        return 2 * len(str(self._total)) + 1

    def _say(self, place: str, case: Case, results: Iterable[Result]) -> None:
        every = tuple(results)
        wrong = [f"{one.verdict} {one.check.name}" for one in every if is_doubtful(one)]
        passed = sum(one.verdict is Verdict.PASSED for one in every)
        said = ", ".join(wrong) or (f"{passed} passed" if passed else "nothing to judge")
        print(f"[{place}] {case.name}: {said}", file=self._stream, flush=True)
