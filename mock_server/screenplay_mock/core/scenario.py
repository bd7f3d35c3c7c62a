"""
What a scenario says, as frozen values: how tasks go, what the account is, how deliveries behave.

The defaults of these classes *are* the built-in scenario `happy`; the YAML files are read into them by
`screenplay_mock.scenarios`. Durations are whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the scenarios read the types of the members
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from screenplay_mock.core.fault_kinds import Bytes, Count

if TYPE_CHECKING:
    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.core.fault_kinds import RetryAfter
    from screenplay_mock.core.faults import Fault

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000  # in milliseconds
ONCE, NO_BYTES = Count(1), Bytes(0)


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


@dataclass(frozen=True, slots=True)
class Cancels:
    """The vendor cancels the task once its work is done. docs silent: whether it ever does; clients should survive."""


Outcome = Completes | Fails | Stuck | Cancels

#: What the download of a completed task has. The two texts of the download-task-result page are the other two.
Result = Literal["zip", "no_files", "no_result"]


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
    result: Result = "zip"
    # docs silent: the grammar of ids; a client must put any text into a path as one segment
    id_suffix: str = ""


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """
    One webhook call that a task causes: `at` what moment of its life, `delay` after it (None: that of the rules),
    `copies` times, each a delivery of its own.

    By default it says truly how the task ended. `status` None: the true one at that moment; `task` `unknown`: an id
    that nobody was given. `set` and `remove` change members as a fault's `edit` does; {canary_url} in a text of
    `set` stands for a URL at the fake's other origin. `body` (text) is sent instead of JSON, `padding` bytes of white
    space follow it.
    """

    at: Literal["end", "submitted", "started", "cancelled"] = "end"
    delay: Duration | None = None
    copies: Count = ONCE
    status: str | None = None
    task: Literal["this", "unknown"] = "this"
    set: Mapping[str, Any] | None = None
    remove: tuple[str, ...] = ()
    method: str = "POST"
    content_type: str = "application/json"
    body: str | None = None
    padding: Bytes = NO_BYTES


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """
    How the end of a task is told: *delay* after it, then again after each of *retries* until a 2xx.

    The first `answers_lost` answers of the receiver count as lost, whatever they say.
    """

    delay: Duration = Fixed(0)
    # docs silent: the first five steps of the schedule that the Standard Webhooks specification proposes
    retries: tuple[int, ...] = (5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR)
    # docs silent: real milliseconds a receiver may take, since receivers live in real time;
    # the lower end of what Standard Webhooks advises senders (15 to 30 s) is longer than a test can wait
    timeout: int = 10 * SECOND
    calls: tuple[WebhookCall, ...] = (WebhookCall(),)
    answers_lost: int = 0


@dataclass(frozen=True, slots=True)
class Picks:
    """
    Which tasks a rule is for; all that is said must hold. `assets`: one of its episodes is one of these. `nth`,
    `first`, `every`: its place among the accepted submissions of the sandbox, from 1.
    """

    assets: tuple[str, ...] = ()
    at_least_episodes: Count | None = None
    at_most_episodes: Count | None = None
    nth: Count | None = None
    first: Count | None = None
    every: Count | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Another life for the tasks that it picks, and other webhook calls; the first rule that picks a task counts."""

    when: Picks
    tasks: TaskLife
    webhook: WebhookRules


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What a fresh account is: None is unlimited, unset or off."""

    balance_micro_dollars: int | None = None
    rate_limit: float | None = None  # requests a second, for each operation
    retry_after: RetryAfter | None = None  # docs silent: whether a limited call is told when to come again
    webhook_url: str | None = None
    disabled: bool = False


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
    rules: tuple[Rule, ...] = ()
    faults: tuple[Fault, ...] = ()
    tries: tuple[str, ...] = ()  # the behaviours of clients that it tries, by the ids of the client checks


HAPPY = Scenario()
