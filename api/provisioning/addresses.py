"""E-mail addresses that people type or programs send: whether they are one, and how they are compared. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from . import domain_names
from .errors import BadAddress

LONGEST = 254
_SPELLED = re.compile(r"[^\s@\x00-\x1f\x7f]{1,64}@[^\s@\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it was written, and the form in which addresses are compared (R070)."""

    email: str
    key: str


def read(text: str) -> Address:
    """The address that a text is, without blanks around it; raises BadAddress."""
    email = text.strip()
    if len(email) > LONGEST or not _SPELLED.fullmatch(email) or domain_names.of_address(email) is None:
        raise BadAddress(f"{text[:LONGEST]!r} is no e-mail address. An address looks like ann@example.com.")
    return Address(email, folded(email))


def folded(text: str) -> str:
    """The text as addresses and names are compared: NFC, lower case, the final sigma as any other; as SCIM does it."""
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFC", text).lower().replace("ς", "σ"))
