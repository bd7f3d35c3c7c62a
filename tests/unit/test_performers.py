"""Every kind of fault is performed, at its stage, in each of its forms; and some built-in scenario has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest

from screenplay_mock.core import fault_kinds as kinds
from screenplay_mock.core.fault_kinds import KINDS, Stage
from screenplay_mock.core.faults import Fault
from screenplay_mock.core.listener import FAULTLESS, listener_faults
from screenplay_mock.core.scenario import Scenario
from screenplay_mock.lies import LIES
from screenplay_mock.scenarios import builtin, names
from screenplay_mock.web.faults import framing, html
from screenplay_mock.web.faults.performers import ANSWERS, CARRIERS, CHANGES
from screenplay_mock.web.faults.strike import FORCED

if TYPE_CHECKING:
    from collections.abc import Collection

PERFORMED: dict[Stage, Collection[type[kinds.Kind]]] = {
    Stage.CONNECTION: (kinds.Refused, kinds.Silent, kinds.Tls),  # `listening` and `certificates`
    Stage.RECEIVE: (kinds.Receive,),  # `web.faults.strike` and `web.routes`, which knows who waits for 100 Continue
    Stage.MEANWHILE: (kinds.Meanwhile,),  # `web.faults.strike`
    Stage.ANSWER: ANSWERS,
    Stage.CHANGE: CHANGES,
    Stage.CARRY: CARRIERS,
}


def test_every_kind_is_performed_at_its_stage_and_nowhere_else() -> None:
    performed = {(stage, kind) for stage, some in PERFORMED.items() for kind in some}
    assert performed == {(kind.stage, kind) for kind in KINDS.values()}
    assert set(PERFORMED) == set(Stage)


@pytest.mark.parametrize("kind", PERFORMED[Stage.CONNECTION])
def test_every_kind_of_the_listener_is_a_fault_of_the_listener(kind: Any) -> None:
    assert listener_faults(Scenario(faults=(Fault(("connection",), kinds=(kind(),)),))) != FAULTLESS


@pytest.mark.parametrize(
    ("kind", "member", "performed"),
    [
        (kinds.Html, "page", html.PAGES),
        (kinds.Zip, "lie", LIES),
        (kinds.Framing, "form", framing.FORMS),
        (kinds.Meanwhile, "status", FORCED),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_form_of_a_kind_is_performed(kind: type[kinds.Kind], member: str, performed: Collection[str]) -> None:
    assert sorted(performed) == sorted(get_args(get_type_hints(kind)[member]))


def test_some_built_in_scenario_has_every_kind_and_every_lie() -> None:
    used = [kind for name in names() for fault in builtin(name).faults for kind in fault.kinds]
    assert {type(kind) for kind in used} == set(KINDS.values())
    assert {kind.lie for kind in used if isinstance(kind, kinds.Zip)} == set(LIES)
    assert {kind.form for kind in used if isinstance(kind, kinds.Framing)} == set(framing.FORMS)
