"""How Okta, Entra ID and JumpCloud speak: what they were recorded to send (see tests/idp), for the demo's people."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field, replace

import httpx

from api.scim.language.definitions import ENTERPRISE_URN
from api.scim.language.schemas import CORE

from .people import Person
from .wire import Json, Wire

_USER, _GROUP = f"{CORE}User", f"{CORE}Group"
_OLD_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
_PAGE = "&startIndex=1&count=100"


@dataclass(slots=True)
class Okta:
    """An app integration of Okta's: PUT for people, PATCH for what joins and leaves a group."""

    wire: Wire
    seat_urn: str
    ids: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, http: httpx.AsyncClient, seat_urn: str) -> Okta:
        """One that has no key yet."""
        headers = {
            "User-Agent": "Okta SCIM Client 1.0.0",
            "Accept": "application/scim+json",
            "Accept-Charset": "utf-8",
            "Accept-Encoding": "gzip,deflate",
        }
        return cls(Wire(http, "", headers), seat_urn)

    def use(self, key: str) -> None:
        """Send this key from now on."""
        self.wire = replace(self.wire, key=key)

    async def test(self) -> None:
        """What “Test Connector Configuration” asks."""
        await self.wire.send("GET", "/Users?startIndex=1&count=2")
        await self.wire.send("GET", "/Groups?startIndex=1&count=100")

    async def look(self) -> None:
        """Ask for the first of all who are here, as a scheduled import does."""
        await self.wire.send("GET", "/Users?startIndex=1&count=100")

    async def provision(self, person: Person) -> None:
        """Look for somebody, and create them."""
        await self.wire.find("Users", "userName", person.email, more=_PAGE)
        made = await self.wire.send("POST", "/Users", {**self._user(person), "groups": [], "password": "1mz050nq"})
        self.ids[person.email] = str(made["id"])

    async def update(self, person: Person, *, title: str | None = None, active: bool = True) -> None:
        """Read somebody, and send all there is of them."""
        id = self.ids[person.email]
        await self.wire.send("GET", f"/Users/{id}")
        body = {**self._user(person), "id": id, "active": active, "meta": {"resourceType": "User"}}
        await self.wire.send("PUT", f"/Users/{id}", body | ({"title": title} if title else {}))

    async def push_group(self, name: str, members: list[Person]) -> None:
        """Look for a group, and create it with its members."""
        await self.wire.find("Groups", "displayName", name, more=_PAGE)
        made = await self.wire.send(
            "POST", "/Groups", {"schemas": [_GROUP], "displayName": name, "members": self._members(members)}
        )
        self.groups[name] = str(made["id"])

    async def join(self, name: str, person: Person) -> None:
        """Add somebody to a group."""
        added = {"op": "add", "path": "members", "value": self._members([person])}
        await self.wire.patch(f"/Groups/{self.groups[name]}", added)

    async def leave(self, name: str, person: Person) -> None:
        """Take somebody out of a group."""
        removed = {"op": "remove", "path": f'members[value eq "{self.ids[person.email]}"]'}
        await self.wire.patch(f"/Groups/{self.groups[name]}", removed)

    def _members(self, people: list[Person]) -> list[Json]:
        return [{"value": self.ids[each.email], "display": each.email} for each in people]

    def _user(self, person: Person) -> Json:
        return {
            "schemas": [_USER, ENTERPRISE_URN, self.seat_urn],
            "userName": person.email,
            "name": {"givenName": person.given, "familyName": person.family},
            "emails": [{"primary": True, "value": person.email, "type": "work"}],
            "displayName": person.name,
            "locale": "en-US",
            "title": person.title,
            "externalId": f"00u{_digits(person.email, 17)}",
            "active": True,
            ENTERPRISE_URN: {"department": person.department},
            self.seat_urn: {"seat_type": person.seat_type},
        }


