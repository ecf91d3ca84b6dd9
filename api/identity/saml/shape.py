"""The shape of an answer, judged before any of it is believed: one Response, one Assertion, signatures in their places.

Signature wrapping lives on documents in which the part that is verified is not the part that is read (SAML-CORE §5.4).
Here there is one of each, in its only place, so there is nothing to choose from. What is looked for is looked for by
its local name, in every namespace: an `Assertion` of a namespace that we do not know may be one to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from . import documents, names, signature_shape
from .names import a, ds, p
from .refusals import NotTaken, Why

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,255}")
_ONCE_ANYWHERE = {"Response": p("Response"), "Assertion": a("Assertion")}
_IN_RESPONSE = (a("Issuer"), ds("Signature"), p("Status"), a("Assertion"))
_IN_ASSERTION = (
    a("Issuer"),
    ds("Signature"),
    a("Subject"),
    a("Conditions"),
    a("AuthnStatement"),
    a("AttributeStatement"),
)
_ENCRYPTED = frozenset({"EncryptedAssertion", "EncryptedID", "EncryptedAttribute", "EncryptedData", "EncryptedKey"})
_ELSEWHERE = {
    "ArtifactResponse": "artifacts (HTTP-Artifact): choose the binding HTTP-POST",
    "LogoutRequest": "single logout: switch it off for this application",
    "LogoutResponse": "single logout: switch it off for this application",
    "AuthnRequest": "being asked as an identity provider",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """An answer in the form that is read here; nothing in it is believed yet.

    `assertion` is missing in an answer that says no. Signatures are named by what they claim to sign.
    """

    response: etree._Element
    assertion: etree._Element | None
    is_response_signed: bool
    is_assertion_signed: bool


def read(data: bytes) -> Shape:
    """Read an answer; raises NotTaken."""
    response = documents.parse(data)
    _check_root(response)
    _check_everywhere(response)
    _check_children(response, _IN_RESPONSE)
    assertion = response.find(a("Assertion"))
    if assertion is not None:
        _check_children(assertion, _IN_ASSERTION, many=(a("AuthnStatement"), a("AttributeStatement")))
    return Shape(response, assertion, _is_signed(response), assertion is not None and _is_signed(assertion))


def _check_root(root: etree._Element) -> None:
    if root.tag == p("Response"):
        return
    local = etree.QName(root).localname
    if local in _ELSEWHERE:
        raise NotTaken(Why.UNSUPPORTED, f"Rollcall does not support {_ELSEWHERE[local]}.")
    raise NotTaken(Why.FORM, "The document is no SAML 2.0 Response.")


def _check_everywhere(root: etree._Element) -> None:
    seen: set[str] = set()
    for element in root.iter():
        name = etree.QName(element)
        if name.localname in _ENCRYPTED:
            raise NotTaken(
                Why.UNSUPPORTED,
                "The assertion is encrypted, which Rollcall does not support: switch that off for this application."
                " It comes over HTTPS all the same.",
            )
        if not name.namespace:
            raise NotTaken(Why.FORM, "The document has elements without a namespace.")
        _check_place(element, name)
        _check_ids(element, seen)


def _check_place(element: etree._Element, name: etree.QName) -> None:
    parent = element.getparent()
    if (only := _ONCE_ANYWHERE.get(name.localname)) is not None:
        is_in_place = element.tag == only and (
            parent is None if name.localname == "Response" else parent is not None and parent.getparent() is None
        )
        if not is_in_place:
            raise NotTaken(Why.FORM, f"The document has another {name.localname} than the one in its place.")
    if name.localname == "Signature" and (
        element.tag != ds("Signature") or parent is None or parent.tag not in _ONCE_ANYWHERE.values()
    ):
        raise NotTaken(Why.FORM, "The document has a Signature where none belongs.")


def _check_ids(element: etree._Element, seen: set[str]) -> None:
    """Everything that anybody could take for an id is unique, and only there where schemas have one."""
    for key, value in element.attrib.items():
        name = etree.QName(key)
        if name.namespace == names.XML and name.localname != "lang":
            raise NotTaken(Why.FORM, "The document has attributes of XML itself.")
        if name.localname.lower() != "id":
            continue
        is_usual = name.namespace is None and (
            name.localname == "ID"
            if element.tag in _ONCE_ANYWHERE.values()
            else etree.QName(element).namespace == names.DSIG
        )
        if not is_usual or not _ID.fullmatch(str(value)):
            raise NotTaken(Why.FORM, "The document has an id where none belongs, or one that is no name.")
        if str(value) in seen:
            raise NotTaken(Why.FORM, "The document has the same id twice.")
        seen.add(str(value))
    if element.tag in _ONCE_ANYWHERE.values() and "ID" not in element.attrib:
        raise NotTaken(Why.FORM, "The Response or the Assertion has no ID.")


def _check_children(parent: etree._Element, allowed: tuple[str, ...], many: Collection[str] = ()) -> None:
    tags = [child.tag for child in parent]
    where = etree.QName(parent).localname
    if any(tag not in allowed for tag in tags):
        raise NotTaken(Why.FORM, f"The {where} has something in it that is not read, such as Extensions or Advice.")
    if any(tags.count(tag) > 1 for tag in allowed if tag not in many):
        raise NotTaken(Why.FORM, f"The {where} has something twice that there is once.")


def _is_signed(parent: etree._Element) -> bool:
    signature = parent.find(ds("Signature"))
    if signature is None:
        return False
    signature_shape.check(signature, str(parent.get("ID")))
    return True
