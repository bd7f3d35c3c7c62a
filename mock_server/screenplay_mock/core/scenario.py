"""
What a scenario says, as frozen values: how tasks go, what the account is, how deliveries behave.

The defaults of these classes *are* the built-in scenario `happy`; the YAML files are read into them by
`screenplay_mock.scenarios`. Durations are whole milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.dialect import Dialect

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000  # in milliseconds


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same duration."""

    milliseconds: int


@dataclass(frozen=True, slots=True)
class Uniform:
    """Any duration from *low* to *high* milliseconds, all equally likely."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Most durations near *median* milliseconds, a few far longer; *sigma* is the spread of the logarithm."""

    median: int
    sigma: float


Duration = Fixed | Uniform | Lognormal


@dataclass(frozen=True, slots=True)
class Completes:
    """The task reaches `completed`."""


@dataclass(frozen=True, slots=True)
class Fails:
    """The task reaches `failed` once the fraction *after* (0 to 1) of its work is done."""

    # docs silent: no value of error_code is published (spec of getTask), so these are ours
    error_code: str = "PROCESSING_FAILED"
    error_message: str = "The video could not be processed."
    after: float = 0.5


@dataclass(frozen=True, slots=True)
class Stuck:
    """The task starts and runs for ever."""


Outcome = Completes | Fails | Stuck


@dataclass(frozen=True, slots=True)
class TaskLife:
    """
    How one task goes.

    `running_for` is the work of the whole task; when it is None each episode draws its own time from
    `per_episode` and they are worked one after another (docs silent: the order in which episodes complete).
    """

    pending_for: Duration = Fixed(2 * SECOND)
    running_for: Duration | None = None
    per_episode: Duration = Fixed(3 * SECOND)
    outcome: Outcome = Completes()


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """How the end of a task is told: *delay* after it, then again after each of *retries* until a 2xx."""

    delay: Duration = Fixed(0)
    # docs silent: the first five steps of the schedule that the Standard Webhooks specification proposes
    retries: tuple[int, ...] = (5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR)
    # docs silent: real milliseconds a receiver may take, since receivers live in real time;
    # the lower end of what Standard Webhooks advises senders (15 to 30 s) is longer than a test can wait
    timeout: int = 10 * SECOND


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What a fresh account is: None is unlimited, unset or off."""

    balance_micro_dollars: int | None = None
    rate_limit: float | None = None  # requests a second, for each operation
    webhook_url: str | None = None


@dataclass(frozen=True, slots=True)
class SubmissionRules:
    """Which readings of the submission rules hold."""

    coming_soon_modes: bool = False  # documented as "coming soon": refused until the vendor opens them
    require_output: bool = True  # at least one of the require_* flags must be true
    strict_assets: bool = False  # only ids that were given exist; else any re_ id is an uploaded video


@dataclass(frozen=True, slots=True)
class Scenario:
    """How one sandbox behaves."""

    name: str = "happy"
    description: str = "Every task completes: two seconds of waiting, three seconds for each episode."
    tasks: TaskLife = TaskLife()
    account: AccountRules = AccountRules()
    webhook: WebhookRules = WebhookRules()
    submission: SubmissionRules = SubmissionRules()
    uploads_ready_after: Duration = Fixed(0)  # docs silent: from the end of the upload to SUCCESS
    dialect: Dialect | None = None  # None: that of the server


HAPPY = Scenario()
