"""The attributes that people look for first, and what consoles of identity providers call them (R076 to R084). Pure.

An identity provider whose console is not among them has them by their SCIM names. The exact names can differ, since
administrators of an identity provider may rename them; what an organization notes about that is no part of this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.enums import Provider

_NAME = re.compile(r'(?P<top>\w+)(?:\[type eq "(?P<type>\w+)"\])?(?:\.(?P<part>\w+))?')


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a user: its SCIM name, what people call it, whether it can be left out, its names in consoles.

    `consoles` has what a provider's console calls it, None where that is not sent unless somebody maps it.
    """

    name: str
    label: str
    is_needed: bool
    consoles: Mapping[Provider, str | None]

    @property
    def path(self) -> str:
        """Where it stands in a document, as a JSON path that finds no empty text."""
        top, kind, part = self._places
        within = f".{part}" if part else ""
        filled = "" if self.name in ("userName", "active") else ' ? (@ != "")'
        chosen = f'[*] ? (@.type == "{kind}")' if kind else ""
        return f"$.{top}{chosen}{within}{filled}"

    def value_in(self, document: Mapping[str, object]) -> str | None:
        """What a document says, as text; None for nothing."""
        top, kind, part = self._places
        found = document.get(top)
        if kind:
            found = next((each for each in _elements(found) if _is_of(each, kind) and part and each.get(part)), None)
        if part:
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, bool):
            return str(found).lower()
        return found if isinstance(found, str) and found else None

    @property
    def _places(self) -> tuple[str, str | None, str | None]:
        """The attribute, the type of the element that is meant, and what of it."""
        found = _NAME.fullmatch(self.name)
        assert found is not None
        return found["top"], found["type"], found["part"]


def _made(name: str, label: str, okta: str | None, jumpcloud: str, entra: str, *, is_needed: bool = False) -> Attribute:
    consoles = {Provider.OKTA: okta, Provider.JUMPCLOUD: jumpcloud, Provider.ENTRA_ID: entra}
    return Attribute(name, label, is_needed, consoles)


def _address(name: str, label: str, okta: str, entra: str) -> Attribute:
    return _made(f'addresses[type eq "work"].{name}', label, okta, f"address.{name}", entra)


CATALOGUE: tuple[Attribute, ...] = (
    _made("userName", "Username", "userName", "username", "userPrincipalName", is_needed=True),
    _made("name.givenName", "First name", "firstName", "firstname", "givenName", is_needed=True),
    _made("name.familyName", "Last name", "lastName", "lastname", "surname", is_needed=True),
    _made('emails[type eq "work"].value', "E-mail address", "email", "email", "mail", is_needed=True),
    _made('phoneNumbers[type eq "mobile"].value', "Mobile number", "mobilePhone", "mobile", "mobilePhone"),
    _made('phoneNumbers[type eq "work"].value', "Work number", None, "phone", "businessPhones"),
    _made("title", "Position", "title", "jobTitle", "jobTitle"),
    _address("streetAddress", "Street address", "streetAddress", "streetAddress"),
    _address("locality", "City", "city", "city"),
    _address("region", "State", "state", "state"),
    _address("postalCode", "Postal code", "zipCode", "postalCode"),
    _address("country", "Country", "countryCode", "country"),
    _made("active", "Status", "active", "activated", "accountEnabled", is_needed=True),
)
"""Thirteen attributes; those that are needed say who somebody is and whether they come in (R089)."""


def by_name() -> Mapping[str, Attribute]:
    """The attributes of the catalogue by their SCIM names."""
    return {each.name: each for each in CATALOGUE}


def without(document: Mapping[str, object], names: Sequence[str]) -> tuple[dict[str, object], list[str]]:
    """A document without these attributes, and the labels of those that were in it (R089)."""
    kept, known = dict(document), by_name()
    left = [known[name] for name in names if name in known and not known[name].is_needed]
    there = [each for each in left if each.value_in(document) is not None]
    for each in there:
        top, kind, part = each._places
        if not kind:
            kept.pop(top)
            continue
        elements = [_lacking(found, kind, str(part)) for found in _elements(kept[top])]
        kept[top] = [found for found in elements if found is not None]
        if not kept[top]:
            kept.pop(top)
    return kept, [each.label for each in there]


def _lacking(element: Mapping[str, object], kind: str, part: str) -> Mapping[str, object] | None:
    """An element without a part and what repeats it, if it is of that type; None when nothing is left of it."""
    if not _is_of(element, kind):
        return element
    kept = {name: value for name, value in element.items() if name not in (part, "formatted", "display")}
    return kept if kept.keys() - {"type", "primary"} else None


def _elements(values: object) -> list[Mapping[str, object]]:
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


def _is_of(element: Mapping[str, object], kind: str) -> bool:
    return str(element.get("type", "")).casefold() == kind
