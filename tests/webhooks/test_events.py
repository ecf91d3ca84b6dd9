"""Every change is told or deliberately not, and every event is as its published schema says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from jsonschema import Draft202012Validator

from api.graphql import ids, nodes
from api.identity import landing
from api.provisioning import plans
from api.provisioning.plan_catalogue import UNLIMITED
from api.webhooks import event_types, payloads, schemas
from api.webhooks.event_types import CHANGES, TYPES
from db.queries import platform
from tests.conftest import VENDOR, NewDirectory
from tests.scim.conversation import Scim

from .causes import CAUSES
from .hosting import listen, told

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "events"


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A directory of an organization."""
    return Scim(client, await new_directory())


@pytest.mark.parametrize("type", TYPES)
async def test_a_real_event_of_each_type_is_as_its_schema_says(scim: Scim, type: str) -> None:
    await listen(scim.access.organization_id)
    if type == "plan.changed":
        plans.use(VENDOR)
    try:
        await CAUSES[type](scim)
    finally:
        plans.use(UNLIMITED)
    found = await told(scim.access.organization_id)
    assert type in [each["type"] for each in found]
    for event in found:
        validate(event)
        for id in _ids(event["data"]):
            place = ids.read(id)
            assert place is not None
            assert place.organization == scim.access.organization_id
            assert place.type in nodes._finders


def validate(event: dict[str, Any]) -> None:
    """Raise for an event that its schema does not allow."""
    Draft202012Validator(schemas.of(event["type"]), format_checker=jsonschema.FormatChecker()).validate(event)


def _ids(document: object) -> Iterator[str]:
    """Every global id in a document."""
    if isinstance(document, dict):
        for name, value in document.items():
            if isinstance(value, str) and (name == "id" or name.endswith("Id")) and name != "requestId":
                yield value
            elif name.endswith("Ids"):
                yield from value
            else:
                yield from _ids(value)


@pytest.mark.parametrize("type", TYPES)
def test_each_schema_is_one_and_refuses_what_is_none(type: str) -> None:
    schema = schemas.of(type)
    Draft202012Validator.check_schema(schema)
    with pytest.raises(jsonschema.ValidationError):
        Draft202012Validator(schema).validate({"type": type, "timestamp": "2040-01-01T12:00:00Z", "data": {}})


def test_the_schemas_are_those_that_are_published() -> None:
    assert {file.name: file.read_text() for file in DOCS.glob("*.json")} == schemas.files()


def test_each_type_is_told_with_something_and_caused_by_something() -> None:
    assert set(payloads.OF) == set(TYPES) == set(CAUSES)
    assert {re.fullmatch(r"[a-z]+\.[a-z_]+", type) is not None for type in TYPES} == {True}
    assert all(text.endswith((".", "`.")) for text in TYPES.values())


def test_each_change_is_told_or_deliberately_not() -> None:
    """Whatever is an action in the source is in the table, and the other way round."""
    actions = {action for _, action in CHANGES}
    subjects = {subject for subject, _ in CHANGES}
    written = {word for file in _sources() for word in _words(file)}
    assert written - actions - subjects - _NOTHING_OF_HISTORY == set()
    assert actions - written - _UNDER_A_NAME == set()


_REMEMBERING = {"change", "member", "members", "remember", "_remember", "Act", "Entry", "_done", "_change", "_decide"}
_REMEMBERING |= {"_write", "_also", "_switch"}
_NOTHING_OF_HISTORY = {"organization", "reason", "contact"}
_UNDER_A_NAME = {platform.FORGOTTEN, platform.CHECKED, landing.REFUSED}


def _sources() -> Iterator[Path]:
    yield from (ROOT / "api" / "provisioning").glob("*.py")
    yield from (ROOT / "api" / "webhooks").glob("*.py")
    for room in ("billing", "google", "oauth"):
        yield from (ROOT / "api" / room).glob("*.py")
    yield from (ROOT / "api" / "identity").glob("**/*.py")


def _words(file: Path) -> Iterator[str]:
    """Words that are given to what remembers changes, or stand where a name for it is kept."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and _name(node.func) in _REMEMBERING:
            for argument in node.args:
                yield from _constants(argument)
        if isinstance(node, ast.For) and "action" in [_name(each) for each in ast.walk(node.target)]:
            for each in ast.walk(node.iter):
                yield from _constants(each)


def _constants(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(str(value)) if re.fullmatch(r"[a-z]+(_[a-z]+)*", value):
            yield value
        case ast.IfExp(_, one, other):
            yield from _constants(one)
            yield from _constants(other)


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_nobody_is_told_of_what_nobody_has_thought_of() -> None:
    with pytest.raises(KeyError):
        event_types.of("member", "teleported", {}, {})
