"""What an identity provider is asked, and by which URL."""

from __future__ import annotations

import base64
import zlib
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from api.identity.saml import requests
from api.identity.saml.requests import Provider

from .forging import ACS, NOW, NS, SP

OURS = Provider(SP, ACS)


def test_the_question_is_in_the_url_beside_what_was_there() -> None:
    url = requests.url("https://idp.example.com/sso?app=7#top", OURS, "_q1", "a+b/c=", NOW)
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    root = etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15))
    assert (parts.netloc, parts.path, parts.fragment) == ("idp.example.com", "/sso", "")
    assert (query["app"], query["RelayState"]) == (["7"], ["a+b/c="])
    assert (root.get("ID"), root.get("AssertionConsumerServiceURL"), root.get("IssueInstant")) == (
        "_q1",
        ACS,
        "2026-11-26T12:00:00Z",
    )
    assert root.findtext("saml:Issuer", namespaces=NS) == SP


def test_what_stands_in_urls_is_written_as_text() -> None:
    document = requests.document('https://idp.example.com/?a="&b=<', OURS, "_q1", NOW)
    assert etree.fromstring(document).get("Destination") == 'https://idp.example.com/?a="&b=<'


def test_no_two_questions_have_one_id() -> None:
    ids = {requests.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(id.startswith("_") and len(id) > 32 for id in ids)
