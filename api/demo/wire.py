"""An identity provider's HTTP client that reaches the SCIM edge of this very process, without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, quote_plus

import httpx
import msgspec

from .problems import DemoProblem

Json: TypeAlias = dict[str, Any]
_BASE = "/scim/v2"
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True, slots=True)
class Wire:
    """Sends requests as one identity provider does: with its headers, and its way to spell a query."""

    http: httpx.AsyncClient
    key: str
    headers: Mapping[str, str]
    plus_for_blanks: bool = False
    media_type: str = "application/scim+json; charset=utf-8"

    async def send(self, method: str, path: str, body: Json | None = None, *, refused: int | None = None) -> Json:
        """What is answered; raises DemoProblem unless that is a success, or the refusal that is part of the story."""
        headers = {**self.headers, "Authorization": f"Bearer {self.key}"}
        content = None
        if body is not None:
            headers["Content-Type"] = self.media_type
            content = msgspec.json.encode(body)
        answer = await self.http.request(method, f"{_BASE}{path}", headers=headers, content=content)
        found: Json = msgspec.json.decode(answer.content) if answer.content else {}
        if answer.status_code != refused if refused else answer.is_error:
            told = found.get("detail", answer.status_code)
            raise DemoProblem(f"{method} {path} was answered “{told}”.")
        return found

    async def find(self, kind: str, attribute: str, value: str, *, more: str = "", refused: int | None = None) -> Json:
        """The list that a look for something by an attribute finds."""
        spelled = (quote_plus if self.plus_for_blanks else quote)(f'{attribute} eq "{value}"')
        return await self.send("GET", f"/{kind}?filter={spelled}{more}", refused=refused)

    async def patch(self, path: str, *operations: Json, refused: int | None = None) -> Json:
        """Change something by PATCH."""
        return await self.send("PATCH", path, {"schemas": [_PATCH], "Operations": list(operations)}, refused=refused)
