"""
What each built-in scenario claims to do, as something that is seen on the wire.

A claim takes a world in which its scenario is played, and raises AssertionError where the wire shows something else.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.wire.world import World

Claim = Callable[[World], None]
