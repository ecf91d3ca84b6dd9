"""What an assertion says of a person. How identity providers name it is data, in the order in which it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from . import names
from .judge import Judged
from .names import a
from .refusals import NotTaken, Why
from .texts import exact

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_MICROSOFT = "http://schemas.microsoft.com"
# Entra and ADFS send URIs, Shibboleth OIDs, OneLogin `User.…`; Okta, Google and JumpCloud what an admin typed, and for
# that their guides have suggestions. Names are compared without regard to capitals.
_EMAIL = (
    f"{_CLAIMS}/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "email",
    "mail",
    "emailAddress",
    "email_address",
    "User.email",
    "urn:mace:dir:attribute-def:mail",
)
_GIVEN = (
    f"{_CLAIMS}/givenname",
    "urn:oid:2.5.4.42",
    "givenName",
    "given_name",
    "firstName",
    "first_name",
    "User.FirstName",
    "urn:mace:dir:attribute-def:givenName",
)
_FAMILY = (
    f"{_CLAIMS}/surname",
    "urn:oid:2.5.4.4",
    "surname",
    "sn",
    "familyName",
    "family_name",
    "lastName",
    "last_name",
    "User.LastName",
    "urn:mace:dir:attribute-def:sn",
)
# Not …/claims/name, which is the user principal name in Entra.
_DISPLAY = (
    f"{_MICROSOFT}/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "displayName",
    "display_name",
    "fullName",
    "full_name",
    "cn",
    "urn:oid:2.5.4.3",
)
_GROUPS = (f"{_MICROSOFT}/ws/2008/06/identity/claims/groups", f"{_CLAIMS}/group", "groups", "group", "memberOf")
_ROLES = (f"{_MICROSOFT}/ws/2008/06/identity/claims/role", "roles", "role")
_SEATS = ("seat_type", "seatType")
_MOST_VALUE = 1_000
_MOST_VALUES = 100

Attributes = Mapping[str, Sequence[str]]
"""Values by the name of their attribute, without regard to capitals."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the connection says that things stand, instead of where they usually do."""

    subject_attribute: str | None = None
    email_attribute: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What an assertion says of a person; `besides` names what else it says of groups, roles and seats.

    `is_subject_address` tells that their id is but an address, which may become another person's.
    """

    subject: str
    is_subject_address: bool
    email: str | None
    given_name: str | None
    family_name: str | None
    display_name: str | None
    besides: tuple[str, ...]


def said(judged: Judged, reading: Reading) -> Said:
    """Who an assertion is about; raises NotTaken where it names nobody for longer than a session."""
    attributes = _attributes(judged.assertion)
    form = judged.name_id.get("Format") or names.UNSPECIFIED
    name = exact(judged.name_id)
    return Said(
        subject=_subject(form, name, attributes, reading.subject_attribute),
        is_subject_address=reading.subject_attribute is None and _is_address(form, name),
        email=_email(form, name, attributes, reading.email_attribute),
        given_name=_first(attributes, _GIVEN),
        family_name=_first(attributes, _FAMILY),
        display_name=_first(attributes, _DISPLAY),
        besides=tuple(
            word
            for word, known in (("groups", _GROUPS), ("roles", _ROLES), ("seat_type", _SEATS))
            if _first(attributes, known) is not None
        ),
    )


def _subject(form: str, name: str, attributes: Attributes, chosen: str | None) -> str:
    """What stays the same of a person. A name counts within its format only (SAML-CORE §8.3)."""
    if chosen:
        if (value := _first(attributes, (chosen,))) is None:
            raise NotTaken(
                Why.SUBJECT, "The attribute that this connection takes people's id from is not in the assertion."
            )
        return f"attribute {chosen.lower()}: {value}"
    if form == names.TRANSIENT:
        raise NotTaken(
            Why.SUBJECT,
            "The NameID is transient, another one each time: choose the format persistent, or name an attribute of the"
            " connection that people's id is taken from.",
        )
    if form == names.PERSISTENT:
        return name
    return f"{form.rpartition(':')[2][:40]}: {name.lower() if form == names.EMAIL else name}"


def _email(form: str, name: str, attributes: Attributes, chosen: str | None) -> str | None:
    if chosen:
        return _first(attributes, (chosen,))
    if (value := _first(attributes, _EMAIL)) is not None:
        return value
    return name if _is_address(form, name) else None


def _is_address(form: str, name: str) -> bool:
    # Okta's NameID is an address of format "unspecified" unless somebody chooses another.
    return form == names.EMAIL or (form == names.UNSPECIFIED and "@" in name)


def _first(attributes: Attributes, known: Sequence[str]) -> str | None:
    for name in known:
        if values := attributes.get(name.lower()):
            return values[0]
    return None


def _attributes(assertion: etree._Element) -> Attributes:
    found: dict[str, list[str]] = {}
    for attribute in assertion.iterfind(f"{a('AttributeStatement')}/{a('Attribute')}"):
        values = found.setdefault((attribute.get("Name") or "").strip().lower(), [])
        for value in attribute.iterfind(a("AttributeValue")):
            text = "" if len(value) else (value.text or "").strip()
            if text and len(text) <= _MOST_VALUE and text.isprintable() and len(values) < _MOST_VALUES:
                values.append(text)
    return found
