"""Which column is which attribute of a User: the one place that knows."""

from __future__ import annotations

import msgspec

from api.provisioning.fields import UserFields

from . import seat_extension
from .language.errors import InvalidValue
from .language.folding import fold, fold_text
from .language.schemas import Document, ResourceType

LONGEST_KEY = 2000
"""Bytes: an index entry of PostgreSQL holds 2704."""


def fields(document: Document, resource_type: ResourceType, *, was_active: bool = True) -> UserFields:
    """The columns that follow from a document that `resources.read` gave; raises InvalidValue for endless names.

    A document that does not say `active` any more leaves the user as active as it was: removing the attribute must not
    let anybody in.
    """
    user_name = str(document["userName"])
    external_id, email = _text(document.get("externalId")), email_of(document)
    for attribute, value in (("userName", user_name), ("externalId", external_id), ("emails.value", email)):
        within_limits(attribute, value)
    return UserFields(
        user_name=user_name,
        user_name_key=fold_text(user_name),
        external_id=external_id,
        email=email,
        email_key=None if email is None else fold_text(email.strip()),
        active=was_active if document.get("active") is None else document["active"] is True,
        display_name=_text(document.get("displayName")),
        full_name=full_name(document),
        seat_type=seat_extension.seat_type(document, resource_type),
        role_keys=_role_keys(document),
        document=msgspec.json.encode(document).decode(),
        search=search_text(document, resource_type),
    )


def search_text(document: Document, resource_type: ResourceType) -> str:
    """The folded document that filters read, with its keys in one order, so that equal documents are equal texts."""
    search = seat_extension.under_both_names(fold(document, resource_type), resource_type)
    return msgspec.json.encode(search, order="sorted").decode()


def within_limits(attribute: str, value: str | None) -> None:
    """Raise InvalidValue for text that no index can hold."""
    if value is not None and len(value.encode()) > LONGEST_KEY:
        raise InvalidValue(f"`{attribute}` is longer than {LONGEST_KEY} bytes.")


def email_of(document: Document) -> str | None:
    """The address by which the person is known: work first, then primary, then any; else a userName that is one."""
    emails = document.get("emails")
    given = (
        [each for each in emails if isinstance(each, dict) and each.get("value")] if isinstance(emails, list) else []
    )
    if given:
        best = min(
            given, key=lambda each: (fold_text(str(each.get("type", ""))) != "work", each.get("primary") is not True)
        )
        return str(best["value"])
    user_name = str(document["userName"])
    return user_name if "@" in user_name.strip("@") else None


def full_name(document: Document) -> str | None:
    """The best name there is for people to read."""
    name = document.get("name")
    parts = name if isinstance(name, dict) else {}
    joined = " ".join(str(parts[part]) for part in ("givenName", "familyName") if parts.get(part))
    return _text(document.get("displayName")) or _text(parts.get("formatted")) or joined or None


def _role_keys(document: Document) -> tuple[str, ...]:
    """The values of `roles`; Entra's AppRoleAssignmentsComplex puts an object as text there, with a key as `value`."""
    roles = document.get("roles")
    given = [each.get("value") for each in roles if isinstance(each, dict)] if isinstance(roles, list) else []
    return tuple(sorted({_role_key(value) for value in given if isinstance(value, str) and value.strip()}))


def _role_key(value: str) -> str:
    if value.lstrip().startswith("{"):
        try:
            spelled = msgspec.json.decode(value)
        except msgspec.DecodeError:
            return value
        if isinstance(spelled, dict) and isinstance(inner := spelled.get("value"), str):
            return inner.strip()
    return value.strip()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
