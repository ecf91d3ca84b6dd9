"""Everything that was thought of to come in as somebody else, or to keep the server busy. Numbers stay what they are.

The attacker has signed in honestly as `mallory-0007` and owns the answer to that; they want to be `admin-0001`, or at
least to have an answer taken that is not just as the identity provider made it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from api.identity.saml.judge import Expected
from api.identity.saml.refusals import Why

from ..forging import EXPECTED


@dataclass(frozen=True)
class Attack:
    """One attempt: what is sent, what it is refused as, and what a part of the text for admins is."""

    number: int
    name: str
    make: Callable[[], bytes | etree._Element | str]
    why: Why
    text: str = ""
    expected: Expected = EXPECTED
