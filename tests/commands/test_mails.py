"""Mails and contacts from the command line."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from api import settings
from api.commands import command_line
from api.commands.results import Result
from api.provisioning import clock, notices
from tests.factories import MailMessageFactory
from tests.mail import servers
from tests.mail.conftest import authority, office, settled, trusted
from tests.mail.servers import Office

from .conftest import Ask, read, read_list

__all__ = ["authority", "office", "settled", "trusted"]


async def run(*argv: str) -> Result:
    """What a command does with the settings of the environment."""
    arguments = command_line.parser().parse_args(argv)
    result = await arguments.ask(arguments, settings.read())
    assert isinstance(result, Result)
    return result


async def test_without_a_mail_server_mails_are_read_here(ask: Ask) -> None:
    at = clock.now()
    await notices.sign_in_code(None, "ann@example.com", "04071789", at=at, until=at + timedelta(minutes=10))
    listed = await ask("mails", "list", "--state", "QUEUED", "--kind", "SIGN_IN_CODE")
    [found] = read_list(listed)
    assert (found["recipient"], found["subject"]) == ("ann@example.com", "Your code for Rollcall")
    assert "04071789" not in listed.as_json()
    shown = await ask("mails", "show", found["id"])
    assert "04071789" in shown.text
    assert read_list(await ask("mails", "list", "--state", "SENT")) == []
    assert read_list(await ask("mails", "list", "--organization", uuid.UUID(int=1))) == []


async def test_a_trial_says_what_is_missing(ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLLCALL_SMTP_URL")
    told = await run("mails", "test", "ann@example.com")
    assert (told.exit_code, told.text) == (1, "It is not sent, because ROLLCALL_SMTP_URL is not set.")


async def test_a_trial_says_whether_the_server_has_taken_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told = await run("mails", "test")
    assert (told.exit_code, office.got[0].rcpt_tos) == (0, ["operator@example.com"])
    assert "arrives at operator@example.com" in told.text
    office.to_recipient = lambda _: "550 No such user"
    told = await run("mails", "test", "ann@example.com")
    assert (told.exit_code, told.text) == (1, "The mail server does not take it: 550 No such user")
    office.to_recipient = lambda _: "451 Later"
    told = await run("mails", "test", "ann@example.com")
    assert (told.exit_code, told.text) == (1, "The mail server did not take it: 451 Later")
    monkeypatch.setenv("ROLLCALL_SMTP_URL", f"smtp://nobody:{servers.USER}@127.0.0.1:{office.port}")
    told = await run("mails", "test", "ann@example.com")
    assert told.exit_code == 1
    assert "535" in told.text
    shown = await run("mails", "list", "--state", "FAILED")
    [failed] = read_list(shown)
    assert (await run("mails", "retry", str(failed["id"]))).text == "It is sent as soon as a worker looks."


async def test_a_mail_of_long_ago_is_there_without_its_words(ask: Ask) -> None:
    made = await MailMessageFactory.make(data=None, state="SENT")
    shown = await ask("mails", "show", made.id)
    assert "What it said was wiped after 30 days." in shown.text
    assert read(shown)["text"] is None


async def test_contacts_are_added_changed_and_removed(ask: Ask) -> None:
    organization = read(await ask("organizations", "create", "Acme"))["id"]
    here = ("--organization", organization)
    made = read(await ask("contacts", "add", "BILLING", "money@example.com", "--name", "Ledger", *here))
    assert "gets digests" in (await ask("contacts", "change", made["id"], "--digest", "yes", *here)).text
    [found] = read_list(await ask("contacts", "list", *here))
    assert (found["email"], found["wants_digest"], found["name"]) == ("money@example.com", True, "Ledger")
    await ask("contacts", "remove", made["id"], *here)
    assert (await ask("contacts", "list", *here)).text == "The organization has no contacts: its admins are told."


async def test_whom_an_organization_asks(ask: Ask) -> None:
    organization = read(await ask("organizations", "create", "Acme"))["id"]
    told = await ask("organizations", "contact", organization, "Ida", "--mail", "ida@example.com")
    assert told.text == "The organization asks Ida (ida@example.com)."
    assert "Ida (ida@example.com)" in (await ask("organizations", "show", organization)).text
    assert (await ask("organizations", "contact", organization)).text == "The organization asks nobody."
