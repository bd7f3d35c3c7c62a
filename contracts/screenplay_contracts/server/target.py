"""Which server a run is about, as whom it comes, and what it may do there."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screenplay_contracts.server.budget import Budget
from screenplay_contracts.server.operations import ADMIN
from screenplay_contracts.server.rules import Need

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
#: How long to wait for a task in real time, and between two looks, in seconds: (of one's own, of somebody else).
PATIENCE = (60.0, 1_800.0)
POLL_EVERY = (0.2, 5.0)
PACE = (0.0, 1.05)  # between two requests: the rate-limit page allows one a second


@dataclass(frozen=True, slots=True)
class Target:
    """
    `admin_url` None: it has no admin API, or it is not to be used; `without_admin` says why. `foreign`: it is somebody
    else's, so that nothing that costs is sent beyond `budget`, requests are paced, and nothing is known of magic keys
    and assets. `patience` is how many seconds to wait for a task, `paced` how many are between two requests; None for
    what is usual.
    """

    base_url: str
    key: str = field(repr=False)
    other_key: str | None = field(default=None, repr=False)
    admin_url: str | None = None
    admin_token: str | None = field(default=None, repr=False)
    foreign: bool = False
    seed: int = 0
    budget: Budget = field(default_factory=lambda: Budget(None))
    patience: float | None = None
    paced: float | None = None
    without_admin: str = ""

    @property
    def missing(self) -> frozenset[Need]:
        """What a run against it cannot do."""
        lacks: set[Need] = set()
        if self.admin_url is None:
            lacks.add(Need.ADMIN)
            if self.other_key is None:
                lacks.add(Need.OTHER_KEY)
        if self.foreign:
            lacks.add(Need.MAGIC)
        if self.budget.limit is not None:
            lacks.add(Need.MONEY)
        return frozenset(lacks)

    @property
    def waits_for(self) -> float:
        return self.patience or PATIENCE[self.foreign]

    @property
    def polls_every(self) -> float:
        return POLL_EVERY[self.foreign] if self.paced is None else max(self.paced, POLL_EVERY[False])

    @property
    def pace(self) -> float:
        return PACE[self.foreign] if self.paced is None else self.paced

    @property
    def ways(self) -> str:
        """In words for people: how time passes, and how outcomes are provoked."""
        if self.admin_url is not None:
            return f"admin API {self.admin_url}"
        magic = "" if self.foreign else ", magic assets"
        return f"no admin API ({self.without_admin}): polling in real time{magic}"

    @property
    def admin_headers(self) -> Mapping[str, str]:
        return {} if self.admin_token is None else {"X-Admin-Token": self.admin_token}


def problem_with(url: str) -> str | None:
    """Why *url* is no URL of a server that could be judged; None if it is one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        return f"is no URL: {problem}"
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "is no URL such as http://127.0.0.1:8787/serve/api/v2"
    if "@" in parts.netloc:
        return "has a user in it: the key is all that the API asks for, and --key says it"
    if "?" in url or "#" in url:
        return "has a query or a fragment: paths are appended to it"
    return None if is_graphic(url) else "has characters that no URL may have: write them as %XX"


def is_graphic(text: str) -> bool:
    """Whether *text* is visible ASCII and nothing else, so that it can stand in a URL."""
    return text.isascii() and text.isprintable() and " " not in text


def is_loopback(url: str) -> bool:
    """Whether *url* leads to this machine by its name alone; nobody is asked what another name means."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOCAL_NAMES


def usual_admin_url(base_url: str) -> str:
    """Where the fake has its admin API, when it serves *base_url*."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}{ADMIN}"
