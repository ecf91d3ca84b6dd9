"""Reading XML that a stranger wrote: what no honest sender needs is refused before a parser sees it.

In a document without comments, CDATA, processing instructions and declarations of types there are no entities to
expand, nothing to fetch, and no text that two readers understand differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from .refusals import NotTaken, Why

MOST_BYTES = 262_144
_MOST_ELEMENTS = 5_000
_MOST_DEPTH = 32
_MOST_ATTRIBUTES = 32
_MOST_NAMESPACES = 32
_DECLARATION = re.compile(
    rb"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']1\.0["']"""
    rb"""(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]{1,40})["'])?"""
    rb"""(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>"""
)
# A namespace that is relative is another one in every reader (XML-EXC-C14N §1.3), and C14N fails on it.
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be, and whether it may have comments and such."""

    bytes: int = MOST_BYTES
    elements: int = _MOST_ELEMENTS
    are_comments_dropped: bool = False


def parse(data: bytes, limits: Limits = Limits()) -> etree._Element:
    """The root of a document; raises NotTaken for everything that is hostile, broken or too large.

    Comments and processing instructions are refused, or, where the limits say so, dropped before anybody sees them.
    """
    _check_bytes(data, limits)
    root = _parsed(data, limits)
    _check_tree(root, limits)
    return root


def parser(*, are_comments_dropped: bool = False) -> etree.XMLParser:
    """A parser that fetches nothing, expands nothing, and does not guess what broken documents mean."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        collect_ids=False,
        remove_comments=are_comments_dropped,
        remove_pis=are_comments_dropped,
        strip_cdata=are_comments_dropped,
    )


def _check_bytes(data: bytes, limits: Limits) -> None:
    if len(data) > limits.bytes:
        raise NotTaken(Why.FORM, f"The document is larger than {limits.bytes // 1024} KiB.")
    if not data.startswith(b"<"):
        raise NotTaken(Why.FORM, "The document does not begin as XML in UTF-8 does.")
    declaration = _DECLARATION.match(data)
    if declaration and (declaration[1] or b"utf-8").lower() != b"utf-8":
        raise NotTaken(Why.FORM, "The document is not in UTF-8.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotTaken(Why.FORM, "The document is not in UTF-8.") from None
    if b"\0" in data:
        raise NotTaken(Why.FORM, "The document has a zero byte in it.")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotTaken(Why.FORM, "The document declares types or entities.")
    if limits.are_comments_dropped:
        return
    # In a document that has none of these, both can only be the beginning of one of them.
    if b"<!" in data:
        raise NotTaken(Why.FORM, "The document has comments or sections of CDATA.")
    if b"<?" in data[declaration.end() if declaration else 0 :]:
        raise NotTaken(Why.FORM, "The document has processing instructions, or an unusual XML declaration.")


def _parsed(data: bytes, limits: Limits) -> etree._Element:
    try:
        return etree.fromstring(data, parser(are_comments_dropped=limits.are_comments_dropped))
    except (etree.XMLSyntaxError, ValueError):
        # What libxml2 says of it would repeat what a stranger wrote.
        raise NotTaken(Why.FORM, "The document is not well-formed XML.") from None


def _check_tree(root: etree._Element, limits: Limits) -> None:
    depth, count = 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "end":
            depth -= 1
            continue
        if event != "start":
            raise NotTaken(Why.FORM, "The document has comments or processing instructions.")
        depth, count = depth + 1, count + 1
        if depth > _MOST_DEPTH or count > limits.elements or len(element.attrib) > _MOST_ATTRIBUTES:
            raise NotTaken(Why.FORM, "The document is deeper, or has more elements or attributes, than any honest one.")
        _check_namespaces(element)


def _check_namespaces(element: etree._Element) -> None:
    namespaces = element.nsmap
    if len(namespaces) > _MOST_NAMESPACES:
        raise NotTaken(Why.FORM, "The document declares more namespaces than any honest one.")
    if not all(uri and _ABSOLUTE.fullmatch(uri) for uri in namespaces.values()):
        raise NotTaken(Why.FORM, "The document has a namespace that is no absolute URI.")
