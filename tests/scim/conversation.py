"""A directory as its identity provider uses it: requests in, answers out, nothing repaired on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import urlencode

import httpx

from tests.conftest import DirectoryAccess

Json: TypeAlias = dict[str, Any]  # a document in a test is read with free hands

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SEAT_TYPE = "urn:ietf:params:scim:schemas:extension:safetyculture:2.0"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
MEDIA_TYPE = "application/scim+json"


def patch(*operations: Json) -> Json:
    """A PATCH message of these operations."""
    return {"schemas": [MESSAGES + "PatchOp"], "Operations": list(operations)}


def search(**asked: object) -> Json:
    """A SearchRequest."""
    return {"schemas": [MESSAGES + "SearchRequest"], **asked}


def bulk(*operations: Json, **more: object) -> Json:
    """A bulk request of these operations."""
    return {"schemas": [MESSAGES + "BulkRequest"], "Operations": list(operations), **more}


def user(name: str, /, **attributes: object) -> Json:
    """A User as a client sends it."""
    return {"schemas": [USER], "userName": name, **attributes}


def group(name: str, members: Sequence[str] | None = None, /, **attributes: object) -> Json:
    """A Group as a client sends it, with members by id if any are named."""
    listed = {} if members is None else {"members": [{"value": value} for value in members]}
    return {"schemas": [GROUP], "displayName": name, **listed, **attributes}


@dataclass(frozen=True, slots=True)
class Scim:
    """One directory, talked to with its key."""

    http: httpx.AsyncClient
    access: DirectoryAccess
    headers: Mapping[str, str] = field(default_factory=dict)

    def having(self, **headers: str) -> Scim:
        """The same directory with more headers on every request; underscores stand for hyphens."""
        return replace(self, headers={**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})

    def using(self, key: str) -> Scim:
        """The same directory by another key."""
        return replace(self, access=replace(self.access, key=key))

    async def send(
        self, method: str, path: str, body: object = None, *, content: bytes | None = None, **query: Any
    ) -> httpx.Response:
        """The answer to one request; `path` starts behind the base URL, `query` is percent-encoded here."""
        headers = {"authorization": f"Bearer {self.access.key}", **self.headers}
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            headers.setdefault("content-type", MEDIA_TYPE)
        url = f"{self.access.url}{path}" + (f"?{urlencode(query)}" if query else "")
        return await self.http.request(method, url, content=content, headers=headers)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        """The answer to a GET."""
        return await self.send("GET", path, **query)

    async def post(self, path: str, body: object, **query: Any) -> httpx.Response:
        """The answer to a POST."""
        return await self.send("POST", path, body, **query)

    async def put(self, path: str, body: object, **query: Any) -> httpx.Response:
        """The answer to a PUT."""
        return await self.send("PUT", path, body, **query)

    async def patch(self, path: str, *operations: Json, **query: Any) -> httpx.Response:
        """The answer to a PATCH of these operations."""
        return await self.send("PATCH", path, patch(*operations), **query)

    async def delete(self, path: str) -> httpx.Response:
        """The answer to a DELETE."""
        return await self.send("DELETE", path)

    async def make_user(self, name: str, /, **attributes: object) -> Json:
        """A user that now exists."""
        return _made(await self.post("/Users", user(name, **attributes)))

    async def make_group(self, name: str, members: Sequence[str] | None = None, /, **attributes: object) -> Json:
        """A group that now exists."""
        return _made(await self.post("/Groups", group(name, members, **attributes)))

    async def read(self, path: str, **query: Any) -> Json:
        """What a GET shows; anything but 200 fails the test."""
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return document(answer)

    async def members(self, group_id: str) -> list[str]:
        """The ids of the members that the group shows, in order."""
        shown = await self.read(f"/Groups/{group_id}")
        return [member["value"] for member in shown["members"]]


def document(answer: httpx.Response) -> Json:
    """The body of an answer, which has to be a JSON object."""
    found = json.loads(answer.content)
    assert isinstance(found, dict), answer.text
    return found


def _made(answer: httpx.Response) -> Json:
    assert answer.status_code == 201, answer.text
    return document(answer)


def assert_error(answer: httpx.Response, status: int, scim_type: str | None = None) -> str:
    """The `detail` of an answer that has to be a complete SCIM error (RFC 7644 §3.12) with a trace id."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    assert answer.headers["content-type"] == MEDIA_TYPE
    error = document(answer)
    assert error["schemas"] == [MESSAGES + "Error"]
    assert error["status"] == str(status)
    assert error.get("scimType") == scim_type, error
    detail = error["detail"]
    assert isinstance(detail, str)
    assert f"(trace {answer.headers['x-trace-id']})" in detail
    return detail
