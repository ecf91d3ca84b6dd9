"""What becomes of a mail: once for each cause, never too late, and nothing lost while there is no mail server."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from api.mail import delivering, rendering, times
from api.outbox.work import Later
from api.provisioning import clock, mails, notices, organizations
from api.provisioning.caller import the_operator
from api.provisioning.errors import NotFound, Refused
from api.provisioning.notice_facts import HelpRequest
from db import sql
from db.enums import MailState
from db.ids import new_id
from db.transaction import transaction
from tests.factories import MailMessageFactory
from tests.scim.deleting import later

from .carrying import deliver, stored, waiting
from .conftest import use
from .servers import Office

ANN = "ann@example.com"


async def put(email: str | None = ANN) -> None:
    """A mail that says nothing."""
    await notices.trial(email, clock.now())


async def code(email: str = ANN) -> None:
    """A mail with a code that is good for ten minutes."""
    at = clock.now()
    await notices.sign_in_code(None, email, "04071789", at=at, until=at + timedelta(minutes=10))


async def question() -> None:
    """Acme asks the operator for help."""
    facts = HelpRequest("dana@example.com", "dana@example.com", "Where are the seats?")
    await notices.help_request(await organizations.create("Acme"), facts, clock.now())


async def states() -> list[str]:
    """What became of the mails, oldest first."""
    return [row["state"] for row in await stored()]


@pytest.mark.usefixtures("database")
async def test_a_mail_is_there_with_its_cause_or_not_at_all() -> None:
    async def work() -> None:
        await put()
        raise LookupError

    with pytest.raises(LookupError):
        await transaction(work)
    assert (await stored(), await waiting()) == ([], 0)


async def test_a_task_that_is_carried_out_again_after_success_sends_nothing(office: Office) -> None:
    await put()
    await deliver()
    [row] = await stored()
    for _ in range(3):
        await delivering.send(row["id"])
    assert (len(office.got), (await stored())[0]["attempts"]) == (1, 1)


async def test_two_workers_with_the_same_task_send_one_mail(office: Office) -> None:
    await put()
    [row] = await stored()
    done = await asyncio.gather(*(delivering.send(row["id"]) for _ in range(5)), return_exceptions=True)
    assert (len(office.got), await states()) == (1, ["SENT"])
    assert sum(each is None for each in done) == 5 - sum(isinstance(each, Later) for each in done)


async def test_a_worker_that_is_killed_before_it_could_note_anything_is_followed_by_another(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it took is free again after the lease, and nobody waits for a person."""
    await put()
    [row] = await stored()
    assert await mails.claim(row["id"], operator_too=True) is not None
    with pytest.raises(Later) as again:
        await delivering.send(row["id"])
    assert again.value.when == (await stored())[0]["due_at"] <= clock.now() + mails.LEASE
    later(monkeypatch, minutes=2)
    await delivering.send(row["id"])
    assert (len(office.got), await states()) == (1, ["SENT"])


async def test_a_mail_that_was_sent_counts_as_sent_even_if_it_expired_meanwhile(office: Office) -> None:
    made = await MailMessageFactory.make(state=MailState.EXPIRED)
    row = await mails.find(the_operator(), made.id)
    await mails.sent(row, ANN)
    assert await states() == ["SENT"]


