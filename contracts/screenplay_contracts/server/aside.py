"""Hypothesis in a run of ours: it leaves nothing behind, and draws the same wherever it runs."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def hypothesis_aside() -> Iterator[None]:
    """What it writes goes into a folder that is removed, not into the working folder; it draws by the seed alone."""
    from hypothesis.configuration import set_hypothesis_home_dir

    with tempfile.TemporaryDirectory(prefix="screenplay-check-") as folder, _nothing_from_source_code():
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


@contextmanager
def _nothing_from_source_code() -> Iterator[None]:
    """
    It also draws constants that stand in the source code of whatever is imported by then, if that is not installed: so
    the same seed would send other requests from another folder, and at the second run of a process.
    """
    from hypothesis.internal.conjecture import providers
    from hypothesis.internal.constants_ast import Constants

    provider, name = providers.HypothesisProvider, "_local_constants"
    usual = provider.__dict__[name]
    setattr(provider, name, Constants())
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        setattr(provider, name, usual)
        providers.CONSTANTS_CACHE.cache.clear()
