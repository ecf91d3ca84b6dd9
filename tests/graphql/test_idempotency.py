"""Doing things once by an idempotency key, tried with making organizations."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from api.graphql import mutating
from api.provisioning import clock, idempotency, organizations, platform, tokens
from api.provisioning.actor import Actor
from api.provisioning.errors import BadSetting, IdempotencyMismatch
from db import sql
from tests.factories import IdempotencyKeyFactory

from .conftest import OPERATOR, Api, NewApi

CREATE = """mutation ($input: OrganizationCreateInput!, $key: String) {
  organizationCreate(input: $input, idempotencyKey: $key) {
    organization { id name } userErrors { code message } auditEntry { action } } }"""


@pytest.fixture
async def operator(new_api: NewApi) -> Api:
    """The operator's token."""
    return await new_api(None)


async def names() -> list[str]:
    """What organizations are called."""
    return [row[0] for row in await sql.rows("SELECT name FROM organization ORDER BY id")]


class Clock:
    """A clock that can be moved."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The application's clock."""
    moved = Clock()
    monkeypatch.setattr(clock, "now", moved)
    return moved


async def create(api: Api, key: str, name: str = "Acme") -> dict[str, Any]:
    """What making an organization with a key answers."""
    return dict((await api.ask(CREATE, input={"name": name}, key=key))["organizationCreate"])


async def test_the_same_key_does_it_once(operator: Api, new_api: NewApi, time: Clock) -> None:
    first, second = await create(operator, "k1"), await create(operator, "k1")
    assert first["organization"] == second["organization"]
    assert (first["auditEntry"] is None, second["auditEntry"]) == (False, None)
    assert await names() == ["Acme"]
    await create(operator, "k2")
    await create(await new_api(None), "k1")
    assert await names() == ["Acme"] * 3
    time.ahead = idempotency.LIFETIME + timedelta(minutes=1)
    await create(operator, "k1")
    assert await names() == ["Acme"] * 4
    assert await sql.value("SELECT count(*) FROM idempotency_key") == 1


async def test_two_at_once_do_it_once(operator: Api) -> None:
    answers = await asyncio.gather(*(create(operator, "k1") for _ in range(6)))
    assert await names() == ["Acme"]
    codes = [each["code"] for answer in answers for each in answer["userErrors"]]
    assert set(codes) <= {"CONFLICT"}
    assert len({answer["organization"]["id"] for answer in answers if answer["organization"]}) == 1
    assert (await create(operator, "k1"))["userErrors"] == []


async def test_the_same_key_for_something_else_is_refused(operator: Api) -> None:
    await create(operator, "k1")
    done = await create(operator, "k1", "Other")
    assert [each["code"] for each in done["userErrors"]] == ["IDEMPOTENCY_MISMATCH"]
    assert await names() == ["Acme"]


async def test_a_refused_act_frees_its_key(operator: Api) -> None:
    assert (await create(operator, "k1", " "))["userErrors"][0]["code"] == "INVALID"
    assert (await create(operator, "k1"))["userErrors"] == []


async def test_an_act_that_broke_off_is_not_done_again(
    operator: Api, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError("The power is gone.")

    with monkeypatch.context() as broken:
        broken.setattr(platform, "create", fails)
        assert (await operator.refused(CREATE, input={"name": "Acme"}, key="k1"))["extensions"]["code"] == "INTERNAL"
    soon = (await create(operator, "k1"))["userErrors"][0]
    assert soon["code"] == "CONFLICT"
    assert "few seconds" in soon["message"]
    time.ahead = idempotency.PATIENCE + timedelta(seconds=1)
    later = (await create(operator, "k1"))["userErrors"][0]
    assert later["code"] == "CONFLICT"
    assert "new key" in later["message"]
    assert await names() == []


@pytest.mark.parametrize("key", ["", "x" * 256, "a\u0000b", "a\nb"])
async def test_a_key_that_is_none_is_refused(operator: Api, key: str) -> None:
    assert (await create(operator, key))["userErrors"][0]["code"] == "INVALID"
    assert await names() == []


async def test_old_keys_go_with_the_next_that_comes(operator: Api) -> None:
    for number in range(3):
        await IdempotencyKeyFactory.make(key=f"old{number}", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    await create(operator, "k1")
    assert [row[0] for row in await sql.rows("SELECT key FROM idempotency_key")] == ["k1"]


async def test_any_mutation_that_makes_something_can_be_done_once(operator: Api) -> None:
    """`mutating.once` as mutations use it: the caller is that of the request, the rest is up to them."""
    [token] = await tokens.all_of(OPERATOR, None)
    info: Any = SimpleNamespace(context=SimpleNamespace(caller=tokens.caller_of(token)))
    made = list[uuid.UUID]()

    async def act(_: Actor) -> uuid.UUID:
        made.append(uuid.uuid4())
        return made[-1]

    actor = OPERATOR.within(await organizations.create("Acme"))
    for number, (key, asked) in enumerate([("k", "a"), ("k", "a"), (None, "a"), (None, "a"), ("l", "b")]):
        done = await mutating.once(info, key, ("somethingMake", asked), act)(actor)
        assert done == made[[0, 0, 1, 2, 3][number]]
    with pytest.raises(IdempotencyMismatch):
        await mutating.once(info, "k", ("somethingMake", "b"), act)(actor)


async def test_whoever_has_neither_token_nor_account_has_no_idempotency_keys(operator: Api) -> None:
    async def act() -> uuid.UUID:
        raise AssertionError("It was done.")

    with pytest.raises(BadSetting, match="signed in"):
        await idempotency.once(OPERATOR, "k1", "anything", act)
