"""The OAuth clients of directories and their secrets, for whoever looks at them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from api.provisioning.actor import Actor, Right
from api.provisioning.grouping import by_owner
from db.oauth_rows import ClientRow, SecretRow
from db.queries import oauth_clients as rows


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, ClientRow]:
    """Clients by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def of_directories(actor: Actor, directories: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[ClientRow]]:
    """The clients of directories, newest first, revoked ones too."""
    actor.must(Right.ORGANIZATION_READ)
    return by_owner(
        directories, await rows.of_directories(actor.organization, directories), lambda row: row.directory_id
    )


async def secrets(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, SecretRow]:
    """Secrets by id, without their text."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.secrets(actor.organization, ids)}


async def secrets_of(actor: Actor, clients: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[SecretRow]]:
    """The secrets of clients, newest first, without their text."""
    actor.must(Right.ORGANIZATION_READ)
    return by_owner(clients, await rows.secrets_of(actor.organization, clients), lambda row: row.client_id)
