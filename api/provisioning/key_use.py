"""When keys, clients and tokens were used: noted in memory and written behind the requests, not with each of them."""

from __future__ import annotations

import uuid
from datetime import datetime

from db.queries import platform, tokens

_keys: dict[uuid.UUID, tuple[uuid.UUID, datetime]] = {}
_clients: dict[uuid.UUID, tuple[uuid.UUID, datetime]] = {}
_tokens: dict[uuid.UUID, datetime] = {}


def note_use(organization: uuid.UUID, key: uuid.UUID, at: datetime) -> None:
    """Remember that a directory's key was used."""
    _keys[key] = (organization, at)


def note_client_use(organization: uuid.UUID, client: uuid.UUID, at: datetime) -> None:
    """Remember that an access token of an OAuth client was used."""
    _clients[client] = (organization, at)


def note_token_use(token: uuid.UUID, at: datetime) -> None:
    """Remember that an API token was used."""
    _tokens[token] = at


async def write_uses() -> None:
    """Write what was remembered."""
    keys = [(organization, key, at) for key, (organization, at) in _keys.items()]
    if keys:
        _keys.clear()
        await platform.touch_keys(keys)
    clients = [(organization, client, at) for client, (organization, at) in _clients.items()]
    if clients:
        _clients.clear()
        await platform.touch_clients(clients)
    used = list(_tokens.items())
    if used:
        _tokens.clear()
        await tokens.touch(used)
