"""What happened in a case, told in lines: requests, webhook calls, the end of each process."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours.saying import called, ending, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation

MOST_LINES = 8  # of the beginning, and of the end


def happenings(seen: Observation) -> list[str]:
    """In the order of time; of very much the beginning and the end."""
    lines = [line for _, line in sorted(_events(seen), key=itemgetter(0))]
    if len(lines) > 2 * MOST_LINES:
        lines[MOST_LINES:-MOST_LINES] = [f"… {len(lines) - 2 * MOST_LINES} more"]
    return [one_line(line) for line in lines]


def _events(seen: Observation) -> Iterator[tuple[float, str]]:
    for one in seen.requests:
        struck = f", struck by {one.fault}" if one.fault else ""
        yield one.at, f"{named(one)}{struck}"
    for delivery in seen.deliveries:
        yield delivery.at, called(delivery)
    for process in seen.processes:
        yield process.ended_at, f"the client at {process.ended_at:.2f} s: {ending(process)}"


def one_line(text: str) -> str:
    """*text* as no terminal takes it for commands."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
