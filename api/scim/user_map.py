"""Which column is which attribute of a User: the one place that knows."""

from __future__ import annotations

import msgspec

from api.provisioning.fields import UserFields

from .language.errors import InvalidValue
from .language.folding import fold, fold_text
from .language.schemas import Document, ResourceType

LONGEST_KEY = 2000
"""Bytes: an index entry of PostgreSQL holds 2704."""


def fields(document: Document, resource_type: ResourceType) -> UserFields:
    """The columns that follow from a document that `resources.read` gave; raises InvalidValue for endless names."""
    user_name = str(document["userName"])
    external_id, email = _text(document.get("externalId")), _email(document, user_name)
    for attribute, value in (("userName", user_name), ("externalId", external_id), ("emails.value", email)):
        within_limits(attribute, value)
    return UserFields(
        user_name=user_name,
        user_name_key=fold_text(user_name),
        external_id=external_id,
        email=email,
        email_key=None if email is None else fold_text(email.strip()),
        active=document.get("active") is not False,
        display_name=_display_name(document),
        seat_type=_seat_type(document, resource_type),
        document=msgspec.json.encode(document).decode(),
        search=search_text(document, resource_type),
    )


def search_text(document: Document, resource_type: ResourceType) -> str:
    """The folded document that filters read, with its keys in one order, so that equal documents are equal texts."""
    return msgspec.json.encode(fold(document, resource_type), order="sorted").decode()


def within_limits(attribute: str, value: str | None) -> None:
    """Raise InvalidValue for text that no index can hold."""
    if value is not None and len(value.encode()) > LONGEST_KEY:
        raise InvalidValue(f"`{attribute}` is longer than {LONGEST_KEY} bytes.")


def _email(document: Document, user_name: str) -> str | None:
    """The address by which the person is known: work before others, primary before others; else a userName that is one."""
    emails = document.get("emails")
    given = (
        [each for each in emails if isinstance(each, dict) and each.get("value")] if isinstance(emails, list) else []
    )
    if given:
        best = min(
            given, key=lambda each: (fold_text(str(each.get("type", ""))) != "work", each.get("primary") is not True)
        )
        return str(best["value"])
    return user_name if "@" in user_name.strip("@") else None


def _display_name(document: Document) -> str | None:
    name = document.get("name")
    parts = name if isinstance(name, dict) else {}
    joined = " ".join(str(parts[part]) for part in ("givenName", "familyName") if parts.get(part))
    return _text(document.get("displayName")) or _text(parts.get("formatted")) or joined or None


def _seat_type(document: Document, resource_type: ResourceType) -> str | None:
    extension = resource_type.schema_named("SeatType")
    values = document.get(extension.id) if extension else None
    return _text(values.get("seat_type")) if isinstance(values, dict) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
