"""Who asks: every service takes an actor first and checks its right first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from db.ids import DirectoryId, OrganizationId, RequestId

from .errors import Forbidden


class ActorKind(StrEnum):
    """What kind of actor did something; kept with every change."""

    DIRECTORY = "DIRECTORY"
    OPERATOR = "OPERATOR"
    SYSTEM = "SYSTEM"
    ADMIN = "ADMIN"
    INTEGRATION = "INTEGRATION"
    MEMBER = "MEMBER"
    SSO = "SSO"
    PORTAL = "PORTAL"


class Right(StrEnum):
    """What an actor may be allowed to do."""

    PROVISION = "directory.provision"
    ORGANIZATION_READ = "organization.read"
    ORGANIZATION_MANAGE = "organization.manage"
    MEMBERS_MANAGE = "members.manage"
    BILLING_MANAGE = "billing.manage"
    DEVELOPERS_MANAGE = "developers.manage"
    AUDIT_READ = "audit.read"
    SIGN_IN = "members.sign_in"
    PLATFORM_MANAGE = "platform.manage"
    PROVE_DOMAINS = "domains.prove"
    SET_UP = "directories.set_up"


NARROW = frozenset({Right.PROVE_DOMAINS, Right.SET_UP})
"""Parts of `organization.manage` for guests, who have no more of it; whoever has all of it has these, too."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts inside one organization; for a directory, `id` is the directory's.

    `who` says it in words for people, for those who act by hand. `request` is the request for which everything is done
    that this actor does, where that is known beforehand.
    """

    kind: ActorKind
    organization: OrganizationId
    id: uuid.UUID | None
    rights: frozenset[Right]
    who: str = ""
    request: RequestId | None = None

    def has(self, right: Right) -> bool:
        """Whether the actor has a right, or all of that of which it is a part."""
        return right in self.rights or (right in NARROW and Right.ORGANIZATION_MANAGE in self.rights)

    def must(self, right: Right, *instead: Right) -> None:
        """Raise Forbidden unless the actor has the right, or by itself one that does instead."""
        if not self.has(right) and self.rights.isdisjoint(instead):
            named = Right.ORGANIZATION_MANAGE if right in NARROW else right
            raise Forbidden(f"This needs the permission {named.value}.")

    @property
    def directory(self) -> DirectoryId:
        """The directory that acts; only asked of actors that are one."""
        if self.kind is not ActorKind.DIRECTORY or self.id is None:
            raise Forbidden("Only a directory does this.")
        return DirectoryId(self.id)


_DIRECTORY_RIGHTS = frozenset({Right.PROVISION})


def directory_actor(organization: uuid.UUID, directory: uuid.UUID) -> Actor:
    """The actor that a directory key stands for."""
    return Actor(ActorKind.DIRECTORY, OrganizationId(organization), directory, _DIRECTORY_RIGHTS)


def operator(organization: OrganizationId) -> Actor:
    """The operator at the command line, acting for an organization."""
    return Actor(ActorKind.OPERATOR, organization, None, frozenset(Right), "the operator")


ADMIN_RIGHTS = frozenset(
    {
        Right.ORGANIZATION_READ,
        Right.ORGANIZATION_MANAGE,
        Right.MEMBERS_MANAGE,
        Right.DEVELOPERS_MANAGE,
        Right.AUDIT_READ,
    }
)
"""What an admin of the organization may do, and no operator has to."""


def admin(organization: OrganizationId, member: uuid.UUID, who: str) -> Actor:
    """A member who is an admin of the organization; `who` is their name or address."""
    return Actor(ActorKind.ADMIN, organization, member, ADMIN_RIGHTS, who)


def integration(organization: OrganizationId, token: uuid.UUID, who: str, rights: frozenset[Right]) -> Actor:
    """A program of the organization's, by a token with these rights; `who` is the token's name."""
    return Actor(ActorKind.INTEGRATION, organization, token, rights, who)


def oneself(organization: OrganizationId, member: uuid.UUID) -> Actor:
    """A member in matters of their own, such as accepting their invitation."""
    return Actor(ActorKind.MEMBER, organization, member, frozenset())


def single_sign_on(organization: OrganizationId, connection: uuid.UUID, who: str) -> Actor:
    """A connection to an identity provider, by which somebody has signed in; `who` is its name."""
    return Actor(ActorKind.SSO, organization, connection, frozenset({Right.SIGN_IN}), who)


def system(organization: OrganizationId) -> Actor:
    """Rollcall itself, for what follows from the clock."""
    return Actor(ActorKind.SYSTEM, organization, None, frozenset(Right), "Rollcall")
