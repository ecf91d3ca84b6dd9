"""A SCIM client that reaches the application without a network, as an identity provider would with one."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from api.scim.language.schemas import Document

from .errors import CommandError

if TYPE_CHECKING:
    from litestar import Litestar

_USER_AGENT = "Rollcall demo"


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests to the SCIM edge of an application with a key."""

    application: Litestar
    key: str

    async def find(self, kind: str, attribute: str, value: str) -> str | None:
        """The id of the resource whose attribute has that value, as identity providers look before they create."""
        query = urlencode({"filter": f'{attribute} eq "{value}"', "attributes": "id"})
        listed = await self.send("GET", f"/scim/v2/{kind}", query=query)
        found = msgspec.convert(listed["Resources"], list[dict[str, object]])
        return str(found[0]["id"]) if found else None

    async def create(self, kind: str, resource: Document) -> str:
        """The id of a new resource."""
        return str((await self.send("POST", f"/scim/v2/{kind}", body=msgspec.json.encode(resource)))["id"])

    async def send(self, method: str, path: str, *, query: str = "", body: bytes = b"") -> Document:
        """The answer to one request; raises CommandError when that is a refusal."""
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        # Any: an ASGI application's types are those of the framework.
        await self.application(self._scope(method, path, query), receive, send)  # type: ignore[arg-type]
        answer = b"".join(message.get("body", b"") for message in sent)
        document = msgspec.json.decode(answer, type=dict[str, object])
        if sent[0]["status"] >= 400:
            raise CommandError(f"The demo could not be prepared: {document.get('detail')}")
        return document

    def _scope(self, method: str, path: str, query: str) -> dict[str, object]:
        headers = {
            "host": "localhost",
            "user-agent": _USER_AGENT,
            "authorization": f"Bearer {self.key}",
            "content-type": "application/scim+json",
        }
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": None,
            "server": None,
        }
