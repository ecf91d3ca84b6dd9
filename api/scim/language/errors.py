"""What can be wrong with a SCIM request, by the names of RFC 7644 §3.12, table 9."""

from __future__ import annotations

from typing import ClassVar


class ScimError(Exception):
    """A request that cannot be carried out; `detail` is written for the administrator who reads it in the IdP's log."""

    status: ClassVar[int] = 400
    scim_type: ClassVar[str | None] = None

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidFilter(ScimError):
    """The filter is malformed, or compares things that cannot be compared."""

    scim_type = "invalidFilter"


class TooMany(ScimError):
    """The filter is larger than this server evaluates, or would need too long."""

    scim_type = "tooMany"


class Mutability(ScimError):
    """The attribute is read-only or immutable."""

    scim_type = "mutability"


class InvalidSyntax(ScimError):
    """The body is not what the endpoint takes: not JSON, not an object, not this message schema."""

    scim_type = "invalidSyntax"


class InvalidPath(ScimError):
    """The path of a PATCH operation is malformed or names no attribute."""

    scim_type = "invalidPath"


class NoTarget(ScimError):
    """The path of a PATCH operation selects nothing that could be changed."""

    scim_type = "noTarget"


class InvalidValue(ScimError):
    """A required value is missing, or a value does not fit its attribute."""

    scim_type = "invalidValue"
