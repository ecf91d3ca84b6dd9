"""An identity provider at hand: it writes answers, honest or not, and signs them as it is told.

It shares nothing with what is tested: documents are text, and signatures are made by lxml's canonicalization and
cryptography's keys.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree

from api.identity.saml.judge import Expected
from api.identity.saml.people import Reading
from api.identity.saml.responses import Taken, take

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ISSUER = "https://idp.example.com/entity"
SP = "https://rollcall.example.com/sso/0b1f/metadata"
ACS = "https://rollcall.example.com/sso/0b1f/acs"
REQUEST = "_asked0123456789"
AS_USUAL = Reading()
EXPECTED = Expected(issuer=ISSUER, audience=SP, recipient=ACS, request=REQUEST, now=NOW)

SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
NS = {"samlp": SAMLP, "saml": SAML, "ds": DS}
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


@dataclass(frozen=True)
class Signer:
    """A key with its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def base64(self) -> str:
        """The certificate as it stands in documents."""
        return base64.b64encode(self.certificate.public_bytes(Encoding.DER)).decode()


@cache
def signer(name: str, *, bits: int = 2048, ends: datetime = NOW + timedelta(days=900)) -> Signer:
    """The key of that name; what follows a slash is not in its certificate, so that two keys can look alike."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return Signer(key, certificate(key, name.partition("/")[0], ends))


def certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, name: str, ends: datetime = NOW + timedelta(days=900)
) -> x509.Certificate:
    """A certificate that a key signs for itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ends - timedelta(days=1000))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )


def idp() -> Signer:
    """The identity provider of the connection."""
    return signer("idp.example.com")


def stranger() -> Signer:
    """Somebody with a key of their own."""
    return signer("mallory.example.net")


@dataclass(frozen=True)
class Answer:
    """What an answer says; the values here are those of an honest one about somebody without any power."""

    name: str = "mallory-0007"
    form: str = PERSISTENT
    issuer: str = ISSUER
    outer_issuer: str = ISSUER
    audience: str = SP
    recipient: str = ACS
    destination: str = ACS
    request: str = REQUEST
    outer_request: str = REQUEST
    issued: str = "2026-11-26T12:00:00Z"
    begins: str = "2026-11-26T11:59:00Z"
    ends: str = "2026-11-26T12:05:00Z"
    attributes: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"email": ["mallory@example.com"]})
    id: str = "_a0001"
    response_id: str = "_r0001"

    def xml(self) -> str:
        """The document, not signed yet."""
        return (
            f'<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="{self.response_id}" Version="2.0"'
            f' IssueInstant="{self.issued}" Destination="{self.destination}" InResponseTo="{self.outer_request}">'
            f"<saml:Issuer>{self.outer_issuer}</saml:Issuer>"
            '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
            f"{self.assertion()}</samlp:Response>"
        )

    def assertion(self) -> str:
        """The assertion alone, for documents that know the prefix `saml`."""
        values = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in given)
            + "</saml:Attribute>"
            for name, given in self.attributes.items()
        )
        return (
            f'<saml:Assertion ID="{self.id}" Version="2.0" IssueInstant="{self.issued}">'
            f"<saml:Issuer>{self.issuer}</saml:Issuer>"
            f'<saml:Subject><saml:NameID Format="{self.form}">{self.name}</saml:NameID>'
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData Recipient="{self.recipient}" NotOnOrAfter="{self.ends}"'
            f' InResponseTo="{self.request}"/></saml:SubjectConfirmation></saml:Subject>'
            f'<saml:Conditions NotBefore="{self.begins}" NotOnOrAfter="{self.ends}"><saml:AudienceRestriction>'
            f"<saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{self.issued}"><saml:AuthnContext><saml:AuthnContextClassRef>'
            "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
            "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f"<saml:AttributeStatement>{values}</saml:AttributeStatement></saml:Assertion>"
        )


