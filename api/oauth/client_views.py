"""The OAuth clients of directories and their secrets, for whoever looks at them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from api.provisioning.actor import Actor, Right
from api.provisioning.keys import KeyState
from db.oauth_rows import ClientRow, SecretRow
from db.queries import oauth_clients as rows

_EXPIRES_SOON = timedelta(days=14)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, ClientRow]:
    """Clients by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def of_directories(actor: Actor, directories: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[ClientRow]]:
    """The clients of directories, newest first, revoked ones too."""
    actor.must(Right.ORGANIZATION_READ)
    found: dict[uuid.UUID, list[ClientRow]] = {directory: [] for directory in directories}
    for row in await rows.of_directories(actor.organization, directories):
        found[row.directory_id].append(row)
    return found


async def secrets(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, SecretRow]:
    """Secrets by id, without their text."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.secrets(actor.organization, ids)}


async def secrets_of(actor: Actor, clients: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[SecretRow]]:
    """The secrets of clients, newest first, without their text."""
    actor.must(Right.ORGANIZATION_READ)
    found: dict[uuid.UUID, list[SecretRow]] = {client: [] for client in clients}
    for row in await rows.secrets_of(actor.organization, clients):
        found[row.client_id].append(row)
    return found


def state(secret: SecretRow, at: datetime) -> KeyState:
    """How a secret stands at a moment."""
    if secret.revoked_at is not None and secret.revoked_at <= at:
        return KeyState.REVOKED
    if secret.expires_at <= at:
        return KeyState.EXPIRED
    return KeyState.EXPIRING if secret.expires_at <= at + _EXPIRES_SOON else KeyState.ACTIVE
