"""Who comes without a directory, and what admins do to members by hand."""

from __future__ import annotations

from hypothesis import strategies as st

from api.provisioning import access, deletions, invitations, profiles, sign_ins
from api.provisioning.deletion_choices import Choice
from api.provisioning.grounds import Grounds
from api.provisioning.invitations import Guest
from api.provisioning.profile import ProfileEdit
from api.provisioning.sign_ins import SignIn
from db import sql
from db.enums import SeatType
from db.ids import DirectoryId

from .world import ANY, NOBODY, PEOPLE, PLACES, World, door

WHY = Grounds("so")


async def sign_in(world: World, name: str, display_name: str) -> None:
    await sign_ins.sign_in(world.operator, SignIn(f"{name}@example.com", display_name=display_name))


async def invite(world: World, name: str, role: str | None) -> None:
    invited = await invitations.invite(world.operator, Guest(f"{name}@example.com", role=role))
    world.tokens.append(invited.token)


async def accept(world: World, number: int) -> None:
    if world.tokens:
        await invitations.accept(world.tokens[number % len(world.tokens)])


async def withdraw(world: World, number: int) -> None:
    await invitations.withdraw(world.operator, await world.member(number))


async def deactivate(world: World, number: int) -> None:
    await access.deactivate(world.operator, await world.member(number), WHY)


async def let_in(world: World, number: int) -> None:
    await access.let_in(world.operator, await world.member(number), WHY)


async def revoke(world: World, number: int) -> None:
    await access.revoke_now(world.operator, await world.member(number), WHY)


async def remove(world: World, number: int) -> None:
    await access.remove(world.operator, await world.member(number), WHY)


async def edit(world: World, number: int, name: str, seat: str | None) -> None:
    wanted = ProfileEdit(display_name=name, seat_type=SeatType(seat) if seat else None)
    await profiles.change(world.operator, await world.member(number), wanted, WHY)


async def delete_directory(world: World, place: int, choice: Choice) -> None:
    await deletions.delete(world.operator, DirectoryId(world.directories[place].access.directory_id), choice)


async def restore_directory(world: World) -> None:
    query = "SELECT id FROM directory WHERE organization_id = $1 AND deleted_at IS NOT NULL ORDER BY id LIMIT 1"
    found = await sql.row(query, world.organization)
    made = await deletions.restore(world.operator, DirectoryId(found[0] if found else NOBODY))
    world.use_key(made.id, made.key)


NAMES = st.sampled_from(["Annie", "Bobby"])
DOORS = [
    *[door(sign_in, PEOPLE, NAMES)] * 2,
    door(invite, PEOPLE, st.sampled_from([None, "admin"])),
    door(accept, ANY),
    door(withdraw, ANY),
    door(deactivate, ANY),
    *[door(let_in, ANY)] * 2,
    door(revoke, ANY),
    door(remove, ANY),
    door(edit, ANY, NAMES, st.sampled_from([None, "full", "lite", "free"])),
    door(delete_directory, PLACES, st.sampled_from(list(Choice))),
    *[door(restore_directory)] * 2,
]
