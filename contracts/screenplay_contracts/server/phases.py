"""
What a run plays against a server, one phase after the other.

What a phase sends through the clients of its session is judged by all rules at the end of the run; beside that it may
have checks of its own. To add one: a value of Phase, and its row in PHASES.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from screenplay_contracts.server import script
from screenplay_contracts.server.fuzzing import promises as schemathesis
from screenplay_contracts.server.model import promises as model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from screenplay_contracts.selection import Selection
    from screenplay_contracts.server.rules import Need
    from screenplay_contracts.server.session import Session
    from screenplay_contracts.verdict import Check, Result


@dataclass(frozen=True, slots=True)
class Options:
    """
    `max_examples` None: as many as the phase thinks fit. `progress` takes a line for people. `chapters`: names of those
    of the script that are played, None for all.
    """

    selection: Selection
    max_examples: int | None = None
    progress: Callable[[str], None] = lambda _: None
    chapters: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """What came of the checks of a phase, and sentences for the report."""

    results: tuple[Result, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """`checks` are those that it judges itself, each with what a run must be able to do for it."""

    name: str
    play: Callable[[Session, Options], Played]
    checks: Mapping[Check, frozenset[Need]] = field(default_factory=dict)


def _script(session: Session, options: Options) -> Played:
    chapters = [one for one in script.CHAPTERS if options.chapters is None or one.name in options.chapters]
    return Played(notes=tuple(script.play(session, chapters, progress=options.progress)))


def _model(session: Session, options: Options) -> Played:
    from screenplay_contracts.server.play import EXAMPLES, play

    examples = options.max_examples or EXAMPLES
    return Played(tuple(play(session, seed=session.target.seed, max_examples=examples, progress=options.progress)))


def _schemathesis(session: Session, options: Options) -> Played:
    from screenplay_contracts.server.fuzz import EXAMPLES, fuzz

    examples = options.max_examples or EXAMPLES
    return Played(tuple(fuzz(session, seed=session.target.seed, max_examples=examples, progress=options.progress)))


SCRIPT = Phase("script", _script)
MODEL = Phase("model", _model, model.PROMISES)
SCHEMATHESIS = Phase("schemathesis", _schemathesis, schemathesis.CHECKS)

PHASES: tuple[Phase, ...] = (SCRIPT, MODEL, SCHEMATHESIS)
