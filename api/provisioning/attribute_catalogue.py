"""The attributes that people look for first, and what consoles of identity providers call them (R076 to R084). Pure.

An identity provider whose console is not among them has them by their SCIM names. The exact names can differ, since
administrators of an identity provider may rename them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from db.enums import Provider


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a user: its SCIM name, what people call it, where it stands in a document (as a JSON path).

    `consoles` has what a provider's console calls it, None where that is not sent unless somebody maps it.
    """

    name: str
    label: str
    path: str
    consoles: Mapping[Provider, str | None]

    @classmethod
    def of(cls, name: str, label: str, path: str, okta: str | None, jumpcloud: str, entra: str) -> Attribute:
        """An attribute with its names in the three consoles."""
        consoles = {Provider.OKTA: okta, Provider.JUMPCLOUD: jumpcloud, Provider.ENTRA_ID: entra}
        return cls(name, label, path, consoles)


def _address(name: str, label: str, okta: str, jumpcloud: str, entra: str) -> Attribute:
    path = f'$.addresses[*] ? (@.type == "work").{name} ? (@ != "")'
    return Attribute.of(f'addresses[type eq "work"].{name}', label, path, okta, f"address.{jumpcloud}", entra)


CATALOGUE: tuple[Attribute, ...] = (
    Attribute.of("userName", "User name", "$.userName", "userName", "username", "userPrincipalName"),
    Attribute.of("name.givenName", "First name", '$.name.givenName ? (@ != "")', "firstName", "firstname", "givenName"),
    Attribute.of("name.familyName", "Last name", '$.name.familyName ? (@ != "")', "lastName", "lastname", "surname"),
    Attribute.of(
        'emails[type eq "work"].value',
        "E-mail address",
        '$.emails[*] ? (@.type == "work").value ? (@ != "")',
        "email",
        "email",
        "mail",
    ),
    Attribute.of(
        'phoneNumbers[type eq "mobile"].value',
        "Mobile number",
        '$.phoneNumbers[*] ? (@.type == "mobile").value ? (@ != "")',
        "mobilePhone",
        "mobile",
        "mobilePhone",
    ),
    Attribute.of(
        'phoneNumbers[type eq "work"].value',
        "Work number",
        '$.phoneNumbers[*] ? (@.type == "work").value ? (@ != "")',
        None,
        "phone",
        "businessPhones",
    ),
    Attribute.of("title", "Position", '$.title ? (@ != "")', "title", "jobTitle", "jobTitle"),
    _address("streetAddress", "Street address", "streetAddress", "streetAddress", "streetAddress"),
    _address("locality", "City", "city", "locality", "city"),
    _address("region", "State", "state", "region", "state"),
    _address("postalCode", "Postal code", "zipCode", "postalCode", "postalCode"),
    _address("country", "Country", "countryCode", "country", "country"),
    Attribute.of("active", "Status", "$.active", "active", "activated", "accountEnabled"),
)
