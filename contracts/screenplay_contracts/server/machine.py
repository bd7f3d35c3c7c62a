"""The state machine: which moves may follow one another, in any order that Hypothesis can think of."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, precondition, rule

from screenplay_contracts.server import magic
from screenplay_contracts.server.moves import assets as library
from screenplay_contracts.server.moves import others, tasks
from screenplay_contracts.server.moves.bodies import CONFIGS, body_of, wrong_body, wrongs
from screenplay_contracts.server.moves.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screenplay_contracts.server.moves.tally import Tally
    from screenplay_contracts.server.session import Session

#: Assets that nobody has uploaded: each is a video for a fake.
UNGIVEN = ("re_a1", "re_b2", "re_c3")
#: Those that do not exist anywhere.
MISSING = (magic.NOBODYS_ASSET, "a.mp4", "re_")
#: Those of which at most one may be in a submission.
MAGIC = (
    magic.COMPLETES,
    magic.FAILS,
    magic.STUCK,
    magic.NO_FILES,
    magic.NO_RESULT,
    magic.UNKNOWN,
    magic.UPLOADING,
    magic.TOO_LONG,
    magic.AUDIO,
)
FILM = "a film of 42 s"
GROUPS = 3  # of wrong submissions: one by one some would never be drawn
#: Milliseconds to let pass: steps of a task's life, and until long after it.
STEPS = (1_000, 2_000, 3_000, 4_999)
MOMENTS = (0, 500, 60_000, 93_600_000, *STEPS)

_config = st.sampled_from(CONFIGS)
_ungiven = st.sampled_from(UNGIVEN)


class Machine(RuleBasedStateMachine):
    """Plays one example in sandboxes of its own. A subclass says in which `session`, and where it is counted."""

    session: ClassVar[Session]
    tally: ClassVar[Tally]

    tasks = Bundle("tasks")
    assets = Bundle("assets")
    gone = Bundle("gone")

    def __init__(self) -> None:
        super().__init__()
        self.tally.begin()
        self.stage = Stage(self.session, self.tally)

    def teardown(self) -> None:
        try:
            if sys.exc_info()[1] is None:
                others.settle(self.stage)
        finally:
            self.stage.close()

    @initialize(target=tasks, some=st.lists(_ungiven, min_size=1, max_size=3))
    def begin(self, some: list[str]) -> Any:
        if self.stage.reading.fake:
            return self._submitted(some, {})
        asset_id = library.upload(self.stage, FILM)
        return multiple() if asset_id is None else self._submitted([asset_id], {})

    # Submissions

    @precondition(lambda self: self.stage.reading.fake)
    @rule(target=tasks, some=st.lists(_ungiven, min_size=1, max_size=3), config=_config)
    def submit(self, some: list[str], config: Mapping[str, Any]) -> Any:
        return self._submitted(some, config)

    @rule(target=tasks, asset_id=assets, config=_config)
    def submit_given(self, asset_id: str, config: Mapping[str, Any]) -> Any:
        return self._submitted([asset_id], config)

    @rule(target=tasks, asset_id=gone)
    def submit_gone(self, asset_id: str) -> Any:
        return self._submitted([asset_id], {})

    @rule(target=tasks, one=assets, other=assets)
    def submit_two(self, one: str, other: str) -> Any:
        return self._submitted([one, other], {})

    @precondition(lambda self: self.stage.reading.fake)
    @rule(target=tasks, before=st.lists(_ungiven, max_size=1), asset_id=st.sampled_from(MAGIC))
    def submit_magic(self, before: list[str], asset_id: str) -> Any:
        return self._submitted([*before, asset_id], {})

    @rule(asset_id=st.sampled_from(MISSING))
    def submit_missing(self, asset_id: str) -> None:
        self._submitted([asset_id], {})

    @rule(group=st.sampled_from(range(GROUPS)))
    def submit_wrong(self, group: int) -> None:
        for what in wrongs(self.stage.reading)[group::GROUPS]:
            tasks.submit(self.stage, f"submit something {what}", wrong_body(what, UNGIVEN[0]))

    def _submitted(self, some: Sequence[str], config: Mapping[str, Any]) -> Any:
        words = f"submit {', '.join(some)}" + (f" with {dict(config)}" if config else "")
        task_id = tasks.submit(self.stage, words, body_of(some, config))
        return multiple() if task_id is None else task_id

    # Tasks

    @rule(task_id=tasks)
    def poll(self, task_id: str) -> None:
        tasks.poll(self.stage, task_id)

    @rule(task_id=tasks, moment=st.sampled_from(STEPS))
    def watch(self, task_id: str, moment: int) -> None:
        tasks.poll(self.stage, task_id)
        others.wait(self.stage, moment)
        tasks.poll(self.stage, task_id)

    @rule(task_id=tasks, moment=st.sampled_from(STEPS))
    def wait_and_download(self, task_id: str, moment: int) -> None:
        others.wait(self.stage, moment)
        tasks.download(self.stage, task_id)

    @rule(task_id=tasks)
    def cancel(self, task_id: str) -> None:
        tasks.cancel(self.stage, task_id)

    @rule(task_id=tasks)
    def download(self, task_id: str) -> None:
        tasks.download(self.stage, task_id)

    # Assets

    @rule(target=assets, what=st.sampled_from(tuple(library.FILES)))
    def upload(self, what: str) -> Any:
        return library.upload(self.stage, what) or multiple()

    @rule(target=assets, filename=st.sampled_from(["a.mp4", "第一集.mov"]))
    def sign(self, filename: str) -> Any:
        return library.sign(self.stage, filename) or multiple()

    @rule(asset_id=assets, what=st.sampled_from(tuple(library.FILES)))
    def store(self, asset_id: str, what: str) -> None:
        library.store(self.stage, asset_id, what)

    @rule(asset_id=assets)
    def look_at(self, asset_id: str) -> None:
        library.look_at(self.stage, asset_id)

    @rule(asset_id=assets)
    def fetch(self, asset_id: str) -> None:
        library.fetch(self.stage, asset_id)

    @rule(target=gone, asset_id=assets)
    def delete(self, asset_id: str) -> str:
        library.delete(self.stage, asset_id)
        return asset_id

    # Somebody else

    @rule(operation=st.sampled_from(tuple(others.OF_TASKS)), task_id=tasks)
    def spy_on_task(self, operation: str, task_id: str) -> None:
        others.spy_on_task(self.stage, operation, task_id)

    @rule(operation=st.sampled_from(tuple(others.OF_ASSETS)), asset_id=assets)
    def spy_on_asset(self, operation: str, asset_id: str) -> None:
        others.spy_on_asset(self.stage, operation, asset_id)

    @rule(asset_id=assets)
    def submit_foreign(self, asset_id: str) -> None:
        others.submit_foreign(self.stage, asset_id)

    # The account

    @rule(moment=st.sampled_from(MOMENTS))
    def wait(self, moment: int) -> None:
        others.wait(self.stage, moment)

    @precondition(lambda self: self.stage.has_time)
    @rule()
    def change_webhook(self) -> None:
        others.change_webhook(self.stage)

    @precondition(lambda self: self.stage.has_time)
    @rule()
    def see_the_bill(self) -> None:
        others.see_the_bill(self.stage)
