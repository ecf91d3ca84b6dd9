"""Requests sent at the same time."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from typing import TypeAlias

import httpx

from .conversation import Scim, document, user

Requests: TypeAlias = list[Awaitable[httpx.Response]]

MANY = 40
ROUNDS = 4


async def together(*requests: Awaitable[httpx.Response]) -> list[httpx.Response]:
    """The answers to all of them, in the order of the requests; a 5xx fails the test."""
    answers = await asyncio.gather(*requests)
    broken = [answer.text for answer in answers if answer.status_code >= 500]
    assert not broken, broken[:3]
    return list(answers)


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    """How often each status was answered."""
    return Counter(answer.status_code for answer in answers)


def mixed(some: Requests, others: Requests) -> Requests:
    """Both in one order that is random but the same in every run."""
    mixed = [*some, *others]
    random.Random(7).shuffle(mixed)
    return mixed


async def made_users(scim: Scim, count: int, prefix: str = "user") -> list[str]:
    """The ids of so many users, made at the same time."""
    made = await together(*(scim.post("/Users", user(f"{prefix}{number:03}")) for number in range(count)))
    assert statuses(made) == {201: count}
    return [document(answer)["id"] for answer in made]
