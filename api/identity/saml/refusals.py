"""Why an answer of an identity provider is not taken: a word for programs, and a text for the admin."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What was wrong with an answer."""

    FORM = "FORM"
    """It is no document of the kind that is read here."""
    UNSUPPORTED = "UNSUPPORTED"
    """It uses a part of SAML that is not supported."""
    SIGNATURE = "SIGNATURE"
    """It is not signed by the identity provider, or not in a way that counts."""
    MISDIRECTED = "MISDIRECTED"
    """It is from somebody else, or meant for somebody else."""
    TIME = "TIME"
    """It is too old, or from the future."""
    UNASKED = "UNASKED"
    """Nobody asked for it here, or for another one."""
    DENIED = "DENIED"
    """The identity provider itself says no."""
    SUBJECT = "SUBJECT"
    """It does not say who somebody is in a way that lasts."""
    REPLAYED = "REPLAYED"
    """It was used before."""


class NotTaken(Exception):
    """An answer that is not taken. The text is for an admin, and nothing in it was written by a stranger."""

    def __init__(self, why: Why, text: str) -> None:
        super().__init__(text)
        self.why = why
