"""What directories send and admins wish, as data that Hypothesis makes up, and how to do it."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import strategies as st

from api.provisioning.directories import ChangeDirectory
from api.provisioning.governance import Intent
from api.provisioning.ladder import ArchiveRole, SetDefault, SetOrder
from api.provisioning.mappings import MapGroups, MarkGroup
from api.provisioning.overrides import ClearOverrides, OverrideRoles
from api.provisioning.policies import ChangePolicies

from .conversation import Json, Scim
from .governing import active, adding, everybody, govern, person, removing

NAMES, TEAMS = ("ann", "bob", "eve"), ("One", "Two")
KEYS = ("knowledge-base-viewer", "viewer", "account-manager", "admin")
PEOPLE, GROUPS, ROLES = st.sampled_from(NAMES), st.sampled_from(TEAMS), st.sampled_from(KEYS)

SENT = st.one_of(
    st.tuples(st.just("send"), PEOPLE, st.lists(ROLES, max_size=1)),
    st.tuples(st.just("send"), PEOPLE, st.just([])),
    st.tuples(st.just("delete"), PEOPLE),
    st.tuples(st.just("active"), PEOPLE, st.booleans()),
    st.tuples(st.just("join"), GROUPS, PEOPLE),
    st.tuples(st.just("leave"), GROUPS, PEOPLE),
    st.tuples(st.just("end"), GROUPS),
    st.tuples(st.just("send elsewhere"), PEOPLE),
    st.tuples(st.just("delete elsewhere"), PEOPLE),
)
"""What two directories do."""

POLICIES = st.one_of(
    st.tuples(st.just("on_no_mapped_group"), st.sampled_from(["DEFAULT_ROLE", "NO_ROLE", "SUSPEND"])),
    st.tuples(st.just("override_mode"), st.sampled_from(["RAISE_ONLY", "FORBIDDEN", "CAP"])),
    st.tuples(st.just("accept_roles_attribute"), st.sampled_from(["true", "false"])),
)
SOME_PEOPLE = st.lists(PEOPLE, min_size=1, unique=True)
WISHED = st.one_of(
    st.tuples(st.just("map"), st.dictionaries(GROUPS, st.none() | ROLES, min_size=1)),
    st.tuples(st.just("map"), st.dictionaries(GROUPS, ROLES, min_size=1)),
    st.tuples(st.just("mark"), GROUPS, st.booleans()),
    st.tuples(st.just("switch"), st.sampled_from(["true", "true", "false"])),
    st.tuples(st.just("default"), ROLES),
    st.tuples(st.just("order"), st.permutations(KEYS)),
    st.tuples(st.just("archive"), ROLES, ROLES),
    st.tuples(st.just("override"), SOME_PEOPLE, ROLES),
    st.tuples(st.just("clear"), SOME_PEOPLE),
    st.tuples(st.just("choose"), st.lists(POLICIES, min_size=1, max_size=2).map(dict)),
)
"""What an admin wants."""

BEGINNING: list[tuple[Any, ...]] = [
    ("send", "ann", []),
    ("send", "bob", []),
    ("map", {"One": "account-manager", "Two": "admin"}),
]


async def play(scim: Scim, elsewhere: Scim, step: tuple[Any, ...]) -> None:
    """One step, perhaps by another directory; raises what refuses it, or is answered with that."""
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
        case ("send elsewhere", name):
            await elsewhere.post("/Users", person(name))
        case ("delete elsewhere", name):
            await elsewhere.delete(f"/Users/{await _user(elsewhere, name)}")
        case _:
            await govern(scim, await intent(scim, step), is_sure=True)


async def intent(scim: Scim, wish: tuple[Any, ...]) -> Intent:
    """What an admin wants, with ids in place of names."""
    match wish:
        case ("map", roles):
            return MapGroups({uuid.UUID(await _group(scim, team)): role for team, role in roles.items()})
        case ("mark", team, value):
            return MarkGroup(uuid.UUID(await _group(scim, team)), gives_access=value)
        case ("switch", value):
            return ChangeDirectory(scim.access.directory_id, {"suspend_on_leaving_groups": value})
        case ("default", role):
            return SetDefault(role)
        case ("order", keys):
            return SetOrder(tuple(keys))
        case ("archive", role, replacement):
            return ArchiveRole(role, replacement)
        case ("override", names, role):
            return OverrideRoles(await _members(scim, names), role, "so", "somebody")
        case ("clear", names):
            return ClearOverrides(await _members(scim, names))
        case ("choose", values):
            return ChangePolicies(values)
    raise AssertionError(wish)


def _sent(name: str, keys: list[str]) -> Json:
    return person(name, roles=[{"value": key} for key in keys]) if keys else person(name)


async def _one(scim: Scim, kind: str, attribute: str, value: str) -> str | None:
    """The id of the user or group of that name."""
    found = (await scim.read(f"/{kind}", filter=f'{attribute} eq "{value}"'))["Resources"]
    return found[0]["id"] if found else None


async def _user(scim: Scim, name: str) -> str:
    return await _one(scim, "Users", "userName", name) or str(uuid.UUID(int=1))


async def _group(scim: Scim, name: str) -> str:
    return await _one(scim, "Groups", "displayName", name) or (await scim.make_group(name))["id"]


async def _members(scim: Scim, names: list[str]) -> tuple[uuid.UUID, ...]:
    """Those of these names who are members, or nobody whom there is."""
    wanted = {f"{name}@example.com" for name in names}
    found = tuple(each["id"] for each in await everybody(scim) if each["email"] in wanted)
    return found or (uuid.UUID(int=1),)
