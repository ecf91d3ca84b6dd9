"""The secrets that requests to the host application are signed with: an organization's, sealed, open only to sign."""

from __future__ import annotations

import uuid
from datetime import datetime

from api.net import signing
from api.net.signing import SigningKey
from api.provisioning import clock, sealed
from api.secrets.sealing import Place
from db.enums import WebhookSigning
from db.ids import OrganizationId, new_id
from db.queries import billing as rows


async def keys(organization: OrganizationId) -> list[SigningKey]:
    """The keys that count now, newest first; raises CannotSeal."""
    found = await rows.host_secrets(organization, clock.now())
    return [SigningKey(WebhookSigning.HMAC, sealed.unseal(secret, _place(organization, id))) for id, secret in found]


async def replace(organization: OrganizationId, at: datetime, others_end_at: datetime) -> SigningKey:
    """A new key, beside which the others count until then; raises CannotSeal. For use in a transaction."""
    id, key = new_id(), signing.new_key(WebhookSigning.HMAC)
    await rows.end_host_secrets(organization, now=at, at=others_end_at)
    await rows.add_host_secret(organization, id, sealed.seal(key.secret, _place(organization, id)), at)
    return key


def _place(organization: uuid.UUID, id: uuid.UUID) -> Place:
    return Place(organization, "billing_secret", id, "secret")
