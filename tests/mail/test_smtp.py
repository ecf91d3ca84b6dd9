"""Mails over SMTP, to a real server: what it has to offer, what it refuses, and what breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from api.mail import delivering, smtp
from api.provisioning import clock, notices
from tests.scim.deleting import later

from . import servers
from .carrying import deliver, stored
from .conftest import use
from .servers import Authority, Office

ANN = "ann@example.com"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Connections of one test are none of the next one's."""
    yield
    delivering._postman.cache_clear()


async def put(email: str | None = ANN) -> None:
    """A mail that says nothing."""
    await notices.trial(email, clock.now())


async def state() -> tuple[str, str | None]:
    """What became of the only mail, and why."""
    [row] = await stored()
    return row["state"], row["last_error"]


async def test_a_mail_arrives_by_starttls_and_with_a_password(office: Office) -> None:
    await put()
    assert await deliver() == []
    [got] = office.got
    assert (got.mail_from, got.rcpt_tos) == ("rollcall@example.com", [ANN])
    [mail] = office.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        ANN,
        "Rollcall <rollcall@example.com>",
        "Mails of Rollcall arrive",
    )
    assert office.logins == [servers.PASSWORD.encode()]
    assert await state() == ("SENT", None)


async def test_every_mail_has_what_a_machine_has_to_say_and_no_more(office: Office) -> None:
    """RFC 3834: no vacation notice comes back. Nothing in it is fetched by whoever reads it."""
    await put()
    await deliver()
    [mail] = office.mails
    [row] = await stored()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{row['id']}@example.com>"
    assert mail["Date"].datetime == row["created_at"].replace(microsecond=0)
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert {"List-Unsubscribe", "Reply-To", "Precedence"} & set(mail.keys()) == set()


