"""API tokens: bearer keys of programs, for one organization or, the operator's, for all of them.

What a program makes ends with it at the latest. What somebody makes who has signed in is for programs and outlives the
session: so it has an end, may no more than its maker did then, and is none of what can be made in an emergency.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from api.net import signing
from api.net.signing import SigningKey
from api.secrets.sealing import Place
from db.enums import WebhookSigning
from db.ids import OrganizationId, RequestId, new_id
from db.queries import organizations
from db.queries import tokens as rows
from db.token_rows import TokenRow
from db.transaction import transaction

from . import clock, sealed
from .actor import NARROW, Actor, ActorKind, Right
from .caller import NOWHERE, Caller
from .errors import BadSetting, Forbidden, NotFound
from .history import remember
from .key_text import API_PREFIX, digest, new_key

GRANTABLE = frozenset(Right) - NARROW - {Right.PROVISION, Right.PLATFORM_MANAGE}
"""What a token of an organization may be allowed."""

LONGEST_DAYS, LONGEST_DAYS_OF_PEOPLE = 3650, 365
_LONGEST_NAME = 100


class TokenState(StrEnum):
    """Whether a token lets anybody in."""

    LIVE = "LIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Made:
    """A new token and its text, which nobody can find out later.

    `signing` is the key by which calls that tell of sign-ins are signed, for a token that may do that.
    """

    token: TokenRow
    text: str
    signing: SigningKey | None = None


async def create(
    caller: Caller,
    organization: uuid.UUID | None,
    *,
    name: str,
    rights: Collection[Right],
    expires_in_days: int | None,
    request: RequestId | None = None,
) -> Made:
    """A new token for an organization, or for the platform; nobody gives away more than they have.

    Raises Forbidden, also for whoever came by break-glass or a portal link, NotFound for another's organization,
    BadSetting for a name, rights or days that make no sense, and CannotSeal for one that signs, where there are no
    secret keys.
    """
    _may_manage(caller, organization)
    if caller.is_by_break_glass or caller.kind is ActorKind.PORTAL:
        raise Forbidden("A token would outlast the emergency or the set-up that lets you in. Sign in as always for it.")
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadSetting(f"A token needs a name of at most {_LONGEST_NAME} characters, without line breaks and such.")
    if not rights:
        raise BadSetting("A token without a permission can do nothing: name at least one.")
    _must_end(caller, expires_in_days)
    grantable = GRANTABLE if organization is not None else frozenset(Right) - NARROW - {Right.PROVISION}
    if beyond := set(rights) - (grantable & caller.rights):
        raise Forbidden(f"You cannot give what you do not have: {', '.join(sorted(beyond))}.")
    at, text = clock.now(), new_key(API_PREFIX)
    is_signing = organization is not None and Right.SIGN_IN in rights
    expires_at = None if expires_in_days is None else at + timedelta(days=expires_in_days)
    if caller.until is not None and caller.account is None:
        expires_at = min(expires_at or caller.until, caller.until)
    row = TokenRow(
        id=new_id(),
        organization_id=organization,
        name=name.strip(),
        last_four=text[-4:],
        rights=sorted(set(rights)),
        created_by=caller.who,
        created_at=at,
        expires_at=expires_at,
        revoked_at=None,
        last_used_at=None,
    )

    key = signing.new_key(WebhookSigning.HMAC) if is_signing else None

    async def work() -> None:
        if organization is not None and await organizations.view(OrganizationId(organization)) is None:
            raise NotFound(f"There is no organization with the id {organization}.")
        await rows.add(row, digest(text), sealed.seal(key.secret, _place(row)) if key else None)
        after = {"name": row.name, "rights": row.rights, "expires_at": row.expires_at}
        actor = caller.within(organization or NOWHERE, request)
        await remember(actor, at, "token_created", "api_token", row.id, after=after)

    await transaction(work)
    return Made(row, text, key)


async def signing_key(caller: Caller) -> SigningKey | None:
    """The key by which a program signs its calls; None for one that has none. Raises CannotSeal."""
    if caller.id is None or caller.organization is None:
        return None
    secret = await rows.signing_secret(caller.organization, caller.id)
    if secret is None:
        return None
    return SigningKey(WebhookSigning.HMAC, sealed.unseal(secret, _secret_of(caller.organization, caller.id)))


async def revoke(caller: Caller, token: uuid.UUID, request: RequestId | None = None) -> TokenRow:
    """End a token at once; it as it is then. Raises NotFound, also for another organization's, and Forbidden."""
    at = clock.now()

    async def work() -> TokenRow:
        found = await rows.find(token)
        if found is None or not _is_theirs(caller, found):
            raise NotFound("There is no such token.")
        _may_manage(caller, found.organization_id)
        await rows.revoke(token, at)
        if found.revoked_at is None:
            actor, before = caller.within(found.organization_id or NOWHERE, request), {"name": found.name}
            await remember(actor, at, "token_revoked", "api_token", token, before=before)
        ended = await rows.find(token)
        assert ended is not None
        return ended

    return await transaction(work)


async def own(caller: Caller, token: uuid.UUID) -> TokenRow | None:
    """One of the operator's tokens."""
    caller.must_run_platform()
    found = await rows.find(token)
    return found if found and found.organization_id is None else None


async def all_of(caller: Caller, organization: uuid.UUID | None) -> list[TokenRow]:
    """The tokens of an organization, or of the platform, newest first."""
    _may_manage(caller, organization)
    return await rows.all_of(organization)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, TokenRow]:
    """Tokens of the actor's organization by id."""
    actor.must(Right.DEVELOPERS_MANAGE)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


def state(token: TokenRow, at: datetime) -> TokenState:
    """What a token is at a moment."""
    if token.revoked_at is not None and token.revoked_at <= at:
        return TokenState.REVOKED
    return TokenState.EXPIRED if token.expires_at is not None and token.expires_at <= at else TokenState.LIVE


def caller_of(token: TokenRow) -> Caller:
    """Who calls with a token."""
    organization = OrganizationId(token.organization_id) if token.organization_id else None
    rights = frozenset(Right(right) for right in token.rights)
    return Caller(ActorKind.INTEGRATION, token.id, token.name, rights, organization, token.expires_at)


def _must_end(caller: Caller, days: int | None) -> None:
    if caller.account is None:
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise BadSetting(f"A token lives from 1 to {LONGEST_DAYS} days.")
    elif days is None or not 1 <= days <= LONGEST_DAYS_OF_PEOPLE:
        raise BadSetting(f"Say when the token ends: after 1 to {LONGEST_DAYS_OF_PEOPLE} days.")


def _place(row: TokenRow) -> Place:
    return _secret_of(row.organization_id, row.id)


def _secret_of(organization: uuid.UUID | None, token: uuid.UUID) -> Place:
    return Place(organization, "api_token", token, "signing_secret")


def _may_manage(caller: Caller, organization: uuid.UUID | None) -> None:
    if organization is None:
        caller.must_run_platform()
    else:
        caller.within(organization).must(Right.DEVELOPERS_MANAGE)


def _is_theirs(caller: Caller, token: TokenRow) -> bool:
    return caller.organization is None or caller.organization == token.organization_id
