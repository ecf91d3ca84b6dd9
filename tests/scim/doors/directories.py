"""What two directories of one organization send."""

from __future__ import annotations

import httpx
from hypothesis import strategies as st

from ..conversation import Json, group
from ..governing import active, adding, new_address, person, removing
from ..test_seats import SEAT, asks_for, seated
from .world import GROUPS, PEOPLE, PLACES, SEATS, World, door


async def create(world: World, place: int, name: str, seat: str | None, is_active: bool) -> httpx.Response:
    return await world.directories[place].post("/Users", seated(name, seat) | {"active": is_active})


async def put(world: World, place: int, name: str, seat: str | None, is_active: bool) -> httpx.Response:
    body = seated(name, seat) | {"active": is_active}
    return await world.directories[place].put(await world.user(place, name), body)


async def let_in(world: World, place: int, name: str, is_active: bool) -> httpx.Response:
    return await world.directories[place].patch(await world.user(place, name), active(is_active))


async def ask_for(world: World, place: int, name: str, seat: str | None) -> httpx.Response:
    change = asks_for(seat) if seat else {"op": "remove", "path": f"{SEAT}:seat_type"}
    return await world.directories[place].patch(await world.user(place, name), change)


async def readdress(world: World, place: int, name: str, other: str) -> httpx.Response:
    change = new_address(f"{other}@example.com")
    return await world.directories[place].patch(await world.user(place, name), change)


async def retitle(world: World, place: int, name: str, title: str) -> httpx.Response:
    change = {"op": "replace", "path": "title", "value": title}
    return await world.directories[place].patch(await world.user(place, name), change)


async def name_role(world: World, place: int, name: str, key: str | None) -> httpx.Response:
    change: Json = {"op": "replace", "path": "roles", "value": [{"value": key}]}
    return await world.directories[place].patch(
        await world.user(place, name), change if key else {"op": "remove", "path": "roles"}
    )


async def delete(world: World, place: int, name: str) -> httpx.Response:
    return await world.directories[place].delete(await world.user(place, name))


async def found(world: World, place: int, team: str, *names: str) -> httpx.Response:
    return await world.directories[place].post("/Groups", group(team, names))


async def join(world: World, place: int, team: str, name: str) -> httpx.Response:
    return await world.directories[place].patch(f"/Groups/{await world.group(place, team)}", adding(name))


async def leave(world: World, place: int, team: str, name: str) -> httpx.Response:
    id = (await world.user(place, name)).rpartition("/")[2]
    return await world.directories[place].patch(f"/Groups/{await world.group(place, team)}", removing(id))


async def dissolve(world: World, place: int, team: str) -> httpx.Response:
    return await world.directories[place].delete(f"/Groups/{await world.group(place, team)}")


DOORS = [
    door(create, PLACES, PEOPLE, SEATS, st.just(True)),
    door(create, PLACES, PEOPLE, SEATS, st.just(True)),
    door(create, PLACES, PEOPLE, SEATS, st.booleans()),
    door(put, PLACES, PEOPLE, SEATS, st.booleans()),
    door(let_in, PLACES, PEOPLE, st.just(False)),
    door(let_in, PLACES, PEOPLE, st.booleans()),
    door(ask_for, PLACES, PEOPLE, SEATS),
    door(readdress, PLACES, PEOPLE, PEOPLE),
    door(retitle, PLACES, PEOPLE, st.sampled_from(["Boss", "Chief"])),
    door(name_role, PLACES, PEOPLE, st.sampled_from([None, "admin", "viewer"])),
    door(delete, PLACES, PEOPLE),
    door(found, PLACES, GROUPS, PEOPLE),
    door(join, PLACES, GROUPS, PEOPLE),
    door(leave, PLACES, GROUPS, PEOPLE),
    door(dissolve, PLACES, GROUPS),
]

__all__ = ["DOORS", "person"]
