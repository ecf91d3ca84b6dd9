"""Metadata of identity providers: fetched from where an admin said it is, and kept up with as keys are replaced."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import replace

import msgspec

from api import settings
from api.net.client import Client, Unreachable
from api.outbox import tasks
from api.provisioning import clock
from api.provisioning.actor import Actor, Right, system
from api.provisioning.errors import ProvisioningError
from db.ids import OrganizationId
from db.queries import platform
from db.sso_rows import ConnectionRow

from . import choices, connections, limits
from .choices import Choice, SamlSettings
from .saml import metadata
from .saml.metadata import BadMetadata, Described

FOLLOW = "identity.saml_metadata"
"""The entrypoint of the task that follows one connection's metadata; its payload is the connection's id."""

_logger = logging.getLogger("rollcall.identity")


async def read(text: str) -> Described:
    """What metadata says that somebody pasted or uploaded; raises BadMetadata."""
    return await asyncio.to_thread(metadata.read, text.strip().encode(), clock.now())


async def fetch(actor: Actor, url: str) -> Described:
    """What metadata says at a URL; raises BadMetadata, and TooOften. It is reached as strangers' addresses are."""
    actor.must(Right.ORGANIZATION_MANAGE)
    metadata.checked_url(url, "The URL of metadata")
    await limits.must_spend(f"sso:metadata:{actor.organization}", per_minute=6, burst=20, what="Fetching metadata")
    chosen = settings.read()
    async with Client(chosen.allow_networks, own_port=chosen.port) as client:
        try:
            answer = await client.send(
                "GET", url, {"accept": "application/samlmetadata+xml, */*"}, most_bytes=metadata.MOST_BYTES
            )
        except Unreachable as problem:
            raise BadMetadata(f"The metadata was not reached. {problem}") from None
    if answer.status != 200:
        raise BadMetadata(f"The metadata was not there: {url} answered {answer.status}.")
    if answer.is_cut:
        raise BadMetadata(f"The metadata is longer than {metadata.MOST_BYTES // 1024} KiB.")
    return await asyncio.to_thread(metadata.read, answer.body, clock.now())


def chosen(choice: Choice, described: Described) -> Choice:
    """The choice with what metadata says instead of what was said of the identity provider before."""
    assert isinstance(choice.settings, SamlSettings)
    told = msgspec.structs.replace(choice.settings, sso_url=described.sso_url, certificates=described.certificates)
    return replace(choice, settings=told, issuer=described.entity_id)


async def follow_all() -> None:
    """Have the metadata of all connections looked at that say where theirs is. For the clock."""
    for connection in await platform.followed_connections():
        await tasks.put(FOLLOW, str(connection), key=str(connection))


async def follow(connection: str) -> None:
    """Take the keys that a connection's identity provider publishes now; nothing where it publishes nothing of use.

    An identity provider of another name is another one, and not followed.
    """
    try:
        row = await connections.known(uuid.UUID(connection))
        await _follow(row)
    except ProvisioningError as problem:
        _logger.warning("The metadata of the connection %s was not followed: %s", connection, problem)


async def _follow(row: ConnectionRow) -> None:
    url = choices.saml(row).metadata_url
    if url is None:
        return
    actor = system(OrganizationId(row.organization_id))
    described = await fetch(actor, url)

    def edit(choice: Choice) -> Choice:
        if described.entity_id != choice.issuer:
            raise BadMetadata(f"{url} describes another identity provider now: {described.entity_id}.")
        return chosen(choice, described)

    await connections.change(actor, row.id, edit)
