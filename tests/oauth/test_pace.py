"""How often tokens may be asked for, and that strangers cannot use that up (RFC 6749 §10.10)."""

from __future__ import annotations

import asyncio

import pytest

from api.oauth import issuing
from api.provisioning import request_log
from api.provisioning.key_text import SECRET_PREFIX, new_key
from db import sql

from .asking import Client, basic, refusal

WRONG = "grant_type=client_credentials"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five at once, and one more in an hour."""
    monkeypatch.setattr(issuing, "BURST", 5)
    monkeypatch.setattr(issuing, "PER_MINUTE", 1 / 60)


async def test_who_asks_too_often_is_told_when_to_come_again(okta: Client, others: list[Client]) -> None:
    answers = await asyncio.gather(*(okta.by_basic() for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 5
    late = next(answer for answer in answers if answer.status_code == 429)
    assert "Keep each one until it expires" in refusal(late, "temporarily_unavailable", 429)
    assert 3500 < int(late.headers["retry-after"]) <= 3600
    assert [(await each.by_basic()).status_code for each in others] == [200, 200]


async def test_strangers_keep_nobody_out_and_fill_no_record(okta: Client) -> None:
    headers = [basic(str(okta.id), new_key(SECRET_PREFIX)) for _ in range(10)]
    statuses = [(await okta.post(WRONG, authorization=header)).status_code for header in headers]
    assert statuses == [401] * 5 + [429] * 5
    assert (await okta.by_basic()).status_code == 200
    await request_log.flush()
    assert await sql.value("SELECT count(*) FROM request") == 5
