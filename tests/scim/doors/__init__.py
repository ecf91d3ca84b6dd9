"""Every door by which something of an organization can change: each is one small function, and one line of a list."""

from __future__ import annotations

from hypothesis import strategies as st

from . import directories, hands, operators, times
from .world import Step, World

DOORS = [*directories.DOORS, *operators.DOORS, *hands.DOORS, *times.DOORS]


@st.composite
def lives(draw: st.DrawFn) -> list[Step]:
    """Steps through some of the doors only: those are then used often, and what takes several of them happens."""
    some = draw(st.lists(st.sampled_from(range(len(DOORS))), min_size=5, max_size=12, unique=True))
    return draw(st.lists(st.one_of([DOORS[number] for number in some]), min_size=15, max_size=40))


__all__ = ["Step", "World", "lives"]
