"""What failed is seen by the operator, and tried anew or dropped."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.outbox import tasks
from db import queue, sql
from tests.graphql.conftest import Api, NewApi
from tests.outbox.failing import failed
from tests.scim.conversation import Scim

pytestmark = pytest.mark.usefixtures("database")

_NOWHERE = uuid.UUID(int=0)
_NODE = "query ($id: ID!) { node(id: $id) { ... on Task { number } } }"
_LIST = """query ($first: Int, $after: String, $entrypoint: String) {
  failedTasks(first: $first, after: $after, entrypoint: $entrypoint) {
    nodes { id number entrypoint payload state tries lastError details } pageInfo { hasNextPage endCursor } } }"""
_REPLAY = "mutation ($id: ID!) { taskReplay(id: $id) { task { state tries } userErrors { code message } } }"
_DISCARD = "mutation ($id: ID!) { taskDiscard(id: $id) { task { payload } userErrors { code message } } }"


@pytest.fixture
async def operator(new_api: NewApi) -> Api:
    """The operator's token."""
    return await new_api(None)


def _id(api: Api, number: int) -> str:
    return api.id("Task", uuid.UUID(int=number), _NOWHERE)


async def test_tasks_that_failed_are_listed_newest_first(operator: Api) -> None:
    first, second, third = [await failed(f"letters.{n}", because=f"no stamp {n}") for n in range(3)]
    await tasks.put("letters.send", "waits")
    page = (await operator.ask(_LIST, first=2))["failedTasks"]
    assert [(each["number"], each["lastError"]) for each in page["nodes"]] == [
        (str(third), "no stamp 2"),
        (str(second), "no stamp 1"),
    ]
    assert page["nodes"][0] == {
        "id": _id(operator, third),
        "number": str(third),
        "entrypoint": "letters.2",
        "payload": '{"letter":1}',
        "state": "FAILED",
        "tries": 10,
        "lastError": "no stamp 2",
        "details": "line 1",
    }
    rest = (await operator.ask(_LIST, first=2, after=page["pageInfo"]["endCursor"]))["failedTasks"]
    assert ([each["number"] for each in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == ([str(first)], False)
    only = (await operator.ask(_LIST, first=2, entrypoint="letters.1"))["failedTasks"]
    assert [each["number"] for each in only["nodes"]] == [str(second)]


async def test_a_task_is_found_by_its_id(operator: Api) -> None:
    number = await failed()
    found = await operator.ask(
        "query ($id: ID!) { node(id: $id) { ... on Task { number } } }", id=_id(operator, number)
    )
    assert found == {"node": {"number": str(number)}}


async def test_tasks_are_nothing_to_an_organization(new_api: NewApi, scim: Scim) -> None:
    api, number = await new_api(scim.access.organization_id), await failed()
    assert await api.ask(_NODE, id=_id(api, number)) == {"node": None}
    assert (await api.refused(_LIST, first=1))["extensions"]["code"] == "FORBIDDEN"


async def test_a_task_that_is_replayed_is_tried_as_if_it_had_never_been(operator: Api) -> None:
    number = await failed()
    done = await operator.ask(_REPLAY, id=_id(operator, number))
    assert done["taskReplay"] == {"task": {"state": "WAITING", "tries": 0}, "userErrors": []}
    assert await sql.value(f"SELECT headers ? 'failures' FROM {queue.TASK} WHERE id = $1", number) is False
    again = await operator.ask(_REPLAY, id=_id(operator, number))
    [error] = again["taskReplay"]["userErrors"]
    assert (error["code"], again["taskReplay"]["task"]) == ("CONFLICT", None)


async def test_a_task_that_is_discarded_is_gone_and_remembered(operator: Api) -> None:
    number = await failed()
    done = await operator.ask(_DISCARD, id=_id(operator, number))
    assert done["taskDiscard"] == {"task": {"payload": '{"letter":1}'}, "userErrors": []}
    assert await sql.value(f"SELECT count(*) FROM {queue.TASK}") == 0
    assert await sql.value(f"SELECT status::text FROM {queue.LOG} ORDER BY id DESC LIMIT 1") == "deleted"


@pytest.mark.parametrize("document", [_REPLAY, _DISCARD])
@pytest.mark.parametrize("number", [1, 2**63, 2**127])
async def test_a_task_that_never_was_is_not_found(operator: Api, document: str, number: int) -> None:
    [answer] = (await operator.ask(document, id=_id(operator, number))).values()
    assert [error["code"] for error in answer["userErrors"]] == ["NOT_FOUND"]


async def test_only_what_failed_is_discarded(operator: Api) -> None:
    await tasks.put("letters.send", "waits")
    number = await sql.value(f"SELECT id FROM {queue.TASK}")
    assert isinstance(number, int)
    answer: dict[str, Any] = (await operator.ask(_DISCARD, id=_id(operator, number)))["taskDiscard"]
    assert [error["code"] for error in answer["userErrors"]] == ["CONFLICT"]
    assert await sql.value(f"SELECT count(*) FROM {queue.TASK}") == 1
