"""Which reading of contradictory documents, in a scenario file."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import AfterValidator, create_model

from screenplay_mock.core.dialect import DIALECTS, SWITCHES, Dialect, with_switches
from screenplay_mock.scenarios.forms import ANY, TEXT, Exactly, Form, from_form, key, mapping_form, one_form


class _Switching(Form):
    def value(self) -> Dialect:
        given = self.given()
        return with_switches(DIALECTS[given.pop("base", "documented")], given)


_SWITCHES: dict[str, Any] = {
    switch: (Annotated[Any, Exactly(*allowed)], key(f"In documented: {json.dumps(allowed[0])}."))
    for switch, allowed in SWITCHES.items()
}
Switches = create_model(
    "Switches",
    __base__=_Switching,
    __doc__="Single switches set, the others as in the dialect base.",
    base=(Annotated[str, Exactly(*DIALECTS)], key("Where the switches that are not named are from.")),
    **_SWITCHES,
)
Reading = Annotated[
    Annotated[str, Exactly(*DIALECTS), AfterValidator(DIALECTS.__getitem__), TEXT]
    | Annotated[
        Switches,  # type: ignore[valid-type] # made of a table, which a type checker cannot follow
        AfterValidator(from_form),
        mapping_form(ANY, Switches),
    ],
    one_form(f"is not a dialect; write {', '.join(DIALECTS)} or {{base: legacy, bearer: accept}}", ANY),
]
