"""Signatures that are missing, not the identity provider's, or of a kind that does not count."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from api.identity.saml.refusals import Why

from ..forging import (
    ADMIN,
    DS,
    HONEST,
    NS,
    Signer,
    Signing,
    assertion_of,
    idp,
    parsed,
    sign,
    signer,
    stranger,
    with_signed_assertion,
    with_signed_response,
    written,
)
from . import Attack

MORE = "http://www.w3.org/2001/04/xmldsig-more#"


def _altered(root: etree._Element) -> bytes:
    data = written(root)
    assert b"mallory-0007" in data
    return data.replace(b"mallory-0007", b"admin-0001")


def _without_signature() -> etree._Element:
    root = with_signed_assertion(ADMIN, stranger())
    for signature in root.findall(".//ds:Signature", NS):
        signature.getparent().remove(signature)  # type: ignore[union-attr]  # it has one
    return root


def _with_the_key_info_of(*others: Signer, by: Signer) -> etree._Element:
    certificates = "".join(f"<ds:X509Certificate>{each.base64}</ds:X509Certificate>" for each in others)
    return with_signed_assertion(ADMIN, by, Signing(key_info=f"<ds:X509Data>{certificates}</ds:X509Data>"))


def _with_key_value() -> etree._Element:
    numbers = stranger().key.public_key().public_numbers()
    modulus = base64.b64encode(numbers.n.to_bytes(256, "big")).decode()
    value = (
        f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>"
        "</ds:RSAKeyValue></ds:KeyValue>"
    )
    return with_signed_assertion(ADMIN, stranger(), Signing(key_info=value))


def _elsewhere() -> etree._Element:
    where = f'<ds:RetrievalMethod Type="{DS}X509Data" URI="https://mallory.example.net/key"/>'
    return with_signed_assertion(ADMIN, stranger(), Signing(key_info=where))


def _by_hmac() -> etree._Element:
    """The certificate is public: whoever may be talked into HMAC by it has given their key away."""
    secret = idp().certificate.public_bytes(Encoding.PEM)
    how = Signing(method=f"{MORE}hmac-sha256", sign_with=lambda _, data: hmac.digest(secret, data, "sha256"))
    return with_signed_assertion(ADMIN, how=how)


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data).digest()


def _by_sha1(signer: Signer, data: bytes) -> bytes:
    return signer.key.sign(data, padding.PKCS1v15(), hashes.SHA1())


def _empty_value() -> etree._Element:
    root = with_signed_assertion(ADMIN)
    root.find(".//ds:SignatureValue", NS).text = ""  # type: ignore[union-attr]  # it is there
    return root


def _signed_twice_in_one_place() -> etree._Element:
    root = with_signed_assertion()
    sign(assertion_of(root), stranger())
    return root


def _good_and_bad() -> etree._Element:
    root = with_signed_assertion()
    sign(root, stranger())
    return root


def _bad_and_good() -> etree._Element:
    root = with_signed_assertion(by=stranger())
    sign(root, idp())
    return root


def _digest_of(text: bytes) -> etree._Element:
    """As libraries had it that took a failure of canonicalization for an empty text."""
    return with_signed_assertion(ADMIN, stranger(), Signing(digest_with=lambda _: hashlib.sha256(text).digest()))


def _null(_: Signer, data: bytes) -> bytes:
    return b"\0" * 256


def _transplanted() -> etree._Element:
    other = with_signed_assertion(replace(HONEST, id="_evil01"))
    signature = other.find(".//ds:Signature", NS)
    root = parsed(ADMIN.xml())
    assert signature is not None
    assertion_of(root).insert(1, signature)
    return root


_S = Why.SIGNATURE
ATTACKS: Sequence[Attack] = (
    Attack(1, "nothing is signed", lambda: parsed(ADMIN.xml()), _S),
    Attack(2, "the signature was taken out", _without_signature, _S),
    Attack(3, "the name was changed in a signed assertion", lambda: _altered(with_signed_assertion()), _S),
    Attack(4, "the name was changed in a signed response", lambda: _altered(with_signed_response()), _S),
    Attack(5, "a key of one's own, with its certificate", lambda: with_signed_assertion(ADMIN, stranger()), _S),
    Attack(
        6,
        "a key of one's own, with the identity provider's certificate",
        lambda: _with_the_key_info_of(idp(), by=stranger()),
        _S,
    ),
    Attack(7, "a key of one's own, first", lambda: _with_the_key_info_of(stranger(), idp(), by=stranger()), _S),
    Attack(8, "a key of one's own, last", lambda: _with_the_key_info_of(idp(), stranger(), by=stranger()), _S),
    Attack(
        9,
        "a key of one's own in a certificate of the same names",
        lambda: with_signed_assertion(ADMIN, signer("idp.example.com/x")),
        _S,
    ),
    Attack(10, "a key of one's own as bare numbers", _with_key_value, _S),
    Attack(11, "a key to be fetched", _elsewhere, _S),
    Attack(12, "HMAC by the public certificate", _by_hmac, _S),
    Attack(
        13,
        "RSA with SHA-1",
        lambda: with_signed_assertion(how=Signing(method=f"{DS}rsa-sha1", sign_with=_by_sha1)),
        _S,
        "SHA-1",
    ),
    Attack(
        14,
        "a digest by SHA-1",
        lambda: with_signed_assertion(how=Signing(digest=f"{DS}sha1", digest_with=_sha1)),
        _S,
        "SHA-1",
    ),
    Attack(15, "a digest by MD5", lambda: with_signed_assertion(how=Signing(digest=f"{MORE}md5")), _S),
    Attack(16, "an algorithm that is none", lambda: with_signed_assertion(ADMIN, how=Signing(method="none")), _S),
    Attack(
        17,
        "only the first bits are to count",
        lambda: with_signed_assertion(
            ADMIN, how=Signing(method_parameters="<ds:HMACOutputLength>8</ds:HMACOutputLength>")
        ),
        _S,
    ),
    Attack(
        18,
        "an RSA signature that claims to be of a curve",
        lambda: with_signed_assertion(ADMIN, stranger(), Signing(method=f"{MORE}ecdsa-sha256")),
        _S,
    ),
    Attack(19, "an empty signature", _empty_value, _S),
    Attack(20, "a signature of zeros", lambda: with_signed_assertion(ADMIN, how=Signing(sign_with=_null)), _S),
    Attack(21, "the digest of an empty text", lambda: _digest_of(b""), _S),
    Attack(22, "two signatures in the assertion", _signed_twice_in_one_place, Why.FORM),
    Attack(23, "a good signature within a bad one", _good_and_bad, _S),
    Attack(24, "a bad signature within a good one", _bad_and_good, _S),
    Attack(25, "a signature of another answer of the same person", _transplanted, _S),
)
