"""The OAuth clients of a directory: made, changed, ended, with up to two secrets at once (REQUIREMENTS D6)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.provisioning import clock, keys
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting, InTheWay, NotFound
from api.provisioning.history import differences, remember
from api.provisioning.key_text import SECRET_PREFIX, digest, new_key
from api.provisioning.keys import OVERLAP_AT_MOST, KeyState
from db.ids import DirectoryId, new_id
from db.oauth_rows import ClientRow, SecretRow
from db.queries import directories, oauth_tokens
from db.queries import oauth_clients as rows
from db.transaction import transaction

from . import trust as trusts
from .trust import Trust

MOST_CLIENTS = 10
LIVE_SECRETS = 2
USUAL_DAYS, LONGEST_DAYS = 365, 1096
"""Microsoft wants secrets to end after one to three years (Entra's gallery)."""

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A client with its new secret, whose text nobody can find out later; both None for a client without one."""

    client: ClientRow
    secret: SecretRow | None = None
    text: str | None = None


async def create(
    actor: Actor, directory: DirectoryId, *, name: str, trust: Trust | None = None, expires_in_days: int | None = None
) -> Made:
    """A new client; with a secret, unless it has keys and no life of a secret is given.

    Raises NotFound, BadSetting, and InTheWay for one too many.
    """
    actor.must(Right.ORGANIZATION_MANAGE)
    at = clock.now()
    wanted = trusts.wanted(trust) if trust else Trust()
    days = USUAL_DAYS if trust is None and expires_in_days is None else expires_in_days
    client = ClientRow(
        organization_id=actor.organization,
        id=new_id(),
        directory_id=directory,
        name=_named(name),
        jwks=wanted.jwks,
        jwks_uri=wanted.jwks_uri,
        issuer=wanted.issuer,
        subject=wanted.subject,
        audience=wanted.audience,
        created_by=actor.who,
        created_at=at,
    )
    made = Made(client) if days is None else _with_secret(client, at, days)

    async def work() -> None:
        if not await directories.lock(actor.organization, directory):
            raise NotFound(f"There is no directory with the id {directory} in this organization.")
        if await rows.count(actor.organization, directory) >= MOST_CLIENTS:
            raise InTheWay(f"A directory has at most {MOST_CLIENTS} clients. Revoke one that is not needed.")
        await rows.add(actor.organization, client)
        await _keep(actor, made)
        after = {**_shown(client), "directory_id": directory, **_shown_secret(made.secret)}
        await remember(actor, at, "oauth_client_created", "oauth_client", client.id, after=after)

    await transaction(work)
    return made


async def change(
    actor: Actor, client: uuid.UUID, *, name: str | None = None, trust: Trust | None = None, trusts_nobody: bool = False
) -> ClientRow:
    """A client with another name, or other keys, or none at all; what is None stays. Raises NotFound and BadSetting.

    Access tokens that were got by the keys of before end at once: whoever had those may have got them.
    """
    actor.must(Right.ORGANIZATION_MANAGE)
    wanted = trusts.wanted(trust) if trust else None

    async def work() -> ClientRow:
        at, before = clock.now(), await _live(actor, client)
        after = before if name is None else replace(before, name=_named(name))
        if wanted is not None or trusts_nobody:
            kept = wanted or Trust()
            after = replace(
                after,
                jwks=before.jwks if trusts.are_same_keys(before.jwks, kept.jwks) else kept.jwks,
                jwks_uri=kept.jwks_uri,
                issuer=kept.issuer,
                subject=kept.subject,
                audience=kept.audience,
            )
        if trusts_nobody and not await _live_secrets(actor, client, at):
            raise BadSetting("The client has no secret that lives, so it needs its keys. Add a secret first.")
        old, new = differences(_shown(before), _shown(after))
        if new:
            await rows.change(actor.organization, after)
            if after.trust != before.trust:
                await oauth_tokens.end_of_assertions(actor.organization, client, at)
            await remember(actor, at, "oauth_client_changed", "oauth_client", client, before=old, after=new)
        return after

    return await transaction(work)


async def add_secret(
    actor: Actor, client: uuid.UUID, *, expires_in_days: int = USUAL_DAYS, overlap: timedelta | None = None
) -> Made:
    """Another secret; the ones before end after the overlap, at once when it is nothing, or live on when it is None.

    Raises NotFound, BadSetting, and InTheWay when two would live on beside it.
    """
    actor.must(Right.ORGANIZATION_MANAGE)
    if overlap is not None and not timedelta(0) <= overlap <= OVERLAP_AT_MOST:
        raise BadSetting("The old secret can live on for seven days at most.")

    async def work() -> Made:
        at, row = clock.now(), await _live(actor, client)
        made = _with_secret(row, at, expires_in_days)
        ends_at = None if overlap is None else at + overlap
        if ends_at is not None:
            await rows.end_secrets(actor.organization, client, at, at=ends_at, is_revocation=not overlap)
        if len(await _live_secrets(actor, client, at)) >= LIVE_SECRETS:
            raise InTheWay(
                f"The client has {LIVE_SECRETS} secrets that live. Revoke the one that is not used any more, or let"
                " both end at once."
            )
        await _keep(actor, made)
        after = {**_shown_secret(made.secret), "others_end_at": ends_at}
        await remember(actor, at, "oauth_secret_added", "oauth_client", client, after=after)
        return made

    return await transaction(work)


async def revoke_secret(actor: Actor, secret: uuid.UUID) -> ClientRow:
    """End a secret at once, with the access tokens that were got by it; whose it was. Raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> ClientRow:
        at = clock.now()
        found = await rows.revoke_secret(actor.organization, secret, at)
        if found is None:
            raise NotFound(f"There is no client secret with the id {secret} in this organization.")
        if found.revoked_at == at:
            after = {"last_four": found.last_four}
            await remember(actor, at, "oauth_secret_revoked", "oauth_client", found.client_id, after=after)
        return (await rows.many(actor.organization, [found.client_id]))[0]

    return await transaction(work)


async def revoke(actor: Actor, client: uuid.UUID) -> ClientRow:
    """End a client at once, with all its access tokens; one that has ended stays as it is. Raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> ClientRow:
        at, before = clock.now(), await _found(actor, client)
        if before.revoked_at is None:
            await rows.revoke(actor.organization, client, at)
            shown = {"name": before.name}
            await remember(actor, at, "oauth_client_revoked", "oauth_client", client, before=shown)
        return await _found(actor, client)

    return await transaction(work)


def _with_secret(client: ClientRow, at: datetime, days: int) -> Made:
    if not 1 <= days <= LONGEST_DAYS:
        raise BadSetting(f"A client secret lives from 1 to {LONGEST_DAYS} days.")
    text = new_key(SECRET_PREFIX)
    row = SecretRow(client.organization_id, new_id(), client.id, text[-4:], at, at + timedelta(days=days))
    return Made(client, row, text)


async def _keep(actor: Actor, made: Made) -> None:
    if made.secret and made.text:
        await rows.add_secret(actor.organization, made.secret, digest(made.text))


async def _found(actor: Actor, client: uuid.UUID) -> ClientRow:
    row = await rows.lock(actor.organization, client)
    if row is None:
        raise NotFound(f"There is no OAuth client with the id {client} in this organization.")
    return row


async def _live(actor: Actor, client: uuid.UUID) -> ClientRow:
    row = await _found(actor, client)
    if row.revoked_at is not None:
        raise InTheWay("This client is revoked, which is for good. Make another one.")
    return row


async def _live_secrets(actor: Actor, client: uuid.UUID, at: datetime) -> list[SecretRow]:
    living = (KeyState.ACTIVE, KeyState.EXPIRING)
    found = await rows.secrets_of(actor.organization, [client])
    return [row for row in found if keys.state(row, at) in living]


def _named(text: str) -> str:
    name = text.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadSetting(f"A client needs a name of at most {_LONGEST_NAME} characters, without line breaks and such.")
    return name


def _shown(client: ClientRow) -> dict[str, object]:
    """What of a client belongs into history; its keys are public."""
    names = ("name", "jwks", "jwks_uri", "issuer", "subject", "audience")
    return {name: getattr(client, name) for name in names}


def _shown_secret(secret: SecretRow | None) -> dict[str, object]:
    return {"last_four": secret.last_four, "expires_at": secret.expires_at} if secret else {}
