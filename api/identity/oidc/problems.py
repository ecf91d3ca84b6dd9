"""What is wrong with an identity provider or with what came from it; the text is for admins of the organization."""

from __future__ import annotations


class BadProvider(Exception):
    """The provider cannot be used as it is: its documents, its answers, or what it was told about us."""


class BadToken(Exception):
    """An ID token that is not believed."""


_LONGEST = 200


def quoted(text: object) -> str:
    """Something that a provider said, as it may stand in a text for people."""
    shown = "".join(each for each in str(text) if each.isprintable())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
