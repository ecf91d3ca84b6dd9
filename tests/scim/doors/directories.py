"""What two directories of one organization send."""

from __future__ import annotations

import httpx
from hypothesis import strategies as st

from ..conversation import Json, group
from ..governing import active, adding, new_address, removing
from ..test_seats import SEAT, asks_for, seated
from .world import ANY, GROUPS, PEOPLE, PLACES, SEATS, World, door


async def create(world: World, place: int, name: str, seat: str | None, is_active: bool) -> httpx.Response:
    newcomer = await world.newcomer(place, name)
    return await world.directories[place].post("/Users", seated(newcomer, seat) | {"active": is_active})


async def put(world: World, number: int, name: str, seat: str | None, is_active: bool) -> httpx.Response:
    scim, id = await world.user(number)
    return await scim.put(f"/Users/{id}", seated(name, seat) | {"active": is_active})


async def let_in(world: World, number: int, is_active: bool) -> httpx.Response:
    return await _changed(world, number, active(is_active))


async def ask_for(world: World, number: int, seat: str | None) -> httpx.Response:
    return await _changed(world, number, asks_for(seat) if seat else {"op": "remove", "path": f"{SEAT}:seat_type"})


async def readdress(world: World, number: int, name: str) -> httpx.Response:
    return await _changed(world, number, new_address(f"{name}@example.com"))


async def retitle(world: World, number: int, title: str) -> httpx.Response:
    return await _changed(world, number, {"op": "replace", "path": "title", "value": title})


async def name_role(world: World, number: int, key: str | None) -> httpx.Response:
    if key is None:
        return await _changed(world, number, {"op": "remove", "path": "roles"})
    return await _changed(world, number, {"op": "replace", "path": "roles", "value": [{"value": key}]})


async def delete(world: World, number: int) -> httpx.Response:
    scim, id = await world.user(number)
    return await scim.delete(f"/Users/{id}")


async def found(world: World, place: int, team: str, *names: str) -> httpx.Response:
    return await world.directories[place].post("/Groups", group(team, names))


async def join(world: World, number: int, who: int) -> httpx.Response:
    scim, id = await world.group(number)
    return await scim.patch(f"/Groups/{id}", adding(await world.user_beside(scim, who)))


async def leave(world: World, number: int, who: int) -> httpx.Response:
    scim, id = await world.group(number)
    return await scim.patch(f"/Groups/{id}", removing(await world.user_beside(scim, who)))


async def dissolve(world: World, number: int) -> httpx.Response:
    scim, id = await world.group(number)
    return await scim.delete(f"/Groups/{id}")


async def _changed(world: World, number: int, operation: Json) -> httpx.Response:
    scim, id = await world.user(number)
    return await scim.patch(f"/Users/{id}", operation)


CREATE = door(create, PLACES, PEOPLE, SEATS, st.just(True))
OUT = door(let_in, ANY, st.just(False))
DOORS = [
    *[CREATE] * 4,
    door(create, PLACES, PEOPLE, SEATS, st.booleans()),
    door(put, ANY, PEOPLE, SEATS, st.booleans()),
    *[OUT] * 4,
    *[door(let_in, ANY, st.just(True))] * 3,
    *[door(ask_for, ANY, SEATS)] * 2,
    door(readdress, ANY, PEOPLE),
    door(retitle, ANY, st.sampled_from(["Boss", "Chief"])),
    door(name_role, ANY, st.sampled_from([None, "admin", "viewer"])),
    *[door(delete, ANY)] * 3,
    door(found, PLACES, GROUPS, PEOPLE),
    door(join, ANY, ANY),
    door(leave, ANY, ANY),
    door(dissolve, ANY),
]
