"""The people and groups of the demo: made up, and sent as Okta sends its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.scim.language.definitions import ENTERPRISE_URN
from api.scim.language.schemas import CORE, Document


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at Acme."""

    given: str
    family: str
    title: str
    department: str
    seat_type: str
    active: bool = True

    @property
    def user_name(self) -> str:
        """Their userName, which is their address."""
        return f"{self.given}.{self.family}@acme.example.com".lower()


PEOPLE = (
    Person("Imani", "Okoro", "Head of Operations", "Operations", "full"),
    Person("Tomas", "Lindgren", "Site Manager", "Operations", "full"),
    Person("Yuki", "Sakamoto", "Safety Inspector", "Safety", "full"),
    Person("Priya", "Raman", "Safety Inspector", "Safety", "lite"),
    Person("Diego", "Fuentes", "Electrician", "Contractors", "free"),
    Person("Hanna", "Vogel", "Plumber", "Contractors", "free", active=False),
)

GROUPS = (
    ("Site Managers", ("imani.okoro@acme.example.com", "tomas.lindgren@acme.example.com")),
    ("Safety Inspectors", ("yuki.sakamoto@acme.example.com", "priya.raman@acme.example.com")),
    ("Contractors", ("diego.fuentes@acme.example.com", "hanna.vogel@acme.example.com")),
)


ROLES = {"Site Managers": "account-manager", "Contractors": "knowledge-base-viewer"}
"""What groups are mapped to; whoever is in none of these has the default role."""

ADMIN, ADMIN_BECAUSE = "imani.okoro@acme.example.com", "runs Acme"


def user(person: Person, number: int, seat_type_urn: str) -> Document:
    """A person as the body of POST /Users."""
    return {
        "schemas": [f"{CORE}User", ENTERPRISE_URN, seat_type_urn],
        "externalId": f"00udemo{number:013}",
        "userName": person.user_name,
        "name": {"givenName": person.given, "familyName": person.family},
        "displayName": f"{person.given} {person.family}",
        "emails": [{"value": person.user_name, "type": "work", "primary": True}],
        "title": person.title,
        "active": person.active,
        ENTERPRISE_URN: {"department": person.department},
        seat_type_urn: {"seat_type": person.seat_type},
    }


def group(name: str, members: Sequence[str]) -> Document:
    """A group as the body of POST /Groups, with the ids of its members."""
    return {"schemas": [f"{CORE}Group"], "displayName": name, "members": [{"value": member} for member in members]}
