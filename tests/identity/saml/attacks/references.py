"""Signatures by the right key about the wrong thing, or about what a transform has made of it."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from api.identity.saml.refusals import Why

from ..forging import ADMIN, DS, ENVELOPED, EXC, Signing, signer, with_signed_assertion
from . import Attack

_ENVELOPED, _EXCLUSIVE = Signing().transforms


def _transforms(*transforms: str) -> etree._Element:
    return with_signed_assertion(how=Signing(transforms=transforms))


def _xpath(filtering: str) -> str:
    return f'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>{filtering}</ds:XPath></ds:Transform>'


_STYLESHEET = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><x:stylesheet version="1.0"'
    ' xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:template match="/"><x:copy-of'
    " select=\"document('file:///etc/passwd')\"/></x:template></x:stylesheet></ds:Transform>"
)
_FILTER = '<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">//*</f:XPath></ds:Transform>'
_PREFIXES = '<ec:InclusiveNamespaces xmlns:ec="{}" PrefixList="{}"/>'
_MANY_PREFIXES = _EXCLUSIVE.replace(
    "/>", f"{'>'}{_PREFIXES.format(EXC, ' '.join(f'p{i}' for i in range(2000)))}</ds:Transform>"
)

_S = Why.SIGNATURE
ATTACKS: Sequence[Attack] = (
    Attack(26, "no reference", lambda: with_signed_assertion(how=Signing(references=0)), _S, "one Reference"),
    Attack(27, "two references", lambda: with_signed_assertion(how=Signing(references=2)), _S, "one Reference"),
    Attack(
        28, "two hundred references", lambda: with_signed_assertion(how=Signing(references=200)), _S, "one Reference"
    ),
    Attack(
        29,
        "a reference to the whole document",
        lambda: with_signed_assertion(how=Signing(uri="")),
        _S,
        "something else",
    ),
    Attack(
        30, "a reference to nothing", lambda: with_signed_assertion(how=Signing(uri="#_nothing")), _S, "something else"
    ),
    Attack(
        31,
        "a reference to the response from the assertion",
        lambda: with_signed_assertion(how=Signing(uri="#_r0001")),
        _S,
    ),
    Attack(
        32, "a reference by XPointer", lambda: with_signed_assertion(how=Signing(uri="#xpointer(id('_a0001'))")), _S
    ),
    Attack(33, "a reference to a file", lambda: with_signed_assertion(how=Signing(uri="file:///etc/passwd")), _S),
    Attack(
        34,
        "a reference to another server",
        lambda: with_signed_assertion(how=Signing(uri="https://mallory.example.net/")),
        _S,
    ),
    Attack(
        35,
        "an XPath that leaves out the name",
        lambda: _transforms(_ENVELOPED, _xpath("not(self::saml:NameID)"), _EXCLUSIVE),
        _S,
        "transforms",
    ),
    Attack(
        36,
        "an XPath that takes for ever",
        lambda: _transforms(_xpath("count(//.[count(//.[count(//.)])])"), _ENVELOPED, _EXCLUSIVE),
        _S,
        "transforms",
    ),
    Attack(37, "XPath Filter 2.0", lambda: _transforms(_ENVELOPED, _FILTER, _EXCLUSIVE), _S, "transforms"),
    Attack(38, "XSLT", lambda: _transforms(_ENVELOPED, _STYLESHEET, _EXCLUSIVE), _S, "transforms"),
    Attack(
        39,
        "Base64 as a transform",
        lambda: _transforms(_ENVELOPED, _EXCLUSIVE, f'<ds:Transform Algorithm="{DS}base64"/>'),
        _S,
    ),
    Attack(40, "no transforms", lambda: _transforms(), _S, "transforms"),
    Attack(41, "not enveloped", lambda: _transforms(_EXCLUSIVE), _S, "transforms"),
    Attack(
        42,
        "canonicalization that depends on what is around",
        lambda: _transforms(_ENVELOPED, '<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'),
        _S,
    ),
    Attack(
        43,
        "canonicalization with comments",
        lambda: _transforms(_ENVELOPED, f'<ds:Transform Algorithm="{EXC}WithComments"/>'),
        _S,
    ),
    Attack(
        44, "the same transform a hundred times", lambda: _transforms(_ENVELOPED, *[_EXCLUSIVE] * 100), _S, "transforms"
    ),
    Attack(
        45,
        "transforms of another namespace",
        lambda: _transforms(_ENVELOPED, f'<x:Transform xmlns:x="urn:x" Algorithm="{EXC}"/>'),
        _S,
    ),
    Attack(
        46,
        "parameters for a transform that takes none",
        lambda: _transforms(f'<ds:Transform Algorithm="{ENVELOPED}"><ds:XPath>1</ds:XPath></ds:Transform>', _EXCLUSIVE),
        _S,
    ),
    Attack(
        47, "thousands of prefixes to keep", lambda: _transforms(_ENVELOPED, _MANY_PREFIXES), _S, "canonicalization"
    ),
    Attack(
        48,
        "inclusive canonicalization of what is signed",
        lambda: with_signed_assertion(how=Signing(canonicalization="http://www.w3.org/TR/2001/REC-xml-c14n-20010315")),
        _S,
    ),
    Attack(
        49,
        "a Manifest in an Object",
        lambda: with_signed_assertion(how=Signing(tail="<ds:Object><ds:Manifest/></ds:Object>")),
        _S,
        "other parts",
    ),
    Attack(
        50,
        "a key of too few bits, which is not pinned",
        lambda: with_signed_assertion(ADMIN, signer("idp.example.com/short", bits=1024)),
        _S,
    ),
)
