"""Laws that hold for every document and every PATCH."""

from __future__ import annotations

import copy
from contextlib import suppress

from hypothesis import assume, given
from hypothesis import strategies as st

from api.scim import quirks
from api.scim.language import membership, patch, resources
from api.scim.language.definitions import GROUP_TYPE
from api.scim.language.errors import ScimError
from api.scim.language.expressions import Path
from api.scim.language.schemas import Attribute, Document, Mutability, ResourceType, Schema

from .patch_strategies import JSON, WORDS, addressed, assignments, documents, operations
from .resource_samples import USER_TYPE, kept, op, patched

USERS = documents(USER_TYPE, {"userName": "bj"}).map(lambda body: kept(body))
OPERATIONS = st.lists(operations(USER_TYPE), min_size=1, max_size=4)
TOLERANT = st.booleans()


@given(document=USERS, steps=OPERATIONS, tolerant=TOLERANT)
def test_the_result_of_a_patch_is_a_document_that_would_be_kept_as_it_is(
    document: Document, steps: list[Document], tolerant: bool
) -> None:
    try:
        after = patched(document, *steps, tolerant=tolerant)
    except ScimError:
        return
    assert resources.read(after, USER_TYPE, tolerant=False, previous=after) == resources.Reading(after, (), ())


@given(document=USERS, step=operations(USER_TYPE), tolerant=TOLERANT)
def test_replacing_twice_is_replacing_once(document: Document, step: Document, tolerant: bool) -> None:
    step = step | {"op": "replace"}
    try:
        once = patched(document, step, tolerant=tolerant)
    except ScimError:
        assume(False)
    assert patched(once, step, tolerant=tolerant) == once


@given(document=USERS, steps=OPERATIONS, tolerant=TOLERANT)
def test_steps_in_one_request_do_what_they_do_in_several(
    document: Document, steps: list[Document], tolerant: bool
) -> None:
    several = document
    try:
        for step in steps:
            several = patched(several, step, tolerant=tolerant)
    except ScimError:
        assume(False)
    assert patched(document, *steps, tolerant=tolerant) == several


WRITABLE = [
    (schema, each)
    for schema, each in addressed(USER_TYPE)
    if each.mutability is Mutability.READ_WRITE
    and not (each.required or each.is_immutable_somewhere or each.name == "active")
]


@given(document=USERS, data=st.data(), target=st.sampled_from(WRITABLE))
def test_adding_an_attribute_and_removing_it_restores_the_document(
    document: Document, data: st.DataObject, target: tuple[Schema | None, Attribute]
) -> None:
    schema, attribute = target
    path = str(Path(schema, attribute))
    host = document.get(schema.id, {}) if schema else document
    assert isinstance(host, dict)
    assume(attribute.name not in host and (host or not schema or schema.name != "Staff"))
    value = data.draw(assignments(attribute))
    assert patched(document, op("add", path, value), op("remove", path)) == document


@given(document=USERS, value=WORDS.map(lambda word: word + "!"), type=WORDS)
def test_adding_a_value_and_removing_it_by_filter_restores_the_document(
    document: Document, value: str, type: str
) -> None:
    added = op("add", "emails", [{"value": value, "type": type}])
    removed = op("remove", f'emails[value ew "!" and value sw "{value[0]}"]')
    assume('"' not in value)
    assert patched(document, added, removed) == document


@given(document=USERS, value=WORDS)
def test_adding_what_is_there_changes_nothing(document: Document, value: str) -> None:
    document = patched(document, op("add", "emails", [{"value": value}]))
    assert patched(document, op("add", "emails", document["emails"])) == document


ANYTHING = st.recursive(
    JSON,
    lambda inner: st.dictionaries(
        st.sampled_from(["schemas", "Operations", "op", "path", "value", "OP", "userName", "name.x", "manager"]),
        inner,
        max_size=4,
    ),
)
PATHS = st.sampled_from(
    ["emails", "members", 'emails[type eq "a"].value', "a b", "shoes", "id", ":", "urn:x:y", "[", ""]
)
WILD_OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove", "Add", "x"])},
    optional={"path": PATHS | st.text(max_size=4), "value": ANYTHING},
)
WILD = ANYTHING | st.fixed_dictionaries(
    {"schemas": st.just([patch.PATCH_OP]), "Operations": st.lists(WILD_OPERATIONS, min_size=1, max_size=3)}
)


@given(body=WILD, is_group=st.booleans(), is_quirky=st.booleans(), tolerant=TOLERANT)
def test_whatever_is_sent_as_a_patch_only_scims_own_errors_come_out(
    body: object, is_group: bool, is_quirky: bool, tolerant: bool
) -> None:
    resource_type: ResourceType = GROUP_TYPE if is_group else USER_TYPE
    document = kept({"schemas": [resource_type.schema.id], "userName": "bj", "displayName": "x"}, resource_type)
    before = copy.deepcopy(body)
    sent = quirks.normalise_patch(body, resource_type)[0] if is_quirky else body
    with suppress(ScimError):
        steps = patch.parse(sent, resource_type, tolerant=tolerant)
        rest = membership.split(steps, tolerant=tolerant)[1] if is_group else steps
        patch.apply(document, rest, resource_type, tolerant=tolerant)
    assert repr(body) == repr(before)
