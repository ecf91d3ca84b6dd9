"""How mails read, word for word, and what their HTML may have in it."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from api.mail import rendering
from api.mail.letters import Code, Link, Paragraph, Quotation, Table
from api.mail.rendering import HIDDEN
from api.provisioning.notice_facts import FACTS
from db.enums import MailKind

from .samples import FOLDER, SAMPLES, URL, read, row, words

_FRAME = ("html", "head", "meta", "title", "style", "body", "div")
_XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_reads_as_somebody_has_read_it(name: str) -> None:
    """After a change: `python -m tests.mail.samples`, and read what changed."""
    assert read(name) == FOLDER.joinpath(f"{name}.txt").read_text()


def test_there_is_a_sample_of_each_kind_and_none_too_many() -> None:
    assert {facts.kind for facts in SAMPLES.values()} == set(MailKind) == set(FACTS) == set(rendering.WRITERS)
    assert {path.stem for path in FOLDER.iterdir()} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_its_html_is_well_formed_and_fetches_nothing(name: str) -> None:
    found = words(SAMPLES[name])
    page = ElementTree.fromstring(found.html)
    tags = {each.tag.removeprefix(_XHTML) for each in page.iter()}
    assert tags <= {*_FRAME, "p", "a", "br", "table", "tr", "th", "td", "blockquote"}
    links = [value for each in page.iter() for name, value in each.items() if name in ("href", "src", "background")]
    assert all(link.startswith(f"{URL}/") for link in links)
    assert not re.search(r"url\(|@import|<script|<img|\son\w+=", found.html, re.IGNORECASE)


@pytest.mark.parametrize("name", SAMPLES)
def test_text_and_html_say_the_same(name: str) -> None:
    found = words(SAMPLES[name])
    said = " ".join("".join(ElementTree.fromstring(found.html).itertext()).split())
    text = " ".join(found.text.split())
    for block in found.letter.blocks:
        match block:
            case Paragraph() | Code():
                assert " ".join(block.text.split()) in said
                assert " ".join(block.text.split()) in text
            case Link():
                assert block.label in said
                assert f"{block.label}: {URL}{block.path}" in text
                assert f'href="{URL}{block.path}"' in found.html
            case Table():
                cells = [cell for line in (block.head, *block.rows) for cell in line if cell]
                assert all(cell in said and cell in text for cell in cells)
            case Quotation():
                assert all(line in said and f"> {line}" in found.text for line in block.lines if line)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_is_short_and_says_who_sends_it(name: str) -> None:
    found = words(SAMPLES[name])
    assert len(found.letter.subject) <= 78
    sentences = [block.text for block in found.letter.blocks if isinstance(block, Paragraph)]
    assert sum(map(len, sentences)) < 500
    assert f"Sent by Rollcall, {URL}" in found.text
    assert all(len(line) <= 78 or URL in line for line in found.text.splitlines())


def test_the_code_is_the_first_word() -> None:
    assert words(SAMPLES["sign_in_code"]).text.startswith("04071789\n")


@pytest.mark.parametrize("name", [name for name, facts in SAMPLES.items() if facts.has_secret])
def test_who_looks_at_a_mail_that_is_really_sent_sees_no_code_or_link(name: str) -> None:
    mail = row(SAMPLES[name])
    shown = rendering.words(mail, URL, shows_secret=False)
    assert shown is not None
    assert mail.secret is not None
    assert mail.secret.decode() not in shown.text + shown.html
    assert HIDDEN in shown.text


def test_who_runs_rollcall_is_told_why_they_get_what_an_organization_should() -> None:
    found = rendering.words(replace(row(SAMPLES["key_expiring"]), recipient=None), URL)
    assert found is not None
    text = " ".join(found.text.split())
    assert "You get this because Acme has no contact for this, and no admin with an address." in text
