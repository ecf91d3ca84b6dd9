"""The text of an element: all of it or none, never the part before a surprise."""

from __future__ import annotations

from lxml import etree

from .refusals import NotTaken, Why

_MOST = 1_000
_WHITE = " \t\r\n"


def stripped(element: etree._Element) -> str:
    """The text of an element, without the white space that pretty printers put around it; raises NotTaken."""
    if len(element):
        raise NotTaken(Why.FORM, "There are elements where only text belongs.")
    return (element.text or "").strip(_WHITE)


def exact(element: etree._Element) -> str:
    """The text of an element that says who somebody is: not empty, and with nothing in it that nobody sees."""
    text = stripped(element)
    if text != (element.text or "") or not text or len(text) > _MOST or not text.isprintable():
        raise NotTaken(Why.SUBJECT, "The NameID is empty, very long, or has spaces around it or invisible characters.")
    return text
