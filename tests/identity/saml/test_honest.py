"""Answers as honest identity providers give them are taken, and say who somebody is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from api.identity.saml import shape, signatures
from api.identity.saml.people import Reading
from api.identity.saml.refusals import NotTaken, Why

from .forging import (
    EXPECTED,
    HONEST,
    NOW,
    PERSISTENT,
    Signer,
    Signing,
    assertion_of,
    certificate,
    come_in,
    idp,
    parsed,
    sign,
    signer,
    with_signed_assertion,
    with_signed_response,
    written,
)

EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"


def test_a_signed_assertion_is_taken() -> None:
    taken = come_in(with_signed_assertion())
    assert (taken.said.subject, taken.said.email, taken.assertion_id) == (
        "mallory-0007",
        "mallory@example.com",
        "_a0001",
    )


def test_a_signed_response_is_taken() -> None:
    assert come_in(with_signed_response()).said.subject == "mallory-0007"


def test_both_may_be_signed() -> None:
    root = with_signed_assertion()
    sign(root, idp())
    assert come_in(root).said.subject == "mallory-0007"


@pytest.mark.parametrize("root", [with_signed_assertion, with_signed_response])
def test_what_is_read_is_made_anew_from_what_was_signed(root: Callable[[], etree._Element]) -> None:
    """So that nothing else can be reached from it."""
    outside = shape.read(written(root()))
    signed = signatures.verify(outside, [idp().certificate])
    assert signed.assertion.getroottree().getroot() is not outside.response
    whole = signed.assertion if signed.response is None else signed.response
    assert whole.getparent() is None
    assert signed.assertion in whole.iter()


def test_an_assertion_is_remembered_until_the_last_of_its_confirmations_is_over() -> None:
    """Else it could come again by the one that lasts longer."""
    usual = HONEST.xml()
    confirmation = f"<saml:SubjectConfirmation {usual.partition('<saml:SubjectConfirmation ')[2]}"
    confirmation = f"{confirmation.partition('</saml:SubjectConfirmation>')[0]}</saml:SubjectConfirmation>"
    later = confirmation.replace(HONEST.ends, "2026-11-26T13:00:00Z")
    for both in (confirmation + later, later + confirmation):
        root = parsed(usual.replace(confirmation, both))
        sign(assertion_of(root), idp())
        assert come_in(root).ends_at == NOW + timedelta(hours=1, minutes=1)


def test_an_assertion_may_be_good_until_the_end_of_all_time() -> None:
    taken = come_in(with_signed_assertion(replace(HONEST, ends="9999-12-31T23:59:59.999999Z")))
    assert taken.ends_at.year == 9999


def test_a_pretty_printed_answer_with_a_declaration_is_taken() -> None:
    spaced = (
        HONEST.xml()
        .replace("><saml:Conditions", ">\n  <saml:Conditions")
        .replace(f">{HONEST.audience}<", f">\n {HONEST.audience}\n <")
    )
    root = parsed(spaced)
    sign(assertion_of(root), idp())
    assert come_in(b'<?xml version="1.0" encoding="UTF-8"?>\n' + written(root)).said.subject == "mallory-0007"


def test_inclusive_namespaces_of_exclusive_canonicalization_are_understood() -> None:
    prefixes = '<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"/>'
    enveloped, exclusive = Signing().transforms
    how = Signing(transforms=(enveloped, exclusive.replace("/>", f">{prefixes}</ds:Transform>")))
    assert come_in(with_signed_assertion(how=how)).said.subject == "mallory-0007"


def test_pss_is_taken() -> None:
    how = Signing(
        method="http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        sign_with=lambda by, data: by.key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
    )
    assert come_in(with_signed_assertion(how=how)).said.subject == "mallory-0007"


def test_either_of_two_certificates_counts_while_one_replaces_the_other() -> None:
    old, new = signer("old.example.com"), signer("new.example.com")
    for by in (old, new):
        assert come_in(with_signed_assertion(by=by), by=[old, new]).said.subject == "mallory-0007"
    with pytest.raises(NotTaken):
        come_in(with_signed_assertion(by=old), by=[new])


def test_a_certificate_that_has_ended_still_carries_its_key() -> None:
    ended = signer("ended.example.com", ends=NOW - timedelta(days=400))
    assert come_in(with_signed_assertion(by=ended), by=[ended]).said.subject == "mallory-0007"


def test_clocks_may_be_a_minute_apart() -> None:
    root = with_signed_assertion()
    for apart in (timedelta(minutes=5, seconds=59), timedelta(minutes=-1)):
        assert come_in(root, replace(EXPECTED, now=NOW + apart)).said.subject == "mallory-0007"
    for apart in (timedelta(minutes=6), timedelta(minutes=-1, seconds=-1)):
        with pytest.raises(NotTaken) as caught:
            come_in(root, replace(EXPECTED, now=NOW + apart))
        assert caught.value.why is Why.TIME


def test_an_assertion_is_remembered_for_as_long_as_it_could_come_again() -> None:
    taken = come_in(with_signed_assertion())
    with pytest.raises(NotTaken):
        come_in(with_signed_assertion(), replace(EXPECTED, now=taken.ends_at))


@pytest.mark.parametrize(
    ("form", "name", "attributes", "subject", "email"),
    [
        pytest.param(PERSISTENT, "g-17", {}, "g-17", None, id="persistent"),
        pytest.param(EMAIL, "Ann@Example.com", {}, "emailAddress: ann@example.com", "Ann@Example.com", id="google"),
        pytest.param(UNSPECIFIED, "ann@example.com", {}, "unspecified: ann@example.com", "ann@example.com", id="okta"),
        pytest.param(
            UNSPECIFIED, "ann", {"User.email": ["a@example.com"]}, "unspecified: ann", "a@example.com", id="onelogin"
        ),
        pytest.param(
            EMAIL,
            "ann@corp.example.com",
            {f"{CLAIMS}/emailaddress": ["ann@example.com"], f"{CLAIMS}/name": ["ann@corp.example.com"]},
            "emailAddress: ann@corp.example.com",
            "ann@example.com",
            id="entra",
        ),
        pytest.param(UNSPECIFIED, "", {}, None, None, id="empty"),
        pytest.param(
            PERSISTENT,
            "x",
            {"urn:oid:0.9.2342.19200300.100.1.3": ["a@example.com"]},
            "x",
            "a@example.com",
            id="shibboleth",
        ),
    ],
)
def test_who_somebody_is(
    form: str, name: str, attributes: dict[str, list[str]], subject: str | None, email: str | None
) -> None:
    root = with_signed_assertion(replace(HONEST, form=form, name=name, attributes=attributes))
    if subject is None:
        with pytest.raises(NotTaken) as caught:
            come_in(root)
        assert caught.value.why is Why.SUBJECT
        return
    said = come_in(root).said
    assert (said.subject, said.email) == (subject, email)


def test_names_are_found_and_groups_roles_and_seats_only_noted() -> None:
    attributes = {
        f"{CLAIMS}/givenname": ["Ann"],
        "LASTNAME": ["Onym"],
        "displayName": ["Ann O."],
        "groups": ["admins"],
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/role": ["owner"],
        "seat_type": ["lite"],
        "shoe size": ["38"],
    }
    said = come_in(with_signed_assertion(replace(HONEST, attributes=attributes))).said
    assert (said.given_name, said.family_name, said.display_name) == ("Ann", "Onym", "Ann O.")
    assert said.besides == ("groups", "roles", "seat_type")


def test_a_connection_may_say_where_id_and_address_stand() -> None:
    attributes = {"employeeNumber": ["4711"], "contact": ["a@example.com"], "email": ["b@example.com"]}
    root = with_signed_assertion(replace(HONEST, attributes=attributes))
    said = come_in(root, reading=Reading(subject_attribute="EmployeeNumber", email_attribute="contact")).said
    assert (said.subject, said.email) == ("attribute employeenumber: 4711", "a@example.com")
    with pytest.raises(NotTaken) as caught:
        come_in(root, reading=Reading(subject_attribute="missing"))
    assert caught.value.why is Why.SUBJECT


def test_a_name_of_one_format_is_never_that_of_another() -> None:
    """Whoever chooses their own user name must not become whoever has it as their id."""
    subjects = {
        come_in(with_signed_assertion(replace(HONEST, form=form, name="g-17"))).said.subject
        for form in (PERSISTENT, EMAIL, UNSPECIFIED, "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos")
    }
    assert len(subjects) == 4


def test_elliptic_curves_are_taken() -> None:
    key = ec.generate_private_key(ec.SECP256R1())

    def curved(_: Signer, data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    how = Signing(method="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", sign_with=curved)
    by = Signer(idp().key, certificate(key, "curves.example.com"))
    assert come_in(with_signed_assertion(how=how), by=[by]).said.subject == "mallory-0007"
