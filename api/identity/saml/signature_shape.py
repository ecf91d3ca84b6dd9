"""The only form of a signature that counts: one reference, to the element that it stands in (SAML-CORE §5.4)."""

from __future__ import annotations

from lxml import etree

from . import names
from .names import ds
from .refusals import NotTaken, Why

_SIGNATURES = frozenset(
    f"http://www.w3.org/2001/04/xmldsig-more#{name}"
    for name in ("rsa-sha256", "rsa-sha384", "rsa-sha512", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512")
) | frozenset(
    f"http://www.w3.org/2007/05/xmldsig-more#{name}"
    for name in ("sha256-rsa-MGF1", "sha384-rsa-MGF1", "sha512-rsa-MGF1")
)
_DIGESTS = frozenset(
    {
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    }
)
_PARTS = [ds("SignedInfo"), ds("SignatureValue"), ds("KeyInfo")]
_SIGNED_INFO = [ds("CanonicalizationMethod"), ds("SignatureMethod"), ds("Reference")]
_REFERENCE = [ds("Transforms"), ds("DigestMethod"), ds("DigestValue")]
_TRANSFORMS = [names.ENVELOPED, names.EXCLUSIVE]
_PREFIXES = f"{{{names.EXCLUSIVE}}}InclusiveNamespaces"
_MOST_PREFIXES = 16


def check(signature: etree._Element, signed: str) -> None:
    """Raise NotTaken unless a signature has this form and names the id of its parent."""
    if _tags(signature) not in (_PARTS, _PARTS[:2]):
        raise NotTaken(Why.SIGNATURE, "A Signature has other parts than SignedInfo, SignatureValue and KeyInfo.")
    info = signature[0]
    if _tags(info) != _SIGNED_INFO:
        raise NotTaken(Why.SIGNATURE, "A Signature does not have exactly one Reference.")
    canonicalization, method, reference = info
    if canonicalization.get("Algorithm") != names.EXCLUSIVE:
        raise NotTaken(Why.SIGNATURE, "A Signature is not canonicalized by Exclusive XML Canonicalization.")
    _check_prefixes(canonicalization)
    _check_algorithm(method, _SIGNATURES)
    _check_reference(reference, signed)


def _check_reference(reference: etree._Element, signed: str) -> None:
    if _tags(reference) != _REFERENCE:
        raise NotTaken(Why.SIGNATURE, "A Reference has other parts than Transforms, DigestMethod and DigestValue.")
    if reference.get("URI") != f"#{signed}":
        raise NotTaken(Why.SIGNATURE, "A Signature is about something else than the element that it stands in.")
    transforms, digest, _ = reference
    if [each.get("Algorithm") for each in transforms] != _TRANSFORMS or {*_tags(transforms)} != {ds("Transform")}:
        raise NotTaken(
            Why.SIGNATURE,
            "A Signature has other transforms than enveloped-signature and Exclusive Canonicalization.",
        )
    if len(transforms[0]):
        raise NotTaken(Why.SIGNATURE, "A transform has parameters that it does not take.")
    _check_prefixes(transforms[1])
    _check_algorithm(digest, _DIGESTS)


def _check_algorithm(element: etree._Element, allowed: frozenset[str]) -> None:
    if len(element):
        raise NotTaken(Why.SIGNATURE, "An algorithm has parameters that it does not take.")
    if element.get("Algorithm") not in allowed:
        raise NotTaken(
            Why.SIGNATURE,
            "A Signature uses an algorithm that is not taken, such as SHA-1: choose RSA or ECDSA with SHA-256.",
        )


def _check_prefixes(method: etree._Element) -> None:
    """Which namespaces are canonicalized as if not exclusively is the only parameter (XML-EXC-C14N §3)."""
    if not len(method):
        return
    if _tags(method) != [_PREFIXES] or len(method[0]) or len(method[0].get("PrefixList", "").split()) > _MOST_PREFIXES:
        raise NotTaken(Why.SIGNATURE, "A canonicalization has parameters that it does not take.")


def _tags(element: etree._Element) -> list[str]:
    return [str(child.tag) for child in element]
