"""What identity providers send otherwise than RFC 7644 has it, undone before the language sees it.

The line: here the *shape* of a body is put right, names of schemas and messages and where a value stands. What a
*value* may look like depends on its attribute and is the business of `tolerant=` in `language`: booleans and numbers as
text, one value for an array and the other way round, null for unassigned, values listed in a removal, a value filter
that matches nothing, bare names of an extension's attributes. Names of attributes are compared without case there
anyway, and members that no PATCH has, such as `id` and `name` in Microsoft's Postman collection, are not read.

Every function leaves its argument alone, gives the body back and tells `notes` what it did. Names in parentheses are
recorded exchanges in tests/idp; where there is none, the client is not recorded.
"""

from __future__ import annotations

from ..language.schemas import ResourceType
from .attributes import attributes
from .messages import message
from .urns import Notes

__all__ = ["normalise_patch", "normalise_resource"]


def normalise_resource(body: object, resource_type: ResourceType) -> tuple[object, tuple[str, ...]]:
    """The body of a POST or PUT in the shape of RFC 7643, and what was put right."""
    notes: Notes = {}
    return (attributes(body, resource_type, notes) if isinstance(body, dict) else body), tuple(notes)


def normalise_patch(body: object, resource_type: ResourceType) -> tuple[object, tuple[str, ...]]:
    """The body of a PATCH in the shape of RFC 7644 §3.5.2, and what was put right."""
    notes: Notes = {}
    return (message(body, resource_type, notes) if isinstance(body, dict) else body), tuple(notes)
