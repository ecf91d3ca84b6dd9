"""Metadata: what identity providers publish is understood, and what cannot be used is told in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from api.identity.saml import metadata as subject
from api.identity.saml.metadata import BadMetadata, Described
from api.identity.saml.requests import Provider

from .describing import MD, PROTOCOL, SSO_URL, key, metadata
from .forging import ACS, ISSUER, NOW, SP, Signer, idp, signer


def read(text: str | bytes) -> Described:
    return subject.read(text if isinstance(text, bytes) else text.encode(), NOW)


def pem(of: Signer) -> str:
    return of.certificate.public_bytes(Encoding.PEM).decode()


def test_an_identity_provider_is_described_by_three_things() -> None:
    assert read(metadata()) == Described(ISSUER, SSO_URL, (pem(idp()),))


def test_certificates_for_encryption_only_are_not_for_signing() -> None:
    old, new, other = signer("old.example.com"), signer("new.example.com"), signer("other.example.com")
    found = read(metadata([key(old), key(other, "encryption"), key(new, None), key(old)]))
    assert found.certificates == (pem(old), pem(new))


def test_who_vouches_for_a_certificate_signs_no_answers() -> None:
    chain = key(idp()).replace(
        "</ds:X509Data>", f"<ds:X509Certificate>{signer('ca').base64}</ds:X509Certificate></ds:X509Data>"
    )
    assert read(metadata([chain])).certificates == (pem(idp()),)


def test_a_certificate_that_is_not_taken_is_left_out_and_told() -> None:
    weak = signer("weak.example.com", bits=1024)
    found = read(metadata([key(weak), key(idp())]))
    assert found.certificates == (pem(idp()),)
    assert "left out" in found.remarks[0]
    with pytest.raises(BadMetadata, match="RSA of 2048"):
        read(metadata([key(weak)]))


def test_no_more_certificates_are_taken_than_an_answer_is_tried_by() -> None:
    found = read(metadata([key(signer(f"{number}.example.com")) for number in range(6)]))
    assert (len(found.certificates), found.remarks) == (4, ("Only the first 4 certificates were taken.",))


def test_it_is_told_that_requests_are_not_signed() -> None:
    assert "signed requests" in read(metadata(more='WantAuthnRequestsSigned="true"')).remarks[0]


def test_the_one_identity_provider_of_several_entities_is_found() -> None:
    role = f'<SPSSODescriptor protocolSupportEnumeration="{PROTOCOL}"/>'
    other = f'<EntityDescriptor entityID="https://sp.example.com">{role}</EntityDescriptor>'
    assert read(f'<EntitiesDescriptor xmlns="{MD}">{other}{metadata()}</EntitiesDescriptor>').entity_id == ISSUER
    with pytest.raises(BadMetadata, match="more than one identity provider"):
        read(f'<EntitiesDescriptor xmlns="{MD}">{metadata()}{metadata()}</EntitiesDescriptor>')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no XML", "UTF-8"),
        ("<a>", "well-formed"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a/>', "declares"),
        (f"<a>{'x' * 1_100_000}</a>", "larger"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "no SAML 2.0 metadata"),
        (subject.write(Provider(SP, ACS)), "metadata of a service provider"),
        (metadata().replace(PROTOCOL, "urn:oasis:names:tc:SAML:1.1:protocol"), "speaks SAML 2.0"),
        (metadata(entity=""), "no entityID"),
        (metadata(entity="x" * 2000), "no entityID"),
        (metadata([key("AAAA")]), "no X.509 certificate"),
        (metadata([key(idp(), "encryption")]), "no signing certificate"),
        (metadata(binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP"), "HTTP-Redirect"),
        (metadata(sso_url="http://idp.example.com/sso"), "https://"),
        (metadata(sso_url="javascript:alert(1)"), "https://"),
        (metadata(sso_url="https://"), "https://"),
        (metadata(sso_url="https://idp.example.com:99999/"), "https://"),
        (metadata(sso_url="https://idp.example.com/&#10;Set-Cookie:x"), "https://"),
        (metadata(attributes='validUntil="2026-11-01T00:00:00Z"'), "out of date"),
        (metadata(more='validUntil="2026-11-01T00:00:00Z"'), "out of date"),
        (metadata(attributes='validUntil="soon"'), "written"),
    ],
)
def test_metadata_that_cannot_be_used(text: str | bytes, told: str) -> None:
    with pytest.raises(BadMetadata, match=told):
        read(text)


def test_metadata_of_tomorrow_is_good_today() -> None:
    tomorrow = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert read(metadata(attributes=f'validUntil="{tomorrow}"')).entity_id == ISSUER


def test_what_is_published_of_a_connection() -> None:
    root = etree.fromstring(subject.write(Provider(SP, ACS)))
    role = root.find(f"{{{MD}}}SPSSODescriptor")
    assert role is not None
    service = role.find(f"{{{MD}}}AssertionConsumerService")
    assert service is not None
    assert (root.get("entityID"), role.get("WantAssertionsSigned")) == (SP, "true")
    assert (service.get("Location"), service.get("Binding")) == (ACS, "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")
