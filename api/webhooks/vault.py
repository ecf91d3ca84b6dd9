"""The secrets of endpoints: sealed when they are kept, open only to sign with."""

from __future__ import annotations

import uuid
from datetime import datetime

from api.net.signing import SigningKey
from api.provisioning import clock, sealed
from api.secrets.sealing import Place
from db.enums import WebhookSigning
from db.ids import OrganizationId, new_id
from db.queries import webhook_endpoints as rows
from db.webhook_rows import SecretRow


async def add(organization: OrganizationId, endpoint: uuid.UUID, key: SigningKey, at: datetime) -> None:
    """Keep a key with which messages are signed from now on; raises CannotSeal. For use in a transaction."""
    id = new_id()
    row = SecretRow(id, endpoint, key.signing, sealed.seal(key.secret, _place(organization, id)), key.public, at, None)
    await rows.add_secret(organization, row)


async def keys(organization: OrganizationId, endpoint: uuid.UUID) -> list[SigningKey]:
    """The keys that count now, newest first; raises CannotSeal."""
    found = await rows.secrets(organization, [endpoint], clock.now())
    return [_opened(organization, row) for row in found]


def _opened(organization: OrganizationId, row: SecretRow) -> SigningKey:
    return SigningKey(WebhookSigning(row.signing), sealed.unseal(row.sealed, _place(organization, row.id)))


def _place(organization: uuid.UUID, id: uuid.UUID) -> Place:
    return Place(organization, "webhook_secret", id, "sealed")
