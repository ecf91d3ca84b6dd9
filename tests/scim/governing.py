"""What tests of rules do as the operator, in the organization of a directory."""

from __future__ import annotations

import uuid
from typing import Any

from api.provisioning import domains, governance, mappings, members, policies
from api.provisioning.actor import Actor, operator
from api.provisioning.explanation import RoleOutcome
from api.provisioning.governance import Intent

from .conversation import Json, Scim, user


def governor(scim: Scim) -> Actor:
    """The operator in this directory's organization."""
    return operator(scim.access.organization_id)


async def choose(scim: Scim, **values: object) -> int:
    """Choose policies; how many members changed."""
    return (await policies.change(governor(scim), values))[1]


async def govern(scim: Scim, intent: Intent, *, token: str | None = None, is_sure: bool = False) -> int:
    """Do what is wanted; how many members changed."""
    return await governance.apply(governor(scim), intent, token=token, is_sure=is_sure)


async def own(scim: Scim, *names: str, include_subdomains: bool = False) -> None:
    """Give the organization verified domains."""
    for name in names:
        await domains.add(governor(scim), name, include_subdomains=include_subdomains)
        await domains.attest(governor(scim), name)


async def map_group(scim: Scim, group: Json, role: str | None) -> int:
    """Map a group to a role; how many members changed."""
    return await mappings.map_group(governor(scim), uuid.UUID(group["id"]), role)


async def everybody(scim: Scim) -> list[dict[str, Any]]:
    """All members of the organization."""
    return await members.page(governor(scim))


async def member_of(scim: Scim, email: str = "ann@example.com") -> dict[str, Any]:
    """The member with this address."""
    [found] = [each for each in await everybody(scim) if each["email"] == email]
    return found


async def role_of(scim: Scim, email: str = "ann@example.com") -> str | None:
    """The key of a member's role, after a look whether the explanation says the same."""
    found = await member_of(scim, email)
    outcome = await members.explain(governor(scim), found["id"])
    assert found["role"] == (outcome.role.key if outcome.role else None)
    return found["role"]  # type: ignore[no-any-return]  # a row


async def override(scim: Scim, role: str, email: str = "ann@example.com", **more: Any) -> RoleOutcome:
    """Choose a role for a member by hand."""
    found = await member_of(scim, email)
    given = {"reason": "pilot", "by": "dana@acme.example.com"} | more
    return await members.override_role(governor(scim), found["id"], role, **given)


def person(name: str = "ann", host: str = "example.com", /, **attributes: object) -> Json:
    """A user with a work address."""
    return user(name, **{"emails": [{"value": f"{name}@{host}", "type": "work", "primary": True}]} | attributes)


def adding(*ids: str) -> Json:
    """The operation that adds members to a group."""
    return {"op": "add", "path": "members", "value": [{"value": id} for id in ids]}


def removing(id: str) -> Json:
    """The operation that removes a member from a group."""
    return {"op": "remove", "path": f'members[value eq "{id}"]'}


def new_address(address: str) -> Json:
    """The operation that gives a user another work address."""
    return {"op": "replace", "path": 'emails[type eq "work"].value', "value": address}


def active(value: object) -> Json:
    """The operation that lets a user in or locks them out."""
    return {"op": "replace", "path": "active", "value": value}


async def team(scim: Scim, role: str | None, *ids: str, name: str = "Team") -> Json:
    """A group that is mapped to a role, with these members."""
    made = await scim.make_group(name, list(ids))
    if role:
        await map_group(scim, made, role)
    return made
