"""Parts of SAML that are not supported, and answers that lack or repeat what there is once."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from api.identity.saml.refusals import Why

from ..forging import (
    ADMIN,
    HONEST,
    NS,
    SAML,
    SAMLP,
    assertion_of,
    parsed,
    posted,
    signed_by_idp,
    with_signed_assertion,
    written,
)
from . import Attack


def _artifact() -> bytes:
    return f'<samlp:ArtifactResponse xmlns:samlp="{SAMLP}" ID="_1"/>'.encode()


def _encrypted() -> etree._Element:
    root = with_signed_assertion()
    sealed = etree.Element(f"{{{SAML}}}EncryptedAssertion")
    etree.SubElement(sealed, "{http://www.w3.org/2001/04/xmlenc#}EncryptedData")
    root.replace(assertion_of(root), sealed)
    return root


def _encrypted_name() -> bytes:
    name = HONEST.xml().partition("<saml:NameID")[2].partition("</saml:NameID>")[0]
    xml = HONEST.xml().replace(f"<saml:NameID{name}</saml:NameID>", "<saml:EncryptedID/>")
    return signed_by_idp(xml)


def _without_id(which: str) -> bytes:
    root = with_signed_assertion()
    element = root if which == "Response" else assertion_of(root)
    del element.attrib["ID"]
    return written(root)


def _bad_id() -> bytes:
    return signed_by_idp(HONEST.xml().replace(HONEST.id, "a b]"))


def _twice(name: str) -> etree._Element:
    root = with_signed_assertion()
    element = assertion_of(root).find(f"saml:{name}", NS)
    assert element is not None
    element.addnext(deepcopy(element))
    return root


ATTACKS: Sequence[Attack] = (
    Attack(137, "an artifact", _artifact, Why.UNSUPPORTED, "HTTP-POST"),
    Attack(
        138,
        "a request for logout",
        lambda: f'<p:LogoutRequest xmlns:p="{SAMLP}"/>'.encode(),
        Why.UNSUPPORTED,
        "single logout",
    ),
    Attack(
        139,
        "an answer to logout",
        lambda: f'<p:LogoutResponse xmlns:p="{SAMLP}"/>'.encode(),
        Why.UNSUPPORTED,
        "single logout",
    ),
    Attack(140, "an encrypted assertion", _encrypted, Why.UNSUPPORTED, "encrypted"),
    Attack(141, "an encrypted name", _encrypted_name, Why.UNSUPPORTED, "encrypted"),
    Attack(142, "a response without an ID", lambda: _without_id("Response"), Why.FORM, "no ID"),
    Attack(143, "an assertion without an ID", lambda: _without_id("Assertion"), Why.FORM, "no ID"),
    Attack(144, "an ID that is no name", _bad_id, Why.FORM, "no name"),
    Attack(145, "two subjects", lambda: _twice("Subject"), Why.FORM, "twice"),
    Attack(146, "two sets of conditions", lambda: _twice("Conditions"), Why.FORM, "twice"),
    Attack(147, "two issuers", lambda: _twice("Issuer"), Why.FORM, "twice"),
    Attack(
        148,
        "no assertion",
        lambda: posted(parsed(ADMIN.xml().replace(ADMIN.assertion(), ""))),
        Why.FORM,
        "no Assertion",
    ),
    Attack(
        149,
        "a decision about access",
        lambda: signed_by_idp(
            HONEST.xml().replace("</saml:Assertion>", "<saml:AuthzDecisionStatement/></saml:Assertion>")
        ),
        Why.FORM,
    ),
)
