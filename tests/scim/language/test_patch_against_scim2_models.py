"""Where PATCH agrees with the scim2-models library, and each point where it does not, with the reason."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError
from scim2_models import Context, Extension, PatchOp, Resource, SCIMException
from scim2_models import Schema as PeerSchema

from api.scim.language import patch, values
from api.scim.language.errors import ScimError
from api.scim.language.schemas import Document, Schema, to_json

from .patch_strategies import documents, operations
from .resource_samples import STAFF_URN, USER_TYPE, kept, op, patched, user

Outcome = Document | str
"""The resource after the operation, or the `scimType` of the refusal."""


def _peer_schema(schema: Schema, number: int = 0) -> PeerSchema:
    """The peer's schema, under a name of its own: two extensions with one name would be one model."""
    attributes = [to_json(attribute) for attribute in schema.attributes]
    return PeerSchema.model_validate({"id": schema.id, "name": f"Schema{number}", "attributes": attributes})


def _peer_type() -> Any:
    """The peer's model of the same resource type, made from the same schemas."""
    extensions = [
        Extension.from_schema(_peer_schema(each, number)) for number, each in enumerate(USER_TYPE.extensions, 1)
    ]
    return Resource.from_schema(_peer_schema(USER_TYPE.schema))[reduce(or_, extensions)]  # type: ignore[index]


PEER: Any = _peer_type()


def ours(document: Document, operation: Document) -> Outcome:
    try:
        return comparable(patched(document, operation))
    except ScimError as error:
        return str(error.scim_type)


def theirs(document: Document, operation: Document) -> Outcome:
    message = {"schemas": [patch.PATCH_OP], "Operations": [operation]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resource = PEER.model_validate(document)
        try:
            patch_op = PatchOp[PEER].model_validate(message, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
            patch_op.patch(resource)
        except ValidationError as error:
            return str(error.errors()[0]["type"]).removeprefix("scim_")
        except SCIMException as error:
            return str(error.scim_type)
        return comparable(resource.model_dump(scim_ctx=Context.DEFAULT))


def comparable(document: Document) -> Document:
    """A document without what the two libraries keep differently on purpose.

    Rollcall works `schemas` out, keeps no write-only attribute, and collapses values with the same `type` and `value`
    (RFC 7643 §2.4: a service provider should not return them twice).
    """
    kept = {name: value for name, value in document.items() if name not in ("schemas", "password", "pin")}
    found = {name: _comparable_value(value) for name, value in kept.items()}
    return {name: value for name, value in found.items() if value != {}}


def _comparable_value(value: object) -> object:
    if isinstance(value, dict):
        return comparable(value)
    return values.distinct(value) if isinstance(value, list) else value


DEVIATIONS: dict[str, Callable[[Document, Document, Outcome, Outcome], bool]] = {
    # RFC 7644 §3.12, table 9: noTarget "occurs when the path value contains a filter that yields no match".
    "a removal whose filter matches nothing has no target": lambda before, operation, mine, other: (
        operation["op"] == "remove" and mine == "noTarget" and other == comparable(before)
    ),
    # RFC 7643 §2.2: a required attribute has to be there; the peer looks at attributes that were there before only.
    "what is required must be there afterwards": lambda before, operation, mine, other: (
        mine == "invalidValue" and isinstance(other, dict)
    ),
    # Removing what is not there changes nothing; the peer refuses before it looks.
    "what is required and not there can be removed": lambda before, operation, mine, other: (
        operation["op"] == "remove" and other == "mutability" and mine == comparable(before)
    ),
    # A filter may compare with any text: `photos[value eq "a"]` just matches nothing.
    "a filter's text need not be a URI or base64": lambda before, operation, mine, other: (
        other == "invalidFilter" and (mine == "noTarget" or isinstance(mine, dict))
    ),
}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    document=documents(USER_TYPE, {"userName": "bj"}).map(lambda body: kept(body)),
    operation=operations(USER_TYPE).filter(lambda operation: operation["op"] != "remove" or "path" in operation),
)
def test_patch_does_what_scim2_models_does_but_for_what_is_listed(document: Document, operation: Document) -> None:
    if operation["op"] == "remove":
        operation = op("remove", str(operation["path"]))  # the peer knows no removal with a list of values
    mine, other = ours(document, operation), theirs(document, operation)
    if mine != other:
        assert any(applies(document, operation, mine, other) for applies in DEVIATIONS.values()), (mine, other)


EXAMPLES = {
    "a removal whose filter matches nothing has no target": (user(), op("remove", 'emails[value eq "a"]')),
    "what is required must be there afterwards": (user(), op("add", f"{STAFF_URN}:desk", "4")),
    "what is required and not there can be removed": (user(), op("remove", f"{STAFF_URN}:rank")),
    "a filter's text need not be a URI or base64": (
        user(photos=[{"value": "https://example.com/a"}]),
        op("remove", 'photos[value eq "a"]'),
    ),
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_each_listed_deviation_is_still_one(name: str) -> None:
    document, operation = EXAMPLES[name]
    mine, other = ours(document, operation), theirs(document, operation)
    assert mine != other
    assert DEVIATIONS[name](document, operation, mine, other)


@pytest.mark.parametrize(
    "operation",
    [
        op("remove", "userName"),
        op("replace", None, {"userName": None}),
        op("replace", "id", "5"),
        op("replace", "meta.created", "2026-01-31T08:00:00Z"),
        op("replace", "shoeSize", 43),
        op("replace", 'emails[type eq "work"].value', "x"),
        op("add", "title"),
        op("remove"),
        op("replace", "active", "maybe"),
        op("add", "emails", [{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
    ],
)
def test_both_refuse_with_the_same_scim_type(operation: Document) -> None:
    assert ours(user(), operation) == theirs(user(), operation)