@dataclass(slots=True)
class Entra:
    """Entra ID without its flag for better SCIM: operations in capitals, booleans as texts."""

    wire: Wire
    seat_urn: str
    ids: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, http: httpx.AsyncClient, seat_urn: str) -> Entra:
        """One that has no key yet."""
        headers = {"ADSCIMVersion": f"Date:2026-09-01T10:00:00Z, ActivityId:{uuid.UUID(int=7)}"}
        return cls(Wire(http, "", headers, plus_for_blanks=True), seat_urn)

    def use(self, key: str) -> None:
        """Send this key from now on."""
        self.wire = replace(self.wire, key=key)

    async def test(self) -> None:
        """What “Test Connection” asks: for somebody who cannot be there."""
        await self.look(f"{uuid.UUID(int=11)}")

    async def look(self, user_name: str, *, refused: int | None = None) -> None:
        """Ask whether somebody is there, as each cycle does."""
        await self.wire.find("Users", "userName", user_name, refused=refused)

    async def provision(self, person: Person, *, refused: int | None = None, seat: str | None = None) -> None:
        """Look for somebody by their object, and create them; what their seat is follows as a custom attribute."""
        object = str(uuid.UUID(_digits(person.email, 32)))
        await self.wire.find("Users", "externalId", object)
        body = {
            "schemas": [_USER, ENTERPRISE_URN],
            "externalId": object,
            "userName": person.email,
            "active": True,
            "displayName": person.name,
            "title": person.title,
            "emails": [{"primary": True, "type": "work", "value": person.email}],
            "meta": {"resourceType": "User"},
            "name": {"formatted": person.name, "familyName": person.family, "givenName": person.given},
            "roles": [],
            ENTERPRISE_URN: {"department": person.department},
            self.seat_urn: {"seat_type": seat or person.seat_type},
        }
        made = await self.wire.send("POST", "/Users", body, refused=refused)
        if refused is None:
            self.ids[person.email] = str(made["id"])

    async def set(self, person: Person, path: str, value: object, *, refused: int | None = None) -> None:
        """Set one attribute of somebody."""
        operation = {"op": "Replace", "path": path, "value": value}
        await self.wire.patch(f"/Users/{self.ids[person.email]}", operation, refused=refused)

    async def disable(self, person: Person) -> None:
        """Say that somebody is not active any more."""
        await self.set(person, "active", "False")

    async def delete(self, person: Person) -> None:
        """Delete somebody, as it does 30 days later."""
        await self.wire.send("DELETE", f"/Users/{self.ids[person.email]}")

    async def make_group(self, name: str) -> None:
        """Look for a group, and create it without members."""
        await self.wire.find("Groups", "displayName", name, more="&excludedAttributes=members")
        body = {
            "schemas": [_GROUP, _OLD_GROUP],
            "externalId": str(uuid.UUID(_digits(name, 32))),
            "displayName": name,
            "meta": {"resourceType": "Group"},
            "members": [],
        }
        self.groups[name] = str((await self.wire.send("POST", "/Groups", body))["id"])

    async def add_members(self, name: str, people: list[Person]) -> None:
        """Add people to a group."""
        await self._members("Add", name, people)

    async def remove_members(self, name: str, people: list[Person]) -> None:
        """Take people out of a group."""
        await self._members("Remove", name, people)

    async def _members(self, op: str, name: str, people: list[Person]) -> None:
        values = [{"$ref": None, "value": self.ids[each.email]} for each in people]
        await self.wire.patch(f"/Groups/{self.groups[name]}", {"op": op, "path": "members", "value": values})


@dataclass(slots=True)
class JumpCloud:
    """JumpCloud's custom SCIM integration: a test user at first, then people with an address and a telephone."""

    wire: Wire
    seat_urn: str

    @classmethod
    def of(cls, http: httpx.AsyncClient, seat_urn: str) -> JumpCloud:
        """One that has no key yet."""
        return cls(Wire(http, "", {"Accept": "application/scim+json"}, media_type="application/scim+json"), seat_urn)

    def use(self, key: str) -> None:
        """Send this key from now on."""
        self.wire = replace(self.wire, key=key)

    async def look(self) -> None:
        """Ask whether it is let in."""
        await self.wire.send("GET", "/Users?startIndex=1&count=1")

    async def activate(self, email: str) -> None:
        """Make the test user, read, change and remove it."""
        await self.look()
        tester = Person("Test", "User", "Tester", "IT", "free", (), 0)
        sent = {**self._user(tester), "userName": email, "emails": [{"primary": True, "type": "work", "value": email}]}
        made = await self.wire.send("POST", "/Users", sent)
        await self.wire.send("GET", f"/Users/{made['id']}")
        await self.wire.send("PUT", f"/Users/{made['id']}", {**sent, "id": made["id"], "title": "Test"})
        await self.wire.send("DELETE", f"/Users/{made['id']}")

    async def provision(self, person: Person, *, refused: int | None = None) -> None:
        """Look for somebody, and create them."""
        await self.wire.find("Users", "userName", person.email)
        await self.wire.send("POST", "/Users", self._user(person), refused=refused)

    def _user(self, person: Person) -> Json:
        return {
            "active": True,
            "addresses": [
                {"country": "NZ", "locality": "Napier", "postalCode": "4110", "primary": True, "type": "work"}
            ],
            "displayName": person.name,
            "emails": [{"primary": True, "type": "work", "value": person.email}],
            "externalId": _digits(person.email, 24),
            "locale": "en-US",
            "name": {"familyName": person.family, "givenName": person.given},
            "phoneNumbers": [{"primary": True, "type": "work", "value": "tel:+1-555-555-5555"}],
            "preferredLanguage": "en-US",
            "schemas": [_USER, ENTERPRISE_URN],
            "title": person.title,
            "userName": person.email,
            self.seat_urn: {"seat_type": person.seat_type},
        }


def _digits(text: str, count: int) -> str:
    """So many hexadecimal digits that belong to a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:count]
