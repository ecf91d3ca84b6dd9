"""Signature wrapping: the signed element is still there, and somewhere else there is one that somebody may read.

1 to 8 are those of Somorovsky and others, “On Breaking SAML” (2012), as later tools number them; the others are theirs
put in other places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace

from lxml import etree

from api.identity.saml.refusals import Why

from ..forging import (
    ADMIN,
    DS,
    HONEST,
    NS,
    SAML,
    SAMLP,
    Signing,
    assertion_of,
    idp,
    parsed,
    sign,
    with_signed_assertion,
    with_signed_response,
    written,
)
from . import Attack


def _evil(namespace: str = SAML) -> etree._Element:
    return parsed(ADMIN.assertion().replace("<saml:Assertion", f'<saml:Assertion xmlns:saml="{namespace}"', 1))


def _signature(parent: etree._Element) -> etree._Element:
    found = parent.find("ds:Signature", NS)
    assert found is not None
    return found


def _bare(element: etree._Element) -> etree._Element:
    """A copy without its signature."""
    copy = deepcopy(element)
    copy.remove(_signature(copy))
    return copy


def _in_response(place: Callable[[etree._Element, etree._Element], None]) -> Callable[[], etree._Element]:
    """An honest answer with a signed assertion, to which something is done with an evil one."""

    def make() -> etree._Element:
        root = with_signed_assertion()
        place(root, assertion_of(root))
        return root

    return make


def _around(build: Callable[[etree._Element, etree._Element], None]) -> Callable[[], etree._Element]:
    """An honest answer that is signed as a whole, and an evil response around it that has its signature."""

    def make() -> etree._Element:
        honest = with_signed_response()
        evil = parsed(replace(ADMIN, response_id="_evil02").xml())
        evil.insert(1, deepcopy(_signature(honest)))
        build(evil, honest)
        return evil

    return make


def _replaced(root: etree._Element, honest: etree._Element) -> etree._Element:
    """Put an evil assertion with the honest signature in the place of the honest one."""
    evil = _evil()
    evil.insert(1, deepcopy(_signature(honest)))
    root.replace(honest, evil)
    return evil


def _xsw1(evil: etree._Element, honest: etree._Element) -> None:
    _signature(evil).append(_bare(honest))


def _xsw2(evil: etree._Element, honest: etree._Element) -> None:
    evil.insert(1, _bare(honest))


def _xsw3(root: etree._Element, honest: etree._Element) -> None:
    honest.addprevious(_evil())


def _xsw4(root: etree._Element, honest: etree._Element) -> None:
    evil = _evil()
    root.replace(honest, evil)
    evil.append(honest)


def _xsw5(root: etree._Element, honest: etree._Element) -> None:
    _replaced(root, honest)
    root.append(_bare(honest))


def _xsw6(root: etree._Element, honest: etree._Element) -> None:
    _signature(_replaced(root, honest)).append(_bare(honest))


def _xsw7(root: etree._Element, honest: etree._Element) -> None:
    extensions = etree.SubElement(root, f"{{{SAMLP}}}Extensions")
    extensions.append(_evil())
    root.insert(1, extensions)


def _xsw8(root: etree._Element, honest: etree._Element) -> None:
    container = etree.SubElement(_signature(_replaced(root, honest)), f"{{{DS}}}Object")
    container.append(_bare(honest))


def _behind(root: etree._Element, honest: etree._Element) -> None:
    honest.addnext(_evil())


def _advice(root: etree._Element, honest: etree._Element) -> None:
    evil = _replaced(root, honest)
    etree.SubElement(evil, f"{{{SAML}}}Advice").append(_bare(honest))


def _status_detail(root: etree._Element, honest: etree._Element) -> None:
    _replaced(root, honest)
    status = root.find("samlp:Status", NS)
    assert status is not None
    etree.SubElement(status, f"{{{SAMLP}}}StatusDetail").append(honest)


def _attribute(root: etree._Element, honest: etree._Element) -> None:
    value = _replaced(root, honest).find(".//saml:AttributeValue", NS)
    assert value is not None
    value.append(honest)


def _key_info(root: etree._Element, honest: etree._Element) -> None:
    key_info = _replaced(root, honest).find("ds:Signature/ds:KeyInfo", NS)
    assert key_info is not None
    key_info.append(honest)


def _confirmation(root: etree._Element, honest: etree._Element) -> None:
    data = _replaced(root, honest).find(".//saml:SubjectConfirmationData", NS)
    assert data is not None
    data.append(honest)


def _wrapper(root: etree._Element, honest: etree._Element) -> None:
    _replaced(root, honest)
    etree.SubElement(root, "{urn:example:wrapper}Wrapper").append(honest)


def _other_namespace(root: etree._Element, honest: etree._Element) -> None:
    honest.addprevious(_evil("urn:oasis:names:tc:SAML:2.0:assertion2"))


def _old_namespace(root: etree._Element, honest: etree._Element) -> None:
    honest.addprevious(_evil("urn:oasis:names:tc:SAML:1.0:assertion"))


def _signature_of_other_namespace(root: etree._Element, honest: etree._Element) -> None:
    evil = _replaced(root, honest)
    fake = etree.Element("{urn:example:dsig}Signature")
    fake.append(honest)
    evil.append(fake)


def _same_id(root: etree._Element, honest: etree._Element) -> None:
    evil = _evil()
    evil.set("ID", HONEST.id)
    honest.addprevious(evil)


def _id_on(name: str, where: str) -> Callable[[etree._Element, etree._Element], None]:
    """Libraries look for ids by many names; the first that is found is not always the one that was meant."""

    def place(root: etree._Element, honest: etree._Element) -> None:
        evil = _replaced(root, honest)
        element = evil if where == "." else evil.find(where, NS)
        assert element is not None
        element.set(name, HONEST.id)

    return place


def _response_in_response(root: etree._Element, honest: etree._Element) -> None:
    _replaced(root, honest)
    inner = parsed(replace(HONEST, response_id="_inner").xml())
    inner.replace(assertion_of(inner), honest)
    root.append(inner)


def _detached(root: etree._Element, honest: etree._Element) -> None:
    """The signature of the assertion stands in the response, and another assertion is read."""
    root.insert(1, _signature(honest))
    root.replace(honest, _evil())


def _two_of_the_idp() -> etree._Element:
    root = with_signed_assertion()
    second = with_signed_assertion(replace(HONEST, id="_a0002"))
    root.append(assertion_of(second))
    return root


def _default_namespace() -> bytes:
    """The evil assertion is only one to readers who look at prefixes."""
    data = written(with_signed_assertion())
    evil = ADMIN.assertion().encode().replace(b"<saml:Assertion", b'<saml:Assertion xmlns:saml="urn:example:none"', 1)
    return data.replace(b"<saml:Assertion ", evil + b"<saml:Assertion ", 1)


def _signed_evil_in_honest() -> etree._Element:
    """Honestly signed, with an assertion as a value of an attribute: whoever looks anywhere finds two."""
    root = parsed(HONEST.xml())
    value = assertion_of(root).find(".//saml:AttributeValue", NS)
    assert value is not None
    value.append(_evil())
    sign(assertion_of(root), idp())
    return root


def _unsigned_beside_signed_response() -> etree._Element:
    root = with_signed_response()
    root.append(_evil())
    return root


def _moved_signature() -> etree._Element:
    root = parsed(HONEST.xml())
    signature = sign(assertion_of(root), idp(), Signing())
    subject = root.find(".//saml:Subject", NS)
    assert subject is not None
    subject.append(signature)
    return root


_PLACES: Sequence[tuple[str, Callable[[], bytes | etree._Element]]] = (
    ("XSW1, the signed response in the signature of another", _around(_xsw1)),
    ("XSW2, the signed response in another, before the signature", _around(_xsw2)),
    ("XSW3, another assertion before the signed one", _in_response(_xsw3)),
    ("XSW4, the signed assertion in another", _in_response(_xsw4)),
    ("XSW5, the signed assertion behind another that has its signature", _in_response(_xsw5)),
    ("XSW6, the signed assertion in the signature of another", _in_response(_xsw6)),
    ("XSW7, another assertion in Extensions", _in_response(_xsw7)),
    ("XSW8, the signed assertion in an Object of another's signature", _in_response(_xsw8)),
    ("another assertion behind the signed one", _in_response(_behind)),
    ("the signed assertion in Advice", _in_response(_advice)),
    ("the signed assertion in StatusDetail", _in_response(_status_detail)),
    ("the signed assertion in a value of an attribute", _in_response(_attribute)),
    ("the signed assertion in KeyInfo", _in_response(_key_info)),
    ("the signed assertion in SubjectConfirmationData", _in_response(_confirmation)),
    ("the signed assertion in an element that nobody knows", _in_response(_wrapper)),
    ("another assertion of a namespace that nobody knows", _in_response(_other_namespace)),
    ("another assertion of SAML 1", _in_response(_old_namespace)),
    ("the signed assertion in a Signature that is none", _in_response(_signature_of_other_namespace)),
    ("another assertion with the same ID", _in_response(_same_id)),
    ("the signed ID as `Id` of another", _in_response(_id_on("Id", "."))),
    ("the signed ID as `id` of another", _in_response(_id_on("id", "."))),
    ("the signed ID as `xml:id` of another", _in_response(_id_on("{http://www.w3.org/XML/1998/namespace}id", "."))),
    ("the signed ID as `saml:ID` of another", _in_response(_id_on(f"{{{SAML}}}ID", "."))),
    ("the signed ID on something else", _in_response(_id_on("ID", "saml:Subject"))),
    ("a response in the response", _in_response(_response_in_response)),
    ("the signature of the assertion in the response", _in_response(_detached)),
    ("two signed assertions", _two_of_the_idp),
    ("another assertion of another namespace by the same prefix", _default_namespace),
    ("an assertion in an attribute of the signed one", _signed_evil_in_honest),
    ("an assertion beside a signed response", _unsigned_beside_signed_response),
    ("the signature in the Subject", _moved_signature),
)
ATTACKS: Sequence[Attack] = tuple(
    Attack(51 + index, name, make, Why.SIGNATURE if "signature of the assertion" in name else Why.FORM)
    for index, (name, make) in enumerate(_PLACES)
)
