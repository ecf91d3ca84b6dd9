"""Requests that Rollcall sends to itself, for directories whose people it fetches instead of being sent them.

They go the way of those that come from outside, through the same readers, rules, decisions and records, so that nobody
has to learn a second one; they only come without a key and without HTTP.
"""

from __future__ import annotations

import uuid

import msgspec

from api.provisioning import pulls
from api.settings import Settings

from .edge import ScimEdge
from .exchange import Answer, Exchange
from .routes import BASE


class Inside:
    """The SCIM edge for one directory; `agent` is who asks, in the words of a User-Agent."""

    def __init__(self, settings: Settings, organization: uuid.UUID, directory: uuid.UUID, agent: str) -> None:
        self._edge = ScimEdge(settings)
        self._organization, self._directory, self._agent = organization, directory, agent

    async def send(self, method: str, path: str, body: object = None, query: str = "") -> Answer:
        """Send one request, with its path below the base URL; raises NotFound when the directory is deleted."""
        exchange = Exchange(
            method=method,
            path=f"{BASE}/{path}",
            query=query,
            headers={"user-agent": self._agent},
            base_url=self._edge.settings.scim_url,
            max_body_bytes=self._edge.settings.max_body_bytes,
            body=b"" if body is None else msgspec.json.encode(body),
            key=await pulls.sender(self._organization, self._directory),
        )
        return await self._edge.inside(exchange)
