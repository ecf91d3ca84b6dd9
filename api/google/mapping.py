"""What Google calls users and groups, as SCIM resources (RFC 7643). Pure.

Names on the left are those of the Directory API's `users` resource.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.scim.language.definitions import ENTERPRISE_URN
from api.scim.language.schemas import CORE

_CUSTOM = "Rollcall"
"""The custom schema in Google's Admin console whose fields `seat_type` and `roles` choose the seat and name roles."""


def user(found: dict[str, Any], seat_type_urn: str) -> dict[str, Any]:
    """A user, as an identity provider that speaks SCIM would send them; suspended and archived ones are inactive."""
    name = _part(found, "name")
    organization = _preferred(found.get("organizations"))
    custom = _part(_part(found, "customSchemas"), _CUSTOM)
    enterprise = _said(
        {
            "employeeNumber": _first(found.get("externalIds"), "organization"),
            "department": organization.get("department"),
            "costCenter": organization.get("costCenter"),
            "organization": organization.get("name"),
        }
    )
    seat_type = _said({"seat_type": custom.get("seat_type")})
    resource = {
        "schemas": [f"{CORE}User", *([ENTERPRISE_URN] if enterprise else []), *([seat_type_urn] if seat_type else [])],
        "externalId": str(found["id"]),
        "userName": str(found["primaryEmail"]),
        "active": not (found.get("suspended") or found.get("archived")),
        "displayName": name.get("fullName") or name.get("displayName"),
        "name": _said({"givenName": name.get("givenName"), "familyName": name.get("familyName")}),
        "title": organization.get("title"),
        "preferredLanguage": next((each.get("languageCode") for each in _list(found.get("languages"))), None),
        "emails": _emails(found),
        "phoneNumbers": [_typed(each, "value") for each in _list(found.get("phones")) if each.get("value")],
        "addresses": [_address(each) for each in _list(found.get("addresses"))],
        "roles": [{"value": value} for value in _texts(custom.get("roles"))],
        ENTERPRISE_URN: enterprise,
        seat_type_urn: seat_type,
    }
    return _said(resource)


def group(found: dict[str, Any], members: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A group with its direct members, users and groups, by Google's ids; whole customers as members are left out."""
    known = sorted(str(each["id"]) for each in members if each.get("type") in ("USER", "GROUP") and each.get("id"))
    return {
        "schemas": [f"{CORE}Group"],
        "externalId": str(found["id"]),
        "displayName": str(found.get("name") or found.get("email") or found["id"]),
        "members": [{"value": id} for id in known],
    }


def _emails(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The primary address is the one for work; aliases that Google makes by itself are no addresses of a person's."""
    primary = str(found["primaryEmail"])
    others = [
        {"value": each["address"], "type": each.get("type") or "other"}
        for each in _list(found.get("emails"))
        if each.get("address") and each["address"].lower() != primary.lower() and each.get("type") in ("home", "other")
    ]
    return [{"value": primary, "type": "work", "primary": True}, *others]


def _address(found: dict[str, Any]) -> dict[str, Any]:
    names = {
        "streetAddress": "streetAddress",
        "locality": "locality",
        "region": "region",
        "postalCode": "postalCode",
        "countryCode": "country",
        "formatted": "formatted",
    }
    return {**_said({ours: found.get(theirs) for theirs, ours in names.items()}), **_type(found)}


def _typed(found: dict[str, Any], name: str) -> dict[str, Any]:
    return {"value": found[name], **_type(found)}


def _type(found: dict[str, Any]) -> dict[str, Any]:
    return _said({"type": found.get("type"), "primary": True if found.get("primary") else None})


def _preferred(found: object) -> dict[str, Any]:
    listed = _list(found)
    return next((each for each in listed if each.get("primary")), listed[0] if listed else {})


def _first(found: object, type: str) -> object:
    return next((each.get("value") for each in _list(found) if each.get("type") == type), None)


def _texts(found: object) -> list[str]:
    """A field of a custom schema: one text, or several as objects with a `value`."""
    if isinstance(found, str):
        return [found]
    return [str(each["value"]) for each in _list(found) if each.get("value")]


def _part(found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _list(found: object) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _said(found: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}
