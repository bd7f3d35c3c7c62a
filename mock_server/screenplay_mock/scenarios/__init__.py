"""
Scenarios as YAML: the built-in ones, reading them from files and from JSON, and writing them as plain data.

PyYAML and pydantic take a third of a second to import, so they wait until a file has to be read: the
default, `builtin("happy")`, needs neither.
"""

from screenplay_mock.scenarios.catalogue import (
    area,
    builtin,
    fault_from_data,
    from_data,
    load_file,
    names,
    resolve,
    text,
    whole_text,
)
from screenplay_mock.scenarios.errors import Problem, ScenarioError, UnknownScenario
from screenplay_mock.scenarios.plain import fault_data, to_data

__all__ = [
    "Problem",
    "ScenarioError",
    "UnknownScenario",
    "area",
    "builtin",
    "fault_data",
    "fault_from_data",
    "from_data",
    "load_file",
    "names",
    "resolve",
    "text",
    "to_data",
    "whole_text",
]
