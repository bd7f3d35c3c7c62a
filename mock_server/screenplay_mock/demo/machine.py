"""What a client has around it. Time is an argument, so that nobody waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from urllib.request import BaseHandler


@dataclass(frozen=True, slots=True)
class Machine:
    """
    `sleep` takes seconds and `now` tells them; `say` is the client's log. Files go into `folder`, which exists.
    `handlers` join the client's urllib opener. `has_webhook`: the account's webhook calls this client.
    """

    base_url: str
    key: str
    folder: Path
    sleep: Callable[[float], None]
    now: Callable[[], float]
    say: Callable[[str], None]
    handlers: tuple[BaseHandler, ...] = ()
    has_webhook: bool = False
