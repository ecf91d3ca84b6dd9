"""Mails by a real worker, from the cause to the mail server."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.mail import delivering
from api.provisioning import invitations, mails
from api.provisioning.invitations import Guest
from tests.scim.conversation import Scim
from tests.scim.governing import governor
from tests.worker.working import until_done, working

from .carrying import stored
from .servers import Office


async def test_whoever_is_invited_finds_the_token_in_their_mail(office: Office, scim: Scim) -> None:
    async with working(*delivering.HANDLERS):
        made = await invitations.invite(governor(scim), Guest("guest@example.org"))
        await until_done()
    [mail] = office.mails
    assert f"https://rollcall.example.com/invitation/{made.token}" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert mail["To"] == "guest@example.org"


async def test_many_workers_send_each_mail_once(office: Office, scim: Scim) -> None:
    async with working(*delivering.HANDLERS), working(*delivering.HANDLERS):
        for number in range(20):
            await invitations.invite(governor(scim), Guest(f"guest{number}@example.org"))
        await until_done()
    assert sorted(mail["To"] for mail in office.mails) == sorted(f"guest{number}@example.org" for number in range(20))
    assert {row["state"] for row in await stored()} == {"SENT"}


async def test_a_worker_tries_again_by_itself(office: Office, scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "_PAUSES", [timedelta(milliseconds=50)])
    office.to_recipient = lambda attempt: "451 Later" if attempt == 1 else None
    async with working(*delivering.HANDLERS):
        await invitations.invite(governor(scim), Guest("guest@example.org"))
        async with asyncio.timeout(20):
            while (await stored())[0]["state"] != "SENT":
                await asyncio.sleep(0.05)
    assert len(office.got) == 1
