"""What came of a job, as found out by looking: at the vendor's account and journal, and at the disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screenplay_mock.core.money import DOLLAR
from screenplay_mock.demo.timeline import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CENT = DOLLAR // 100
USUAL_DOWNLOADS = 2  # of a job: one, and one more when the first was cut

STOPPED = "stopped"  # by the tour, since it would not have ended
CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    `said` is how the job ended in the client's own words, or STOPPED, or CRASHED with the `error`. `submissions` and
    `downloads` were charged, `price` for one submission, `paid` for all; in micro-dollars. `elapsed`: milliseconds.
    `no_archives` are zips in the client's folder that are none, `escaped` files outside of it. `leaks` count how often
    its key reached another server, `troubles` are the faults that struck, and what else went wrong at the vendor.
    """

    said: str
    error: str = ""
    price: int = 0
    submissions: int = 0
    downloads: int = 0
    paid: int = 0
    requests: int = 0
    elapsed: int = 0
    has_result: bool = False
    no_archives: tuple[str, ...] = ()
    escaped: tuple[str, ...] = ()
    leaks: int = 0
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, and in `short` what the table at the end says of it."""

    text: str
    short: str
    bad: bool = False


def findings(outcomes: Sequence[Outcome]) -> list[Finding]:
    """What is to be said of one job, or of many."""
    end = _end(outcomes[0]) if len(outcomes) == 1 else _ends(outcomes)
    return [_bill(outcomes), *_downloads(outcomes), *_harm(outcomes), end]


def paid(outcomes: Sequence[Outcome]) -> int:
    return sum(one.paid for one in outcomes)


def dollars(micro: int) -> str:
    """`$6.00`; what is less than a cent to the micro-dollar."""
    return f"${micro / DOLLAR:.6f}" if 0 < micro < CENT else f"${micro / DOLLAR:,.2f}"


def _bill(outcomes: Sequence[Outcome]) -> Finding:
    jobs, submissions = len(outcomes), sum(one.submissions for one in outcomes)
    total, price = dollars(paid(outcomes)), dollars(max(one.price for one in outcomes))
    if not submissions:
        return Finding("Pays nothing.", "")
    job = f"a job of {price}" if jobs == 1 else f"{jobs} jobs of {price}"
    if submissions <= jobs:
        return Finding(f"Pays {total}, once." if jobs == 1 else f"Pays {total} for {job}.", "")
    accepted = f"it was accepted {submissions} times" if jobs == 1 else f"{submissions} were accepted"
    return Finding(f"Pays {total} for {job}: {accepted}.", f"paid {submissions}x" if jobs == 1 else "", bad=True)


def _downloads(outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    count, most = sum(one.downloads for one in outcomes), max(one.downloads for one in outcomes)
    if count > len(outcomes):
        what, short = ("one result", f"{count} downloads") if len(outcomes) == 1 else ("results", "")
        yield Finding(f"Downloads {what} {count} times, each billed.", short, bad=most > USUAL_DOWNLOADS)


def _harm(outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    if any(one.leaks for one in outcomes):
        yield Finding("Gives its API key to another server.", "key leaked", bad=True)
    escaped = [name for one in outcomes for name in one.escaped]
    if escaped:
        yield Finding(f"Writes outside of its folder: {', '.join(escaped)}.", "files outside", bad=True)
    no_archives = [name for one in outcomes for name in one.no_archives]
    if no_archives:
        yield Finding(f"Leaves a {no_archives[0]} that is no archive.", "broken file", bad=True)


def _end(outcome: Outcome) -> Finding:
    match outcome.said:
        case "stopped":
            waited = duration(outcome.elapsed / 1000)
            return Finding(f"Would wait for ever: the tour stops it after {waited}.", "never ends", bad=True)
        case "crashed":
            return Finding(f"Crashes: {outcome.error}.", "crash", bad=True)
        case "completed" if outcome.has_result:
            return Finding("Has the result.", "result")
        case "completed":
            return Finding('Says "completed", and has no result.', "no result", bad=True)
        case said:
            return Finding(f'Says "{said}", and has no result.', f'"{said}"')


def _ends(outcomes: Sequence[Outcome]) -> Finding:
    results = sum(one.has_result for one in outcomes)
    others = Counter(one.said for one in outcomes if not one.has_result)
    text = ", ".join(f"{count} {said}" for said, count in others.most_common())
    return Finding(
        f"Has {results} of {len(outcomes)} results{f' ({text})' if text else ''}.",
        f"{results} of {len(outcomes)} results",
        bad=any(one.said in (STOPPED, CRASHED) for one in outcomes),
    )
