"""Documents that mean different things to different readers, that have parsers fetch or expand, or that are large."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Sequence

from lxml import etree

from api.identity.saml.refusals import Why

from ..forging import (
    HONEST,
    assertion_of,
    signed_by_idp,
    with_signed_assertion,
    written,
)
from . import Attack


def _honest() -> bytes:
    return written(with_signed_assertion())


def _with_name(text: bytes) -> bytes:
    """An honest answer with another text as name, as the attacker could write it without touching what is signed."""
    return _honest().replace(b"mallory-0007", text)


def _behind(prolog: bytes, body: bytes | None = None) -> bytes:
    return prolog + (_honest() if body is None else body)


def _declaration(text: str) -> bytes:
    return f"<?xml {text}?>".encode() + _honest()


def _recoded(encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{_honest().decode()}'.encode(encoding)


def _laughing() -> bytes:
    entities = "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "lol">' for level in range(10)
    )
    return _behind(f"<!DOCTYPE r [{entities}]>".encode(), _with_name(b"&l9;"))


def _quadratic() -> bytes:
    return _behind(b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 50_000 + b'">]>', _with_name(b"&a;" * 20_000))


def _nested(depth: int) -> bytes:
    return _with_name(b"<saml:x>" * depth + b"</saml:x>" * depth)


def _crowded(count: int) -> bytes:
    return _honest().replace(b"<saml:AttributeStatement>", b"<saml:AttributeStatement>" + b"<saml:x/>" * count)


def _attributes(count: int) -> bytes:
    return _honest().replace(
        b"<saml:Subject>", b"<saml:Subject " + b" ".join(b'a%d=""' % i for i in range(count)) + b">"
    )


def _namespaces(count: int) -> bytes:
    declared = b" ".join(b'xmlns:n%d="urn:%d"' % (i, i) for i in range(count))
    return _honest().replace(b"<saml:Subject>", b"<saml:Subject " + declared + b">")


def _namespaced(attribute: str) -> bytes:
    return _honest().replace(b"<saml:Subject>", f"<saml:Subject {attribute}>".encode())


def _bomb() -> bytes:
    """A gigabyte of spaces, in a megabyte; the binding HTTP-Redirect would have it inflated."""
    packer = zlib.compressobj(9, wbits=-15)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(100)) + packer.flush()
    assert len(packed) < 200_000
    return packed


_F = Why.FORM
_SPLIT = b"admin-0001<!-- -->.mallory"
ATTACKS: Sequence[Attack] = (
    Attack(82, "a comment that splits the name", lambda: _with_name(_SPLIT), _F, "comments"),
    Attack(
        83,
        "a comment outside of what is signed",
        lambda: _honest().replace(b"<samlp:Status>", b"<!-- --><samlp:Status>"),
        _F,
        "comments",
    ),
    Attack(84, "a comment before everything", lambda: _behind(b"<!-- -->"), _F, "comments"),
    Attack(85, "a comment behind everything", lambda: _honest() + b"<!-- -->", _F, "comments"),
    Attack(
        86,
        "a signed name with a comment in it",
        lambda: signed_by_idp(HONEST.xml().replace("mallory-0007", _SPLIT.decode())),
        _F,
        "comments",
    ),
    Attack(
        87,
        "a processing instruction that splits the name",
        lambda: _with_name(b"admin-0001<?x?>.mallory"),
        _F,
        "processing",
    ),
    Attack(
        88,
        "a style sheet",
        lambda: _behind(b'<?xml-stylesheet href="https://mallory.example.net/"?>'),
        _F,
        "processing",
    ),
    Attack(89, "CDATA that splits the name", lambda: _with_name(b"admin-0001<![CDATA[.mallory]]>"), _F, "CDATA"),
    Attack(90, "an element that splits the name", lambda: _with_name(b"admin-0001<saml:x/>.mallory"), Why.SIGNATURE),
    Attack(
        91,
        "a signed name with an element in it",
        lambda: signed_by_idp(HONEST.xml().replace("mallory-0007", "admin-0001<saml:x/>.mallory")),
        _F,
        "only text",
    ),
    Attack(
        92,
        "an entity for the name",
        lambda: _behind(b'<!DOCTYPE r [<!ENTITY n "admin-0001">]>', _with_name(b"&n;")),
        _F,
        "declares",
    ),
    Attack(
        93,
        "an entity out of a file",
        lambda: _behind(b'<!DOCTYPE r [<!ENTITY n SYSTEM "file:///etc/passwd">]>', _with_name(b"&n;")),
        _F,
        "declares",
    ),
    Attack(
        94,
        "an entity out of the network",
        lambda: _behind(b'<!DOCTYPE r [<!ENTITY n SYSTEM "http://169.254.169.254/">]>', _with_name(b"&n;")),
        _F,
        "declares",
    ),
    Attack(
        95,
        "a parameter entity",
        lambda: _behind(b'<!DOCTYPE r [<!ENTITY % n SYSTEM "http://127.0.0.1/x.dtd">%n;]>'),
        _F,
        "declares",
    ),
    Attack(
        96,
        "declarations from elsewhere",
        lambda: _behind(b'<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd">'),
        _F,
        "declares",
    ),
    Attack(
        97,
        "declarations with ids",
        lambda: _behind(b"<!DOCTYPE r [<!ATTLIST saml:Subject x ID #IMPLIED>]>"),
        _F,
        "declares",
    ),
    Attack(98, "a billion laughs", _laughing, _F, "declares"),
    Attack(99, "an entity as long as it is often", _quadratic, _F, "declares"),
    Attack(100, "an entity that nobody declared", lambda: _with_name(b"&nobody;"), _F, "well-formed"),
    Attack(
        101,
        "inclusion of another document",
        lambda: _with_name(
            b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
        ),
        Why.SIGNATURE,
    ),
    Attack(102, "UTF-16", lambda: _recoded("utf-16"), _F, "UTF-8"),
    Attack(103, "UTF-16 without a mark", lambda: _recoded("utf-16-le"), _F),
    Attack(104, "UTF-32", lambda: _recoded("utf-32"), _F, "UTF-8"),
    Attack(
        105,
        "UTF-7",
        lambda: _declaration('version="1.0" encoding="utf-7"').replace(b"mallory-0007", b"+ADwAIQ-"),
        _F,
        "UTF-8",
    ),
    Attack(106, "Latin-1", lambda: _recoded("iso-8859-1"), _F, "UTF-8"),
    Attack(107, "an encoding of EBCDIC", lambda: _recoded("cp037"), _F),
    Attack(108, "bytes that are no UTF-8", lambda: _with_name(b"admin\xff\xfe"), _F, "UTF-8"),
    Attack(109, "the sign < written too long", lambda: _with_name(b"\xc0\xbc"), _F, "UTF-8"),
    Attack(110, "XML 1.1", lambda: _declaration('version="1.1"'), _F),
    Attack(111, "a zero byte", lambda: _with_name(b"admin-0001\0.mallory"), _F, "zero byte"),
    Attack(112, "a zero as a reference", lambda: _with_name(b"admin-0001&#0;.mallory"), _F, "well-formed"),
    Attack(113, "a namespace that is relative", lambda: _namespaced('xmlns:x="1"'), _F, "absolute"),
    Attack(114, "a namespace that is taken back", lambda: _namespaced('xmlns=""'), _F, "absolute"),
    Attack(115, "an element without a namespace", lambda: _with_name(b"<x>admin</x>"), _F, "without a namespace"),
    Attack(
        116,
        "another base for addresses",
        lambda: _namespaced('xml:base="https://mallory.example.net/"'),
        _F,
        "attributes of XML",
    ),
    Attack(117, "an answer in pieces of two", lambda: _honest() * 2, _F, "well-formed"),
    Attack(118, "an answer that ends early", lambda: _honest()[:-5], _F, "well-formed"),
    Attack(
        119,
        "an attribute twice",
        lambda: _honest().replace(b'Version="2.0"', b'Version="2.0" Version="2.0"'),
        _F,
        "well-formed",
    ),
    Attack(120, "deeper than anybody goes", lambda: _nested(200), _F, "deeper"),
    Attack(121, "deeper than parsers go", lambda: _nested(10_000), _F),
    Attack(122, "more elements than anybody has", lambda: _crowded(20_000), _F, "more elements"),
    Attack(123, "more attributes than anybody has", lambda: _attributes(20_000), _F),
    Attack(124, "more namespaces than anybody has", lambda: _namespaces(8_000), _F, "namespaces"),
    Attack(125, "larger than anybody writes", lambda: _with_name(b"a" * 300_000), _F, "larger"),
    Attack(126, "a form of thirty megabytes", lambda: "PGE+" * 7_500_000, _F, "larger"),
    Attack(127, "compressed", lambda: zlib.compress(_honest())[2:-4], _F),
    Attack(128, "a bomb", _bomb, _F),
    Attack(129, "compressed by gzip", lambda: gzip.compress(_honest()), _F),
    Attack(130, "no Base64", lambda: "<Response/>", _F, "Base64"),
    Attack(131, "Base64 for URLs", lambda: base64.urlsafe_b64encode(b"<\xff\xff\xfe>").decode(), _F, "Base64"),
    Attack(132, "nothing", lambda: "", _F),
    Attack(133, "JSON", lambda: b'{"NameID": "admin"}', _F),
    Attack(134, "HTML", lambda: b"<html xmlns='http://www.w3.org/1999/xhtml'/>", _F, "no SAML 2.0"),
    Attack(
        135,
        "a document of SAML 1.1",
        lambda: b'<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol"/>',
        _F,
        "no SAML 2.0",
    ),
    Attack(
        136,
        "an assertion without its response",
        lambda: etree.tostring(assertion_of(with_signed_assertion())),
        _F,
        "no SAML 2.0",
    ),
)
