"""Asking over HTTP as a program does: with a token, by POST."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from api.graphql import ids
from api.provisioning import tokens
from api.provisioning.actor import NARROW, Right
from api.provisioning.caller import the_operator
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim

OPERATOR = the_operator()


@dataclass(frozen=True, slots=True)
class Api:
    """A program with a token; `organization` is None for the operator's."""

    http: httpx.AsyncClient
    token: str
    organization: uuid.UUID | None

    async def post(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """The bare answer."""
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        return await self.http.post("/graphql", json={"query": query, "variables": variables or {}}, headers=sent)

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = (await self.post(query, variables)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def refused(self, query: str, **variables: Any) -> Any:
        """The first error of an answer that has one."""
        return (await self.post(query, variables)).json()["errors"][0]

    def id(self, type: str, id: object, organization: uuid.UUID | None = None) -> str:
        """The global id of something."""
        own = organization or self.organization
        assert own is not None
        return ids.write(type, own, uuid.UUID(str(id)))


NewApi = Callable[..., Awaitable[Api]]


@pytest.fixture
def new_api(client: httpx.AsyncClient) -> NewApi:
    """Makes a token for an organization, or the operator's for None, with these rights, or all, for so many days."""

    async def make(
        organization: uuid.UUID | None, rights: Collection[Right] | None = None, days: int | None = None
    ) -> Api:
        allowed = tokens.GRANTABLE if organization is not None else frozenset(Right) - NARROW - {Right.PROVISION}
        chosen = allowed if rights is None else rights
        made = await tokens.create(OPERATOR, organization, name="Backstage", rights=chosen, expires_in_days=days)
        return Api(client, made.text, organization)

    return make


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A directory of an organization, over HTTP."""
    return Scim(client, await new_directory())


@pytest.fixture
async def api(scim: Scim, new_api: NewApi) -> Api:
    """A token with all that an organization's may have, for the organization of `scim`."""
    return await new_api(scim.access.organization_id)
