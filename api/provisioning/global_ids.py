"""Global ids: an opaque text of type, organization and id, so that nobody is asked where a thing belongs. Pure.

GraphQL shows them, and so does whatever else is told to the outside, so that the one can be asked about the other.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

_LENGTH = 32

TYPES: Mapping[str, str] = {
    "api_token": "ApiToken",
    "contact": "MailContact",
    "directory": "Directory",
    "directory_group": "Group",
    "directory_user": "DirectoryUser",
    "domain": "Domain",
    "extension": "Extension",
    "job": "Job",
    "key": "DirectoryKey",
    "link_request": "LinkRequest",
    "member": "Member",
    "oauth_client": "OauthClient",
    "organization": "Organization",
    "purchase": "SeatPurchase",
    "role": "Role",
    "sso_connection": "SsoConnection",
    "webhook_endpoint": "WebhookEndpoint",
}
"""How the outside calls what a change can be about."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a global id says: the type of a thing, its organization, and its id there."""

    type: str
    organization: uuid.UUID
    id: uuid.UUID


def write(type: str, organization: uuid.UUID, id: uuid.UUID) -> str:
    """The global id of something in an organization; an organization itself has its own id twice."""
    return base64.b64encode(f"{type}:{organization.hex}{id.hex}".encode()).decode()


def read(text: str) -> Place | None:
    """What a global id says, or None for a text that is none."""
    try:
        type, _, rest = base64.b64decode(text, validate=True).decode("ascii").partition(":")
        if len(rest) != 2 * _LENGTH:
            return None
        return Place(type, uuid.UUID(rest[:_LENGTH]), uuid.UUID(rest[_LENGTH:]))
    except (binascii.Error, ValueError):
        return None
