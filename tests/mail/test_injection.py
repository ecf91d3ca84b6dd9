"""Names and texts come from strangers: none of them becomes a header, another recipient, a link, or markup."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.mail.letters import line, lines
from api.mail.message import NoAddress, envelope
from api.provisioning import contacts, help_requests, organizations
from api.provisioning.actor import operator
from api.provisioning.notice_facts import DirectoryStale, Facts, HelpRequest, Invitation, WebhookDisabled
from api.provisioning.plan_catalogue import Contact
from api.settings import Mailbox
from db.enums import ContactKind
from tests.scim.conversation import Json, Scim
from tests.scim.governing import active, team

from .carrying import deliver
from .samples import LATER, NOON, SAMPLES, URL, row, words
from .servers import Office

HEADERS = {
    "Message-ID",
    "Subject",
    "From",
    "To",
    "Date",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
}
SENDER = Mailbox("Rollcall", "rollcall@example.com")
ATTACKS = [
    "Acme\r\nBcc: eve@evil.example",
    "Acme\nBcc: eve@evil.example\n\nA body of mine",
    "Acme\rX: y",
    "Acme\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: eve@evil.example",
    "Acme\x00Bcc: eve@evil.example",
    "=?utf-8?q?Acme=0d=0aBcc:_eve@evil.example?=",
    "\u202eemcA \u2066hidden\u2069",
    "<script>alert(1)</script><img src=https://evil.example/x>",
    '"><a href="https://evil.example">click</a>',
    "{{ 7 * 7 }} {% for x in y %}",
    "https://evil.example/login",
    "x" * 100_000,
    "日本語の会社 株式会社 " * 30,
]


def wire(facts: Facts, **of: Any) -> EmailMessage:
    """A mail as its reader gets it."""
    mail = row(facts, **of)
    made = envelope(mail, words(facts, **of), "ann@example.com", SENDER, None, URL)
    head = made.content.split(b"\r\n\r\n")[0]
    assert all(len(each) < 998 for each in made.content.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", made.content)
    assert head.isascii()
    return message_from_bytes(made.content, policy=SMTP)


def harmless(mail: EmailMessage) -> None:
    """A look whether a mail has no more headers, recipients, links and markup than ours."""
    assert set(mail.keys()) == HEADERS
    assert len(mail.keys()) == len(HEADERS)
    assert [each.addr_spec for each in mail["To"].addresses] == ["ann@example.com"]
    assert mail["Subject"].isprintable()
    assert len(mail["Subject"]) <= 150
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]  # it has both
    page = ElementTree.fromstring(html)
    assert not {each.tag.rpartition("}")[2] for each in page.iter()} & {"script", "img", "form", "iframe"}
    links = [value for each in page.iter() for name, value in each.items() if name == "href"]
    assert all(link.startswith(f"{URL}/") for link in links)
    assert all(link.startswith((URL, "https://example.com/success")) for link in re.findall(r"\w+://[^\s),]+", text))
    assert all(letter == "\n" or letter.isprintable() for letter in text.replace("\r\n", "\n"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_names_of_organizations_and_directories_stay_names(attack: str) -> None:
    harmless(wire(DirectoryStale(attack, NOON, 40), name=attack))
    harmless(wire(Invitation(attack, LATER), name=attack))
    harmless(wire(WebhookDisabled(attack, attack)))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_no_name_whatever_becomes_anything_else(name: str, other: str) -> None:
    harmless(wire(DirectoryStale(name, NOON, 40), name=other))


@pytest.mark.parametrize("attack", [each for each in ATTACKS if len(each) < 1000])
def test_what_somebody_writes_stays_a_quotation(attack: str) -> None:
    facts = HelpRequest("dana", None, f"{attack}\n.\nFrom me\n-- \nYou get this because I say so")
    text = words(facts).text
    harmless(wire(facts))
    body, _, footer = text.partition("\n-- \n")
    assert "You get this because you run Rollcall." in footer
    assert "> You get this because I say so" in body
    assert all(part.startswith("> ") for part in body.splitlines() if "From me" in part)


def test_lone_surrogates_do_not_break_a_mail() -> None:
    """PostgreSQL keeps none, so none comes from there."""
    assert line("a\ud800b") == "a b"
    assert lines("a\ud800b\nc") == "a b\nc"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Acme\r\n  GmbH", "Acme GmbH"),
        ("x" * 300, "x" * 199 + "…"),
        ("نام\N{ZERO WIDTH NON-JOINER}ها", "نام\N{ZERO WIDTH NON-JOINER}ها"),
        ("https://evil.example", "https: //evil.example"),
        ("  ", ""),
    ],
)
def test_a_line(text: str, seen: str) -> None:
    assert line(text) == seen


@pytest.mark.parametrize("reply_to", ["eve@evil.example\r\nBcc: all@example.com", "a b@x.example", "x"])
def test_an_address_that_is_none_makes_no_header(reply_to: str) -> None:
    facts = HelpRequest("dana", reply_to, "Hello")
    with pytest.raises(NoAddress):
        wire(facts)


def test_a_contact_of_the_operators_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    found = words(SAMPLES["seat_threshold"], contact=Contact("<b>Ida</b>", "ida@example.com"))
    assert "&lt;b&gt;Ida&lt;/b&gt;" in found.html


def test_a_mail_is_the_same_each_time() -> None:
    mail = row(SAMPLES["digest"])
    found = words(SAMPLES["digest"])
    made = [envelope(mail, found, "ann@example.com", SENDER, SENDER, URL) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].content.startswith(f"Message-ID: <{mail.id}@example.com>\r\nList-Unsubscribe: <{URL}/mail/".encode())


def test_long_urls_and_addresses_are_not_broken_up() -> None:
    url = "https://rollcall." + "a-long-name." * 15 + "example.com/below/it"
    sender = Mailbox("", "rollcall@" + "a-long-name." * 15 + "example.com")
    mail = row(SAMPLES["digest"])
    made = envelope(mail, words(SAMPLES["digest"]), "ann@example.com", sender, None, url)
    read = message_from_bytes(made.content, policy=SMTP)
    assert read["Message-ID"] == f"<{mail.id}@{sender.address.partition('@')[2]}>"
    assert read["List-Unsubscribe"] == f"<{url}/mail/unsubscribe/c2FtcGxlIHRva2VuIG9mIGEgZGln>"


@pytest.mark.parametrize("attack", ["Eve\nBcc: eve@evil.example", "<b>Eve</b>", "\u202eEve"])
async def test_names_that_really_came_from_a_directory_are_harmless_on_arrival(
    office: Office, scim: Scim, attack: str
) -> None:
    """Through every room: over SCIM, into the database, out over SMTP."""
    made: Json = await scim.make_user("eve", displayName=attack, emails=[{"value": "ann@example.com", "primary": True}])
    await team(scim, "admin", made["id"])
    organization = await organizations.create(attack.replace("\n", " "))
    await contacts.add(operator(organization), ContactKind.SECURITY, "ann@example.com")
    await scim.patch(f"/Users/{made['id']}", active(False))
    await help_requests.ask(operator(organization), attack)
    await deliver()
    assert len(office.mails) == 2
    for mail in office.mails:
        assert set(mail.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"} == HEADERS
        assert attack not in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]  # it has one


def test_what_is_stored_is_what_was_sent_in_and_cleaned_only_where_it_is_read() -> None:
    facts = DirectoryStale("Acme\r\nBcc: eve", NOON, 40)
    assert b"\\r\\nBcc" in msgspec.json.encode(facts)
