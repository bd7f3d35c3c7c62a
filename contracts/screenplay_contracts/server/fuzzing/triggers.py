"""Whether a check of Schemathesis was put to the test: it says "fine" too where there is nothing to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Look:
    """
    A case of Schemathesis and its recorded request; `gone` are the paths of what was deleted before in its scenario,
    `probed` whether it was sent again without a key or with a wrong one.
    """

    case: Any
    request: Any
    gone: frozenset[str] = frozenset()
    probed: bool = False


def _is_about_what_is_gone(look: Look) -> bool:
    path = urlsplit(look.request.uri).path
    return look.request.method == "GET" and any(path.startswith(f"{one}/") for one in look.gone)


def _mode(look: Look) -> Any:
    """Whether it was drawn to keep the document or to break it; None where nothing was drawn."""
    return None if look.case.meta is None else look.case.meta.generation.mode


#: What puts a check to the test, where that is not every answer.
TRIGGERS: Mapping[str, Callable[[Look], bool]] = {
    "negative_data_rejection": lambda look: bool(_mode(look) and _mode(look).is_negative),
    "positive_data_acceptance": lambda look: bool(_mode(look) and _mode(look).is_positive),
    "unsupported_method": lambda look: look.request.method not in {look.case.operation.method.upper(), "OPTIONS"},
    "allow_header_conformance": lambda look: look.request.method == "OPTIONS",
    "use_after_free": _is_about_what_is_gone,
    "ignored_auth": lambda look: look.probed,
}


def looks(recorder: Any) -> dict[str, Look]:
    """What the recorder of a scenario has of each case that was sent, by its id."""
    parents = {node.parent_id for node in recorder.cases.values() if node.transition is None}
    found: dict[str, Look] = {}
    gone: frozenset[str] = frozenset()
    for case_id, one in recorder.interactions.items():
        found[case_id] = Look(recorder.cases[case_id].value, one.request, gone, case_id in parents)
        if one.request.method == "DELETE" and one.response is not None and one.response.status_code in OK:
            gone |= {urlsplit(one.request.uri).path}
    return found


def is_triggered(name: str, look: Look | None) -> bool:
    return look is not None and (name not in TRIGGERS or TRIGGERS[name](look))
