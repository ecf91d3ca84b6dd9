"""Which ways to sign in there are for an address, as anybody may know it: by its domain.

Never by whether there is an account: that is for nobody to find out.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from api.provisioning import addresses, domain_names, policy_values
from db.account_rows import SessionRow
from db.enums import ConnectionState
from db.ids import OrganizationId
from db.queries import accounts, sso


@dataclass(frozen=True, slots=True)
class Connection:
    """A single sign-on that is there for whoever has an address of a domain."""

    id: uuid.UUID
    organization: str


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody with an address may sign in; `is_enforced` where only single sign-on is of use."""

    connections: Sequence[Connection]
    is_enforced: bool


async def of_address(email: str) -> Ways:
    """The ways for an address; raises BadAddress."""
    domain = domain_names.of_address(addresses.read(email).email)
    assert domain is not None  # or it would be no address
    parts = domain.split(".")
    names = [".".join(parts[n:]) for n in range(len(parts))]
    found = await sso.of_domains(names)
    enforced = any(policy_values.read(policies).sso_enforced for _, _, policies in found)
    return Ways([Connection(id, name) for id, name, _ in found], is_enforced=enforced)


async def into(session: SessionRow, organization: uuid.UUID) -> Sequence[Connection]:
    """The single sign-ons by which a member who has signed in otherwise gets into an organization."""
    membership = await accounts.membership(session.account_id, organization)
    if membership is None:
        return ()
    rows = await sso.all_of_them(OrganizationId(organization))
    return [Connection(row.id, row.name) for row in rows if row.state == ConnectionState.ACTIVE]
