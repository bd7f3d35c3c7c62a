"""What a run may spend, and what it has spent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """
    Micro-dollars. `limit` None: there is none, as against a server of one's own.

    Before a request its highest price is held; after the answer what it cost is spent, and the rest let go. That can be
    more than was held, and than the limit, where a server says that a video is longer than it was when it was uploaded.
    """

    limit: int | None
    spent: int = 0
    refused: int = 0  # requests that were not sent

    def allows(self, most: int) -> bool:
        """Whether *most* can be spent; if not, that is counted."""
        if most == 0 or self.limit is None or self.spent + most <= self.limit:
            return True
        self.refused += 1
        return False

    def spend(self, cost: int) -> None:
        assert cost >= 0, "nothing gives money back"
        self.spent += cost
