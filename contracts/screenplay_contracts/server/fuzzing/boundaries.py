"""Boundaries of multipart bodies: libraries draw them anew each time, so the same seed would send other requests."""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def drawn_boundaries(seed: int) -> Iterator[None]:
    """Let Schemathesis and urllib3 take them from *seed*, as long as the context lasts."""
    from schemathesis.transport import requests as sending
    from urllib3 import filepost

    numbers = count()

    def choose_boundary() -> str:
        return sha256(f"{seed} {next(numbers)}".encode()).hexdigest()[:32]

    modules: tuple[Any, ...] = sending, filepost
    usual = [(module, module.choose_boundary) for module in modules]
    for module in modules:
        module.choose_boundary = choose_boundary
    try:
        yield
    finally:
        for module, choice in usual:
            module.choose_boundary = choice
