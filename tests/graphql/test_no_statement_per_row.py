"""No list costs a statement for each of its rows, whatever is asked of these: tried with every list of the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from graphql import GraphQLField, GraphQLObjectType, GraphQLOutputType, get_named_type, is_required_argument
from graphql.type import is_leaf_type, is_list_type, is_non_null_type

from api.graphql import schema
from api.provisioning import budgets, clock, directories, request_log
from api.provisioning.actor import operator
from db.enums import Provider, RemovalState
from tests.factories.members import InvitationFactory, MemberFactory
from tests.factories.removals import LinkRequestFactory, RemovalFactory
from tests.factories.seats import SeatPurchaseFactory
from tests.factories.sign_ins import SignInReportFactory
from tests.scim.conversation import Scim, document
from tests.scim.governing import override, person, team

from .conftest import Api, NewApi

DEPTH = 2
LEFT_OUT = {
    # The lists of an organization are asked for one organization at a time, be it the same for each of its members.
    "members.organization",
}


def _is_list(type_: GraphQLOutputType) -> bool:
    return is_list_type(type_.of_type if is_non_null_type(type_) else type_)


def _selected(name: str, field: GraphQLField, depth: int) -> str:
    """A field with all that can be asked below it without arguments; nothing where that goes too deep."""
    inner: Any = get_named_type(field.type)
    if is_leaf_type(inner):
        return name
    is_paged = "first" in field.args
    needed = [each for each in field.args if is_required_argument(field.args[each])]
    if depth == 0 or needed or name == "drift":
        return ""
    if is_paged:
        return f"{name}(first: 2) {{ nodes {all_of(_node_of(inner), depth)} }}"
    return f"{name} {all_of(inner, depth)}"


def all_of(type_: Any, depth: int) -> str:
    found = (_selected(name, field, depth - 1) for name, field in type_.fields.items())
    return f"{{ __typename {' '.join(found)} }}"


def _node_of(connection: Any) -> GraphQLObjectType:
    node = get_named_type(connection.fields["nodes"].type)
    assert isinstance(node, GraphQLObjectType)
    return node


def lists(directory: str) -> Iterator[tuple[str, str, GraphQLObjectType]]:
    """Every list of an organization: its name, a document with a place for what is asked of rows, and their type."""
    organization, seats = (schema.core().type_map[name] for name in ("Organization", "SeatOverview"))
    assert isinstance(organization, GraphQLObjectType)
    assert isinstance(seats, GraphQLObjectType)
    given = {"recentRemovals": f'directoryId: "{directory}", ', "snapshot": f'at: "{clock.now().isoformat()}", '}
    for type_, around in ((organization, "%s"), (seats, "seats { %s }")):
        for name, field in type_.fields.items():
            inner = get_named_type(field.type)
            if not isinstance(inner, GraphQLObjectType):
                continue
            if "first" in field.args:
                wanted = around % f"{name}({given.get(name, '')}first: 50) {{ nodes %s }}"
                yield name, f"{{ organization {{ {wanted} }} }}", _node_of(inner)
            elif _is_list(field.type) and name != "history":
                yield name, f"{{ organization {{ {around % f'{name} %s'} }} }}", inner
    edited = schema.core().type_map["EditedMember"]
    assert isinstance(edited, GraphQLObjectType)
    yield "edited", "{ organization { drift { edited %s } } }", edited


def documents(directory: str) -> dict[str, str]:
    """For each list and each field of its rows a document."""
    return {
        f"{name}.{child}": text % f"{{ __typename {asked} }}"
        for name, text, type_ in lists(directory)
        for child, field in type_.fields.items()
        if (asked := _selected(child, field, DEPTH)) and f"{name}.{child}" not in LEFT_OUT
    }


GROW = """mutation ($id: ID!, $domain: String!, $schema: JSON!, $email: String!) {
  domainAdd(organizationId: $id, name: $domain) { userErrors { message } }
  extensionPropose(organizationId: $id, definition: $schema) { userErrors { message } }
  membersImport(organizationId: $id, rows: [{email: $email}, {email: "nobody"}]) { userErrors { message } } }"""
EDIT = """mutation ($ref: MemberRef!) {
  memberUpdate(ref: $ref, input: {displayName: "Edited"}) { userErrors { message } } }"""


async def grow(scim: Scim, api: Api, new_api: NewApi, users: list[str], number: int) -> None:
    """One more of everything that there are lists of."""
    organization, directory, id = api.organization, scim.access.directory_id, api.id("Organization", api.organization)
    users.append(document(await scim.post("/Users", person(f"p{number:02}")))["id"])
    await team(scim, "admin", *users, name=f"Team {number}")
    await override(scim, "admin", f"p{number:02}@example.com")
    ref = {"email": {"organizationId": id, "email": f"p{number:02}@example.com"}}
    made = {"id": f"urn:example:x{number}:2.0:User", "attributes": [{"name": "badge"}]}
    done = await api.ask(GROW, id=id, domain=f"x{number}.example.com", schema=made, email=f"j{number}@example.com")
    done |= await api.ask(EDIT, ref=ref)
    assert [each["userErrors"] for each in done.values()] == [[]] * len(done)
    of_directory = {"organization": organization, "directory": directory, "member__organization": organization}
    for state in (RemovalState.HELD, RemovalState.APPLIED):
        await RemovalFactory.make(state=state, **of_directory)
    await LinkRequestFactory.make(**of_directory)
    await InvitationFactory.make(member__organization=organization)
    buyer = await MemberFactory.make(organization=organization)
    await SeatPurchaseFactory.make(organization=organization, member=buyer)
    await directories.connect(
        operator(scim.access.organization_id), name="Okta", provider=Provider.OKTA, settings=directories.Settings()
    )
    await new_api(organization)
    await SignInReportFactory.make(token__organization=organization)
    await request_log.flush()


async def test_every_list_costs_as_many_statements_for_four_rows_as_for_two(
    scim: Scim, api: Api, new_api: NewApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, users = list[str](), list[str]()
    fetch = asyncpg.Connection.fetch

    async def noted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        if "last_used_at = used.at" not in query:  # written behind the requests, whenever that happens to be
            seen.append(query)
        return await fetch(self, query, *args, **more)

    async def free_of_charge(*_: Any) -> budgets.Spending:
        return budgets.Spending(0)

    async def statements() -> dict[str, int]:
        found = {}
        for name, text in documents(directory).items():
            seen.clear()
            await api.ask(text)
            found[name] = len(seen)
        return found

    directory = api.id("Directory", scim.access.directory_id)
    monkeypatch.setattr(budgets, "spend", free_of_charge)
    monkeypatch.setattr(asyncpg.Connection, "fetch", noted)
    for number in range(2):
        await grow(scim, api, new_api, users, number)
    few = await statements()
    for number in range(2, 4):
        await grow(scim, api, new_api, users, number)
    many = await statements()
    assert {name: (few[name], many[name]) for name in few if many[name] != few[name]} == {}
    assert {"members.requests", "groups.members", "directories.users", "purchases.member"} <= set(few)
