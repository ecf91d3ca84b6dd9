"""Verifying signatures by pinned certificates, and handing out nothing but what was signed.

The work is signxml's; the shape of the document was judged before. Whatever a signature says of its own key is ignored:
the keys are those of the connection.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import Certificate
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from . import documents
from .names import a, p
from .refusals import NotTaken, Why
from .shape import Shape

_METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
        SignatureMethod.SHA384_RSA_MGF1,
        SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_IN_RESPONSE, _IN_ASSERTION = "./", f"./{a('Assertion')}/"
# Everything that signxml raises about a document. What is missing here would be a fault of ours, and is told as one.
_PROBLEMS = (
    SignXMLException,
    InvalidSignature,
    UnsupportedAlgorithm,
    etree.LxmlError,
    binascii.Error,
    ValueError,
    TypeError,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed, made anew from the very bytes that were: `response` only where the whole of it was."""

    assertion: etree._Element
    response: etree._Element | None


def verify(shape: Shape, certificates: Sequence[Certificate]) -> Signed:
    """What of an answer its identity provider has signed; raises NotTaken. Every signature has to hold."""
    if not shape.is_response_signed and not shape.is_assertion_signed:
        raise NotTaken(Why.SIGNATURE, "Neither the Response nor the Assertion is signed.")
    response = assertion = None
    if shape.is_response_signed:
        response = _verified(shape.response, _IN_RESPONSE, certificates)
        _check_same(response, p("Response"), shape.response)
    if shape.is_assertion_signed and shape.assertion is not None:
        assertion = _verified(shape.response, _IN_ASSERTION, certificates)
        _check_same(assertion, a("Assertion"), shape.assertion)
    elif response is not None:
        assertion = response.find(a("Assertion"))
    if assertion is None:
        raise NotTaken(Why.FORM, "The Response has no Assertion.")
    return Signed(assertion, response)


def _verified(root: etree._Element, location: str, certificates: Sequence[Certificate]) -> etree._Element:
    for certificate in certificates:
        try:
            result = _by(root, location, certificate)
        except _PROBLEMS:
            continue
        if result.signed_xml is not None:
            return result.signed_xml
    raise NotTaken(
        Why.SIGNATURE,
        "A signature does not hold by any certificate of this connection. If the identity provider has changed its"
        " certificate, add the new one to the connection.",
    )


def _by(root: etree._Element, location: str, certificate: Certificate) -> VerifyResult:
    configuration = SignatureConfiguration(
        require_x509=True,
        location=location,
        expect_references=1,
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        ignore_ambiguous_key_info=True,
        # A pinned certificate carries a key and nothing else: when it ends, admins are warned, nobody is locked out.
        verification_time=certificate.not_valid_after_utc,
    )
    result = XMLVerifier().verify(
        root, x509_cert=certificate, expect_config=configuration, id_attribute="ID", parser=documents.parser()
    )
    if not isinstance(result, VerifyResult):
        raise NotTaken(Why.SIGNATURE, "A Signature does not have exactly one Reference.")
    return result


def _check_same(signed: etree._Element, tag: str, claimed: etree._Element) -> None:
    """What was signed is the very element that the signature stands in."""
    if signed.tag != tag or signed.get("ID") != claimed.get("ID"):
        raise NotTaken(Why.SIGNATURE, "A Signature is about something else than the element that it stands in.")
