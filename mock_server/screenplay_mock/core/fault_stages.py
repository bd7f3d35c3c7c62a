"""What kinds of faults are made of: the stages of an exchange, and the types of their members."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Literal, NewType

Milliseconds = NewType("Milliseconds", int)  # of real time
Share = NewType("Share", float)  # of a body, 0 to 1
Bytes = NewType("Bytes", int)
Code = NewType("Code", int)  # an HTTP status, 200 to 599
Count = NewType("Count", int)  # at least 1
HeaderText = NewType("HeaderText", str)  # what a header may have as its value
Point = Literal["nothing", "head", "whole"] | float  # how much of an answer has left: a float is a share of its body


class Stage(Enum):
    """What a kind decides about an exchange. A fault has at most one kind of each, but any number of changes."""

    CONNECTION = "the listener"
    RECEIVE = "how the request is received"
    MEANWHILE = "what happens to the task first"
    ANSWER = "what is answered instead of the operation"
    CHANGE = "what is changed in the answer"
    CARRY = "how the answer crosses the wire"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault."""

    stage: ClassVar[Stage]


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """
    The header `Retry-After`: so many seconds, an HTTP date that long from now (wall time), or any text; the first of
    them that is given.
    """

    seconds: Milliseconds | None = None  # rounded up to whole seconds on the wire
    date: Milliseconds | None = None
    text: HeaderText | None = None
