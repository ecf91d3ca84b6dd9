"""An organization of a place, with its directories, and sessions of its people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.graphql import ids
from api.identity import accounts, sessions
from api.identity.sessions import Browser, Proof
from api.provisioning import directories, members, organizations, tokens
from api.provisioning.actor import NARROW, Actor, Right, operator
from api.provisioning.caller import the_operator
from api.provisioning.directories import parse_settings
from db import sql
from db.enums import Provider, Way
from db.ids import DirectoryId, OrganizationId
from tests.conftest import DirectoryAccess
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from .place import Place

_DOCUMENTS = Path(__file__).parents[2] / "dashboard" / "documents"
_BY_CODE = Proof(Way.CODE, proves_address=True)


@dataclass(frozen=True, slots=True)
class Firm:
    """An organization. `domain` is verified; `api` has a token of the operator's."""

    place: Place
    id: OrganizationId
    domain: str
    api: Api

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return f"/o/{self.id}"

    @property
    def gid(self) -> str:
        """Its global id."""
        return self.gid_of("Organization", self.id)

    @property
    def operator(self) -> Actor:
        """Whoever runs the installation, at work here."""
        return operator(self.id)

    def gid_of(self, type: str, id: object) -> str:
        """The global id of something in it."""
        return ids.write(type, self.id, uuid.UUID(str(id)))

    def address(self, name: str) -> str:
        """An e-mail address of its domain."""
        return f"{name}@{self.domain}"

    async def ask(self, document: str, /, **variables: Any) -> Any:
        """What a document of the dashboard answers to the operator; without errors of whoever asked."""
        answer = await self.api.ask((_DOCUMENTS / f"{document}.graphql").read_text(), **variables)
        [found] = answer.values()
        assert not (found or {}).get("userErrors"), found
        return found

    async def directory(self, name: str = "Okta", provider: str = "OKTA", **settings: object) -> Scim:
        """A new directory."""
        async with self.place.within():
            made = await directories.connect(
                self.operator, name=name, provider=Provider(provider), settings=parse_settings(settings)
            )
        access = DirectoryAccess("/scim/v2", made.key, self.id, DirectoryId(made.id))
        return Scim(self.place.http, access)

    async def person(self, scim: Scim, name: str, role: str | None = None, /, **attributes: object) -> uuid.UUID:
        """The member whom a directory brings, perhaps with a role by its key."""
        emails = [{"value": self.address(name), "primary": True}]
        await scim.make_user(self.address(name), **{"displayName": name.title(), "emails": emails} | attributes)
        member = await self.member(name)
        if role is not None:
            async with self.place.within():
                await members.override_role(self.operator, member, role, reason="Runs the pilot", by="the test")
        return member

    async def member(self, name: str) -> uuid.UUID:
        """The member with that address."""
        found = await self.value("SELECT id FROM member WHERE organization_id = $1 AND email = $2", self.address(name))
        assert isinstance(found, uuid.UUID)
        return found

    async def session(self, name: str, browser: str = "Firefox on Linux") -> str:
        """The token of a new session of a member."""
        account = await self.value(
            "SELECT account_id FROM member WHERE organization_id = $1 AND email = $2", self.address(name)
        )
        assert isinstance(account, uuid.UUID)
        async with self.place.within():
            return (await sessions.begin(account, _BY_CODE, Browser(browser, "192.0.2.7"))).token

    async def value(self, statement: str, *more: object) -> object:
        """The first column of the first row of a statement about the organization, which is its $1."""
        async with self.place.within():
            return await sql.value(statement, self.id, *more)

    async def write(self, statement: str, *more: object) -> None:
        """Carry a statement out; for what only time would bring."""
        async with self.place.within():
            await sql.rows(statement, self.id, *more)


async def founded(place: Place, api: Api, name: str = "Acme") -> Firm:
    """A new organization with a domain of its own."""
    domain = f"{uuid.uuid4().hex[:8]}.example.com"
    async with place.within():
        organization = await organizations.create(name, domains=[domain])
    return Firm(place, organization, domain, api)


async def operators_api(place: Place) -> Api:
    """GraphQL with a token of the operator's."""
    rights = frozenset(Right) - NARROW - {Right.PROVISION}
    async with place.within():
        made = await tokens.create(the_operator(), None, name="Tests", rights=rights, expires_in_days=None)
    return Api(place.http, made.text, None)


async def operators_session(place: Place) -> str:
    """The token of a session of somebody who runs the installation."""
    async with place.within():
        account = await accounts.make_operator(the_operator(), "ops@rollcall.example.com")
        return (await sessions.begin(account.id, _BY_CODE, Browser("Firefox on Linux"))).token
