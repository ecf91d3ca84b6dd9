"""Does it work? What an admin is told of a connection that speaks SAML before anybody signs in by it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from api.provisioning import clock
from api.provisioning.actor import Actor
from db.sso_rows import ConnectionRow

from . import choices, connections, saml_metadata
from .oidc.checks import Finding
from .saml import certificates
from .saml.certificates import Described
from .saml.metadata import BadMetadata

_FINE = "The connection is complete. Whether the identity provider knows Rollcall shows when somebody signs in."


async def check(actor: Actor, connection: uuid.UUID) -> Sequence[Finding]:
    """What there is to say of a connection, and of what its identity provider publishes; raises NotFound, TooOften."""
    row = await connections.find(actor, connection)
    lacking = [Finding(False, f"The connection still lacks {each}.") for each in choices.missing_of(row)]
    warned = [Finding(False, each.warning) for each in described(row, clock.now()) if each.warning]
    found = [*lacking, *warned, *await _published(actor, row)]
    return found if any(not each.is_fine for each in found) else [*found, Finding(True, _FINE)]


def described(row: ConnectionRow, now: datetime) -> list[Described]:
    """The certificates of a connection in words, with warnings of their ends."""
    pinned = [each for text in choices.saml(row).certificates for each in certificates.read(text)]
    return [certificates.describe(each, now) for each in pinned]


async def _published(actor: Actor, row: ConnectionRow) -> list[Finding]:
    chosen = choices.saml(row)
    if chosen.metadata_url is None:
        return []
    try:
        told = await saml_metadata.fetch(actor, chosen.metadata_url)
    except BadMetadata as problem:
        return [Finding(False, str(problem))]
    found = [Finding(False, remark) for remark in told.remarks]
    if told.entity_id != row.issuer:
        found.append(Finding(False, f"The metadata is of another identity provider: {told.entity_id}."))
    if told.sso_url != chosen.sso_url:
        found.append(Finding(False, f"The metadata names another sign-in URL: {told.sso_url}."))
    if set(told.certificates) != set(chosen.certificates):
        text = "The metadata has other certificates than the connection. Choose its URL once more to take them."
        found.append(Finding(False, text))
    return found or [Finding(True, "The metadata says the same as the connection.")]
