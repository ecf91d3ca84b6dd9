"""Resource types, documents and short ways to read them, for the tests of resources, PATCH and projections."""

from __future__ import annotations

import copy

from api.scim.language import patch, resources
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE, user_type
from api.scim.language.schemas import (
    CORE,
    Attribute,
    Document,
    Mutability,
    ResourceType,
    Returned,
    Schema,
    Type,
)

SEAT_URN = "urn:ietf:params:scim:schemas:extension:safetyculture:2.0"
OWN_URN = "urn:example:extension:2.0:Own"
STAFF_URN = "urn:example:extension:2.0:Staff"
USER_URN = CORE + "User"
GROUP_URN = CORE + "Group"

OWN = Schema(
    OWN_URN,
    "Own",
    "An extension with every type and every characteristic.",
    (
        Attribute("note"),
        Attribute("count", Type.INTEGER),
        Attribute("ratio", Type.DECIMAL),
        Attribute("flag", Type.BOOLEAN),
        Attribute("since", Type.DATE_TIME),
        Attribute("page", Type.REFERENCE),
        Attribute("blob", Type.BINARY),
        Attribute("tags", multi_valued=True),
        Attribute("badge", mutability=Mutability.IMMUTABLE),
        Attribute("serial", mutability=Mutability.READ_ONLY),
        Attribute("pin", mutability=Mutability.WRITE_ONLY, returned=Returned.NEVER),
        Attribute("secret", returned=Returned.NEVER),
        Attribute("biography", returned=Returned.REQUEST),
        Attribute("mark", returned=Returned.ALWAYS),
        Attribute(
            "contract",
            Type.COMPLEX,
            sub_attributes=(
                Attribute("number", mutability=Mutability.IMMUTABLE),
                Attribute("kind", required=True),
                Attribute("signed", Type.BOOLEAN),
                Attribute("clauses", multi_valued=True),
                Attribute("salary", returned=Returned.NEVER),
            ),
        ),
        Attribute(
            "contacts",
            Type.COMPLEX,
            multi_valued=True,
            sub_attributes=(
                Attribute("value"),
                Attribute("type"),
                Attribute("primary", Type.BOOLEAN),
                Attribute("since", mutability=Mutability.IMMUTABLE),
                Attribute("verified", Type.BOOLEAN, mutability=Mutability.READ_ONLY),
            ),
        ),
    ),
)
STAFF = Schema(
    STAFF_URN, "Staff", "An extension that needs a rank.", (Attribute("rank", required=True), Attribute("desk"))
)
USER_TYPE = user_type(SEAT_URN, (OWN, STAFF))


def kept(
    body: Document, resource_type: ResourceType = USER_TYPE, *, tolerant: bool = False, previous: Document | None = None
) -> Document:
    """What `resources.read` keeps of the body."""
    return resources.read(body, resource_type, tolerant=tolerant, previous=previous).document


def user(**attributes: object) -> Document:
    """A kept document of a user; extensions by the keywords `enterprise`, `own`, `staff` and `seat`."""
    named = {"enterprise": ENTERPRISE_URN, "own": OWN_URN, "staff": STAFF_URN, "seat": SEAT_URN}
    return kept(
        {"schemas": [USER_URN], "userName": "bj"} | {named.get(key, key): value for key, value in attributes.items()}
    )


def group(**attributes: object) -> Document:
    """A kept document of a group."""
    return kept({"schemas": [GROUP_URN], "displayName": "Staff"} | attributes, GROUP_TYPE)


def op(op: str, path: str | None = None, *value: object) -> Document:
    """A PATCH operation, with value if one is given."""
    return {"op": op} | ({} if path is None else {"path": path}) | ({"value": value[0]} if value else {})


def patched(
    document: Document, *operations: Document, tolerant: bool = False, resource_type: ResourceType = USER_TYPE
) -> Document:
    """The document after the operations; fails if applying them changed the document itself."""
    before = copy.deepcopy(document)
    body = {"schemas": [patch.PATCH_OP], "Operations": list(operations)}
    parsed = patch.parse(body, resource_type, tolerant=tolerant)
    after = patch.apply(document, parsed, resource_type, tolerant=tolerant).document
    assert document == before
    return after
