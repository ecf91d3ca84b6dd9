"""Every door by which something of an organization can change: each is one small function, and one line of a list."""

from __future__ import annotations

from hypothesis import strategies as st

from . import directories, hands, operators, times
from .world import Step, World

STEPS: st.SearchStrategy[Step] = st.one_of(*directories.DOORS, *operators.DOORS, *hands.DOORS, *times.DOORS)
"""One step through one of them."""

__all__ = ["STEPS", "Step", "World"]
