"""Whatever is done to an honest answer, it is refused in words, or says what the identity provider said; never else."""

from __future__ import annotations

import base64
from copy import deepcopy

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from api.identity.saml import metadata
from api.identity.saml.metadata import BadMetadata
from api.identity.saml.refusals import NotTaken

from .describing import metadata as published
from .forging import (
    ADMIN,
    HONEST,
    NOW,
    come_in,
    idp,
    parsed,
    sign,
    with_signed_assertion,
    with_signed_response,
    written,
)


def _both() -> etree._Element:
    root = with_signed_assertion()
    sign(root, idp())
    return root


HONESTLY = [written(root) for root in (with_signed_assertion(), with_signed_response(), _both())]
SAID = [come_in(document) for document in HONESTLY]
NAME = "{urn:oasis:names:tc:SAML:2.0:assertion}NameID"
ATTRIBUTES = ["ID", "Id", "id", "URI", "Algorithm", "Recipient", "NotOnOrAfter", "Format"]
WORDS = ["", "admin-0001", HONEST.id, "#_evil01", "_evil01", ADMIN.issuer, "2099-01-01T00:00:00Z", "urn:x", "1", "&#0;"]


def must_be_honest(document: bytes, which: int) -> None:
    """An answer is refused, or taken for what it was before it was tampered with."""
    try:
        taken = come_in(document)
    except NotTaken:
        return
    assert taken == SAID[which]


@given(st.binary(max_size=300))
@example(b"<")
@example(b"\xef\xbb\xbf<a/>")
def test_any_bytes(data: bytes) -> None:
    for wrong in (data, b"<samlp:Response>" + data):
        try:
            come_in(wrong)
        except NotTaken:
            continue
        raise AssertionError("taken")


@given(st.text(max_size=100))
def test_any_text_as_a_form(text: str) -> None:
    try:
        come_in(text)
    except NotTaken:
        return
    raise AssertionError("taken")


@given(st.integers(0, 2), st.data())
def test_any_byte_changed(which: int, data: st.DataObject) -> None:
    document = bytearray(HONESTLY[which])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(document) - 1))
        cut = data.draw(st.integers(0, 20))
        document[at : at + cut] = data.draw(st.binary(max_size=20))
    must_be_honest(bytes(document), which)


@given(st.integers(0, 2), st.data())
def test_any_element_moved_copied_renamed_or_rewritten(which: int, data: st.DataObject) -> None:
    """What signature wrapping is made of, in whatever order, also with an evil assertion to put somewhere."""
    root = etree.fromstring(HONESTLY[which])
    evil = parsed(ADMIN.xml())
    for _ in range(data.draw(st.integers(1, 4))):
        pool, places = [*root.iter(), *evil.iter()], [*root.iter(), *list(root.iter(NAME)) * 10]
        taken, place = data.draw(st.sampled_from(pool)), data.draw(st.sampled_from(places))
        act = data.draw(
            st.sampled_from(["into", "before", "after", "instead", "away", "text", "text", "attribute", "name"])
        )
        if act == "into":
            place.insert(data.draw(st.integers(0, 3)), deepcopy(taken))
        elif act == "text":
            place.text = data.draw(st.sampled_from(WORDS)).replace("&#0;", "")
        elif act == "attribute":
            name = data.draw(
                st.sampled_from(["ID", "Id", "id", "URI", "Algorithm", "Recipient", "NotOnOrAfter", "Format"])
            )
            place.set(name, data.draw(st.sampled_from(WORDS)))
        elif act == "name":
            place.tag = taken.tag
        elif place is not root:
            parent = place.getparent()
            assert parent is not None
            if act == "before":
                place.addprevious(deepcopy(taken))
            elif act == "after":
                place.addnext(deepcopy(taken))
            elif act == "instead":
                parent.replace(place, deepcopy(taken))
            else:
                parent.remove(place)
    must_be_honest(written(root), which)


@given(st.data())
def test_any_metadata(data: st.DataObject) -> None:
    text = bytearray(published().encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    for wrong in (bytes(text), data.draw(st.binary(max_size=100))):
        try:
            metadata.read(wrong, NOW)
        except BadMetadata:
            continue


@given(st.binary(min_size=1, max_size=60))
def test_any_certificate_in_metadata(data: bytes) -> None:
    text = published().replace(idp().base64, base64.b64encode(data).decode())
    try:
        metadata.read(text.encode(), NOW)
    except BadMetadata:
        return
    raise AssertionError("taken")
