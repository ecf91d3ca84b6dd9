"""Requests of all organizations over GraphQL, for the operator alone."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.provisioning import request_log
from api.provisioning.actor import Right
from db import sql
from db.ids import first_id, new_id
from tests.conftest import NewDirectory
from tests.factories import RequestFactory
from tests.scim.conversation import Scim

from .conftest import Api, NewApi

ALL = """query ($refused: Boolean! = false, $first: Int, $after: String, $last: Int, $before: String) {
  platformRequests(refused: $refused, first: $first, after: $after, last: $last, before: $before) {
    nodes { organization { id } request { traceId path outcome } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
ONE = "query ($trace: ID!) { platformRequest(traceId: $trace) { organization { id } request { traceId path } } }"


@pytest.fixture
async def operator(new_api: NewApi) -> Api:
    """The operator's token."""
    return await new_api(None)


@pytest.fixture
async def made(scim: Scim, new_directory: NewDirectory) -> list[tuple[uuid.UUID, str]]:
    """Requests of two organizations in turn, oldest first, each third one refused; and one of long ago."""
    both = (scim.access, await new_directory())
    await request_log.flush()
    await sql.rows("DELETE FROM request")
    found = []
    for number in range(9):
        access = both[number % 2]
        made = await RequestFactory.make(
            organization=access.organization_id,
            directory=access.directory_id,
            id=new_id(),
            path=f"/{number}",
            status=409 if number % 3 == 2 else 200,
        )
        found.append((made.id, made.path))
    old = datetime.now(UTC) - timedelta(days=40)
    await RequestFactory.make(
        organization=scim.access.organization_id, path="/old", id=first_id(old), received_at=old, status=409
    )
    return found


async def _paths(api: Api, **asked: Any) -> tuple[list[str], dict[str, Any]]:
    page = (await api.ask(ALL, **asked))["platformRequests"]
    return [each["request"]["path"] for each in page["nodes"]], page["pageInfo"]


async def test_all_organizations_are_one_list_newest_first_page_by_page(
    operator: Api, made: list[tuple[uuid.UUID, str]]
) -> None:
    newest_first = [path for _, path in reversed(made)]
    assert (await _paths(operator, first=100))[0] == newest_first
    found, page = await _paths(operator, first=4)
    rest, last = await _paths(operator, first=5, after=page["endCursor"])
    assert [*found, *rest] == newest_first
    assert (page["hasNextPage"], last["hasNextPage"]) == (True, False)
    back, _ = await _paths(operator, last=3, before=last["startCursor"])
    assert back == newest_first[1:4]
    oldest, _ = await _paths(operator, last=2)
    assert oldest == newest_first[-2:]


async def test_only_what_was_refused_lately(operator: Api, made: list[tuple[uuid.UUID, str]]) -> None:
    assert (await _paths(operator, first=100, refused=True))[0] == ["/8", "/5", "/2"]


async def test_a_trace_id_is_found_wherever_it_is(operator: Api, scim: Scim, made: list[tuple[uuid.UUID, str]]) -> None:
    [(first, _), (second, _)] = made[:2]
    own = operator.id("Organization", scim.access.organization_id, scim.access.organization_id)
    found = [(await operator.ask(ONE, trace=str(each)))["platformRequest"] for each in (first, second)]
    assert [each["request"]["path"] for each in found] == ["/0", "/1"]
    assert [each["organization"]["id"] == own for each in found] == [True, False]
    assert (await operator.ask(ONE, trace=str(uuid.uuid4())))["platformRequest"] is None
    refused = await operator.refused(ONE, trace="nonsense")
    assert refused["extensions"]["code"] == "BAD_REQUEST"


async def test_people_are_named_so_that_running_the_platform_alone_is_not_enough(
    new_api: NewApi, made: list[tuple[uuid.UUID, str]]
) -> None:
    blind = await new_api(None, [Right.PLATFORM_MANAGE])
    for query, asked in ((ALL, {"first": 1}), (ONE, {"trace": str(made[0][0])})):
        assert (await blind.refused(query, **asked))["extensions"]["code"] == "FORBIDDEN"
