"""What a mutant is: the careful client with one idea of it broken, and the checks that must find it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CAREFUL = Path(__file__).parents[2] / "examples" / "clients" / "careful.py"

#: Old text, which stands once in the careful client, and what stands there instead.
Change = tuple[str, str]

#: An error that nobody expected is told as a stack trace.
UNCAUGHT: Change = ("    except Exception as error:", "    except ZeroDivisionError as error:")


class DoesNotFit(AssertionError):
    """The careful client is not any more what a mutant changes."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    `breaks` are the checks that it fails, each in at least one of `cases`, and in each of those it fails at least one.

    `beside` are patterns of checks that it may fail as well, there or in other cases: what they promise is broken by
    the same change. Who `ruins` every job is not blamed for what follows from that.
    """

    name: str
    breaks: frozenset[str]
    cases: tuple[str, ...]
    change: tuple[Change, ...]
    beside: tuple[str, ...] = ()
    ruins: bool = False


def mutant(name: str, breaks: str, cases: str, *change: Change, beside: str = "", ruins: bool = False) -> Mutant:
    """A row; checks and cases are divided by spaces."""
    return Mutant(name, frozenset(breaks.split()), tuple(cases.split()), change, tuple(beside.split()), ruins)


def mutated(source: str, row: Mutant) -> str:
    """*source* with the changes of *row*. Raises DoesNotFit."""
    for old, new in row.change:
        if (count := source.count(old)) != 1:
            raise DoesNotFit(f"{row.name!r} changes what stands {count} times in {CAREFUL.name}, not once: {old!r}")
        source = source.replace(old, new)
    return source
