"""Which submissions are refused for their form alone, and what they are answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from screenplay_contracts.exchange import NOT_JSON
from screenplay_contracts.server import answers, shapes
from screenplay_contracts.server.checks.looking import MUST, SHOULD, ordinary, refused, turned_down
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

SUBMIT = "submit-task page"


def in_json(recorded: Recording) -> Iterator[Call]:
    """Submissions that are JSON, and not too large."""
    for call in ordinary(recorded, "submitTask"):
        media_type = (call.exchange.sent_header("Content-Type") or "").partition(";")[0].strip().lower()
        if media_type == "application/json" and call.sent is not NOT_JSON and call.status != answers.TOO_LARGE.status:
            yield call


def _with_fault(fault: str, recorded: Recording) -> Iterator[Outcome]:
    for call in in_json(recorded):
        if fault in shapes.faults(call.sent):
            yield turned_down(call, f"something is wrong with it: {fault}")


def answer(recorded: Recording) -> Iterator[Outcome]:
    for call in in_json(recorded):
        if shapes.faults(call.sent) and not call.succeeded:
            yield refused(call, answers.INVALID)


#: Names, sources and promises of what is refused for its shape, and the fault that it is about.
SHAPES = (
    ("object", f"{SUBMIT}; docs silent: of anything else", "A body that is no JSON object is refused.", "object"),
    (
        "required-members",
        f"{SUBMIT}: mode, episodes and config are required",
        "Without one of them it is refused.",
        "members",
    ),
    ("known-modes", f"{SUBMIT}: the modes", "Another mode is refused.", "mode"),
    (
        "coming-soon",
        f"{SUBMIT}: 'coming soon'; docs silent: whether it is refused",
        "A mode that is coming soon is refused.",
        "coming soon",
    ),
    (
        "episodes",
        f"{SUBMIT}: a map from episode number to asset id",
        "Anything else, and an empty map, is refused.",
        "episodes",
    ),
    (
        "episode-names",
        "docs silent: numbers from 1 to 9999 without zeros in front chosen",
        "Other names are refused.",
        "names",
    ),
    ("episode-count", "docs silent: at most 1000 chosen", "More episodes are refused.", "count"),
    ("config", f"{SUBMIT}: config is an object", "Anything else is refused.", "config"),
    ("option-types", f"{SUBMIT}: the types of the options", "An option of another type is refused.", "options"),
    (
        "option-values",
        "docs silent: a concurrency of at least 1, a language that is no empty text chosen",
        "Other values are refused.",
        "values",
    ),
    (
        "some-output",
        f"{SUBMIT}: a sentence about the three require flags, cut",
        "Without any output it is refused.",
        "output",
    ),
)
CHOSEN = frozenset({"object", "coming-soon", "option-values", "episode-names", "episode-count", "some-output"})
#: What names no asset, so that it cannot cost anything on any server.
FREE = frozenset({"object", "required-members", "episodes"})

RULES = (
    *(
        rule(
            f"submit/{name}",
            SHOULD if name in CHOSEN else MUST,
            source,
            promise,
            partial(_with_fault, fault),
            *([] if name in FREE else [Need.MONEY]),
        )
        for name, source, promise, fault in SHAPES
    ),
    rule(
        "submit/invalid-answer",
        SHOULD,
        "docs silent: the answer; 400 Invalid request parameters chosen (error-codes page)",
        f"What is refused for its form is answered with 400 {answers.INVALID.text}.",
        answer,
    ),
)
