"""
Clients as they are seen, by hand, for each behaviour: some that KEEP it, some that BREAK it, and, where a run in which
all goes well would be judged, some that never meet its trigger. SKIPS: what cannot be judged, though it was met.
"""

from __future__ import annotations

from collections.abc import Mapping

from screenplay_contracts.client.observation import Observation

Table = Mapping[str, tuple[Observation, ...]]
