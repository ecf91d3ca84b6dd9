"""Whatever directories send and admins choose: roles are what their explanation says, and an admin stays."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from api.provisioning import directories, mappings, members
from api.provisioning.errors import ProvisioningError
from api.provisioning.ladder import SetDefault
from db import sql
from tests.conftest import NewDirectory

from .conftest import second_directory
from .conversation import Json, Scim
from .conversation_strategies import WITHOUT_SHRINKING
from .governing import active, adding, choose, everybody, govern, governor, person, removing

NAMES = ("ann", "bob", "eve")
TEAMS = ("One", "Two")
ROLES = st.sampled_from(["knowledge-base-viewer", "viewer", "account-manager", "admin"])
PEOPLE, GROUPS = st.sampled_from(NAMES), st.sampled_from(TEAMS)
POLICIES = st.one_of(
    st.tuples(st.just("on_no_mapped_group"), st.sampled_from(["DEFAULT_ROLE", "NO_ROLE", "SUSPEND"])),
    st.tuples(st.just("override_mode"), st.sampled_from(["RAISE_ONLY", "FORBIDDEN", "CAP"])),
    st.tuples(st.just("accept_roles_attribute"), st.sampled_from(["true", "false"])),
)
STEPS = st.one_of(
    st.tuples(st.just("send"), PEOPLE, st.lists(ROLES, max_size=1)),
    st.tuples(st.just("send"), PEOPLE, st.just([])),
    st.tuples(st.just("delete"), PEOPLE),
    st.tuples(st.just("active"), PEOPLE, st.booleans()),
    st.tuples(st.just("join"), GROUPS, PEOPLE),
    st.tuples(st.just("leave"), GROUPS, PEOPLE),
    st.tuples(st.just("end"), GROUPS),
    st.tuples(st.just("map"), GROUPS, st.none() | ROLES),
    st.tuples(st.just("map"), GROUPS, ROLES),
    st.tuples(st.just("default"), ROLES),
    st.tuples(st.just("override"), PEOPLE, ROLES),
    st.tuples(st.just("clear"), PEOPLE),
    st.tuples(st.just("choose"), POLICIES),
    st.tuples(st.just("mark"), GROUPS, st.booleans()),
    st.tuples(st.just("switch"), st.sampled_from(["true", "true", "false"])),
    st.tuples(st.just("send elsewhere"), PEOPLE),
    st.tuples(st.just("delete elsewhere"), PEOPLE),
)


BEGINNING = [("send", "ann", []), ("send", "bob", []), ("map", "One", "account-manager"), ("map", "Two", "admin")]


async def _one(scim: Scim, kind: str, attribute: str, value: str) -> str | None:
    """The id of the user or group of that name."""
    found = (await scim.read(f"/{kind}", filter=f'{attribute} eq "{value}"'))["Resources"]
    return found[0]["id"] if found else None


async def _user(scim: Scim, name: str) -> str:
    return await _one(scim, "Users", "userName", name) or str(uuid.UUID(int=1))


async def _group(scim: Scim, name: str) -> str:
    return await _one(scim, "Groups", "displayName", name) or (await scim.make_group(name))["id"]


async def _member(scim: Scim, name: str) -> uuid.UUID:
    found = [each["id"] for each in await everybody(scim) if each["email"] == f"{name}@example.com"]
    return found[0] if found else uuid.UUID(int=1)


async def _play(scim: Scim, elsewhere: Scim, step: tuple[Any, ...]) -> None:
    """One step, by another directory of the organization if it says so; what is refused changes nothing."""
    actor = governor(scim)
    match step:
        case ("send", name, keys):
            await scim.post("/Users", _sent(name, keys))
        case ("delete", name):
            await scim.delete(f"/Users/{await _user(scim, name)}")
        case ("active", name, value):
            await scim.patch(f"/Users/{await _user(scim, name)}", active(value))
        case ("join", team, name):
            await scim.patch(f"/Groups/{await _group(scim, team)}", adding(name))
        case ("leave", team, name):
            await scim.patch(f"/Groups/{await _group(scim, team)}", removing(await _user(scim, name)))
        case ("end", team):
            await scim.delete(f"/Groups/{await _group(scim, team)}")
        case ("map", team, role):
            await mappings.map_group(actor, uuid.UUID(await _group(scim, team)), role)
        case ("default", role):
            await govern(scim, SetDefault(role), is_sure=True)
        case ("override", name, role):
            await members.override_role(actor, await _member(scim, name), role, reason="so", by="somebody")
        case ("clear", name):
            await members.clear_override(actor, await _member(scim, name))
        case ("choose", (name, value)):
            await choose(scim, **{name: value})
        case ("mark", team, value):
            await mappings.mark_group(actor, uuid.UUID(await _group(scim, team)), gives_access=value)
        case ("switch", value):
            await directories.change(actor, scim.access.directory_id, {"suspend_on_leaving_groups": value})
        case ("send elsewhere", name):
            await elsewhere.post("/Users", person(name))
        case ("delete elsewhere", name):
            await elsewhere.delete(f"/Users/{await _user(elsewhere, name)}")


def _sent(name: str, keys: list[str]) -> Json:
    return person(name, roles=[{"value": key} for key in keys]) if keys else person(name)


async def _check(scim: Scim, had_admin: bool) -> bool:
    """The invariants; whether somebody can use the organization as an admin."""
    everyone = await everybody(scim)
    for member in everyone:
        outcome = await members.explain(governor(scim), member["id"])
        assert member["role"] == (outcome.role.key if outcome.role else None)
        assert (member["status"] == "SUSPENDED") <= outcome.is_suspended
        assert (member["status"] == "ACTIVE") <= (not outcome.is_suspended)
    admins = [each for each in everyone if each["role"] == "admin" and each["status"] == "ACTIVE"]
    assert admins or not had_admin
    return bool(admins)


async def _counted(scim: Scim) -> object:
    return await sql.value("SELECT count(*) FROM change WHERE organization_id = $1", scim.access.organization_id)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=WITHOUT_SHRINKING,
)
@given(st.lists(STEPS, min_size=4, max_size=14))
async def test_roles_are_what_their_explanation_says_and_an_admin_stays(
    scim: Scim, new_directory: NewDirectory, steps: list[tuple[Any, ...]]
) -> None:
    here, there = Scim(scim.http, await new_directory()), Scim(scim.http, await new_directory())
    elsewhere = await second_directory(here)
    await there.post("/Users", person())
    before, had_admin = await _counted(there), False
    for step in [*BEGINNING, *steps]:
        try:
            await _play(here, elsewhere, step)
            note(f"{step}")
        except ProvisioningError as error:
            note(f"{step} refused: {error}")
        had_admin = await _check(here, had_admin)
    assert await _counted(there) == before
    assert [each["role"] for each in await everybody(there)] == ["viewer"]