HONEST = Answer()
ADMIN = replace(HONEST, name="admin-0001", attributes={"email": ["admin@example.com"]}, id="_evil01")


@dataclass(frozen=True)
class Signing:
    """How a signature is made; the values here are the usual ones."""

    method: str = RSA_SHA256
    digest: str = SHA256
    canonicalization: str = EXC
    transforms: Sequence[str] = (
        f'<ds:Transform Algorithm="{ENVELOPED}"/>',
        f'<ds:Transform Algorithm="{EXC}"/>',
    )
    uri: str | None = None
    references: int = 1
    method_parameters: str = ""
    key_info: str | None = None
    tail: str = ""
    digest_with: Callable[[bytes], bytes] = lambda data: hashlib.sha256(data).digest()
    sign_with: Callable[[Signer, bytes], bytes] = lambda signer, data: signer.key.sign(
        data, padding.PKCS1v15(), hashes.SHA256()
    )


USUAL = Signing()


def parsed(xml: str) -> etree._Element:
    """A document of ours as a tree."""
    return etree.fromstring(xml.encode())


def written(root: etree._Element) -> bytes:
    """A tree as a document."""
    return etree.tostring(root)


def canonical(element: etree._Element) -> bytes:
    """An element as it is signed."""
    return etree.tostring(element, method="c14n", exclusive=True)


def sign(element: etree._Element, by: Signer, how: Signing = USUAL) -> etree._Element:
    """Put a signature of an element into it, behind its Issuer; the signature."""
    uri = f"#{element.get('ID')}" if how.uri is None else how.uri
    digest = base64.b64encode(how.digest_with(canonical(element))).decode()
    reference = (
        f'<ds:Reference URI="{uri}"><ds:Transforms>{"".join(how.transforms)}</ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{how.digest}"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>'
    )
    certificate = f"<ds:X509Data><ds:X509Certificate>{by.base64}</ds:X509Certificate></ds:X509Data>"
    key_info = certificate if how.key_info is None else how.key_info
    signature = parsed(
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{how.canonicalization}"/>'
        f'<ds:SignatureMethod Algorithm="{how.method}">{how.method_parameters}</ds:SignatureMethod>'
        f"{reference * how.references}</ds:SignedInfo>"
        f"<ds:SignatureValue/><ds:KeyInfo>{key_info}</ds:KeyInfo>{how.tail}</ds:Signature>"
    )
    element.insert(1, signature)
    signature[1].text = base64.b64encode(how.sign_with(by, canonical(signature[0]))).decode()
    return signature


def assertion_of(root: etree._Element) -> etree._Element:
    """The assertion of an answer."""
    found = root.find("saml:Assertion", NS)
    assert found is not None
    return found


def with_signed_assertion(answer: Answer = HONEST, by: Signer | None = None, how: Signing = USUAL) -> etree._Element:
    """An answer whose assertion is signed, as most identity providers do."""
    root = parsed(answer.xml())
    sign(assertion_of(root), by or idp(), how)
    return root


def with_signed_response(answer: Answer = HONEST, by: Signer | None = None, how: Signing = USUAL) -> etree._Element:
    """An answer that is signed as a whole."""
    root = parsed(answer.xml())
    sign(root, by or idp(), how)
    return root


def signed_by_idp(xml: str) -> bytes:
    """A document of which the identity provider signs the assertion, as it is."""
    root = parsed(xml)
    sign(assertion_of(root), idp())
    return written(root)


def posted(document: bytes | etree._Element) -> str:
    """A document as a form brings it."""
    data = document if isinstance(document, bytes) else written(document)
    return base64.b64encode(data).decode()


def come_in(
    document: bytes | etree._Element | str,
    expected: Expected = EXPECTED,
    by: Sequence[Signer] = (),
    reading: Reading = AS_USUAL,
) -> Taken:
    """Give an answer to Rollcall."""
    text = document if isinstance(document, str) else posted(document)
    return take(text, [each.certificate for each in by or (idp(),)], expected, reading)
