"""Definitions of extensions: what is refused before it can do harm, and in which words."""

from __future__ import annotations

import msgspec
import pytest

from api.provisioning.errors import BadSetting
from api.scim import extension_files
from api.scim.language import schemas

URN = "urn:example:extension:2.0:User"
SEATS = "urn:ietf:params:scim:schemas:extension:safetyculture:2.0"
BADGE: dict[str, object] = {"name": "badge"}


def read(definition: object) -> schemas.Schema:
    return extension_files.read(msgspec.json.encode(definition), seat_type_urn=SEATS)


def test_what_is_stored_defines_the_same_schema_again() -> None:
    definition = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": URN,
        "name": "Contacts",
        "attributes": [
            {
                "name": "contacts",
                "type": "complex",
                "multiValued": True,
                "subAttributes": [{"name": "primary", "type": "boolean"}, {"name": "value", "caseExact": True}],
            }
        ],
    }
    schema = read(definition)
    assert read(msgspec.json.decode(extension_files.definition(schema))) == schema


REFUSED = {
    "not JSON": (b"{", "no schema as RFC 7643"),
    "a list": ([], "Expected `object`"),
    "no id": ({"attributes": [BADGE]}, "missing required field `id`"),
    "no attributes": ({"id": URN, "attributes": []}, "needs a list of `attributes`"),
    "an attribute without a name": ({"id": URN, "attributes": [{}]}, "missing required field `name`"),
    "a flag that is text": ({"id": URN, "attributes": [{"name": "a", "required": "no"}]}, "required"),
    "canonical values that are text": ({"id": URN, "attributes": [{"name": "a", "canonicalValues": "x"}]}, "canonical"),
    "an unknown type": ({"id": URN, "attributes": [{"name": "a", "type": "text"}]}, "'text' is not a valid Type"),
    "no URN": ({"id": "example", "attributes": [BADGE]}, "URN"),
    "a URN with a space": ({"id": "urn:example:a b", "attributes": [BADGE]}, "is no URN"),
    "SCIM's own URN": ({"id": schemas.CORE + "User", "attributes": [BADGE]}, "belongs to SCIM itself"),
    "SCIM's own URN in capitals": ({"id": (schemas.CORE + "Car").upper(), "attributes": [BADGE]}, "belongs to SCIM"),
    "a message's URN": ({"id": schemas.MESSAGES + "Error", "attributes": [BADGE]}, "belongs to SCIM itself"),
    "the enterprise extension": (
        {"id": schemas.EXTENSION + "enterprise:2.0:user", "attributes": [BADGE]},
        "every organization has already",
    ),
    "the seat types": ({"id": SEATS, "attributes": [BADGE]}, "every organization has already"),
    "the seat types by their other name": ({"id": SEATS + ":User", "attributes": [BADGE]}, "every organization has"),
    "the name of the seat types": ({"id": URN, "name": "seattype", "attributes": [BADGE]}, "Choose another"),
    "one name twice": ({"id": URN, "attributes": [BADGE, {"name": "Badge"}]}, "'badge' twice"),
    "one name twice inside": (
        {"id": URN, "attributes": [{"name": "a", "type": "complex", "subAttributes": [BADGE, BADGE]}]},
        "Attribute a has the attribute 'badge' twice",
    ),
    "a name with a dot": ({"id": URN, "attributes": [{"name": "a.b"}]}, "no name of an attribute"),
    "an empty name": ({"id": URN, "attributes": [{"name": ""}]}, "no name of an attribute"),
    "complex without parts": ({"id": URN, "attributes": [{"name": "a", "type": "complex"}]}, "subAttributes"),
    "parts without complex": ({"id": URN, "attributes": [{"name": "a", "subAttributes": [BADGE]}]}, "subAttributes"),
    "complex in complex": (
        {
            "id": URN,
            "attributes": [
                {
                    "name": "a",
                    "type": "complex",
                    "subAttributes": [{"name": "b", "type": "complex", "subAttributes": [BADGE]}],
                }
            ],
        },
        "cannot hold another one",
    ),
    "too many": ({"id": URN, "attributes": [{"name": f"a{n}"} for n in range(201)]}, "at most 200"),
}


@pytest.mark.parametrize(("definition", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_work_is_refused_in_clear_words(definition: object, told: str) -> None:
    text = definition if isinstance(definition, bytes) else msgspec.json.encode(definition)
    with pytest.raises(BadSetting) as refusal:
        extension_files.read(text, seat_type_urn=SEATS)
    assert told in str(refusal.value)
