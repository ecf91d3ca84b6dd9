"""What time brings: the clock goes on, and what is due is done."""

from __future__ import annotations

from hypothesis import strategies as st

from api.provisioning import maintenance, members, removals, seat_pools

from .world import World, door


async def wait(world: World, hours: float) -> None:
    world.go_on(hours=hours)
    await members.expire_overrides(world.organization)


async def decide_overdue(world: World) -> None:
    await removals.decide_overdue(world.organization)


async def take_snapshot(world: World) -> None:
    await seat_pools.take_snapshot(world.organization)


async def maintain(world: World) -> None:
    for task in maintenance.TASKS:
        if world.organization in await task.due(world.now):
            await task.carry_out(world.organization)


DOORS = [
    door(wait, st.sampled_from([0.5, 2, 30, 24 * 40])),
    door(decide_overdue),
    door(take_snapshot),
    door(maintain),
]