async def test_answers_go_where_the_operator_wants_them(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_MAIL_REPLY_TO", "Support <support@example.com>")
    await put()
    await deliver()
    assert office.mails[0]["Reply-To"] == "Support <support@example.com>"


async def test_mails_go_by_tls_from_the_start(
    trusted: Authority, settled: None, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Office()
    options = {"auth_require_tls": False, "authenticator": servers.Authenticator(made)}
    async with servers.serving(made, trusted, wrapped=True, options=options):
        use(monkeypatch, made, "smtps")
        await put()
        await deliver()
    assert (len(made.got), await state()) == (1, ("SENT", None))


async def test_without_starttls_nothing_is_said_and_the_mail_waits(
    trusted: Authority, settled: None, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Office()
    async with servers.serving(
        made, None, options={"auth_require_tls": False, "authenticator": servers.Authenticator(made)}
    ):
        use(monkeypatch, made)
        await put()
        [again] = await deliver()
        assert again.because == "SMTP STARTTLS extension not supported by server."
        assert (made.got, made.logins) == ([], [])
        monkeypatch.setenv("ROLLCALL_SMTP_ALLOW_PLAIN", "yes")
        later(monkeypatch, minutes=1)
        assert await deliver() == []
    assert (len(made.got), made.logins) == (1, [servers.PASSWORD.encode()])


async def test_a_certificate_of_nobody_knows_whom_is_not_trusted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    await put()
    [again] = await deliver()
    assert "certificate verify failed" in again.because
    assert (office.got, office.logins) == ([], [])


async def test_a_certificate_for_another_name_is_not_trusted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_SMTP_URL", f"smtp://a:b@localhost:{office.port}")
    await put()
    [again] = await deliver()
    assert "certificate verify failed" in again.because
    assert office.logins == []


async def test_a_wrong_password_is_for_the_operator_to_put_right(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not the mail's fault: it waits."""
    use(monkeypatch, office, user="nobody")
    await put()
    [again] = await deliver()
    assert again.because.startswith("535 ")
    assert (await state())[0] == "QUEUED"
    use(monkeypatch, office)
    later(monkeypatch, minutes=1)
    await deliver()
    assert await state() == ("SENT", None)


async def test_a_recipient_who_is_refused_gets_nothing_and_the_operator_sees_why(office: Office) -> None:
    office.to_recipient = lambda _: "550 5.1.1 No such\tuser here"
    await put()
    assert await deliver() == []
    assert await state() == ("FAILED", "550 5.1.1 No such user here")
    office.to_recipient = lambda _: None
    await put("bob@example.com")
    await deliver()
    assert (len(office.got), office.connections) == (1, 1), "the connection is as good as before"


async def test_a_mail_whose_content_is_refused_is_not_tried_again(office: Office) -> None:
    office.to_data = lambda _: "554 5.7.1 Looks like spam"
    await put()
    assert await deliver() == []
    assert await state() == ("FAILED", "554 5.7.1 Looks like spam")


async def test_a_server_that_says_later_gets_the_same_mail_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Greylisting."""
    office.to_recipient = lambda attempt: "451 4.7.1 Greylisted, come back" if attempt < 3 else None
    await put()
    [again] = await deliver()
    assert again.because == "451 4.7.1 Greylisted, come back"
    assert await state() == ("QUEUED", "451 4.7.1 Greylisted, come back")
    for minutes in (1, 2):
        later(monkeypatch, minutes=minutes)
        await deliver()
    [row] = await stored()
    assert (row["state"], row["attempts"], row["last_error"], len(office.got)) == ("SENT", 3, None, 1)


async def test_who_never_has_time_is_given_up_when_the_mail_is_of_no_use(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.to_recipient = lambda _: "450 Mailbox busy"
    await put()
    while await deliver():
        [row] = await stored()
        monkeypatch.setattr(clock, "now", lambda at=row["due_at"]: at)
    assert await state() == ("FAILED", "450 Mailbox busy")
    assert office.recipients_asked == 6, "10 s, 1, 5, 15 and 30 minutes fit into the hour that a trial lasts"


async def test_a_connection_that_breaks_after_the_data_leads_to_the_same_mail_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has it, and we cannot know: both copies have one Message-ID and the same bytes."""
    office.drops = lambda attempt: attempt == 1
    await put()
    assert len(await deliver()) == 1
    assert (await state())[0] == "QUEUED"
    later(monkeypatch, minutes=1)
    await deliver()
    assert (await state())[0] == "SENT"
    first, second = office.got
    assert first.content == second.content


async def test_a_server_that_is_away_is_tried_again(
    trusted: Authority, settled: None, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Office()
    options = {"authenticator": servers.Authenticator(made)}
    async with servers.serving(made, trusted, options=options):
        use(monkeypatch, made)
    await put()
    [again] = await deliver()
    assert "onnect" in again.because
    async with servers.serving(made, trusted, options=options):
        later(monkeypatch, minutes=1)
        await deliver()
    assert (len(made.got), await state()) == (1, ("SENT", None))


async def test_a_connection_is_used_again_and_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        await put()
    await deliver()
    assert (len(office.got), office.connections) == (5, 1)
    monkeypatch.setattr(smtp, "IDLE_SECONDS", 0.0)
    await put()
    await deliver()
    assert (len(office.got), office.connections) == (6, 2)


async def test_a_kept_connection_that_the_server_has_closed_costs_nothing(
    trusted: Authority, settled: None, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Office()
    options = {"authenticator": servers.Authenticator(made), "timeout": 0.2}
    async with servers.serving(made, trusted, options=options):
        use(monkeypatch, made)
        await put()
        await deliver()
        await asyncio.sleep(0.5)
        await put()
        assert await deliver() == []
    assert (len(made.got), made.connections) == (2, 2)


@pytest.mark.parametrize(
    ("email", "envelope", "shown"),
    [
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example", "ann@xn--mnchen-3ya.example"),
        ("jürgen@example.com", "jürgen@example.com", "jürgen@example.com"),
        ("a,b@example.com", '"a,b"@example.com', '"a,b"@example.com'),
        ("ann+rollcall@example.com", "ann+rollcall@example.com", "ann+rollcall@example.com"),
    ],
)
async def test_addresses_of_all_kinds_are_written_so_that_servers_take_them(
    office: Office, email: str, envelope: str, shown: str
) -> None:
    await put(email)
    assert await deliver() == []
    [got], [mail] = office.got, office.mails
    assert (got.rcpt_tos, got.smtp_utf8) == ([envelope], not envelope.isascii())
    assert mail["To"] == shown
    assert len(mail["To"].addresses) == 1


async def test_an_address_that_the_server_cannot_take_fails(
    trusted: Authority, settled: None, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Office()
    options = {"authenticator": servers.Authenticator(made), "enable_SMTPUTF8": False}
    async with servers.serving(made, trusted, options=options):
        use(monkeypatch, made)
        await put("jürgen@example.com")
        assert await deliver() == []
    assert (await state())[0] == "FAILED"
    assert "SMTPUTF8" in str((await state())[1])


@pytest.mark.parametrize(
    "email",
    [
        "ann",
        "ann@",
        "@example.com",
        "ann@exa mple.com",
        "ann@a..b",
        "a\r\nRCPT TO:<eve@evil.example>@x.example",
        "a\x01@x.example",
    ],
)
async def test_what_is_no_address_gets_no_mail(office: Office, email: str) -> None:
    await put(email)
    assert await deliver() == []
    [row] = await stored()
    assert (row["state"], office.got) == ("FAILED", [])
    assert "is no address to which mails can go" in row["last_error"]
