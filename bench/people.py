"""Believable people, made from a number: the same number is always the same person."""

from __future__ import annotations

import uuid
from enum import IntEnum

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
FRESH = "c00000n00000000"
"""Stands in a request for what must be new each time it is sent; replaced by a text of the same length."""

PER_FAMILY = 20
"""How many people share a family name, whatever the size of the organization."""

_BEGAN = 1_577_836_800_000  # the first millisecond of 2020
_ENDED = 1_609_459_200_000  # and of 2021: what the application makes while it is measured is younger
_GIVEN = (
    "Ada",
    "Ben",
    "Chloe",
    "Dan",
    "Elif",
    "Femi",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kaya",
    "Liam",
    "Mina",
    "Noor",
)
_SYLLABLES = ("bar", "den", "fal", "gor", "hil", "kem", "lan", "mor", "nes", "pol", "ran", "sut", "tor", "vin", "wes")
_CITIES = ("Northport", "Eastfield", "Southbridge", "Westhaven", "Middleton", "Lakeside", "Hillcrest", "Riverton")
_DEPARTMENTS = ("Engineering", "Sales", "Field Operations", "Finance", "Human Resources", "Support", "Maintenance")
_TITLES = ("Senior Site Inspector", "Account Manager", "Safety Engineer", "Team Lead", "Analyst", "Technician")


class Kind(IntEnum):
    """What an id belongs to; part of the id, so that ids of different kinds never meet."""

    ORGANIZATION = 1
    DIRECTORY = 2
    KEY = 3
    ACCOUNT = 4
    MEMBER = 5
    USER = 6
    GROUP = 7
    ROLE = 8


def made_id(kind: Kind, organization: int, number: int) -> uuid.UUID:
    """The id of the thing with that number in an organization: UUIDs of version 7, in the order of the numbers."""
    scattered = (organization * 1_000_003 + number) * 0x9E37_79B9_7F4A_7C15 & 0x3FFF_FFFF_FFFF_FFFF
    moment = _BEGAN + organization * 1_000_000 + number
    return uuid.UUID(int=moment << 80 | 0x7 << 76 | kind << 64 | 0b10 << 62 | scattered)


def is_fresh(id: uuid.UUID) -> bool:
    """Whether an id was made by the application while it ran, not here."""
    return id.version == 7 and id.int >> 80 > _ENDED


def family_name(number: int, population: int) -> str:
    """The family name of a person, shared by `PER_FAMILY` people of the population."""
    rest, letters = number % max(1, population // PER_FAMILY), ""
    for _ in range(4):
        rest, digit = divmod(rest, len(_SYLLABLES))
        letters += _SYLLABLES[digit]
    return letters.capitalize()


def user_name(token: str) -> str:
    """The userName of the person with that token."""
    return f"{token}@corp.example.com"


def email(token: str) -> str:
    """The work e-mail address of the person with that token."""
    return f"{token}@mail.example.com"


def external_id(token: str) -> str:
    """The externalId of the person with that token."""
    return f"00u{token}x5d7"


def token(organization: int, number: int) -> str:
    """What makes the names of a seeded person unique."""
    return f"p{organization:04d}n{number:08d}"


def fresh(run: int, number: int) -> str:
    """A text like `FRESH` that no other run or request has."""
    return f"c{run % 100_000:05d}n{number % 100_000_000:08d}"


def document(token: str, number: int, population: int) -> dict[str, object]:
    """The representation that an identity provider sends for a person, about 1.2 kB."""
    given, family = _GIVEN[number % len(_GIVEN)], family_name(number, population)
    city, title, digits = _CITIES[number % len(_CITIES)], _TITLES[number % len(_TITLES)], f"{number:06d}"
    return {
        "schemas": [USER_URN, ENTERPRISE_URN],
        "userName": user_name(token),
        "externalId": external_id(token),
        "name": {"formatted": f"{given} {family}", "familyName": family, "givenName": given},
        "displayName": f"{given} {family}",
        "title": title,
        "userType": "Employee",
        "preferredLanguage": "en-GB",
        "locale": "en-GB",
        "timezone": "Europe/London",
        "active": True,
        "emails": [
            {"value": email(token), "type": "work", "primary": True},
            {"value": f"{given}.{family}.{digits}@home.example.org".lower(), "type": "home"},
        ],
        "phoneNumbers": [
            {"value": f"+44 20 7946 {digits}", "type": "work"},
            {"value": f"+44 7700 900{digits}", "type": "mobile"},
        ],
        "addresses": [
            {
                "type": "work",
                "streetAddress": f"{number % 200 + 1} Harbour Street",
                "locality": city,
                "region": "Example County",
                "postalCode": f"EX{number % 90 + 10} 4AB",
                "country": "GB",
                "formatted": f"{number % 200 + 1} Harbour Street\n{city} EX{number % 90 + 10} 4AB\nGB",
            }
        ],
        ENTERPRISE_URN: enterprise(number),
    }


def enterprise(number: int) -> dict[str, object]:
    """What the enterprise extension says of a person."""
    return {
        "employeeNumber": f"E{number:06d}",
        "costCenter": f"CC-{number % 40 + 100}",
        "organization": "Example Works",
        "division": "Operations",
        "department": _DEPARTMENTS[number % len(_DEPARTMENTS)],
        "manager": {"value": str(made_id(Kind.USER, 1, number // 12)), "displayName": "Robin Lead"},
    }
