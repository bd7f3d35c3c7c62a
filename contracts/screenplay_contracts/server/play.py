"""Playing the state machine, and what came of it: each of its failures made as small as it can be."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from screenplay_contracts.server.aside import hypothesis_aside
from screenplay_contracts.server.model.promises import PROMISES, Broken
from screenplay_contracts.server.moves.tally import Enough, Tally
from screenplay_contracts.verdict import failed_to_judge, judged, skipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis import settings

    from screenplay_contracts.server.rules import Need
    from screenplay_contracts.server.session import Session
    from screenplay_contracts.server.target import Target
    from screenplay_contracts.verdict import Check, Result

log = logging.getLogger(__name__)

EXAMPLES = 100  # unless a run says how many
STEPS = 30  # of an example
PATIENCE = 150
#: Where time passes by itself there are fewer: so many steps, and one in so many examples.
STEPS_ELSEWHERE, ONE_IN = 12, 10
EXAMPLES_FOREIGN = (
    3  # each request takes a second; the first example is always the simplest, which does next to nothing
)


def play(
    session: Session,
    *,
    seed: int,
    max_examples: int,
    patience: int = PATIENCE,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """
    What each check of the model says after at most *max_examples* examples; the same ones for the same *seed*.

    Where there is no admin API, and so no time to be let pass, it is a tenth of them, at least one; against a server of
    somebody else a few. After a failure at most *patience* more are played, to make it smaller. *progress* is told what
    was done.
    """
    before = len(session.recorder.exchanges)
    tally = Tally(patience=0 if session.target.foreign else patience)
    try:
        _play(session, tally, seed, max_examples)
    except Exception as problem:  # the machine itself
        log.exception("the model cannot be played")
        reason = f"the model could not be played: {type(problem).__name__}: {problem}"
        return [failed_to_judge(check, reason) for check in PROMISES]
    progress(f"the model: {len(session.recorder.exchanges) - before} requests")
    few = session.target.admin_url is None or max_examples < EXAMPLES
    return [_result(session.target.missing, tally, check, few=few) for check in PROMISES]


def _play(session: Session, tally: Tally, seed: int, max_examples: int) -> None:
    """Play, and leave what is wrong to *tally*."""
    import hypothesis
    from hypothesis.errors import Flaky
    from hypothesis.stateful import run_state_machine_as_test

    from screenplay_contracts.server.machine import Machine

    machine = hypothesis.seed(seed)(type("Machine", (Machine,), {"session": session, "tally": tally}))
    try:
        with hypothesis_aside():
            run_state_machine_as_test(machine, settings=_settings(session.target, max_examples))
    except (Enough, Flaky) as end:  # Flaky: the same requests had other answers, as those of a real server may
        log.debug("no more examples are tried: %s", end)
    except (Broken, ExceptionGroup) as failure:
        _check_known(failure)


def _check_known(failure: Exception) -> None:
    """Raise what in *failure* is not about the server."""
    if isinstance(failure, ExceptionGroup):
        for one in failure.exceptions:
            _check_known(one)
    elif not isinstance(failure, Broken):
        raise failure


def _result(missing: frozenset[Need], tally: Tally, check: Check, *, few: bool) -> Result:
    """*few*: so few examples were played that it is no wonder if one did not come to the check."""
    lacking = PROMISES[check] & missing
    if not tally.met[check] and (lacking or few):
        return skipped(check, min(lacking) if lacking else "so few examples did not come to it")
    findings = [tally.smallest[check].finding] if check in tally.smallest else []
    return judged(check, [*findings, *[None] * (tally.met[check] - len(findings))])


def _settings(target: Target, max_examples: int) -> settings:
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    examples = max_examples if target.admin_url is not None else max(1, max_examples // ONE_IN)
    return settings(
        max_examples=EXAMPLES_FOREIGN if target.foreign else examples,
        stateful_step_count=STEPS if target.admin_url is not None else STEPS_ELSEWHERE,
        # to make an example smaller it is played again and again, which somebody else would have to be paid for
        phases=[Phase.generate] if target.foreign else [Phase.generate, Phase.shrink],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
