"""What the operator and admins of an organization choose and decide."""

from __future__ import annotations

import uuid
from datetime import timedelta

from hypothesis import strategies as st

from api.provisioning import directories, governance, link_requests, mappings, members, policies, removals, seat_pools
from api.provisioning.ladder import SetDefault, SetOrder
from db.enums import BillingInterval, LinkState, SeatType
from db.ids import DirectoryId

from .world import ANY, NOBODY, PLACES, ROLES, World, door

CHOICES = {
    "seat_limit": ["BLOCK", "AUTO_PURCHASE", "HOLD", "DOWNGRADE_TO_FREE", "ALLOW_OVERAGE"],
    "breaker_response": ["HOLD", "THROTTLE", "OFF"],
    "breaker_people": ["1", "2"],
    "breaker_percent": ["1", "50"],
    "breaker_timeout": ["KEEP", "RELEASE"],
    "existing_member": ["LINK", "ASK", "CONFLICT"],
    "default_seat_type": ["full", "lite", "free"],
    "on_no_mapped_group": ["DEFAULT_ROLE", "NO_ROLE", "SUSPEND"],
    "override_mode": ["RAISE_ONLY", "FORBIDDEN", "CAP"],
    "accept_roles_attribute": ["true", "false"],
    "delete_action": ["DEPROVISION_MEMBER", "REMOVE_MEMBER"],
    "jit_enabled": ["true", "false"],
    "control_plane": ["LAST_WRITE_WINS", "IDP_EXCLUSIVE"],
}
POLICIES = st.sampled_from(sorted(CHOICES)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(CHOICES[name]))
)


async def limit(world: World, seat: str, number: int | None) -> None:
    await seat_pools.set_limit(world.operator, SeatType(seat), number)


async def accept(world: World, cap: int | None) -> None:
    await seat_pools.accept_cap(world.operator, cap, by="dana")


async def agree(world: World, pack: int, is_enrolled: bool) -> None:
    await seat_pools.set_terms(
        world.operator,
        currency="EUR",
        interval=BillingInterval.MONTH,
        anchor=world.now.date(),
        is_enrolled=is_enrolled,
        pack_size=pack,
    )


async def choose(world: World, policy: tuple[str, str]) -> None:
    await policies.change(world.operator, dict([policy]))


async def set_up(world: World, place: int, setting: tuple[str, str]) -> None:
    directory = world.directories[place].access.directory_id
    await directories.change(world.operator, DirectoryId(directory), dict([setting]))


async def map_group(world: World, number: int, role: str | None) -> None:
    await mappings.map_group(world.operator, uuid.UUID((await world.group(number))[1]), role)


async def set_default(world: World, role: str) -> None:
    await governance.apply(world.operator, SetDefault(role), is_sure=True)


async def set_order(world: World, keys: list[str]) -> None:
    await governance.apply(world.operator, SetOrder(tuple(keys)))


async def override(world: World, number: int, role: str, hours: int | None) -> None:
    until = world.now + timedelta(hours=hours) if hours else None
    member = await world.member(number)
    await members.override_role(world.operator, member, role, reason="so", by="dana", expires_at=until)


async def clear(world: World, number: int) -> None:
    await members.clear_override(world.operator, await world.member(number))


async def approve(world: World, chosen: set[int]) -> None:
    await removals.approve(world.operator, await world.removals("HELD", chosen), by="dana")


async def keep(world: World, chosen: set[int]) -> None:
    await removals.keep(world.operator, await world.removals("HELD", chosen), by="dana")


async def undo(world: World, chosen: set[int]) -> None:
    await removals.undo(world.operator, await world.removals("APPLIED", chosen), by="dana")


async def answer(world: World, state: LinkState) -> None:
    asked = await link_requests.page(world.operator)
    question = asked[0]["id"] if asked else NOBODY
    await link_requests.decide(world.operator, question, state, by="dana")  # type: ignore[arg-type]  # a UUID


SOME = st.sets(ANY, min_size=1, max_size=4)
DOORS = [
    door(limit, st.sampled_from(["full", "lite", "free"]), st.none() | st.integers(0, 4)),
    door(limit, st.just("full"), st.integers(0, 3)),
    door(accept, st.sampled_from([None, 3000, 100_000])),
    door(agree, st.sampled_from([1, 3]), st.booleans()),
    *[door(choose, POLICIES)] * 2,
    door(choose, st.tuples(st.just("seat_limit"), st.sampled_from(CHOICES["seat_limit"]))),
    door(set_up, PLACES, st.sampled_from([("import_changes", "false"), ("suspend_on_inactive", "false")])),
    *[door(map_group, ANY, st.none() | ROLES)] * 2,
    door(set_default, ROLES),
    door(set_order, st.permutations(["knowledge-base-viewer", "viewer", "account-manager", "admin"])),
    door(override, ANY, ROLES, st.none() | st.integers(1, 48)),
    door(clear, ANY),
    door(approve, SOME),
    door(keep, SOME),
    door(undo, SOME),
    door(answer, st.sampled_from([LinkState.LINK, LinkState.KEEP_APART])),
]