@pytest.mark.usefixtures("settled", "database")
async def test_without_a_mail_server_mails_wait_to_be_read(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await code()
    assert await deliver() == []
    [row] = await stored()
    assert (row["state"], row["attempts"]) == ("QUEUED", 0)
    told = f"ROLLCALL_SMTP_URL is not set, so a mail waits. Read it by `python -m api mails show {row['id']}`."
    assert told in caplog.messages
    assert "04071789" not in caplog.text


@pytest.mark.usefixtures("office")
async def test_what_waited_is_sent_once_there_is_a_mail_server(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLLCALL_SMTP_URL")
    await put()
    await deliver()
    later(monkeypatch, minutes=5)
    await times.sweep()
    assert await waiting() == 0, "nobody could send it"
    use(monkeypatch, office)
    for _ in range(2):
        await times.sweep()
    assert await waiting() == 1
    await deliver()
    assert (len(office.got), await states()) == (1, ["SENT"])


async def test_a_code_that_is_too_old_is_not_sent_any_more_and_forgotten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLLCALL_SMTP_URL")
    await code()
    await deliver()
    later(monkeypatch, minutes=11)
    use(monkeypatch, office)
    await times.sweep()
    [row] = await stored()
    assert (row["state"], row["secret"], await waiting()) == ("EXPIRED", None, 0)
    await delivering.send(row["id"])
    assert office.got == []


async def test_a_mail_that_waits_for_its_next_try_is_not_swept_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.to_recipient = lambda _: "451 Later"
    await put()
    await deliver()
    await sql.rows("DELETE FROM queue.task")
    await times.sweep()
    assert await waiting() == 0
    later(monkeypatch, minutes=5)
    await times.sweep()
    assert await waiting() == 1, "its task was lost"


async def test_a_code_is_forgotten_as_soon_as_it_was_sent(office: Office) -> None:
    await code()
    [row] = await stored()
    assert row["secret"] is not None
    await deliver()
    [row] = await stored()
    assert row["secret"] is None
    assert "04071789" in office.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert "04071789" not in str(dict(row))


async def test_codes_overtake_other_mails(office: Office) -> None:
    await question()
    await code()
    await deliver()
    assert [mail["Subject"] for mail in office.mails] == ["Your code for Rollcall", "Acme asks for help"]


async def test_the_operators_mails_wait_until_the_operator_has_an_address(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.delenv("ROLLCALL_OPERATOR_MAIL")
    await put(None)
    assert await deliver() == []
    assert "ROLLCALL_OPERATOR_MAIL is not set, so a mail waits." in caplog.text
    later(monkeypatch, minutes=5)
    await times.sweep()
    assert (await states(), await waiting()) == (["QUEUED"], 0)
    monkeypatch.setenv("ROLLCALL_OPERATOR_MAIL", "Olga <olga@example.com>")
    await times.sweep()
    await deliver()
    [row] = await stored()
    assert (row["state"], row["recipient"], office.got[0].rcpt_tos) == (
        "SENT",
        "olga@example.com",
        ["olga@example.com"],
    )


async def test_an_answer_to_a_request_for_help_goes_to_whoever_asked(office: Office) -> None:
    await question()
    await deliver()
    [mail] = office.mails
    assert (mail["To"], mail["Reply-To"]) == ("operator@example.com", "dana@example.com")


async def test_a_bug_in_the_words_fails_the_mail_and_is_not_hidden(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await MailMessageFactory.make(kind="INVITATION")
    [row] = await stored()
    with pytest.raises(Exception, match="missing required field"):
        await delivering.send(row["id"])
    [row] = await stored()
    assert row["state"] == "FAILED"
    assert "missing required field" in row["last_error"]
    await delivering.send(row["id"])


@pytest.mark.usefixtures("settled", "database")
async def test_what_mails_told_is_wiped_after_thirty_days_and_that_they_were_after_four_hundred(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = await MailMessageFactory.make(state=MailState.SENT)
    later(monkeypatch, days=29)
    assert await mails.forget() == 0
    later(monkeypatch, days=2)
    assert await mails.forget() == 1
    row = await mails.find(the_operator(), old.id)
    assert (row.data, row.state, row.recipient) == (None, "SENT", old.recipient)
    assert rendering.words(row, "https://rollcall.example.com") is None
    later(monkeypatch, days=400)
    await mails.forget()
    with pytest.raises(NotFound):
        await mails.find(the_operator(), old.id)


async def test_a_mail_that_failed_is_sent_after_all(office: Office) -> None:
    office.to_recipient = lambda attempt: "550 Full" if attempt == 1 else None
    await put()
    await deliver()
    [row] = await stored()
    assert (await mails.retry(the_operator(), row["id"])).state == "QUEUED"
    with pytest.raises(Refused, match="waits to be sent"):
        await mails.retry(the_operator(), row["id"])
    await deliver()
    assert (len(office.got), await states()) == (1, ["SENT"])
    with pytest.raises(Refused, match="was sent"):
        await mails.retry(the_operator(), row["id"])


async def test_what_nobody_could_use_is_not_sent_after_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.to_recipient = lambda _: "550 Full"
    await code()
    await deliver()
    later(monkeypatch, minutes=11)
    [row] = await stored()
    with pytest.raises(Refused, match="good for nothing"):
        await mails.retry(the_operator(), row["id"])
    await sql.rows("UPDATE mail_message SET data = NULL")
    with pytest.raises(Refused, match="Nobody knows any more"):
        await mails.retry(the_operator(), row["id"])
    with pytest.raises(NotFound):
        await mails.retry(the_operator(), new_id())
