"""Plain data -> YAML text that `yaml_source` reads back as the same data, laid out for people."""

from __future__ import annotations

from types import NoneType
from typing import Any

import yaml

from screenplay_mock.scenarios.yaml_source import plain_value

WIDTH = 120  # columns


class _Reads:
    """In the place of PyYAML's pattern for a type: what our reader takes for a value of it, without quotes."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def match(self, text: str) -> bool:
        return type(plain_value(text)) is self.kind


class _Dumper(yaml.SafeDumper):
    """Puts in quotes what our reader would not take for text: `1e3`, but not `on`."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML has it so
        None: [
            ("tag:yaml.org,2002:null", _Reads(NoneType)),
            ("tag:yaml.org,2002:bool", _Reads(bool)),
            ("tag:yaml.org,2002:int", _Reads(int)),
            ("tag:yaml.org,2002:float", _Reads(float)),
        ]
    }

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - what PyYAML hands over
        return True  # the reader takes none

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)  # a list stands under its key, not beside it


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # PyYAML writes U+0085 as it is, where it ends a line
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isprintable() else '"')


_Dumper.add_representer(str, _text)


def written(data: Any) -> str:
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )
    return text
